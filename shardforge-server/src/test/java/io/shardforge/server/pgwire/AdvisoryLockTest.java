package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** pg_advisory_lock and its kin between two sessions. */
class AdvisoryLockTest extends TwoSessions {
  private static boolean is(Connection c, String function) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet row = s.executeQuery("select " + function)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "pg_advisory_lock(1); pg_try_advisory_lock(1); false",
        "pg_advisory_lock(1); pg_try_advisory_xact_lock(1); false",
        "pg_advisory_lock(1); pg_try_advisory_lock_shared(1); false",
        "pg_advisory_lock_shared(1); pg_try_advisory_lock(1); false",
        "pg_advisory_lock_shared(1); pg_try_advisory_lock_shared(1); true",
        "pg_advisory_lock(1); pg_try_advisory_lock(2); true",
        "pg_advisory_lock(1); pg_try_advisory_lock(0, 1); true",
        "pg_advisory_lock(-1, -2); pg_try_advisory_lock(-1, -2); false",
        "pg_advisory_lock(-1, -2); pg_try_advisory_lock(-2, -2); true"
      })
  void onlySharedLocksGoTogether(String lock, String attempt, boolean got) throws Exception {
    run(a, "select " + lock);
    assertThat(is(b, attempt)).isEqualTo(got);
  }

  @Test
  void aLockIsHeldUntilItWasLetGoAsOftenAsItWasTaken() throws Exception {
    run(a, "select pg_advisory_lock(1), pg_advisory_lock(1)");
    FutureTask<Integer> waiting = start(() -> run(b, "select pg_advisory_lock(1)"));
    assertThat(is(a, "pg_advisory_unlock(1)")).isTrue();
    assertThat(is(a, "pg_try_advisory_lock(1)")).isTrue();
    assertThat(is(a, "pg_advisory_unlock(1)")).isTrue();
    assertThat(is(a, "pg_advisory_unlock(1)")).isTrue();
    finish(waiting);
    assertThat(is(a, "pg_advisory_unlock(1)")).isFalse();
    assertThat(is(a, "pg_try_advisory_lock(1)")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback", "select 1 / 0"})
  void aLockOfATransactionEndsWithIt(String end) throws Exception {
    run(a, "begin");
    run(a, "select pg_advisory_xact_lock(1)");
    assertThat(is(a, "pg_advisory_unlock(1)")).isFalse();
    FutureTask<Integer> waiting = start(() -> run(b, "select pg_advisory_lock(1)"));
    if (!stateOf(() -> run(a, end)).equals("00000")) {
      run(a, "rollback");
    }
    finish(waiting);
  }

  @Test
  void aLockOfTheSessionOutlastsTransactions() throws Exception {
    run(a, "begin");
    run(a, "select pg_advisory_lock(1), pg_advisory_xact_lock(1)");
    run(a, "rollback");
    assertThat(is(b, "pg_try_advisory_lock(1)")).isFalse();
    run(a, "select pg_advisory_xact_lock(1)");
    assertThat(is(b, "pg_try_advisory_lock(1)")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"select pg_advisory_unlock_all()", "discard all", ""})
  void theEndOfASessionLetsGo(String end) throws Exception {
    run(a, "select pg_advisory_lock(1), pg_advisory_lock_shared(2)");
    FutureTask<Integer> waiting =
        start(() -> run(b, "select pg_advisory_lock(1), pg_advisory_lock(2)"));
    if (end.isEmpty()) {
      a.close();
    } else {
      run(a, end);
    }
    finish(waiting);
  }

  @Test
  void waitingHasAnEnd() throws Exception {
    run(a, "select pg_advisory_lock(1)");
    run(b, "set lock_timeout = '50ms'");
    assertThat(stateOf(() -> run(b, "select pg_advisory_lock(1)"))).isEqualTo("55P03");
    run(b, "set lock_timeout = 0; set statement_timeout = '50ms'");
    assertThat(stateOf(() -> run(b, "select pg_advisory_lock(1)"))).isEqualTo("57014");
    run(b, "set statement_timeout = 0");
    run(a, "select pg_advisory_unlock(1)");
    assertThat(is(b, "pg_try_advisory_lock(1)")).isTrue();
  }

  @Test
  void whatTheHolderCommittedIsSeen() throws Exception {
    run(a, "create table counter (n int); insert into counter values (0)");
    FutureTask<Integer> one = start(() -> count(a));
    FutureTask<Integer> other = start(() -> count(b));
    finish(one);
    finish(other);
    assertThat(server.query("select n from counter")).containsExactly("100");
  }

  private static int count(Connection c) throws SQLException {
    for (int i = 0; i < 50; i++) {
      run(c, "select pg_advisory_lock(7)");
      try (Statement s = c.createStatement();
          ResultSet row = s.executeQuery("select n from counter")) {
        row.next();
        int n = row.getInt(1);
        run(c, "update counter set n = " + (n + 1));
      }
      run(c, "select pg_advisory_unlock(7)");
    }
    return 0;
  }
}
