package io.shardforge.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertSettingsTest {
  private static AlertConfig read(Map<String, String> environment, String... arguments) {
    return AlertSettings.read(Settings.read(List.of(arguments), environment), environment);
  }

  @Test
  void readsReceiversAndHidesTheirSecrets() {
    AlertConfig config =
        read(
            Map.of(AlertSettings.WEBHOOK_TOKEN, "t0ken", AlertSettings.SMTP_PASSWORD, "pass"),
            "--alert-webhook=https://hooks.example.com/services/s3cret",
            "--alert-smtp=smtp://ops@mail.example.com",
            "--alert-from=db@example.com",
            "--alert-to=one@example.com, two@example.com");
    AlertConfig.Mail mail = Objects.requireNonNull(config.mail());
    assertThat(mail.port()).isEqualTo(587);
    assertThat(mail.user()).isEqualTo("ops");
    assertThat(mail.security()).isEqualTo(AlertConfig.MailSecurity.STARTTLS);
    assertThat(mail.to()).containsExactly("one@example.com", "two@example.com");
    assertThat(config.toString())
        .contains("hooks.example.com", "mail.example.com")
        .doesNotContain("s3cret", "t0ken", "pass,", "pass]");
    assertThat(read(Map.of())).isEqualTo(AlertConfig.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--alert-webhook=ftp://h/s3cret | expected https://HOST/PATH",
        "--alert-webhook=https:///s3cret | expected https://HOST/PATH",
        "--alert-webhook=https://user:s3cret@h/ | expected https://HOST/PATH",
        "--alert-smtp=smtp://h | need all of",
        "--alert-from=db@h | need all of",
        "--alert-smtp=smtp://u:s3cret@h --alert-from=a@b --alert-to=c@d | holds a password",
        "--alert-smtp=smtp://u@h --alert-from=a@b --alert-to=c@d | needs a user",
        "--alert-smtp=mail://h --alert-from=a@b --alert-to=c@d | expected smtp://",
        "--alert-smtp=smtp://h --alert-from=nobody --alert-to=c@d | an address such as",
        "--alert-smtp=smtp://h --alert-from=a@b --alert-to=c@d,,e@f | an address such as"
      })
  void refuses(String arguments, String message) {
    assertThatThrownBy(() -> read(Map.of(), arguments.split(" ", -1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message.strip())
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void sendsNoSecretInPlainText() {
    assertThatThrownBy(
            () -> read(Map.of(AlertSettings.WEBHOOK_TOKEN, "t"), "--alert-webhook=http://h/hook"))
        .hasMessageContaining("must begin with https");
    assertThatThrownBy(() ->
            read(
                Map.of(AlertSettings.SMTP_PASSWORD, "p"),
                "--alert-smtp=smtp+plain://u@h",
                "--alert-from=a@b",
                "--alert-to=c@d"))
        .hasMessageContaining("in plain text");
    assertThatThrownBy(() -> read(Map.of(AlertSettings.SMTP_PASSWORD, "p")))
        .hasMessageContaining("--alert-smtp is not");
  }
}
