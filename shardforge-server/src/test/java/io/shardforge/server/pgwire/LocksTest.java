package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pg_locks, pg_blocking_pids and pg_stat_activity show of sessions that wait. */
class LocksTest extends TwoSessions {
  private int pidOfA;
  private int pidOfB;

  @BeforeEach
  void pids() throws SQLException {
    pidOfA = pid(a);
    pidOfB = pid(b);
  }

  private static int pid(Connection c) throws SQLException {
    try (var s = c.createStatement();
        var row = s.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Looks until somebody waits, which does not take long. */
  private static List<String> waiting(String sql) throws SQLException {
    List<String> rows = List.of();
    for (int i = 0; i < 10_000 && rows.isEmpty(); i++) {
      rows = server.query(sql);
    }
    return rows;
  }

  @Test
  void aRowThatSomebodyWaitsFor() throws Exception {
    run(a, "create table waited (id int primary key, n int); insert into waited values (1, 1)");
    run(a, "begin; update waited set n = 2");
    assertThat(server.query("select * from pg_locks")).as("nobody waits").isEmpty();
    FutureTask<Integer> update = start(() -> run(b, "update waited set n = 3"));
    assertThat(waiting("select concat_ws('|', pid, mode) from pg_locks where not granted"))
        .containsExactly(pidOfB + "|ExclusiveLock");
    assertThat(
            server.query(
                "select concat_ws('|', locktype, relation::regclass, pid, mode) from pg_locks"
                    + " where granted"))
        .containsExactly("tuple|waited|" + pidOfA + "|ExclusiveLock");
    assertThat(server.query("select pg_blocking_pids(" + pidOfB + ")"))
        .containsExactly("{" + pidOfA + "}");
    assertThat(server.query("select pg_blocking_pids(" + pidOfA + ")")).containsExactly("{}");
    assertThat(eventOf(pidOfB)).containsExactly("Lock|tuple");
    assertThat(eventOf(pidOfA)).containsExactly("Client|ClientRead");
    run(a, "rollback");
    assertThat(finish(update)).isEqualTo(1);
    assertThat(server.query("select * from pg_locks")).isEmpty();
  }

  @Test
  void anAdvisoryLockThatSomebodyWaitsFor() throws Exception {
    run(a, "select pg_advisory_lock(3, -4)");
    FutureTask<Integer> lock = start(() -> run(b, "select pg_advisory_lock_shared(3, -4)"));
    assertThat(
            waiting(
                "select concat_ws('|', classid, objid, objsubid, pid, mode, waitstart <= now())"
                    + " from pg_locks where not granted"))
        .containsExactly("3|4294967292|2|" + pidOfB + "|ShareLock|t");
    assertThat(server.query("select concat_ws('|', pid, mode) from pg_locks where granted"))
        .containsExactly(pidOfA + "|ExclusiveLock");
    assertThat(waiting("select 1 where pg_blocking_pids(" + pidOfB + ") = array[" + pidOfA + "]"))
        .hasSize(1);
    assertThat(eventOf(pidOfB)).containsExactly("Lock|advisory");
    run(a, "select pg_advisory_unlock(3, -4)");
    finish(lock);
    assertThat(server.query("select concat_ws('|', pid, mode, granted) from pg_locks"))
        .containsExactly(pidOfB + "|ShareLock|t");
  }

  private static List<String> eventOf(int pid) throws SQLException {
    return server.query(
        "select concat_ws('|', wait_event_type, wait_event) from pg_stat_activity where pid = "
            + pid);
  }
}
