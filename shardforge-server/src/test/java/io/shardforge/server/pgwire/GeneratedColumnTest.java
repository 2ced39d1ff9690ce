package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Generated columns: what is refused, with PostgreSQL's words, and COPY, which leaves them out. */
class GeneratedColumnTest extends TwoSessions {
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "a int, b int generated always as (a) stored generated always as (a) stored",
            "42601",
            "multiple generation clauses specified for column \"b\" of table \"bad\""),
        Arguments.of(
            "a int, b int default 1 generated always as (a) stored",
            "42601",
            "both default and generation expression specified for column \"b\" of table \"bad\""),
        Arguments.of(
            "a int, b int generated always as identity generated always as (a) stored",
            "42601",
            "both identity and generation expression specified for column \"b\" of table \"bad\""),
        Arguments.of(
            "a int generated always as (a * 2) stored",
            "42P17",
            "cannot use generated column \"a\" in column generation expression"),
        Arguments.of(
            "a int, b int generated always as (a) stored, c int generated always as (b +"
                + " 1) stored",
            "42P17",
            "cannot use generated column \"b\" in column generation expression"),
        Arguments.of(
            "a int, b int generated always as (nothing) stored",
            "42703",
            "column \"nothing\" does not exist"),
        Arguments.of(
            "a int, b int generated always as (sum(a)) stored",
            "42803",
            "aggregate functions are not allowed in column generation expressions"),
        Arguments.of(
            "a int, b bigint generated always as (row_number() over ()) stored",
            "42P20",
            "window functions are not allowed in column generation expressions"),
        Arguments.of(
            "a int, b int generated always as ((select a)) stored",
            "0A000",
            "cannot use subquery in column generation expression"),
        Arguments.of(
            "a int, b int generated always as (generate_series(1, a)) stored",
            "0A000",
            "set-returning functions are not allowed in column generation expressions"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void definitionIsRefused(String columns, String state, String message) throws SQLException {
    try {
      run(a, "create table bad (" + columns + ")");
    } catch (PSQLException e) {
      ServerErrorMessage error = Objects.requireNonNull(e.getServerErrorMessage());
      assertThat(error.getSQLState()).isEqualTo(state);
      assertThat(error.getMessage()).isEqualTo(message);
      return;
    }
    throw new AssertionError("made a table of " + columns);
  }

  @Test
  void copyLeavesGeneratedColumnsOut() throws Exception {
    run(a, "create table g (b int generated always as (a * 2) stored, a int, c text)");
    CopyManager copy = a.unwrap(PGConnection.class).getCopyAPI();
    byte[] rows = "1\tx\n2\ty\n".getBytes(StandardCharsets.UTF_8);
    copy.copyIn("copy g from stdin", new ByteArrayInputStream(rows));
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    copy.copyOut("copy g to stdout", back);
    assertThat(back.toByteArray()).isEqualTo(rows);
    back.reset();
    copy.copyOut("copy (select * from g) to stdout", back);
    assertThat(back.toString(StandardCharsets.UTF_8)).isEqualTo("2\t1\tx\n4\t2\ty\n");
    assertThat(stateOf(() -> copy.copyOut("copy g (b) to stdout", new ByteArrayOutputStream())))
        .isEqualTo("42P10");
    run(a, "drop table g");
  }
}
