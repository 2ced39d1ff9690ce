package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** pg_stat_statements: what was run, how often, and who may see it. */
class StatementStatisticsTest extends TwoSessions {
  @BeforeEach
  void reset() throws SQLException {
    run(a, "drop table if exists counted");
    run(a, "create table counted (n int primary key, t text)");
    run(a, "select pg_stat_statements_reset()");
  }

  private static String line(String like) throws SQLException {
    return String.join(
        "\n",
        server.query(
            "select query || ' | ' || calls || ' | ' || rows from pg_stat_statements"
                + " where query like '"
                + like
                + "' and query not like '%pg_stat%' order by 1"));
  }

  @Test
  void statementsThatDifferInConstantsAreOne() throws SQLException {
    for (int i = 1; i <= 3; i++) {
      run(a, "insert into counted values (" + i + ", 'secret'), (" + (i + 10) + ", null)");
    }
    run(b, "update counted set t = 'x' where n < 3");
    run(b, "select n from counted where n = 1");
    assertThat(line("insert%")).isEqualTo("insert into counted values ($1, $2), ($3, $4) | 3 | 6");
    assertThat(line("update%")).isEqualTo("update counted set t = $1 where n < $2 | 1 | 2");
    assertThat(line("%secret%")).isEmpty();
  }

  @Test
  void preparedStatementsAreCountedByExecution() throws SQLException {
    try (PreparedStatement insert = a.prepareStatement("insert into counted values (?, 'x')")) {
      for (int i = 0; i < 7; i++) {
        insert.setInt(1, i);
        insert.executeUpdate();
      }
    }
    assertThat(line("insert%")).isEqualTo("insert into counted values ($1, $2) | 7 | 7");
  }

  @Test
  void whatFailsIsNotCounted() throws Exception {
    assertThat(stateOf(() -> run(a, "insert into counted values (1), (1)"))).isEqualTo("23505");
    assertThat(line("insert%")).isEmpty();
  }

  @Test
  void timesAreThoseOfTheRuns() throws SQLException {
    run(a, "select pg_sleep(0.05)");
    run(a, "select pg_sleep(0.01)");
    assertThat(
            server.query(
                "select calls = 2 and min_exec_time between 10 and max_exec_time"
                    + " and max_exec_time >= 50 and total_exec_time >= 60"
                    + " and abs(mean_exec_time - total_exec_time / 2) < 0.001"
                    + " and abs(stddev_exec_time - (max_exec_time - min_exec_time) / 2) < 0.001"
                    + " and plans >= 1 and total_plan_time > 0"
                    + " from pg_stat_statements where query = 'select pg_sleep($1)'"))
        .containsExactly("t");
  }

  @Test
  void othersSeeThatThereIsSomethingButNotWhat() throws Exception {
    run(a, "create role counts_nothing");
    run(a, "select 'mine' from counted");
    run(b, "set role counts_nothing");
    try {
      assertThat(stateOf(() -> run(b, "select pg_stat_statements_reset()"))).isEqualTo("42501");
      try (var s = b.createStatement();
          var row =
              s.executeQuery(
                  "select count(*) filter (where query like 'select $1 from%'),"
                      + " count(*) filter (where query = '<insufficient privilege>'"
                      + " and queryid is null) from pg_stat_statements")) {
        row.next();
        assertThat(row.getInt(1)).isZero();
        assertThat(row.getInt(2)).isPositive();
      }
    } finally {
      run(b, "reset role");
      run(a, "drop role counts_nothing");
    }
    assertThat(line("select $1 from%")).isEqualTo("select $1 from counted | 1 | 0");
  }
}
