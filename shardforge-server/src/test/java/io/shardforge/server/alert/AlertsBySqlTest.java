package io.shardforge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.shardforge.server.TestServer;
import io.shardforge.server.config.AlertConfig;
import io.shardforge.server.telemetry.Metric;
import io.shardforge.sql.session.LogChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of alerts and logs is seen with SQL, and by whom. */
class AlertsBySqlTest {
  @Test
  void showsAlertsToThoseWhoMonitor() throws Exception {
    try (TestServer server = TestServer.start()) {
      String open = "SELECT name || ' ' || state FROM shardforge.alerts";
      server.watchAlerts();
      assertThat(server.query(open)).isEmpty();
      server.show(Metric.STORE_LOW, 1);
      server.watchAlerts();
      assertThat(server.query(open)).containsExactly("DiskFull firing");
      assertThat(
              server.query(
                  "SELECT concat_ws('|', severity, node_id, value, fired_at = since,"
                      + " now() - since < '1 min', ended_at IS NULL, summary)"
                      + " FROM shardforge.alerts"))
          .containsExactly("critical|1|1|t|t|t|Node 1 refuses new rows for lack of space.");

      server.run("CREATE ROLE ann LOGIN", "CREATE ROLE watcher LOGIN IN ROLE pg_monitor");
      assertThatThrownBy(() -> server.run("SET ROLE ann", open))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("permission denied for shardforge.alerts");
      server.run("SET ROLE watcher", open);
      assertThatThrownBy(() -> server.run("SET ROLE watcher", "SELECT shardforge.test_alert()"))
          .hasMessageContaining("must be superuser to send a test alert");
    }
  }

  @Test
  void triesEveryReceiver() throws Exception {
    List<String> posted = Collections.synchronizedList(new ArrayList<>());
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    web.start();
    AlertConfig.Mail nobody =
        new AlertConfig.Mail(
            "127.0.0.1", 1, AlertConfig.MailSecurity.NONE, null, null, "a@b", List.of("c@d"));
    URI address = URI.create("http://127.0.0.1:" + web.getAddress().getPort() + "/");
    try (TestServer server = TestServer.telling(new AlertConfig(address, null, nobody))) {
      assertThat(
              server.query(
                  "SELECT receiver || ' ' || delivered || ' ' || message"
                      + " FROM shardforge.test_alert()"))
          .hasSize(2)
          .contains("webhook true HTTP status 200")
          .anyMatch(row -> row.startsWith("e-mail false 127.0.0.1: "));
      assertThat(posted).hasSize(1);
      assertThat(posted.getFirst()).contains("\"alertname\":\"Test\"");
    } finally {
      web.stop(0);
    }
  }

  @Test
  void showsTheNewestLogLinesToThoseWhoMonitor() throws Exception {
    try (TestServer server = TestServer.start()) {
      for (int i = 1; i <= 3; i++) {
        LogChannel.SECURITY.logger().atWarn().addKeyValue("n", i).log("line {}", i);
      }
      assertThat(
              server.query(
                  "SELECT concat_ws('|', node_id, channel, severity, message, fields)"
                      + " FROM shardforge.log_tail(NULL, 'security', 2)"))
          .containsExactly("1|security|WARN|line 2|n=2", "1|security|WARN|line 3|n=3");
      assertThat(server.query("SELECT count(*) > 2 FROM shardforge.log_tail(1, NULL, 1000)"))
          .containsExactly("t");
      assertThatThrownBy(() -> server.query("SELECT shardforge.log_tail(1, 'gossip', 5)"))
          .hasMessageContaining("there is no log channel \"gossip\"");
      assertThatThrownBy(() -> server.query("SELECT shardforge.log_tail(1, 'ops', 1001)"))
          .hasMessageContaining("must be from 1 to 1000");
      assertThatThrownBy(() -> server.query("SELECT shardforge.log_tail(7, 'ops', 5)"))
          .hasMessageContaining("node 7 does not exist");
      server.run("CREATE ROLE ann LOGIN PASSWORD 'hidden-word'");
      assertThat(
              server.query(
                  "SELECT fields FROM shardforge.log_tail(1, 'audit', 100)"
                      + " WHERE fields LIKE '%CREATE ROLE ann%'"))
          .isNotEmpty()
          .noneMatch(fields -> fields.contains("hidden-word"));
      assertThatThrownBy(
              () -> server.run("SET ROLE ann", "SELECT shardforge.log_tail(1, 'ops', 5)"))
          .hasMessageContaining("permission denied for function log_tail");
    }
  }
}
