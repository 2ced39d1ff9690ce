package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** transaction_timeout, which ends sessions. */
class TransactionTimeoutTest extends TwoSessions {
  private static final String TIMED_OUT = "25P04";

  @ParameterizedTest
  @ValueSource(strings = {"select pg_sleep(60)", "begin; select 1; select pg_sleep(60)"})
  void aStatementThatTakesLongerEndsItsSession(String sql) throws Exception {
    run(a, "set transaction_timeout = '50ms'");
    assertThat(stateOf(() -> run(a, sql))).isEqualTo(TIMED_OUT);
    assertThat(stateOf(() -> run(a, "select 1"))).startsWith("08");
  }

  @Test
  void aTransactionInWhichNothingIsSaidEndsItsSessionAndItsLocks() throws Exception {
    run(a, "create table t (id int primary key)");
    run(a, "begin");
    run(a, "insert into t values (1)");
    run(a, "lock table t in exclusive mode");
    run(a, "set local transaction_timeout = '50ms'");
    run(b, "begin");
    run(b, "lock table t in exclusive mode");
    assertThat(run(b, "insert into t values (1)")).isEqualTo(1);
    run(b, "commit");
    String state = stateOf(() -> run(a, "select 1"));
    assertThat(state.startsWith("08") || state.equals(TIMED_OUT)).as(state).isTrue();
  }
}
