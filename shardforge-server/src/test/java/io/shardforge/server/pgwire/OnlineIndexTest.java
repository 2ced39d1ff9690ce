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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Indexes that are built beside those who write the table, on two nodes: afterwards the index must
 * have an entry for each row and no other, whoever wrote what at which step, and whichever attempt
 * died where.
 */
final class OnlineIndexTest {
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

  /** Rows so wide that entries are written by many transactions. */
  private static final String ROWS =
      "insert into t select i, i % 50, i, repeat('w', 20000) from generate_series(1, 300) i";

  private static final String UNSOUND =
      "select relation || ': ' || problem from shardforge.verify_table('t') where problem is not"
          + " null";

  /** What clients may be told while a schema changes and others write the same rows. */
  private static final Set<String> PASSING = Set.of("40001", "40P01");

  @AfterAll
  static void stop() {
    SECOND.close();
    FIRST.close();
  }

  @BeforeEach
  void table() throws SQLException {
    FIRST.run("create table t (id int primary key, a int, u int, wide text)", ROWS);
  }

  @AfterEach
  void drop() throws SQLException {
    FIRST.sql().jobSteps().watch(_ -> {});
    FIRST.run("drop table if exists t");
  }

  private static void once(Step at, Callable<?> work) {
    StepWatch.once(FIRST, at, work);
  }

  private static void onceRun(Step at, String... sql) {
    once(
        at,
        () -> {
          SECOND.run(sql);
          return true;
        });
  }

