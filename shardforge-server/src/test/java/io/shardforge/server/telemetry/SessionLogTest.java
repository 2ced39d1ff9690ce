package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardforge.server.TestServer;
import io.shardforge.sql.session.LogChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What sessions write to the log. */
class SessionLogTest {
  private static final String SECRET = "open-sesame-17";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final JsonLogLayout layout = new JsonLogLayout("test");

  @BeforeEach
  void listen() {
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void cease() {
    root.detachAppender(lines);
  }

  private List<String> of(LogChannel channel) {
    return List.copyOf(lines.list).stream()
        .filter(event -> event.getLoggerName().equals(channel.logger().getName()))
        .map(layout::doLayout)
        .toList();
  }

  @Test
  void tellsOfSlowStatements() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 'unseen'");
      statement.execute("SET log_min_duration_statement = '1h'");
      statement.execute("SELECT 'fast'");
      statement.execute("SET log_min_duration_statement = 0");
      statement.execute("SELECT 'slow'");
    }
    assertThat(of(LogChannel.SQL_SLOW))
        .anyMatch(line -> line.contains("\"db.statement\":\"SELECT 'slow'\""))
        .allMatch(line -> line.contains("\"event.duration\":") && line.contains("user.name"))
        .noneMatch(line -> line.contains("unseen") || line.contains("fast"));
  }

  @Test
  void tellsOfTheClassesOfStatementsThatAreWanted() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET log_statement = ddl");
      statement.execute("CREATE TABLE told (a int PRIMARY KEY)");
      statement.execute("INSERT INTO told VALUES (1)");
      assertThat(of(LogChannel.SQL)).hasSize(1).first().asString().contains("CREATE TABLE told");
      statement.execute("SET log_statement = mod");
      statement.execute("INSERT INTO told VALUES (2)");
      statement.execute("SELECT * FROM told");
      assertThat(of(LogChannel.SQL)).hasSize(2).last().asString().contains("INSERT INTO told");
      statement.execute("SET log_statement = 'all'");
      statement.execute("SELECT * FROM told");
      assertThat(of(LogChannel.SQL)).hasSize(3).last().asString().contains("SELECT * FROM told");
    }
  }

  @Test
  void auditsWhatChangesMoreThanRows() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE anna LOGIN");
      statement.execute("CREATE TABLE audited (a int PRIMARY KEY)");
      statement.execute("GRANT SELECT ON audited TO anna");
      statement.execute("REVOKE SELECT ON audited FROM anna");
      statement.execute("ALTER ROLE anna SET search_path = x");
      statement.execute("INSERT INTO audited VALUES (1)");
      assertThatThrownBy(() -> statement.execute("DROP ROLE berta"))
          .isInstanceOf(SQLException.class);
      statement.execute("SET shardforge.audit_statements = on");
      statement.execute("SELECT 'watched'");
    }
    List<String> audit = of(LogChannel.AUDIT);
    for (String action :
        List.of("CREATE ROLE", "CREATE TABLE", "GRANT", "REVOKE", "ALTER ROLE", "statement")) {
      assertThat(audit)
          .as(action)
          .anyMatch(line ->
              line.contains("\"event.action\":\"" + action + "\"")
                  && line.contains("\"event.outcome\":\"success\""));
    }
    assertThat(audit)
        .anyMatch(line ->
            line.contains("\"event.outcome\":\"failure\"")
                && line.contains("\"error.code\":\"42704\"")
                && line.contains("DROP ROLE berta"))
        .anyMatch(line -> line.contains("\"event.action\":\"login\""))
        .anyMatch(line -> line.contains("SELECT 'watched'"))
        .noneMatch(line -> line.contains("INSERT INTO"));
  }

  @Test
  void neverTellsPasswords() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET log_statement = 'all'");
      statement.execute("SET log_min_duration_statement = 0");
      statement.execute("SET shardforge.audit_statements = on");
      statement.execute("CREATE ROLE carla LOGIN PASSWORD '" + SECRET + "' CREATEDB");
      statement.execute("/* ' */ ALTER ROLE carla ENCRYPTED password E'" + SECRET + "\\''");
      statement.execute("SELECT 1; ALTER USER carla WITH PASSWORD $x$" + SECRET + "$x$; SELECT 2");
      assertThatThrownBy(
              () -> statement.execute("CREATE ROLE carla PASSWORD '" + SECRET + "' SUPERUSER"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(of(LogChannel.AUDIT))
        .anyMatch(line -> line.contains("CREATE ROLE carla LOGIN PASSWORD '***' CREATEDB"));
    assertThat(List.copyOf(lines.list)).map(layout::doLayout).noneMatch(l -> l.contains(SECRET));
  }

  @Test
  void neverTellsPassphrasesOfBackups(@TempDir Path directory) throws SQLException {
    String place = directory.resolve("backups").toString();
    try (TestServer server = TestServer.start();
        Connection connection = server.connect();
        Connection other = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET log_statement = 'all'");
      statement.execute("SET log_min_duration_statement = 0");
      statement.execute("SET shardforge.audit_statements = on");
      for (String call :
          List.of(
              "backup('%s', passphrase => '%s')",
              "verify_backup('%s', null, E'%s')",
              "backups('%s', '%s')",
              "backups('%s', $x$%s$x$)")) {
        statement.execute("SELECT * FROM shardforge." + call.formatted(place, SECRET));
        assertThat(activity(other)).contains("'" + place + "'", "'***'").doesNotContain(SECRET);
      }
      assertThatThrownBy(() ->
              statement.execute(
                  "SELECT shardforge.restore('%s', passphrase => 'no %s')"
                      .formatted(place, SECRET)))
          .isInstanceOf(SQLException.class)
          .hasMessageNotContaining(SECRET);
      try (PreparedStatement bound =
          connection.prepareStatement("SELECT * FROM shardforge.backups(?, ?)")) {
        bound.setString(1, place);
        bound.setString(2, SECRET);
        bound.execute();
      }
      assertThat(activity(other)).contains("backups").doesNotContain(SECRET);
      try (ResultSet counted =
          statement.executeQuery(
              "SELECT string_agg(query, ' ') FROM pg_stat_statements WHERE query ~ 'backup'")) {
        assertThat(counted.next()).isTrue();
        assertThat(counted.getString(1)).contains("verify_backup").doesNotContain(SECRET);
      }
    }
    assertThat(List.copyOf(lines.list))
        .map(layout::doLayout)
        .anyMatch(line -> line.contains("backup('" + place + "', passphrase => '***')"))
        .noneMatch(line -> line.contains(SECRET));
  }

  /** The statements that other sessions have run last. */
  private static String activity(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(query, ' ') FROM pg_stat_activity"
                    + " WHERE pid <> pg_backend_pid()")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @Test
  void onlySuperusersChangeWhatIsLogged() throws SQLException {
    try (TestServer server = TestServer.start()) {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE ROLE dora LOGIN");
        statement.execute("ALTER ROLE dora SET log_connections = on");
        statement.execute("ALTER ROLE dora SET log_disconnections = on");
        statement.execute("SET ROLE dora");
        for (String set :
            List.of(
                "SET log_min_duration_statement = 0",
                "SET log_statement = none",
                "RESET log_statement",
                "SET shardforge.audit_statements = off",
                "ALTER ROLE dora SET log_statement = none")) {
          assertThatThrownBy(() -> statement.execute(set))
              .as(set)
              .hasMessageContaining("permission denied to set parameter");
        }
        statement.execute("RESET ROLE");
        assertThatThrownBy(() -> statement.execute("SET log_connections = on"))
            .hasMessageContaining("cannot be set after connection start");
      }
      try (Connection connection = server.connect("user", "dora");
          Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
      }
    }
    assertThat(of(LogChannel.AUDIT))
        .anyMatch(line -> line.contains("\"message\":\"login\"") && line.contains("\"dora\""))
        .anyMatch(
            line -> line.contains("\"message\":\"disconnection\"") && line.contains("\"dora\""));
  }

  @Test
  void tellsWhoWasNotLetIn() throws SQLException {
    try (TestServer server = TestServer.start(false, 10)) {
      assertThatThrownBy(() -> server.connect("user", "emil", "password", "wrong"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(of(LogChannel.AUDIT))
        .anyMatch(line ->
            line.contains("\"user.name\":\"emil\"")
                && line.contains("\"event.outcome\":\"failure\"")
                && line.contains("\"error.code\":\"28P01\"")
                && line.contains("\"source.ip\":\"127.0.0.1\""));
  }
}
