package io.shardforge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.shardforge.server.config.AlertConfig;
import io.shardforge.server.config.AlertConfig.MailSecurity;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What receivers of alerts get, over real connections. */
class AlertReceiversTest {
  private static final long AT = 1_700_000_000_000_000L;
  private static final String CONSOLE = "http://10.0.0.1:18080";
  private static final Alert FIRING =
      new Alert(
          "DiskFull",
          "critical",
          Map.of("instance", "3", "job", "shardforge"),
          "Node 3 refuses new rows for lack of space.",
          1,
          Alert.State.FIRING,
          AT,
          AT,
          0,
          Map.of());
  private static final Alert OVER =
      new Alert(
          "NodeDown",
          "critical",
          Map.of("instance", "2"),
          "Node 2 does not answer.",
          0,
          Alert.State.RESOLVED,
          AT,
          AT,
          AT + 90_000_000,
          Map.of());

  private record Posted(String authorization, JsonNode body) {}

  private static HttpServer web(List<Posted> posted, int status) throws IOException {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/hook",
        exchange -> {
          posted.add(
              new Posted(
                  String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                  JsonMapper.builder().build().readTree(exchange.getRequestBody())));
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    web.start();
    return web;
  }

  private static URI address(HttpServer web) {
    return URI.create("http://127.0.0.1:" + web.getAddress().getPort() + "/hook?key=s3cret");
  }

  @Test
  void postsWhatAlertmanagerWouldPost() throws Exception {
    List<Posted> posted = Collections.synchronizedList(new ArrayList<>());
    HttpServer web = web(posted, 204);
    try {
      String said = new WebhookReceiver(address(web), "t0ken", CONSOLE).tell(List.of(FIRING, OVER));
      assertThat(said).isEqualTo("HTTP status 204");
    } finally {
      web.stop(0);
    }
    assertThat(posted).extracting(Posted::authorization).containsOnly("Bearer t0ken").hasSize(2);
    JsonNode first = posted.getFirst().body;
    assertThat(first.path("version").asText()).isEqualTo("4");
    assertThat(first.path("status").asText()).isEqualTo("firing");
    assertThat(first.path("groupLabels").path("alertname").asText()).isEqualTo("DiskFull");
    assertThat(first.path("commonLabels").path("severity").asText()).isEqualTo("critical");
    assertThat(first.path("externalURL").asText()).isEqualTo(CONSOLE);
    JsonNode alert = first.path("alerts").path(0);
    assertThat(alert.path("labels").path("instance").asText()).isEqualTo("3");
    assertThat(alert.path("annotations").path("summary").asText()).isEqualTo(FIRING.summary());
    assertThat(alert.path("startsAt").asText()).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(alert.path("fingerprint").asText()).matches("[0-9a-f]{16}");
    JsonNode second = posted.getLast().body;
    assertThat(second.path("status").asText()).isEqualTo("resolved");
    assertThat(second.path("alerts").path(0).path("endsAt").asText())
        .isEqualTo("2023-11-14T22:14:50Z");
  }

  @Test
  void saysWhyAWebhookDidNotTakeThemWithoutItsAddress() throws Exception {
    List<Posted> posted = Collections.synchronizedList(new ArrayList<>());
    HttpServer web = web(posted, 302);
    WebhookReceiver receiver = new WebhookReceiver(address(web), null, CONSOLE);
    assertThatThrownBy(() -> receiver.tell(List.of(FIRING)))
        .isInstanceOf(IOException.class)
        .hasMessage("127.0.0.1 answered with HTTP status 302");
    assertThat(posted).hasSize(1);
    web.stop(0);
    assertThatThrownBy(() -> receiver.tell(List.of(FIRING)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("127.0.0.1: ")
        .hasMessageNotContaining("s3cret");
  }

  private static AlertConfig.Mail mail(
      GreenMail server, MailSecurity security, @Nullable String password) {
    return new AlertConfig.Mail(
        "127.0.0.1",
        server.getSmtp() == null ? server.getSmtps().getPort() : server.getSmtp().getPort(),
        security,
        password == null ? null : "ops",
        password,
        "shardforge@example.com",
        List.of("one@example.com", "two@example.com"));
  }

  private static GreenMail start(String protocol) {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
    GreenMailUser _ = server.setUser("ops@example.com", "ops", "right");
    server.start();
    return server;
  }

  @Test
  void sendsMailToAll() throws Exception {
    GreenMail server = start("smtp");
    try {
      new MailReceiver(mail(server, MailSecurity.NONE, "right"), CONSOLE)
          .tell(List.of(FIRING, OVER));
      MimeMessage[] received = server.getReceivedMessages();
      assertThat(received).hasSize(2);
      assertThat(received[0].getSubject())
          .isEqualTo("[ShardForge] 1 firing, 1 resolved: DiskFull, NodeDown");
      assertThat(new String(received[0].getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("FIRING   DiskFull (critical)")
          .contains(FIRING.summary())
          .contains("since 2023-11-14T22:13:20Z until 2023-11-14T22:14:50Z")
          .contains(CONSOLE + "/#/alerts");
    } finally {
      server.stop();
    }
  }

  @Test
  void refusesMailServersThatItCannotTrust() {
    GreenMail plain = start("smtp");
    GreenMail encrypted = start("smtps");
    try {
      assertThatThrownBy(() ->
              new MailReceiver(mail(plain, MailSecurity.NONE, "wr0ng"), CONSOLE)
                  .tell(List.of(FIRING)))
          .isInstanceOf(IOException.class)
          .hasMessage("127.0.0.1: the login was refused");
      // It offers no STARTTLS.
      assertThatThrownBy(() ->
              new MailReceiver(mail(plain, MailSecurity.STARTTLS, "right"), CONSOLE)
                  .tell(List.of(FIRING)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("STARTTLS");
      // Its certificate is its own.
      assertThatThrownBy(() ->
              new MailReceiver(mail(encrypted, MailSecurity.TLS, "right"), CONSOLE)
                  .tell(List.of(FIRING)))
          .isInstanceOf(IOException.class);
      assertThat(plain.getReceivedMessages()).isEmpty();
      assertThat(encrypted.getReceivedMessages()).isEmpty();
    } finally {
      plain.stop();
      encrypted.stop();
    }
  }
}