  private static String failure(String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> FIRST.run(sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  private static void sound(String... indexes) throws SQLException {
    assertThat(SECOND.query(UNSOUND)).isEmpty();
    assertThat(
            SECOND.query(
                "select indexrelid::regclass::text from pg_index where indrelid = 't'::regclass"
                    + " and not indisprimary and indisvalid and indisready order by 1"))
        .containsExactly(indexes);
    assertThat(
            SECOND.query(
                "select count(*) from pg_index where indrelid = 't'::regclass and not indisvalid"))
        .containsExactly("0");
  }

  private static String lastJob() throws SQLException {
    return SECOND
        .query(
            "select state || coalesce(': ' || error, '') from shardforge.jobs where kind = 'index'")
        .getLast();
  }

  // ---- Writers ----

  /** Changes rows in all ways, so that no two rows ever have the same number. */
  private static int write(TestServer server, int writer, long seed, AtomicBoolean end)
      throws SQLException {
    Random random = new Random(seed * 31 + writer);
    int changes = 0;
    int nextNumber = 1_000_000 * (writer + 1);
    int nextId = 1_000_000 * (writer + 1);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (!end.get()) {
        int id = 1 + random.nextInt(300);
        int a = random.nextInt(50);
        String sql =
            switch (random.nextInt(9)) {
              case 0 -> "update t set a = " + a + " where id = " + id;
              case 1 -> "update t set u = " + nextNumber++ + " where id = " + id;
              case 2 -> "delete from t where id = " + id;
              case 3 ->
                  "insert into t values (%d, %d, %d, repeat('w', 20000)) on conflict (id) do nothing"
                      .formatted(id, a, nextNumber++);
              case 4 ->
                  "insert into t values (%d, %d, %d, 'w') on conflict (id) do update set u ="
                          .formatted(id, a, nextNumber++)
                      + " excluded.u, a = t.a + 1";
              case 5 -> "update t set id = " + nextId++ + " where id = " + id;
              case 6 -> "update t set u = null where a = " + a;
              case 7 ->
                  "begin isolation level serializable; update t set a = %d, u = %d where id = %d; commit"
                      .formatted(a, nextNumber++, id);
              default ->
                  "begin; update t set u = %d where id = %d; delete from t where id = %d; rollback"
                      .formatted(nextNumber++, id, 1 + random.nextInt(300));
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
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void writersGoOnMeanwhile(long seed) throws Exception {
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    FIRST
        .sql()
        .jobSteps()
        .watch(step -> {
          if (step == Step.WRITTEN) {
            written.incrementAndGet();
          }
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          int writer = i;
          TestServer server = i % 2 == 0 ? FIRST : SECOND;
          writers.add(threads.submit(() -> write(server, writer, seed, end)));
        }
        FIRST.run("create index t_a on t (a)");
        FIRST.run("create unique index t_u on t (u) include (a)");
        FIRST.run("create index concurrently t_part on t ((a * 2), u) where a > 10");
        FIRST.run("create index t_inv on t using gin ((array[a, u % 7, id % 3])) where a > 5");
      } finally {
        end.set(true);
      }
      int changes = 0;
      for (Future<Integer> writer : writers) {
        changes += writer.get();
      }
      assertThat(changes).isPositive();
    }
    assertThat(written.get()).isGreaterThan(3);
    sound("t_a", "t_inv", "t_part", "t_u");
  }

  private static void awaitPublished() throws SQLException {
    while (SECOND.query("select 1 from pg_index where not indisvalid").isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoPlannedWithoutTheIndexCannotCommit() throws Exception {
    try (Connection connection = SECOND.connect();
        Statement statement = connection.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      statement.execute("begin");
      statement.execute("update t set a = 77 where id = 5");
      Future<String> build = threads.submit(() -> failure("create index t_a on t (a)"));
      awaitPublished();
      SQLException e = catchThrowableOfType(SQLException.class, () -> statement.execute("commit"));
      assertThat(e == null ? "committed" : e.getSQLState()).isEqualTo("40001");
      assertThat(build.get()).isEqualTo("done");
    }
    sound("t_a");
  }

  @Test
  void aRowThatIsLockedIsWaitedFor() throws Exception {
    try (Connection connection = SECOND.connect();
        Statement statement = connection.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      once(
          Step.PUBLISHED,
          () -> {
            statement.execute("begin");
            return statement.execute("update t set a = a + 1, u = -u where id = 5");
          });
      Future<String> build = threads.submit(() -> failure("create unique index t_u on t (u)"));
      awaitPublished();
      assertThat(build.isDone()).isFalse();
      statement.execute("commit");
      assertThat(build.get()).isEqualTo("done");
    }
    sound("t_u");
    assertThat(SECOND.query("select id from t where u = -5")).containsExactly("5");
  }

  // ---- Unique indexes ----

  @Test
  void anEntryOfAnotherRowIsLeftAlone() throws SQLException {
    // The last rows have no entries yet, so new ones before all others get them; who drops the last
    // must not take these away.
    onceRun(
        Step.WRITTEN,
        "insert into t values (-1, 1, 297, 'w')",
        "delete from t where id = 297",
        "insert into t values (-2, 1, 298, 'w')",
        "update t set u = -298 where id = 298",
        "insert into t values (-3, 1, 299, 'w')",
        "update t set id = 1299, u = 1299 where id = 299");
    FIRST.run("create unique index t_u on t (u) include (a)");
    sound("t_u");
    assertThat(SECOND.query("select id from t where u in (297, 298, 299, -298, 1299) order by id"))
        .containsExactly("-3", "-2", "-1", "298", "1299");
  }

  @Test
  void aRowThatMovesUnderAnothersEntryIsADuplicate() throws SQLException {
    once(
        Step.PUBLISHED,
        () -> {
          SECOND.run("insert into t values (1001, 1, 7, 'w')");
          for (String sql :
              List.of("update t set id = 1007 where id = 7", "update t set a = 0 where id = 7")) {
            SQLException e = catchThrowableOfType(SQLException.class, () -> SECOND.run(sql));
            assertThat(e.getSQLState()).isEqualTo("23505");
          }
          SECOND.run("delete from t where id = 1001");
          return true;
        });
    FIRST.run("create unique index t_u on t (u) include (a)");
    sound("t_u");
  }

  @Test
  void duplicatesEndTheBuild() throws SQLException {
    assertThat(failure("create unique index t_a on t (a)"))
        .startsWith("23505 ERROR: could not create unique index \"t_a\"")
        .contains("is duplicated.");
    sound();
    assertThat(lastJob()).isEqualTo("failed: could not create unique index \"t_a\"");
    onceRun(Step.PUBLISHED, "insert into t values (1001, 1, 299, 'w')");
    assertThat(failure("create unique index t_u on t (u)"))
        .startsWith("23505 ERROR: could not create unique index \"t_u\"")
        .contains("Key (u)=(299) is duplicated.");
    sound();
    SECOND.run("insert into t values (1002, 1, 299, 'w')");
    FIRST.run("create index t_u on t (u)");
    sound("t_u");
  }

  @Test
  void conflictsAreNotJudgedByAnIndexThatIsNotThereYet() throws SQLException {
    once(
        Step.PUBLISHED,
        () -> {
          SQLException e =
              catchThrowableOfType(
                  SQLException.class,
                  () ->
                      SECOND.run("insert into t values (1, 1, 1, 'w') on conflict (u) do nothing"));
          assertThat(e.getSQLState()).isEqualTo("42P10");
          SECOND.run("insert into t values (1, 1, 1, 'w') on conflict do nothing");
          return true;
        });
    FIRST.run("create unique index t_u on t (u)");
    SECOND.run("insert into t values (1001, 1, 1, 'w') on conflict (u) do nothing");
    sound("t_u");
  }

  @Test
  void aConstraintIsBuiltLikeAnIndex() throws SQLException {
    once(
        Step.WRITTEN,
        () -> {
          SECOND.run("update t set u = u + 10000 where id % 2 = 0");
          SQLException e =
              catchThrowableOfType(
                  SQLException.class,
                  () ->
                      SECOND.run(
                          "insert into t values (1, 1, 1, 'w') on conflict on constraint t_u_key do"
                              + " nothing"));
          assertThat(e.getSQLState()).isEqualTo("42704");
          return true;
        });
    FIRST.run("alter table t add unique (u)");
    sound("t_u_key");
    SECOND.run(
        "insert into t values (1001, 1, 1, 'w') on conflict on constraint t_u_key do nothing");
    assertThat(failure("alter table t add constraint one unique (a)"))
        .startsWith("23505 ERROR: could not create unique index \"one\"");
    assertThat(
            SECOND.query(
                "select conname from pg_constraint where conrelid = 't'::regclass order by 1"))
        .containsExactly("t_pkey", "t_u_key");
    sound("t_u_key");
  }

  // ---- REINDEX ----

  private static String oid(String index) throws SQLException {
    return SECOND.query("select '" + index + "'::regclass::oid").getFirst();
  }

  @Test
  void anIndexIsBuiltAnewBesideTheOldOne() throws SQLException {
    FIRST.run("create index t_a on t (a)", "alter table t add unique (u)");
    String before = oid("t_u_key");
    StepWatch.once(
        FIRST,
        Step.WRITTEN,
        () -> {
          assertThat(SECOND.query("select id from t where u = 299")).containsExactly("299");
          assertThat(
                  SECOND.query(
                      "select kind || ' ' || index_name from shardforge.jobs where state ="
                          + " 'running'"))
              .containsExactly("reindex t_u_key");
          assertThat(failure("insert into t values (1001, 1, 299, 'w')")).startsWith("23505 ");
          SECOND.run(
              "update t set u = u + 1000 where id % 2 = 0",
              "delete from t where id % 5 = 0", "insert into t values (1001, 1, 300, 'w')");
          return true;
        });
    FIRST.run("reindex index concurrently t_u_key");
    sound("t_a", "t_u_key");
    assertThat(oid("t_u_key")).isEqualTo(before);
    assertThat(failure("insert into t values (1002, 1, 300, 'w')"))
        .contains("violates unique constraint \"t_u_key\"");
    onceRun(Step.WRITTEN, "update t set a = a + 1 where id > 100");
    FIRST.run("reindex index t_a", "begin; reindex index t_a; commit", "reindex table t");
    FIRST.run("begin; reindex table t; commit", "reindex index t_pkey", "reindex schema public");
    sound("t_a", "t_u_key");
    assertThat(failure("begin; reindex schema public")).startsWith("25001 ");
    assertThat(failure("reindex index t")).startsWith("42809 ");
    assertThat(failure("reindex database nope")).startsWith("0A000 ");
  }

  @Test
  void anotherNodeGoesOnToBuildAnew() throws Exception {
    FIRST.run("create index t_a on t (a)");
    StepWatch.once(
        FIRST,
        Step.WRITTEN,
        () -> {
          throw new StepWatch.Death();
        });
    assertThat(failure("reindex index t_a")).startsWith("08");
    SECOND.run("update t set a = a + 1", "delete from t where id = 5");
    SECOND.sql().leftTableJobs(Duration.ZERO).pass();
    sound("t_a");
  }

  @Test
  void theOldIndexStaysIfTheNewOneIsNotBuilt() throws SQLException {
    FIRST.run("create index t_a on t (a)");
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
          catchThrowableOfType(SQLException.class, () -> statement.execute("reindex index t_a"));
      assertThat(e.getSQLState()).isEqualTo("57014");
    }
    sound("t_a");
    onceRun(Step.FILLED, "drop index t_a");
    FIRST.run("reindex index t_a");
    sound();
  }

  // ---- Attempts that die ----

  @ParameterizedTest
  @EnumSource(Step.class)
  void anotherNodeGoesOn(Step at) throws Exception {
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
    if (at == Step.NOTED) {
      SECOND.sql().jobSteps().watch(_ -> {});
    }
    String result = failure("create unique index t_u on t (u)");
    if (!dead.get()) {
      // A build this short notes its place only at its end.
      assertThat(at).isEqualTo(Step.NOTED);
      sound("t_u");
      return;
    }
    assertThat(result).startsWith("08");
    SECOND.run(
        "delete from t where id % 3 = 0",
        "update t set u = -u where id % 7 = 0", "insert into t values (2001, 5, 3, 'w')");
    if (at != Step.ENDED) {
      assertThat(SECOND.query("select indisready from pg_index where not indisvalid"))
          .containsExactly("t");
      assertThat(lastJob()).isEqualTo("running");
    }
    SECOND.sql().leftTableJobs(Duration.ZERO).pass();
    assertThat(lastJob()).isEqualTo("done");
    sound("t_u");
  }

  @Test
  void anotherNodeKnowsTheTypesOfUsers() throws Exception {
    FIRST.run(
        "create type mood as enum ('sad', 'ok')",
        "alter table t add column m mood default 'ok'",
        "update t set m = 'sad' where id > 200");
    once(
        Step.WRITTEN,
        () -> {
          throw new StepWatch.Death();
        });
    assertThat(failure("create index t_m on t (m) where m < 'ok' or u > 5")).startsWith("08");
    SECOND.sql().leftTableJobs(Duration.ZERO).pass();
    assertThat(lastJob()).isEqualTo("done");
    sound("t_m");
    FIRST.run("drop table t", "drop type mood");
  }

  @Test
  void aBuildThatIsCanceledLeavesNothing() throws SQLException {
    try (Connection connection = FIRST.connect();
        Statement statement = connection.createStatement()) {
      once(
          Step.WRITTEN,
          () -> {
            statement.cancel();
            // The server has taken note of it before the connection that asked is closed.
            return true;
          });
      SQLException e =
          catchThrowableOfType(
              SQLException.class, () -> statement.execute("create index t_a on t (a)"));
      assertThat(e.getSQLState()).isEqualTo("57014");
      assertThat(lastJob()).isEqualTo("failed: canceling statement due to user request");
      sound();
      statement.execute("create index t_a on t (a)");
    }
    sound("t_a");
  }

  // ---- Other changes of the table meanwhile ----

  @Test
  void otherChangesOfTheTable() throws SQLException {
    onceRun(Step.WRITTEN, "alter table t rename column a to b", "create index t_u on t (u)");
    FIRST.run("create index t_a on t (a, (a + u)) where a > 3");
    sound("t_a", "t_u");
    assertThat(SECOND.query("select pg_get_indexdef('t_a'::regclass)"))
        .containsExactly("CREATE INDEX t_a ON public.t USING btree (b, ((b + u))) WHERE (b > 3)");
  }

  @Test
  void aTableThatIsWrittenAnew() throws SQLException {
    onceRun(Step.WRITTEN, "alter table t alter column a type bigint");
    FIRST.run("create index t_a on t (a)");
    onceRun(Step.WRITTEN, "truncate t", "insert into t values (1, 1, 1, 'w')");
    FIRST.run("create unique index t_u on t (u)");
    sound("t_a", "t_u");
  }

  @Test
  void shardsAreSplitAndMergedMeanwhile() throws SQLException {
    onceRun(
        Step.WRITTEN,
        "select shardforge.split_at('t', 150), shardforge.split_at('t', 250)",
        "update t set u = -u where id % 10 = 0",
        "select shardforge.merge_at('t', 150)");
    FIRST.run("create unique index t_u on t (u)");
    sound("t_u");
  }

  @Test
  void whatIsDroppedIsNotBuilt() throws SQLException {
    onceRun(Step.WRITTEN, "drop index t_a");
    assertThat(failure("create index t_a on t (a)"))
        .startsWith("42704 ERROR: index \"t_a\" was dropped while it was built");
    sound();
    onceRun(Step.FILLED, "alter table t drop column u");
    assertThat(failure("create index t_u on t (u)"))
        .startsWith("42704 ERROR: index \"t_u\" was dropped while it was built");
    sound();
    onceRun(Step.WRITTEN, "drop table t");
    assertThat(failure("create index t_a on t (a)")).startsWith("42704 ");
  }

  @Test
  void nobodyReadsItBeforeItIsWhole() throws SQLException {
    once(
        Step.WRITTEN,
        () -> {
          assertThat(
                  SECOND.query(
                      "select indisvalid or not indisready from pg_index"
                          + " where indexrelid = 't_a'::regclass"))
              .containsExactly("f");
          assertThat(String.join("\n", SECOND.query("explain select * from t where a = 3")))
              .doesNotContain("t_a");
          assertThat(
                  SECOND.query(
                      "select command || ' ' || relid::regclass || ' ' || index_relid::regclass ||"
                          + " ' ' || (pid > 0) from pg_stat_progress_create_index"))
              .containsExactly("CREATE INDEX CONCURRENTLY t t_a true");
          return true;
        });
    FIRST.run("create index concurrently t_a on t (a)");
    assertThat(SECOND.query("select 1 from pg_stat_progress_create_index")).isEmpty();
    assertThat(
            SECOND.query(
                "select rows_done::text || ' ' || node_id from shardforge.jobs where index_name ="
                    + " 't_a'"))
        .endsWith("300 1");
    sound("t_a");
  }

  @Test
  void withinATransactionItIsOneChange() throws SQLException {
    try (Connection connection = FIRST.connect();
        Statement statement = connection.createStatement()) {
      once(
          Step.PUBLISHED,
          () -> {
            throw new AssertionError("not in a transaction block");
          });
      statement.execute("begin");
      statement.execute("create index t_a on t (a)");
      statement.execute("rollback");
      sound();
      statement.execute("begin");
      SQLException e =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.execute("create index concurrently t_a on t (a)"));
      assertThat(e.getSQLState()).isEqualTo("25001");
      statement.execute("rollback");
    }
  }
}
