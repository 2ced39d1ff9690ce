package io.shardforge.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads who is told of alerts. */
final class AlertSettings {
  static final String WEBHOOK_TOKEN = "SHARDFORGE_ALERT_WEBHOOK_TOKEN";
  static final String SMTP_PASSWORD = "SHARDFORGE_ALERT_SMTP_PASSWORD";

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int PORT_STARTTLS = 587;
  private static final int PORT_TLS = 465;
  private static final int PORT_PLAIN = 25;

  private AlertSettings() {}

  static AlertConfig read(Settings settings, Map<String, String> environment) {
    URI webhook = webhook(settings.get(Option.ALERT_WEBHOOK));
    String token = secret(environment, WEBHOOK_TOKEN);
    if (token != null && webhook == null) {
      throw new ConfigException(WEBHOOK_TOKEN + " is set, but --alert-webhook is not.");
    }
    if (token != null
        && webhook != null
        && webhook.getScheme().equals("http")
        && !LOCAL.contains(webhook.getHost())) {
      throw new ConfigException(
          WEBHOOK_TOKEN + " would be sent in plain text: --alert-webhook must begin with https.");
    }
    return new AlertConfig(webhook, token, mail(settings, secret(environment, SMTP_PASSWORD)));
  }

  private static @Nullable String secret(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static @Nullable URI webhook(Settings.@Nullable Given given) {
    if (given == null) {
      return null;
    }
    // What was given is not repeated: it may hold a secret.
    URI uri = uri(given, Option.ALERT_WEBHOOK, "https://HOST/PATH");
    if (!Set.of("http", "https").contains(uri.getScheme()) || uri.getUserInfo() != null) {
      throw wrong(given, Option.ALERT_WEBHOOK, "https://HOST/PATH");
    }
    return uri;
  }

  private static AlertConfig.@Nullable Mail mail(Settings settings, @Nullable String password) {
    Settings.Given server = settings.get(Option.ALERT_SMTP);
    Settings.Given from = settings.get(Option.ALERT_FROM);
    Settings.Given to = settings.get(Option.ALERT_TO);
    if (server == null && from == null && to == null) {
      if (password != null) {
        throw new ConfigException(SMTP_PASSWORD + " is set, but --alert-smtp is not.");
      }
      return null;
    }
    if (server == null || from == null || to == null) {
      throw new ConfigException(
          "Alerts by e-mail need all of --alert-smtp, --alert-from and --alert-to.");
    }
    String expected = "smtp://[USER@]HOST[:PORT] (with STARTTLS), smtps://… or smtp+plain://…";
    URI uri = uri(server, Option.ALERT_SMTP, expected);
    AlertConfig.MailSecurity security =
        switch (uri.getScheme()) {
          case "smtp" -> AlertConfig.MailSecurity.STARTTLS;
          case "smtps" -> AlertConfig.MailSecurity.TLS;
          case "smtp+plain" -> AlertConfig.MailSecurity.NONE;
          default -> throw wrong(server, Option.ALERT_SMTP, expected);
        };
    String user = uri.getUserInfo();
    if (user != null && user.contains(":")) {
      throw new ConfigException(
          "--alert-smtp holds a password; put it into " + SMTP_PASSWORD + " instead.");
    }
    if ((user == null) != (password == null)) {
      throw new ConfigException(
          "A login at the mail server needs a user in --alert-smtp and " + SMTP_PASSWORD + ".");
    }
    if (user != null
        && security == AlertConfig.MailSecurity.NONE
        && !LOCAL.contains(uri.getHost())) {
      throw new ConfigException(
          SMTP_PASSWORD + " would be sent in plain text: use smtp:// or smtps:// in --alert-smtp.");
    }
    List<String> receivers = Arrays.stream(to.text().split(",", -1)).map(String::strip).toList();
    receivers.forEach(address -> requireAddress(to, Option.ALERT_TO, address));
    requireAddress(from, Option.ALERT_FROM, from.text());
    return new AlertConfig.Mail(
        uri.getHost(),
        uri.getPort() > 0 ? uri.getPort() : port(security),
        security,
        user,
        password,
        from.text(),
        receivers);
  }

  private static int port(AlertConfig.MailSecurity security) {
    return switch (security) {
      case STARTTLS -> PORT_STARTTLS;
      case TLS -> PORT_TLS;
      case NONE -> PORT_PLAIN;
    };
  }

  private static void requireAddress(Settings.Given given, Option option, String address) {
    if (!address.matches("[^@\\s<>,\"]+@[^@\\s<>,\"]+")) {
      throw wrong(given, option, "an address such as ops@example.com");
    }
  }

  private static URI uri(Settings.Given given, Option option, String expected) {
    try {
      URI uri = new URI(given.text());
      if (uri.getHost() != null && uri.getScheme() != null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Said below, without the text.
    }
    throw wrong(given, option, expected);
  }

  private static ConfigException wrong(Settings.Given given, Option option, String expected) {
    return new ConfigException(
        "The value of "
            + option.key()
            + " ("
            + given.origin()
            + ") is not usable: expected "
            + expected
            + ".");
  }
}
