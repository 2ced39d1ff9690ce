package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What CREATE STATISTICS does to the estimates of the planner. */
class CombinedStatisticsTest extends TwoSessions {
  private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

  /** 100 values of a, from each of which b and c follow. */
  @BeforeEach
  void table() throws SQLException {
    run(
        a,
        "create table tied (id int primary key, a int, b int, c int);"
            + "insert into tied select g, g % 100, g % 100 / 2, g % 100 / 4"
            + " from generate_series(1, 10000) g; analyze tied");
  }

  @AfterEach
  void drop() throws SQLException {
    run(a, "drop table tied");
  }

  private static long estimate(String sql) throws SQLException {
    Matcher rows = ROWS.matcher(server.query("explain " + sql).getFirst());
    assertThat(rows.find()).isTrue();
    return Long.parseLong(rows.group(1));
  }

  @Test
  void aColumnThatFollowsFromAnotherMakesNoDifference() throws SQLException {
    String both = "select * from tied where a = 8 and b = 4";
    assertThat(estimate(both)).as("as if they were independent").isLessThan(10);
    run(a, "create statistics follows (dependencies) on a, b from tied; analyze tied");
    assertThat(estimate(both)).isBetween(90L, 110L);
    assertThat(estimate("select * from tied where a = 8 and b = 4 and c = 2")).isBetween(2L, 10L);
  }

  @Test
  void commonCombinationsAreLookedUp() throws SQLException {
    run(a, "create statistics common (mcv) on a, b, c from tied; analyze tied");
    assertThat(estimate("select * from tied where a = 8 and b = 4 and c = 2")).isEqualTo(100);
    assertThat(estimate("select * from tied where b = 4 and c = 2")).isEqualTo(200);
    assertThat(estimate("select * from tied where a = 8 and b = 5"))
        .as("there is no such row")
        .isLessThan(10);
  }

  @Test
  void groupsOfSeveralColumnsAreCounted() throws SQLException {
    String grouped = "select a, b, c, count(*) from tied group by a, b, c";
    assertThat(estimate(grouped)).as("as if they were independent").isEqualTo(10_000);
    run(a, "create statistics together (ndistinct) on a, b, c from tied; analyze tied");
    assertThat(estimate(grouped)).isEqualTo(100);
    assertThat(estimate("select b, c, count(*) from tied group by b, c")).isEqualTo(50);
  }
}
