package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What sessions begin with: ALTER ROLE … SET and ALTER DATABASE … SET. */
class RoleSettingsTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = TestServer.start();
    server.run("create role worker login", "create database other");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The value of a setting in a new session. */
  private static String begins(String user, String database, String setting, String... asked)
      throws SQLException {
    StringBuilder url =
        new StringBuilder("jdbc:postgresql://127.0.0.1:")
            .append(server.address().getPort())
            .append("/" + database + "?user=" + user);
    for (String option : asked) {
      url.append("&").append(option);
    }
    try (Connection connection = DriverManager.getConnection(url.toString());
        Statement statement = connection.createStatement()) {
      statement.execute("set " + setting + " = '77ms'");
      statement.execute("reset " + setting);
      try (ResultSet row = statement.executeQuery("show " + setting)) {
        row.next();
        return row.getString(1);
      }
    }
  }

  @Test
  void theNarrowestCountsAndTheClientAboveAll() throws SQLException {
    String setting = "lock_timeout";
    server.run("alter role all set lock_timeout = '1s'");
    assertThat(begins("worker", "other", setting)).isEqualTo("1s");
    server.run("alter database other set lock_timeout = '2s'");
    assertThat(begins("worker", "other", setting)).isEqualTo("2s");
    assertThat(begins("worker", "shardforge", setting)).isEqualTo("1s");
    server.run("alter role worker set lock_timeout = '3s'");
    assertThat(begins("worker", "other", setting)).isEqualTo("3s");
    assertThat(begins("shardforge", "other", setting)).isEqualTo("2s");
    server.run("alter role worker in database other set lock_timeout = '4s'");
    assertThat(begins("worker", "other", setting)).isEqualTo("4s");
    assertThat(begins("worker", "shardforge", setting)).isEqualTo("3s");
    assertThat(begins("worker", "other", setting, "options=-c%20lock_timeout=5s")).isEqualTo("5s");
    server.run(
        "alter role all reset all",
        "alter database other reset all",
        "alter role worker reset all",
        "alter role worker in database other reset all");
    assertThat(begins("worker", "other", setting)).isEqualTo("0");
  }

  @Test
  void listsAreKeptAsTheyAreWritten() throws SQLException {
    server.run("alter role worker set search_path = pg_catalog, \"Odd one\"");
    assertThat(begins("worker", "other", "search_path")).isEqualTo("pg_catalog, \"Odd one\"");
    server.run("alter role worker reset all");
  }

  @Test
  void theSystemsOwnSessionsFollowNobodysWishes() throws SQLException {
    server.run("create table kept (n int)", "insert into kept select generate_series(1, 200)");
    server.run("alter role all set default_transaction_read_only = on");
    try {
      server.sql().autoAnalyze().pass();
      assertThat(server.query("select reltuples from pg_class where relname = 'kept'"))
          .containsExactly("200");
    } finally {
      server.run(
          "set default_transaction_read_only = off",
          "alter role all reset default_transaction_read_only");
    }
  }

  /** A value of a new session that begins with some options, or the SQLSTATE of its refusal. */
  private static String first(String user, String options, String expression) throws SQLException {
    try (Connection connection = server.connect("user", user, "options", options);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select " + expression)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  @Test
  void aClientBeginsWithNoMoreThanSetWouldGiveIt() throws SQLException {
    server.run("create role crew", "grant crew to worker");
    assertThat(first("worker", "-c role=shardforge", "current_user")).isEqualTo("42501");
    assertThat(first("worker", "-c session_authorization=shardforge", "session_user"))
        .isEqualTo("42501");
    assertThat(first("worker", "-c is_superuser=on", "1")).isEqualTo("55P02");
    assertThat(first("worker", "-c Server_Version=9.0", "1")).isEqualTo("55P02");
    assertThat(first("worker", "-c role=nobody", "1")).isEqualTo("22023");
    assertThat(first("worker", "-c role=crew", "current_user")).isEqualTo("crew");
    assertThat(first("worker", "-c role=none", "current_user")).isEqualTo("worker");
    assertThat(first("shardforge", "-c session_authorization=worker", "session_user"))
        .isEqualTo("worker");
    server.run("revoke crew from worker", "drop role crew");
  }

  @Test
  void programsThatDumpAreToldOfAnOlderServer() throws SQLException {
    String version = "current_setting('server_version')";
    assertThat(first("worker", "-c application_name=pg_dump", version)).startsWith("15.");
    assertThat(first("worker", "-c application_name=psql", version)).startsWith("17.");
  }
}
