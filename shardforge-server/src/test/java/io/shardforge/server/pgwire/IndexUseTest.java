package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which indexes queries are answered from: those that have all the rows, where that pays. */
final class IndexUseTest {
  private static final TestServer SERVER = TestServer.start();

  @BeforeAll
  static void makeTable() throws SQLException {
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table t (a int primary key, b int, c text, n numeric, d date, f boolean)");
      statement.execute(
          "insert into t select g, g % 100, 'N' || g % 50, g / 7.0, date '2020-01-01' + g, g % 2 ="
              + " 0 from generate_series(1, 2000) g");
      statement.execute("create index flagged on t (b) where f");
      statement.execute("create index large on t (b) where c is not null and n > 100");
      statement.execute("create index lowered on t (lower(c))");
      statement.execute("create index few on t ((a + b)) where b in (1, 2, 3)");
      statement.execute("create index late on t (c) where d >= '2022-01-01' or a < 5");
      statement.execute("create unique index odd on t (n) where b <> 4");
    }
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static String plan(String query) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("explain " + query)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "flagged | f and b = 3",
        "flagged | f = true and b = 3",
        "flagged | f is true and b = 97",
        "-       | not f and b > 3",
        "-       | f is not false and b > 3",
        "-       | (f or b = 3) and b > 3",
        "large   | b = 3 and c = 'N3' and n > 200.5",
        "large   | b = 3 and c like 'N%' and n > 100",
        "large   | b = 3 and c in ('N1', 'N3') and n > 150",
        "-       | b > 4 and c = 'N3' and n >= 100",
        "-       | b > 4 and c is null and n > 101",
        "-       | b > 4 and coalesce(c, '') = 'N3' and n > 101",
        "lowered | lower(c) = 'n3'",
        "lowered | lower(c) in ('n3', 'n4') and b > 5",
        "lowered | lower(c) = 'n48' and b < 90",
        "-       | upper(c) = 'N3'",
        "few     | b = 2 and a + b = 100",
        "few     | b in (3, 1) and a + b = 1990",
        "-       | b in (3, 4) and a + b > 100",
        "-       | b > 0 and a + b > 100",
        "late    | d > '2022-01-01' and c = 'N7'",
        "late    | d = '2022-01-01' and c = 'N7'",
        "late    | a < 4 and c = 'N7'",
        "-       | d > '2021-12-31' and c = 'N7'",
        "odd     | b = 5 and n = 3",
        "odd     | b <> 4 and n = 3",
        "-       | b > 3 and n = 3",
      })
  void isUsedIfItHasAllRows(String index, String condition) throws SQLException {
    String plan = plan("select * from t where " + condition);
    if (index.equals("-")) {
      assertThat(plan).contains("Seq Scan on t").doesNotContain("using");
    } else {
      assertThat(plan).contains("using " + index + " on t");
    }
  }

  @Test
  void anExpressionGivesAnOrder() throws SQLException {
    assertThat(plan("select * from t order by lower(c) limit 3"))
        .contains("Index Scan using lowered")
        .doesNotContain("Sort");
    assertThat(plan("select c from t order by lower(c) desc limit 3"))
        .contains("Index Scan Backward using lowered");
    assertThat(plan("select * from t order by lower(c) desc nulls last limit 3")).contains("Sort");
  }

  @Test
  void entriesDoWhereTheyHaveAllColumns() throws SQLException {
    try (Connection connection = SERVER.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table w (k int primary key, u text unique, v int, x numeric)");
      statement.execute("create index wide on w (v) include (x)");
      statement.execute("create unique index upper_one on w (upper(u)) include (v) where x > 0");
    }
    assertThat(plan("select k, v, x from w where v = 3"))
        .contains("Index Only Scan using wide on w");
    assertThat(plan("select u from w where v = 3")).contains("Index Scan using wide on w");
    assertThat(plan("select v, k from w where upper(u) = 'A' and x > 0"))
        .contains("Index Only Scan using upper_one on w");
    assertThat(plan("select v, u from w where upper(u) = 'A' and x > 0"))
        .contains("Index Scan using upper_one on w");
  }

  @Test
  void nullsAreFound() throws SQLException {
    assertThat(plan("select * from t where lower(c) is null"))
        .contains("Index Scan using lowered on t")
        .contains("Index Cond: (lower(c) IS NULL)");
    assertThat(plan("select * from t where b is null and f"))
        .contains("Index Scan using flagged on t")
        .contains("Index Cond: (b IS NULL)");
  }

  @Test
  void anExpressionIsLookedUpByAJoin() throws SQLException {
    assertThat(plan("select 1 from t x join t y on lower(y.c) = lower(x.c) where x.a = 3"))
        .contains("Index Lookup Join using lowered on t");
  }
}
