package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.server.TestServer;
import io.shardforge.sql.session.JobSteps.Step;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tables that are written anew beside those who write them, on two nodes: afterwards there must be
 * the same rows as before, each with its entries, whoever wrote what at which step, and whichever
 * attempt died where.
 */
final class OnlineRewriteTest {
  private static final LocalCluster CLUSTER =
      LocalCluster.start(
          2,
          3,
          new SystemClock(),
          Randomness.secure(),
          Thread::startVirtualThread,
          ReplicaSettings.defaults());
  private static final TestServer FIRST = TestServer.onNode(CLUSTER, 1);
  private static final TestServer SECOND = TestServer.onNode(CLUSTER, 2);

  private static final String UNSOUND =
      "select relation || ': ' || problem from shardforge.verify_table('t') where problem is not"
          + " null";

  private static final String ROWS = "select id, a, u, length(wide) from t order by id::text, u";

  private static final Set<String> PASSING = Set.of("40001", "40P01", "23505");

  /** The ways to have all rows written anew. */
  enum Kind {
    TYPE("alter a type bigint using a + 0", "int primary key", "bigint int"),
    KEY_TYPE("alter id type bigint", "int primary key", "int bigint"),
    WIDE_KEY("alter id type text", "int primary key", "int text"),
    PRIMARY_KEY("add primary key (id)", "int", "int int"),
    NO_KEY("drop constraint t_pkey", "int primary key", "int int"),
    NEW_COLUMNS(
        "add c serial, add d uuid default gen_random_uuid() unique, add e int generated always as"
            + " (u + 1) stored, add check (c > 0), alter a type bigint",
        "int primary key",
        "bigint int"),
    SHARDING("set (sharding = 'hash')", "int primary key", "int int");

    final String statement;
    final String key;
    final String types;

    Kind(String command, String key, String types) {
      this.statement = "alter table t " + command;
      this.key = key;
      this.types = types;
    }

    List<String> indexes() {
      return switch (this) {
        case NO_KEY -> List.of("t_u_key", "t_a", "t_part");
        case NEW_COLUMNS -> List.of("t_pkey", "t_u_key", "t_a", "t_part", "t_d_key");
        default -> List.of("t_pkey", "t_u_key", "t_a", "t_part");
      };
    }

    List<String> columns() {
      return this == NEW_COLUMNS
          ? List.of("id", "a", "u", "wide", "c", "d", "e")
          : List.of("id", "a", "u", "wide");
    }
  }

  @AfterAll
  static void stop() {
    SECOND.close();
    FIRST.close();
  }

  @AfterEach
  void drop() throws SQLException {
    FIRST.sql().jobSteps().watch(_ -> {});
    FIRST.run("drop table if exists r", "drop table if exists t");
  }

  private static void table(Kind kind) throws SQLException {
    // So wide that they are written by many transactions.
    table(kind, 12_000);
  }

  private static void table(Kind kind, int width) throws SQLException {
    FIRST.sql().jobSteps().watch(_ -> {});
    FIRST.run(
        "create table t (id " + kind.key + ", a int, u int unique, wide text)",
        "create index t_a on t (a) include (u)",
        "create index t_part on t ((a * 2)) where a > 10",
        "insert into t select i, i % 50, i, repeat('w', "
            + width
            + ") from generate_series(1, 300) i");
  }

  private static void onceRun(Step at, String... sql) {
    StepWatch.once(
        FIRST,
        at,
        () -> {
          SECOND.run(sql);
          return true;
        });
  }

