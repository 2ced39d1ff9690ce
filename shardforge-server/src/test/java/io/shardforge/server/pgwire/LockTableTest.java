package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LOCK TABLE between two sessions. */
class LockTableTest extends TwoSessions {
  private static final String NOT_AVAILABLE = "55P03";
  private static final String TAKE_NEXT = "insert into t select max(id) + 1 from t";

  @BeforeEach
  void table() throws Exception {
    run(a, "drop table if exists t, u");
    run(a, "create table t (id int primary key)");
    run(a, "create table u (id int primary key)");
    run(a, "insert into t values (1)");
  }

  @ParameterizedTest
  @CsvSource({
    "access share, access exclusive, false",
    "access share, share row exclusive, true",
    "row share, exclusive, false",
    "row share, row exclusive, true",
    "row exclusive, row exclusive, true",
    "row exclusive, share, false",
    "share update exclusive, share update exclusive, false",
    "share, row exclusive, false",
    "share row exclusive, share row exclusive, false",
    "share row exclusive, row share, true",
    "exclusive, row share, false",
    "access exclusive, access share, false"
  })
  void modesConflictAsInPostgres(String held, String wanted, boolean together) throws Exception {
    run(a, "begin");
    run(a, "lock table t in " + held + " mode");
    run(b, "begin");
    assertThat(stateOf(() -> run(b, "lock table t in " + wanted + " mode nowait")))
        .isEqualTo(together ? "00000" : NOT_AVAILABLE);
    run(b, "rollback");
    run(b, "set lock_timeout = '1ms'");
    run(b, "begin");
    assertThat(stateOf(() -> run(b, "lock table t in " + wanted + " mode")))
        .isEqualTo(together ? "00000" : NOT_AVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
  void whoHasWaitedSeesWhatTheOtherHasWritten(String level) throws Exception {
    run(a, "begin");
    run(a, "lock table t in share row exclusive mode");
    run(b, "begin isolation level " + level);
    FutureTask<Integer> waiting = start(() -> run(b, "lock table t in share row exclusive mode"));
    run(a, TAKE_NEXT);
    run(a, "commit");
    finish(waiting);
    run(b, TAKE_NEXT);
    run(b, "commit");
    assertThat(run(a, "delete from t where id in (2, 3)")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback"})
  void aWriterWaitsForTheEndOfTheTransaction(String end) throws Exception {
    run(a, "begin");
    run(a, "lock table t in share mode");
    FutureTask<Integer> writer = start(() -> run(b, TAKE_NEXT));
    assertThat(run(a, "delete from t where id = 2")).isZero();
    run(a, TAKE_NEXT);
    run(a, end);
    finish(writer);
    assertThat(run(a, "delete from t")).isEqualTo(end.equals("commit") ? 3 : 2);
  }

  @Test
  void aTransactionThatHadWrittenBeforeIsNotCommittedAfterwards() throws Exception {
    run(b, "begin");
    run(b, "insert into t values (10)");
    run(a, "begin");
    run(a, "lock table t in exclusive mode");
    run(a, TAKE_NEXT);
    run(a, "commit");
    assertThat(stateOf(() -> run(b, "commit"))).isEqualTo("40001");
  }

  @Test
  void aSchemaChangeWaitsForReaders() throws Exception {
    run(a, "begin");
    run(a, "lock table t in access share mode");
    FutureTask<Integer> change = start(() -> run(b, "alter table t add column v int"));
    assertThat(stateOf(() -> run(a, "select v from t"))).isEqualTo("42703");
    run(a, "rollback");
    finish(change);
    run(a, "select v from t");
  }

  @Test
  void aCircleIsFound() throws Exception {
    run(a, "begin");
    run(a, "lock table t in exclusive mode");
    run(b, "begin");
    run(b, "lock table u in exclusive mode");
    FutureTask<Integer> waiting = start(() -> run(b, "lock table t in exclusive mode"));
    String state = stateOf(() -> run(a, "lock table u in exclusive mode"));
    run(a, "rollback");
    if (state.equals("00000")) {
      assertThat(stateOf(() -> finish(waiting))).isEqualTo("40P01");
    } else {
      assertThat(state).isEqualTo("40P01");
      finish(waiting);
    }
  }
}
