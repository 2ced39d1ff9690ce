package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.PreparedStatement;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** What a driver does with its own session: ends it, and makes out of date statements anew. */
class OwnSessionTest extends TwoSessions {
  @Test
  void whoTerminatesItselfGetsNoAnswer() throws Exception {
    assertThat(stateOf(() -> run(a, "select pg_terminate_backend(pg_backend_pid())")))
        .isEqualTo("57P01");
    assertThat(stateOf(() -> run(a, "select 1"))).startsWith("08");
  }

  @Test
  void driversKnowByTheRoutineThatAStatementIsOutOfDate() throws Exception {
    run(a, "create table widened (n int)");
    a.setAutoCommit(false);
    try (PreparedStatement all = a.prepareStatement("select * from widened")) {
      all.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
      all.executeQuery().close();
      a.commit();
      run(b, "alter table widened add m int");
      PSQLException e = catchThrowableOfType(PSQLException.class, all::executeQuery);
      assertThat(e.getSQLState()).isEqualTo("0A000");
      assertThat(Objects.requireNonNull(e.getServerErrorMessage()).getRoutine())
          .isEqualTo("RevalidateCachedQuery");
    }
  }
}