  private static String failure(TestServer server, String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> server.run(sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  private static String lastJob() throws SQLException {
    return SECOND
        .query(
            "select kind || ' ' || state || coalesce(': ' || error, '') from shardforge.jobs where"
                + " table_name = 't'")
        .getLast();
  }

  /** That the table has the new form, and is whole. */
  private static void changed(Kind kind) throws SQLException {
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    assertThat(
            SECOND.query(
                "select string_agg(regexp_replace(format_type(atttypid, -1), 'eger', ''), ' ' order"
                    + " by attname) from pg_attribute where attrelid = 't'::regclass and attname in"
                    + " ('a', 'id')"))
        .containsExactly(kind.types);
    assertThat(
            SECOND.query(
                "select indexrelid::regclass from pg_index where indrelid = 't'::regclass and indisvalid order by 1::text"))
        .containsExactlyInAnyOrderElementsOf(kind.indexes());
    assertThat(lastJob()).isEqualTo("rewrite done");
    assertThat(
            SECOND.query(
                "select coalesce(array_to_string(reloptions, ','), '') from pg_class where relname = 't'"))
        .containsExactly(kind == Kind.SHARDING ? "sharding=hash,shards=8" : "");
    List<String> columns =
        SECOND.query(
            "select attname from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum");
    assertThat(columns).isEqualTo(kind.columns());
    if (kind == Kind.NEW_COLUMNS) {
      assertThat(
              SECOND.query(
                  "select count(*) - count(distinct c) + count(*) - count(distinct d) from t where"
                      + " e is not distinct from u + 1"))
          .containsExactly("0");
      assertThat(SECOND.query("select count(*) from t where d is null or e <> u + 1"))
          .containsExactly("0");
    }
    SECOND.run(
        "insert into t values (900001, 1, 900001, 'w')",
        "update t set a = a + 1 where id = '900001'");
    assertThat(SECOND.query("select a from t where u = 900001")).containsExactly("2");
    assertThat(failure(SECOND, "insert into t values (900001, 1, 900002, 'w')"))
        .startsWith(kind == Kind.NO_KEY ? "done" : "23505");
    SECOND.run("delete from t where id = '900001'");
    assertThat(SECOND.query(UNSOUND)).isEmpty();
  }

  /** Changes rows in all ways, so that no two rows have the same key in the end. */
  private static int write(TestServer server, int writer, AtomicBoolean end) throws SQLException {
    Random random = new Random(writer);
    int changes = 0;
    int next = 1_000_000 * (writer + 1);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (!end.get()) {
        int id = 1 + random.nextInt(300);
        int a = random.nextInt(50);
        String sql =
            switch (random.nextInt(8)) {
              case 0 -> "update t set a = " + a + " where id = " + id;
              case 1 -> "update t set u = " + next++ + " where id = " + id;
              case 2 -> "delete from t where id = " + id;
              case 3 -> "insert into t values (%d, %d, %d, 'w')".formatted(next, a, next++);
              case 4 -> "update t set id = " + next++ + " where id = " + id;
              case 5 -> "update t set u = null, wide = 'u' where a = " + a;
              case 6 ->
                  "begin isolation level serializable; update t set a = %d, u = %d where id = %d; commit"
                      .formatted(a, next++, id);
              default ->
                  "begin; update t set u = %d where id = %d; delete from t where id = %d; rollback"
                      .formatted(next++, id, 1 + random.nextInt(300));
            };
        try {
          statement.execute(sql);
          changes++;
        } catch (SQLException e) {
          assertThat(PASSING).as(sql + ": " + e.getMessage()).contains(e.getSQLState());
          statement.execute("rollback");
        }
      }
    }
    return changes;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void writersGoOnMeanwhile(Kind kind) throws Exception {
    table(kind);
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger steps = new AtomicInteger();
    List<String> before = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      FIRST
          .sql()
          .jobSteps()
          .watch(step -> {
            if (step == Step.WRITTEN) {
              steps.incrementAndGet();
            } else if (step == Step.FILLED) {
              // From here on nothing but the form of the rows may change.
              end.set(true);
              try {
                for (Future<Integer> writer : writers) {
                  assertThat(writer.get()).isPositive();
                }
                before.addAll(SECOND.query(ROWS));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
          });
      try {
        for (int i = 0; i < 4; i++) {
          int writer = i;
          writers.add(threads.submit(() -> write(writer % 2 == 0 ? FIRST : SECOND, writer, end)));
        }
        FIRST.run(kind.statement);
      } finally {
        end.set(true);
      }
    }
    // How many depends on what the writers leave of the rows.
    assertThat(steps.get()).isGreaterThan(1);
    assertThat(SECOND.query(ROWS)).isEqualTo(before);
    changed(kind);
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void anotherNodeGoesOn(Step at) throws Exception {
    for (Kind kind : Kind.values()) {
      table(kind, 5_000);
      AtomicBoolean dead = new AtomicBoolean();
      AtomicInteger steps = new AtomicInteger();
      FIRST
          .sql()
          .jobSteps()
          .watch(step -> {
            // Not at the first rows: something is to be left and something to be done.
            if (step == at && (at != Step.WRITTEN || steps.incrementAndGet() == 2)) {
              dead.set(true);
              throw new StepWatch.Death();
            }
          });
      String result = failure(FIRST, kind.statement);
      if (dead.get()) {
        assertThat(result).startsWith("08");
        SECOND.run(
            "delete from t where id::text::int % 3 = 0",
            "update t set u = -u, a = 7 where id::text::int % 7 = 0",
            "insert into t values (2001, 5, 3, 'w')");
        List<String> before = SECOND.query(ROWS);
        SECOND.sql().leftTableJobs(Duration.ZERO).pass();
        assertThat(SECOND.query(ROWS)).isEqualTo(before);
      } else {
        // Work this short notes its place only at its end.
        assertThat(at).isEqualTo(Step.NOTED);
      }
      changed(kind);
      FIRST.run("drop table t");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsCanceledLeavesNothing(Kind kind) throws SQLException {
    table(kind, 5_000);
    List<String> before = SECOND.query(ROWS);
    try (Connection connection = FIRST.connect();
        Statement statement = connection.createStatement()) {
      StepWatch.once(
          FIRST,
          Step.WRITTEN,
          () -> {
            statement.cancel();
            return true;
          });
      SQLException e =
          catchThrowableOfType(SQLException.class, () -> statement.execute(kind.statement));
      assertThat(e.getSQLState()).isEqualTo("57014");
      assertThat(lastJob()).startsWith("rewrite failed: ");
      assertThat(SECOND.query(ROWS)).isEqualTo(before);
      assertThat(SECOND.query(UNSOUND)).isEmpty();
      SECOND.run("create index t_pkey2 on t (a)", "drop index t_pkey2");
      statement.execute(kind.statement);
    }
    assertThat(SECOND.query(ROWS)).isEqualTo(before);
    changed(kind);
  }

  // ---- Rows that cannot have the new form ----

  @Test
  void rowsThatCannotBeConvertedEndTheJob() throws SQLException {
    table(Kind.TYPE);
    String narrow = "alter table t alter a type smallint";
    SECOND.run("update t set a = 70000 where id = 300");
    assertThat(failure(FIRST, narrow)).startsWith("22003 ERROR: smallint out of range");
    assertThat(lastJob()).isEqualTo("rewrite failed: smallint out of range");
    StepWatch.once(
        FIRST,
        Step.PUBLISHED,
        () -> {
          // Nobody can add one, and whoever takes one away may.
          assertThat(failure(SECOND, "update t set a = 70001 where id = 1")).startsWith("22003 ");
          assertThat(failure(SECOND, "insert into t values (0, 70001, 0)")).startsWith("22003 ");
          SECOND.run("update t set a = 5 where id = 300");
          return true;
        });
    FIRST.run(narrow);
    assertThat(SECOND.query("select a from t where id = 300")).containsExactly("5");
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    FIRST.run("alter table t alter a type int");
    SECOND.run("update t set a = 70000 where id = 299");
    onceRun(Step.PUBLISHED, "delete from t where id = 299");
    FIRST.run(narrow);
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    assertThat(SECOND.query("select count(*) from t")).containsExactly("299");
  }

  @Test
  void twoRowsOfOneKeyEndTheJob() throws SQLException {
    table(Kind.PRIMARY_KEY);
    SECOND.run("insert into t values (7, 1, 1007, 'w')");
    assertThat(failure(FIRST, Kind.PRIMARY_KEY.statement))
        .startsWith("23505 ERROR: could not create unique index \"t_pkey\"")
        .contains("Key (id)=(7) is duplicated.");
    SECOND.run("delete from t where u = 1007", "insert into t values (null, 1, 1007, 'w')");
    assertThat(failure(FIRST, Kind.PRIMARY_KEY.statement))
        .startsWith("23502 ERROR: column \"id\" of relation \"t\" contains null values");
    StepWatch.once(
        FIRST,
        Step.PUBLISHED,
        () -> {
          assertThat(failure(SECOND, "insert into t values (null, 1, 1008, 'w')"))
              .startsWith("23502 ");
          SECOND.run("delete from t where id is null");
          return true;
        });
    FIRST.run(Kind.PRIMARY_KEY.statement);
    changed(Kind.PRIMARY_KEY);
    assertThat(SECOND.query("select count(*) from t")).containsExactly("300");
  }

  @Test
  void aRowOfAnothersKeyIsLeftAlone() throws SQLException {
    table(Kind.PRIMARY_KEY);
    // The last rows are not there in the new form yet, so some of the first get their keys; who
    // changes or drops the last must not take these away.
    onceRun(
        Step.WRITTEN,
        "update t set id = 297 where u = 1",
        "delete from t where u = 297",
        "update t set id = 298 where u = 2",
        "update t set id = 1299 where u = 298",
        "update t set id = 299 where u = 3",
        "delete from t where u = 299");
    FIRST.run(Kind.PRIMARY_KEY.statement);
    assertThat(SECOND.query("select id || ' ' || a from t where u in (1, 2, 3, 298) order by u"))
        .containsExactly("297 1", "298 2", "299 3", "1299 48");
    changed(Kind.PRIMARY_KEY);
  }

  @Test
  void whatIsAddedGoesWithTheJobThatFails() throws SQLException {
    table(Kind.TYPE);
    assertThat(failure(FIRST, "alter table t add c serial, add d int default 5 unique"))
        .startsWith("23505 ERROR: could not create unique index \"t_d_key\"");
    assertThat(
            failure(
                FIRST, "alter table t add e int generated by default as identity check (e < 9)"))
        .startsWith("23514 ERROR: check constraint \"t_e_check\" of relation \"t\" is violated");
    assertThat(SECOND.query("select relname from pg_class where relkind = 'S'")).isEmpty();
    assertThat(
            SECOND.query(
                "select attname from pg_attribute where attrelid = 't'::regclass and attnum > 0"))
        .containsExactlyElementsOf(Kind.TYPE.columns());
    assertThat(SECOND.query(UNSOUND)).isEmpty();
  }

  @Test
  void otherKeysMayComeToBeTheSame() throws SQLException {
    table(Kind.TYPE);
    String halved = "alter table t alter id type bigint using id / 2";
    assertThat(failure(FIRST, halved))
        .startsWith("23505 ERROR: could not create unique index \"t_pkey\"");
    SECOND.run("delete from t where id % 2 = 1");
    StepWatch.once(
        FIRST,
        Step.WRITTEN,
        () -> {
          assertThat(failure(SECOND, "insert into t values (3, 1, 1003, 'w')"))
              .startsWith("23505 ");
          // What takes the key of a row that gives it up is another row.
          SECOND.run(
              "update t set id = 2001 where id = 8",
              "insert into t values (9, 1, 1009, 'w')",
              "delete from t where id = 2001",
              "delete from t where id = 298",
              "insert into t values (299, 1, 1299, 'w')");
          return true;
        });
    FIRST.run(halved);
    assertThat(SECOND.query("select id || ' ' || u from t where u > 1000 or id = 2 order by u"))
        .containsExactly("2 4", "4 1009", "149 1299");
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    FIRST.run("alter table t drop constraint t_pkey, add primary key (u)");
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    assertThat(failure(SECOND, "insert into t values (1, 1, 4, 'w')")).startsWith("23505 ");
  }

  @Test
  void aRowThatViolatesAnOldConstraintIsWrittenAnew() throws SQLException {
    table(Kind.TYPE);
    SECOND.run("alter table t add check (a < 40) not valid");
    onceRun(
        Step.WRITTEN,
        "update t set a = 3 where id = 49",
        "delete from t where id = 48",
        "update t set a = 3 where id = 299",
        "delete from t where id = 298");
    FIRST.run(Kind.TYPE.statement);
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    assertThat(
            SECOND.query(
                "select count(*) || '|' || sum(a) from t where id in (47, 48, 49, 298, 299)"))
        .containsExactly("3|53");
  }

  @Test
  void columnsOfForeignKeysGrow() throws SQLException {
    table(Kind.TYPE);
    SECOND.run("create table r (id int references t, n int default 7)");
    SECOND.run("insert into r values (5)");
    onceRun(Step.WRITTEN, "insert into r values (6)");
    FIRST.run(Kind.KEY_TYPE.statement, "alter table r alter id type bigint");
    SECOND.run("insert into r values (7)");
    assertThat(failure(SECOND, "insert into r values (5000)")).startsWith("23503 ");
    assertThat(failure(SECOND, "delete from t where id = 6")).startsWith("23503 ");
    assertThat(lastJob()).isEqualTo("rewrite done");
    changed(Kind.KEY_TYPE);
  }

  @Test
  void whoLocksARowHasItLockedAfterwards() throws Exception {
    for (Kind kind : List.of(Kind.TYPE, Kind.WIDE_KEY, Kind.NO_KEY, Kind.SHARDING)) {
      table(kind);
      try (Connection connection = SECOND.connect();
          Statement statement = connection.createStatement()) {
        StepWatch.once(
            FIRST,
            Step.FILLED,
            () -> {
              statement.execute("begin");
              statement.execute("select 1 from t where id = 5 for update");
              statement.execute("select 1 from t where id = 6 for share");
              return true;
            });
        FIRST.run(kind.statement);
        String locked = "select id from t where u between 4 and 7 order by u for %s skip locked";
        assertThat(FIRST.query(locked.formatted("share"))).containsExactly("4", "6", "7");
        assertThat(FIRST.query(locked.formatted("update"))).containsExactly("4", "7");
        assertThat(failure(FIRST, "set lock_timeout = 50; delete from t where u = 6"))
            .startsWith("55P03 ");
        statement.execute("rollback");
        assertThat(FIRST.query(locked.formatted("update"))).containsExactly("4", "5", "6", "7");
      }
      FIRST.run("drop table t");
    }
  }

  // ---- Others ----

  @Test
  void otherChangesAreRefused() throws SQLException {
    table(Kind.TYPE);
    SECOND.run("create table r (id int references t)");
    StepWatch.once(
        FIRST,
        Step.WRITTEN,
        () -> {
          for (String sql :
              List.of(
                  "truncate t, r",
                  "create index on t (u)",
                  "drop index t_a",
                  "alter table t rename column a to b",
                  "alter table t add b int",
                  Kind.SHARDING.statement)) {
            assertThat(failure(SECOND, sql))
                .as(sql)
                .startsWith("55006 ERROR: cannot change table \"t\" because it is being rewritten");
          }
          SECOND.run("insert into r values (5)");
          assertThat(failure(SECOND, "insert into r values (5000)")).startsWith("23503 ");
          return true;
        });
    FIRST.run(Kind.TYPE.statement);
    SECOND.run("insert into r values (6)");
    assertThat(failure(SECOND, "delete from t where id = 5")).startsWith("23503 ");
    changed(Kind.TYPE);
  }

  @Test
  void whatIsDroppedIsNotWritten() throws SQLException {
    table(Kind.TYPE);
    onceRun(Step.WRITTEN, "drop table t");
    assertThat(failure(FIRST, Kind.TYPE.statement))
        .startsWith("42P01 ERROR: table \"t\" was dropped while it was rewritten");
  }

  @Test
  void whatDependsOnTheSessionIsComputedByTheStatement() throws SQLException {
    table(Kind.TYPE);
    StepWatch.once(
        FIRST,
        Step.PUBLISHED,
        () -> {
          throw new AssertionError("not as a job");
        });
    FIRST.run(
        "alter table t alter wide type timestamptz using now()",
        "begin; alter table t alter a type bigint; commit",
        // Nothing would tell of a row what it has.
        "alter table t drop constraint t_pkey, add c serial primary key",
        // Nothing is written at all.
        "alter table t add n timestamptz default now(), add m int default 5 check (m < 9)");
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    assertThat(SECOND.query("select count(distinct wide) from t")).containsExactly("1");
    assertThat(SECOND.query("select count(distinct n) || '|' || sum(m) from t"))
        .containsExactly("1|1500");
  }
}
