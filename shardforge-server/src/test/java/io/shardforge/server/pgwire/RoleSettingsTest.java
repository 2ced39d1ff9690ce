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
}
