package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.server.TestServer;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups are made when they are due, once, by whichever node; failures show and do not last. */
final class BackupScheduleTest {
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
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final long began = new SystemClock().wallMillis();

  @TempDir Path directory;

  @AfterAll
  static void stop() {
    SECOND.close();
    FIRST.close();
  }

  @AfterEach
  void forget() throws SQLException {
    FIRST.sql().backupSteps().watch(_ -> {});
    FIRST.query("select shardforge.unschedule_backup(name) from shardforge.backup_schedules()");
    FIRST.run("drop database if exists bs with (force)");
  }

  private String place() {
    return "'" + directory.resolve("place") + "'";
  }

  private void schedule(String more) throws SQLException {
    FIRST.query(
        "select * from shardforge.schedule_backup('often', %s, '1 hour'%s)"
            .formatted(place(), more));
  }

  private void pass(TestServer server, double hours) throws InterruptedException {
    server.sql().scheduledBackups().pass(began + (long) (hours * HOUR) + 60_000);
  }

  private List<String> made() throws SQLException {
    return FIRST.query(
        "select case when base is null then 'full' else 'more' end from shardforge.backups("
            + place()
            + ") order by name");
  }

  private static String state() throws SQLException {
    return SECOND
        .query("select state from shardforge.backup_schedules() where name = 'often'")
        .getFirst();
  }

  private static String failure(String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> FIRST.query(sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  @Test
  void oneNodeMakesWhatIsDueAndWhatWasMissedOnce() throws Exception {
    schedule(", full_every => 2");
    pass(FIRST, 0.5);
    assertThat(made()).isEmpty();
    CompletableFuture<?>[] both =
        Stream.of(FIRST, SECOND)
            .map(server ->
                CompletableFuture.runAsync(
                    () -> {
                      try {
                        pass(server, 1);
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    },
                    Thread::startVirtualThread))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(both).join();
    assertThat(made()).containsExactly("full");
    pass(SECOND, 1);
    assertThat(made()).containsExactly("full");
    // Four times have passed.
    pass(SECOND, 5.5);
    pass(FIRST, 5.5);
    assertThat(made()).containsExactly("full", "more");
    pass(FIRST, 6.6);
    assertThat(made()).containsExactly("full", "more", "full");
    assertThat(state()).isEqualTo("waiting");
    FIRST.query("select shardforge.pause_backup_schedule('often')");
    pass(FIRST, 20);
    assertThat(made()).hasSize(3);
    assertThat(state()).isEqualTo("paused");
    FIRST.query("select shardforge.resume_backup_schedule('often')");
    pass(FIRST, 0.5);
    assertThat(made()).hasSize(3);
    pass(FIRST, 20);
    assertThat(made()).hasSize(4);
  }

  @Test
  void chainsThatAreTooManyGoUnlessOneIsBeingRestored() throws Exception {
    FIRST.run("create database bs");
    schedule(", databases => '{bs}', full_every => 2, keep => 1, history => true");
    // One of something else is left alone.
    FIRST.query("select backup from shardforge.backup(" + place() + ")");
    for (int hour = 1; hour <= 4; hour++) {
      pass(FIRST, hour * 1.1);
    }
    assertThat(made()).containsExactly("full", "full", "more");
    FIRST
        .sql()
        .backupSteps()
        .watch(step -> {
          if (step == Step.VERIFIED) {
            try {
              pass(SECOND, 6);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    FIRST.query("select * from shardforge.restore(" + place() + ", new_database => 'bs_copy')");
    FIRST.sql().backupSteps().watch(_ -> {});
    FIRST.run("drop database bs_copy");
    assertThat(made()).containsExactly("full", "full", "more", "full");
    pass(FIRST, 8);
    assertThat(made()).containsExactly("full", "full", "more");
    assertThat(
            FIRST.query(
                "select count(*) from shardforge.verify_backup("
                    + place()
                    + ") where problem is not null"))
        .containsExactly("0");
  }

  @Test
  void aFailureShowsAndTheNextOneIsTriedAgain() throws Exception {
    Path key = directory.resolve("key");
    Files.writeString(key, "0123456789abcdef");
    schedule(", key_file => '" + key + "'");
    Files.delete(key);
    pass(FIRST, 1);
    assertThat(made()).isEmpty();
    assertThat(state()).isEqualTo("failed");
    assertThat(FIRST.query("select error from shardforge.backup_schedules()").getFirst())
        .contains("No such file");
    assertThat(
            FIRST.query(
                "select count(*) from shardforge.jobs where kind = 'backup' and state = 'failed'"
                    + " and error like '%No such file%'"))
        .containsExactly("1");
    Files.writeString(key, "0123456789abcdef");
    pass(FIRST, 1.5);
    assertThat(state()).isEqualTo("failed");
    pass(FIRST, 3);
    assertThat(state()).isEqualTo("waiting");
    assertThat(made()).hasSize(1);
  }

  @Test
  void anotherNodeGoesOnWithOneThatWasLeft() throws Exception {
    schedule("");
    FIRST
        .sql()
        .backupSteps()
        .watch(step -> {
          if (step == Step.FILLED) {
            throw new IllegalThreadStateException("died for a test");
          }
        });
    assertThat(catchThrowableOfType(IllegalThreadStateException.class, () -> pass(FIRST, 1)))
        .isNotNull();
    assertThat(state()).isEqualTo("running");
    pass(SECOND, 3);
    assertThat(state()).isEqualTo("running");
    SECOND.sql().leftBackups(Duration.ZERO).pass();
    assertThat(state()).isEqualTo("waiting");
    pass(SECOND, 3);
    assertThat(made()).hasSize(2);
  }

  @Test
  void whatCannotBeIsRefused() throws SQLException {
    schedule("");
    String call = "select * from shardforge.schedule_backup(";
    String[][] refused = {
      {"42710", call + "'often', " + place() + ", '@daily')"},
      {"22023", call + "'a', " + place() + ", 'now and then')"},
      {"22023", call + "'a', " + place() + ", '61 * * * *')"},
      {"22023", call + "'a', " + place() + ", '0 0 30 2 *')"},
      {"22023", call + "'a', " + place() + ", '5 seconds')"},
      {"22023", call + "'a', " + place() + ", '-1 hour')"},
      {"22023", call + "'a', 'relative', '@daily')"},
      {"22023", call + "'a', " + place() + ", '@daily', full_every => 0)"},
      {"22023", call + "'a', " + place() + ", '@daily', keep => 0)"},
      {"22004", call + "null, " + place() + ", '@daily')"},
      {"3D000", call + "'a', " + place() + ", '@daily', databases => '{no}')"},
      {"58P01", call + "'a', " + place() + ", '@daily', key_file => '/no/such/file')"},
      {"42704", "select shardforge.unschedule_backup('no')"},
      {"42704", "select shardforge.pause_backup_schedule('no')"},
      {"42704", "select shardforge.resume_backup_schedule('no')"},
    };
    for (String[] one : refused) {
      assertThat(failure(one[1])).as("%s", one[1]).startsWith(one[0]);
    }
    assertThat(failure(call + "'daily', " + place() + ", '30 2 * * *')")).isEqualTo("done");
    assertThat(
            FIRST.query(
                "select (next_run > now()) || to_char(next_run at time zone 'utc', ' HH24:MI') from"
                    + " shardforge.backup_schedules() where name = 'daily'"))
        .containsExactly("true 02:30");
  }
}
