package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.server.TestServer;
import io.shardforge.sql.session.JobSteps.Step;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that somebody on another node pauses, resumes and cancels. */
final class JobControlTest {
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

  private static final String RUNNING = " from shardforge.jobs where state = 'running'";
  private static final String CANCEL = "select shardforge.cancel_job(id)" + RUNNING;
  private static final String PAUSE = "select shardforge.pause_job(id)" + RUNNING;

  @TempDir Path directory;

  @AfterAll
  static void stop() {
    SECOND.close();
    FIRST.close();
  }

  @BeforeEach
  void table() throws SQLException {
    // So wide that entries are written by many transactions.
    FIRST.run(
        "create table t (id int primary key, a int, wide text)",
        "insert into t select i, i % 50, repeat('w', 20000) from generate_series(1, 200) i");
  }

  @AfterEach
  void drop() throws SQLException {
    FIRST.sql().jobSteps().watch(_ -> {});
    FIRST.sql().backupSteps().watch(_ -> {});
    FIRST.run("drop table if exists t", "drop role if exists clerk");
  }

  private static void onceQueried(Step at, String sql) {
    StepWatch.once(FIRST, at, () -> SECOND.query(sql));
  }

  private static String failure(String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> FIRST.run(sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  private static String lastJob(String kind) throws SQLException {
    return SECOND
        .query("select state from shardforge.jobs where kind = '%s' order by id".formatted(kind))
        .getLast();
  }

  private static String indexes() throws SQLException {
    return SECOND
        .query(
            "select string_agg(indexrelid::regclass || ' ' || indisvalid, ', ') from pg_index"
                + " where indrelid = 't'::regclass and not indisprimary")
        .toString();
  }

  @Test
  void ofACanceledBuildNothingIsLeft() throws SQLException {
    for (Step step : new Step[] {Step.PUBLISHED, Step.WRITTEN, Step.FILLED}) {
      onceQueried(step, CANCEL);
      assertThat(failure("create index t_a on t (a)"))
          .as("at " + step)
          .startsWith("57014")
          .contains("the job was canceled by \"shardforge\"");
      assertThat(indexes()).isEqualTo("[null]");
      assertThat(lastJob("index")).isEqualTo("canceled");
    }
    assertThat(failure("create index t_a on t (a)")).isEqualTo("done");
    assertThat(indexes()).isEqualTo("[t_a true]");
  }

  @Test
  void ofACanceledRewriteNothingIsLeft() throws SQLException {
    onceQueried(Step.WRITTEN, CANCEL);
    assertThat(failure("alter table t alter column a type bigint")).startsWith("57014");
    assertThat(lastJob("rewrite")).isEqualTo("canceled");
    assertThat(SECOND.query("select pg_typeof(a) from t limit 1")).containsExactly("integer");
    assertThat(SECOND.query("select count(*) from t")).containsExactly("200");
  }

  @Test
  void aPausedBuildRestsOnAllNodesUntilItIsResumed() throws Exception {
    CountDownLatch paused = new CountDownLatch(1);
    StepWatch.once(
        FIRST,
        Step.WRITTEN,
        () -> {
          try {
            return SECOND.query(PAUSE);
          } finally {
            paused.countDown();
          }
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> build = threads.submit(() -> failure("create index t_a on t (a)"));
      paused.await();
      // Neither as long as it is, nor another node, which would take over what is left.
      SECOND.sql().leftTableJobs(Duration.ZERO).pass();
      FIRST.sql().leftTableJobs(Duration.ZERO).pass();
      assertThat(lastJob("index")).isEqualTo("paused");
      assertThat(indexes()).isEqualTo("[t_a false]");
      assertThat(
              SECOND.query(
                  "select shardforge.resume_job(id) from shardforge.jobs where state = 'paused'"))
          .containsExactly("running");
      SECOND.sql().leftTableJobs(Duration.ZERO).pass();
      assertThat(build.get()).isEqualTo("done");
    }
    assertThat(indexes()).isEqualTo("[t_a true]");
    assertThat(lastJob("index")).isEqualTo("done");
    assertThat(
            SECOND.query(
                "select problem from shardforge.verify_table('t') where problem is not null"))
        .isEmpty();
  }

  @Test
  void aPausedJobCanBeCanceled() throws Exception {
    CountDownLatch paused = new CountDownLatch(1);
    StepWatch.once(
        FIRST,
        Step.WRITTEN,
        () -> {
          try {
            return SECOND.query(PAUSE);
          } finally {
            paused.countDown();
          }
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> build = threads.submit(() -> failure("create index t_a on t (a)"));
      paused.await();
      assertThat(
              SECOND.query(
                  "select shardforge.cancel_job(id) from shardforge.jobs where state = 'paused'"))
          .containsExactly("canceled");
      assertThat(build.get()).startsWith("57014");
    }
    assertThat(indexes()).isEqualTo("[null]");
  }

  @Test
  void aCanceledBackupLeavesNoFiles() throws Exception {
    Path target = directory.resolve("b");
    FIRST
        .sql()
        .backupSteps()
        .watch(step -> {
          if (step == io.shardforge.sql.backup.BackupSteps.Step.FILLED) {
            try {
              assertThat(SECOND.query(CANCEL)).hasSize(1);
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    assertThat(failure("select shardforge.backup('" + target + "')"))
        .contains("the job was canceled by \"shardforge\"");
    assertThat(lastJob("backup")).isEqualTo("failed");
    try (var files = Files.walk(target)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void onlySuperusersChangeJobsThatAreThere() throws SQLException {
    assertThat(failure("select shardforge.cancel_job(1)"))
        .startsWith("42704")
        .contains("job 1 is not known in this database");
    assertThat(failure("create index t_a on t (a)")).isEqualTo("done");
    for (String call : new String[] {"pause", "resume", "cancel"}) {
      assertThat(failure("select shardforge.%s_job(max(id)) from shardforge.jobs".formatted(call)))
          .startsWith("55000")
          .contains("has ended");
      assertThat(failure("begin; select shardforge.%s_job(1)".formatted(call))).startsWith("25001");
      FIRST.run("drop role if exists clerk", "create role clerk");
      assertThat(failure("set role clerk; select shardforge.%s_job(1)".formatted(call)))
          .startsWith("42501");
    }
  }
}
