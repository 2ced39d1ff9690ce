package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What concurrent transactions see of each other at each level, as docs/sql/isolation.md says. */
class IsolationTest extends TwoSessions {
  private static final String READ_COMMITTED = "read committed";
  private static final String REPEATABLE_READ = "repeatable read";
  private static final String SERIALIZABLE = "serializable";
  private static final String SERIALIZATION_FAILURE = "40001";

  @BeforeEach
  void createAccounts() throws SQLException {
    run(a, "drop table if exists acc");
    run(a, "create table acc (id int primary key, bal int not null)");
    run(a, "insert into acc values (1, 100), (2, 100), (3, 100)");
  }

  private static int number(Connection c, String sql) throws SQLException {
    return numbers(c, sql).getFirst();
  }

  private static List<Integer> numbers(Connection c, String sql) throws SQLException {
    List<Integer> all = new ArrayList<>();
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      while (rows.next()) {
        all.add(rows.getInt(1));
      }
    }
    return all;
  }

  private void begin(String level) throws SQLException {
    run(a, "begin isolation level " + level);
    run(b, "begin isolation level " + level);
  }

  @ParameterizedTest
  @ValueSource(strings = {READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE})
  void aLostUpdateHappensOnlyAtReadCommitted(String level) throws Exception {
    begin(level);
    int readByA = number(a, "select bal from acc where id = 1");
    int readByB = number(b, "select bal from acc where id = 1");
    run(a, "update acc set bal = " + (readByA + 10) + " where id = 1");
    FutureTask<String> second =
        start(() ->
            stateOf(() -> run(b, "update acc set bal = " + (readByB + 10) + " where id = 1")));
    run(a, "commit");
    String state = finish(second);
    run(b, "commit");
    assertThat(state).isEqualTo(level.equals(READ_COMMITTED) ? "00000" : SERIALIZATION_FAILURE);
    assertThat(number(a, "select bal from acc where id = 1")).isEqualTo(110);
  }

  @Test
  void theFirstRowOfAQueueIsAllThatTakingItReads() throws Exception {
    begin(SERIALIZABLE);
    assertThat(number(a, "select id from acc order by id limit 1 for update")).isEqualTo(1);
    run(a, "delete from acc where id = 1");
    run(b, "insert into acc values (4, 0)");
    run(b, "commit");
    run(a, "commit");
    assertThat(numbers(a, "select id from acc order by id")).containsExactly(2, 3, 4);
  }

  @Test
  void anUpdateOfTheNewestRowLosesNothing() throws Exception {
    begin(READ_COMMITTED);
    run(a, "update acc set bal = bal + 10 where id = 1");
    FutureTask<Integer> second = start(() -> run(b, "update acc set bal = bal + 10 where id = 1"));
    run(a, "commit");
    assertThat(finish(second)).isEqualTo(1);
    run(b, "commit");
    assertThat(number(a, "select bal from acc where id = 1")).isEqualTo(120);
  }

  @Test
  void aWaitingUpdateChecksItsConditionAgain() throws Exception {
    begin(READ_COMMITTED);
    run(a, "update acc set bal = 50 where id = 1");
    FutureTask<Integer> second =
        start(() -> run(b, "update acc set bal = bal - 100 where bal >= 100"));
    run(a, "commit");
    assertThat(finish(second)).isEqualTo(2);
    run(b, "commit");
    assertThat(numbers(a, "select bal from acc order by id")).containsExactly(50, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update acc set bal = 1 where id = 1",
        "insert into acc values (1, 1) on conflict (id) do update set bal = excluded.bal",
        "delete from acc where id = 1"
      })
  void anUpsertComesAfterTheWriterThatItWaitsFor(String write) throws Exception {
    run(a, "begin");
    run(a, write);
    FutureTask<Integer> second = start(() -> run(b, upsert(1, 7)));
    run(a, "commit");
    assertThat(finish(second)).isEqualTo(1);
    assertThat(number(a, "select bal from acc where id = 1")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback"})
  void anUpsertWaitsForWhoeverInsertsItsRow(String end) throws Exception {
    run(a, "begin");
    run(a, "insert into acc values (9, 1)");
    FutureTask<Integer> second = start(() -> run(b, upsert(9, 7)));
    run(a, end);
    assertThat(finish(second)).isEqualTo(1);
    assertThat(numbers(a, "select bal from acc where id = 9")).containsExactly(7);
  }

  private static String upsert(int id, int bal) {
    return "insert into acc values (%d, %d) on conflict (id) do update set bal = excluded.bal"
        .formatted(id, bal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set a = excluded.a, b = excluded.b",
        "set (a, b) = (excluded.a, excluded.b)",
        "set a = excluded.b::int, b = excluded.a::text",
        "set a = excluded.a",
        "set k = excluded.k, a = excluded.a, b = excluded.b",
        "set a = excluded.a, b = excluded.b where u.a > 3",
        "set a = u.a, b = excluded.b",
        "set a = u.a + excluded.a, b = excluded.b",
        "set a = default, b = excluded.b"
      })
  void anUpsertIsTheSameAloneAndInATransaction(String update) throws Exception {
    String rows = "select k::text, a, b from u order by k";
    List<List<String>> results = new ArrayList<>();
    for (String[] frame : new String[][] {{"select 1", "select 1"}, {"begin", "commit"}}) {
      run(a, "drop table if exists u");
      run(a, "create table u (k numeric primary key, a int default 5, b text)");
      run(a, "insert into u values (1.0, 1, 'old'), (2.0, 7, 'old')");
      for (String key : List.of("1.00", "2.00", "3.00")) {
        run(a, frame[0]);
        run(
            a,
            "insert into u values (%s, 9, '8') on conflict (k) do update %s"
                .formatted(key, update));
        run(a, frame[1]);
      }
      List<String> found = new ArrayList<>();
      try (Statement s = a.createStatement();
          ResultSet r = s.executeQuery(rows)) {
        while (r.next()) {
          found.add(r.getString(1) + " " + r.getString(2) + " " + r.getString(3));
        }
      }
      results.add(found);
    }
    assertThat(results.getFirst()).hasSize(3).isEqualTo(results.getLast());
  }

  @Test
  void aWaitingDeleteFindsItsRowGone() throws Exception {
    begin(READ_COMMITTED);
    run(a, "delete from acc where id = 1");
    FutureTask<Integer> second = start(() -> run(b, "delete from acc where id = 1"));
    run(a, "commit");
    assertThat(finish(second)).isZero();
    run(b, "commit");
  }

  @ParameterizedTest
  @ValueSource(strings = {READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE})
  void readSkewHappensOnlyAtReadCommitted(String level) throws Exception {
    begin(level);
    int first = number(a, "select bal from acc where id = 1");
    run(b, "update acc set bal = bal - 50 where id = 1");
    run(b, "update acc set bal = bal + 50 where id = 2");
    run(b, "commit");
    int second = number(a, "select bal from acc where id = 2");
    run(a, "commit");
    assertThat(first + second).isEqualTo(level.equals(READ_COMMITTED) ? 250 : 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE})
  void writeSkewIsStoppedOnlyAtSerializable(String level) throws Exception {
    begin(level);
    assertThat(number(a, "select sum(bal) from acc where id < 3")).isEqualTo(200);
    assertThat(number(b, "select sum(bal) from acc where id < 3")).isEqualTo(200);
    run(a, "update acc set bal = bal - 200 where id = 1");
    String write = stateOf(() -> run(b, "update acc set bal = bal - 200 where id = 2"));
    run(a, "commit");
    String commit = stateOf(() -> run(b, "commit"));
    boolean stopped = write.equals(SERIALIZATION_FAILURE) || commit.equals(SERIALIZATION_FAILURE);
    assertThat(stopped).isEqualTo(level.equals(SERIALIZABLE));
    assertThat(number(a, "select sum(bal) from acc where id < 3")).isEqualTo(stopped ? 0 : -200);
  }

  @ParameterizedTest
  @ValueSource(strings = {READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE})
  void phantomsAppearOnlyAtReadCommitted(String level) throws Exception {
    begin(level);
    assertThat(number(a, "select count(*) from acc where bal >= 100")).isEqualTo(3);
    run(b, "insert into acc values (4, 100)");
    run(b, "commit");
    assertThat(number(a, "select count(*) from acc where bal >= 100"))
        .isEqualTo(level.equals(READ_COMMITTED) ? 4 : 3);
    run(a, "commit");
  }

  @Test
  void twoThatCountAndInsertCannotBothCommitAtSerializable() throws Exception {
    begin(SERIALIZABLE);
    int inA = number(a, "select count(*) from acc");
    int inB = number(b, "select count(*) from acc");
    run(a, "insert into acc values (10, " + inA + ")");
    String write = stateOf(() -> run(b, "insert into acc values (11, " + inB + ")"));
    run(a, "commit");
    String commit = stateOf(() -> run(b, "commit"));
    assertThat(List.of(write, commit)).contains(SERIALIZATION_FAILURE);
    assertThat(number(a, "select count(*) from acc")).isEqualTo(4);
  }

  @Test
  void nobodyReadsWhatIsNotCommitted() throws Exception {
    run(a, "begin");
    run(a, "update acc set bal = 0");
    assertThat(number(b, "select sum(bal) from acc")).isEqualTo(300);
    run(a, "rollback");
  }

  @Test
  void lockedRowsAreRefusedOrSkipped() throws Exception {
    run(a, "begin");
    assertThat(numbers(a, "select id from acc where id = 1 for update")).containsExactly(1);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> numbers(b, "select id from acc order by id for update nowait"))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
    assertThat(numbers(b, "select id from acc order by id for update skip locked"))
        .containsExactly(2, 3);
    assertThat(numbers(b, "select id from acc order by id limit 1 for update skip locked"))
        .containsExactly(2);
    run(b, "set lock_timeout = '50ms'");
    assertThat(stateOf(() -> run(b, "update acc set bal = 1 where id = 1"))).isEqualTo("55P03");
    run(a, "rollback");
  }

  @Test
  void sharedLocksGoTogetherAndStopWriters() throws Exception {
    begin(READ_COMMITTED);
    assertThat(numbers(a, "select id from acc where id = 1 for share")).containsExactly(1);
    assertThat(numbers(b, "select id from acc where id = 1 for share nowait")).containsExactly(1);
    assertThat(stateOf(() -> numbers(b, "select id from acc where id = 1 for update nowait")))
        .isEqualTo("55P03");
    run(b, "rollback");
    run(a, "rollback");
    begin(READ_COMMITTED);
    assertThat(numbers(a, "select id from acc where id = 1 for no key update")).containsExactly(1);
    assertThat(numbers(b, "select id from acc where id = 1 for key share nowait"))
        .containsExactly(1);
    run(b, "rollback");
    run(a, "rollback");
  }

  @Test
  void aLockedRowIsReadAsItIsWhenTheLockIsGot() throws Exception {
    run(a, "begin");
    run(a, "update acc set bal = 7 where id = 1");
    FutureTask<List<Integer>> waiting =
        start(() -> numbers(b, "select bal from acc where id = 1 for update"));
    run(a, "commit");
    assertThat(finish(waiting)).containsExactly(7);
  }

  @Test
  void savepointsUndoTheirPart() throws Exception {
    run(a, "begin");
    run(a, "update acc set bal = 1 where id = 1");
    run(a, "savepoint s");
    run(a, "update acc set bal = 2 where id = 1");
    assertThat(stateOf(() -> run(a, "insert into acc values (1, 1)"))).isEqualTo("23505");
    assertThat(stateOf(() -> run(a, "select 1"))).isEqualTo("25P02");
    run(a, "rollback to savepoint s");
    assertThat(number(a, "select bal from acc where id = 1")).isEqualTo(1);
    run(a, "update acc set bal = bal + 5 where id = 2");
    run(a, "release savepoint s");
    run(a, "commit");
    assertThat(numbers(b, "select bal from acc order by id")).containsExactly(1, 105, 100);
  }

  @Test
  void aDeadlockIsBroken() throws Exception {
    begin(READ_COMMITTED);
    run(a, "update acc set bal = bal + 1 where id = 1");
    run(b, "update acc set bal = bal + 1 where id = 2");
    FutureTask<String> other =
        start(() -> stateOf(() -> run(b, "update acc set bal = bal + 1 where id = 1")));
    String own = stateOf(() -> run(a, "update acc set bal = bal + 1 where id = 2"));
    // Whoever is told to give up lets the other go on.
    run(a, own.equals("00000") ? "commit" : "rollback");
    assertThat(List.of(own, finish(other))).containsExactlyInAnyOrder("00000", "40P01");
    run(b, "commit");
    assertThat(number(a, "select sum(bal) from acc")).isEqualTo(302);
  }

  @Test
  void aFailedTransactionFreesItsLocksBeforeItsClientSaysSo() throws Exception {
    begin(READ_COMMITTED);
    run(b, "update acc set bal = bal + 1 where id = 2");
    FutureTask<Integer> waiting = start(() -> run(a, "update acc set bal = bal + 1 where id = 2"));
    assertThat(stateOf(() -> run(b, "select 1 / 0"))).isEqualTo("22012");
    assertThat(finish(waiting)).isEqualTo(1);
    assertThat(stateOf(() -> run(b, "select 1"))).isEqualTo("25P02");
    run(b, "commit");
    run(a, "commit");
    assertThat(number(b, "select bal from acc where id = 2")).isEqualTo(101);
  }

  @Test
  void aLargeStatementThatFailsTwiceCanBeTakenBack() throws Exception {
    run(a, "begin");
    run(a, "savepoint s");
    // The duplicate is found while later rows are made, and one of those divides by zero.
    String state =
        stateOf(() ->
            run(
                a,
                "insert into acc select case g when 15000 then 1 else g + 10 end,"
                    + " 1 / (24000 - g) from generate_series(1, 30000) g"));
    assertThat(state).isIn("23505", "22012");
    run(a, "rollback to savepoint s");
    assertThat(number(a, "select count(*) from acc")).isEqualTo(3);
    run(a, "commit");
    assertThat(number(b, "select count(*) from acc")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50_000})
  void aSchemaChangeAfterRowsOfItsTransactionIsSeen(int rows) throws Exception {
    run(a, "begin");
    run(a, "insert into acc select g, 0 from generate_series(10, 9 + %d) g".formatted(rows));
    run(a, "alter table acc add column seven int default 7");
    run(a, "commit");
    assertThat(number(a, "select sum(seven) from acc")).isEqualTo(7 * (rows + 3));
    assertThat(number(b, "select sum(seven) from acc")).isEqualTo(7 * (rows + 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table acc add column seven int default 7",
        "alter table acc alter column bal type text",
        "alter table acc add column last text, drop column bal",
        "alter table acc set (sharding = 'hash', shards = 2)",
        "alter table acc drop constraint acc_pkey",
        "create unique index acc_bal on acc (bal)",
        "truncate acc",
        "drop table acc",
      })
  void aSchemaChangeDoesNotShowInAnOlderSnapshot(String change) throws Exception {
    run(b, "update acc set bal = 100 + id");
    for (String level : List.of(REPEATABLE_READ, SERIALIZABLE, SERIALIZABLE + " read only")) {
      run(a, "begin isolation level " + level);
      assertThat(number(a, "select bal from acc where id = 1")).isEqualTo(101);
      run(b, change);
      // The node knows the new catalog from here on.
      assertThat(number(b, "select count(*) from pg_class where relname = 'pg_class'"))
          .isEqualTo(1);
      assertThat(numbers(a, "select bal from acc order by id")).containsExactly(101, 102, 103);
      assertThat(numbers(a, "select id from acc where bal = 102")).containsExactly(2);
      assertThat(numbers(a, "select bal from acc where id = 3")).containsExactly(103);
      run(a, "commit");
      run(b, "drop table if exists acc");
      run(b, "create table acc (id int primary key, bal int not null)");
      run(b, "insert into acc values (1, 101), (2, 102), (3, 103)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATABLE_READ, SERIALIZABLE})
  void aWriteOnAnOlderSchemaIsRefused(String level) throws Exception {
    run(a, "begin isolation level " + level);
    assertThat(number(a, "select bal from acc where id = 1")).isEqualTo(100);
    run(b, "alter table acc add column seven int default 7");
    String state =
        stateOf(() -> {
          run(a, "update acc set bal = 1 where id = 1");
          return run(a, "commit");
        });
    assertThat(state).isEqualTo(SERIALIZATION_FAILURE);
    run(a, "rollback");
    assertThat(numbers(a, "select bal + seven from acc")).containsExactly(107, 107, 107);
  }
}
