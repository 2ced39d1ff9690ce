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

/**
 * Constraints that a table with rows is given while others write it, on two nodes: afterwards
 * either each row keeps the constraint or there is none.
 */
final class OnlineConstraintTest {
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

  private static final Set<String> PASSING = Set.of("40001", "40P01", "23502", "23503", "23514");

  /** The ways to add one, and how a row of number 300 can violate it. */
  enum Kind {
    CHECK("add constraint c check (a >= 0)", "update t set a = -1 where id = 300", "23514"),
    FOREIGN_KEY(
        "add constraint c foreign key (r) references p",
        "update t set r = 77 where id = 300",
        "23503"),
    UNIQUE_REFERENCE(
        "add constraint c foreign key (r) references p (other)",
        "update t set r = 77 where id = 300",
        "23503"),
    NOT_NULL("alter column a set not null", "update t set a = null where id = 300", "23502");

    final String statement;
    final String violation;
    final String state;

    Kind(String command, String violation, String state) {
      this.statement = "alter table t " + command;
      this.violation = violation;
      this.state = state;
    }

    String job() {
      return switch (this) {
        case CHECK -> "check c";
        case FOREIGN_KEY, UNIQUE_REFERENCE -> "foreign key c";
        case NOT_NULL -> "not null";
      };
    }
  }

  @AfterAll
  static void stop() {
    SECOND.close();
    FIRST.close();
  }

  @BeforeEach
  void tables() throws SQLException {
    FIRST.run(
        "create table p (id int primary key, other int unique)",
        "insert into p select i, i from generate_series(0, 50) i",
        "create table t (id int primary key, a int, r int, wide text)",
        // So wide that they are looked at in many transactions.
        "insert into t select i, i % 50, i % 50, repeat('w', 20000) from generate_series(1, 300) i");
  }

  @AfterEach
  void drop() throws SQLException {
    FIRST.sql().jobSteps().watch(_ -> {});
    FIRST.run("drop table if exists t", "drop table p");
  }

  private static void once(Step at, Callable<?> work) {
    StepWatch.once(FIRST, at, work);
  }

  private static String failure(TestServer server, String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> server.run(sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  /** Each constraint of the table besides its key, with whether all rows are known to keep it. */
  private static List<String> constraints() throws SQLException {
    return SECOND.query(
        "select conname || ' ' || convalidated from pg_constraint where conrelid = 't'::regclass and"
            + " contype <> 'p' union all select attname || ' not null' from pg_attribute where"
            + " attrelid = 't'::regclass and attnum > 1 and attnotnull");
  }

  private static String added(Kind kind) {
    return kind == Kind.NOT_NULL ? "a not null" : "c true";
  }

  private static String lastJob() throws SQLException {
    return SECOND
        .query(
            "select kind || coalesce(' ' || constraint_name, '') || ' ' || state ||"
                + " coalesce(': ' || error, '') from shardforge.jobs where table_name = 't'")
        .getLast();
  }

  /** Writes rows; violates constraints from the moment on that they are in force. */
  private static int write(TestServer server, int seed, AtomicBoolean inForce, AtomicBoolean end)
      throws SQLException {
    Random random = new Random(seed);
    int changes = 0;
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (!end.get()) {
        int id = 1 + random.nextInt(300);
        int a = random.nextInt(50);
        String sql =
            switch (random.nextInt(inForce.get() ? 6 : 3)) {
              case 0 -> "update t set a = " + a + ", r = " + a + " where id = " + id;
              case 1 -> "delete from t where id = " + id;
              case 2 ->
                  "insert into t values (%d, %d, %d, 'w') on conflict do nothing"
                      .formatted(id, a, a);
              case 3 -> "update t set a = -1, r = 60 where id = " + id;
              case 4 -> "update t set a = null where id = " + id;
              default -> "delete from p where id = " + a;
            };
        try {
          statement.execute(sql);
          changes++;
        } catch (SQLException e) {
          assertThat(PASSING).as(sql + ": " + e.getMessage()).contains(e.getSQLState());
        }
      }
    }
    return changes;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void writersGoOnMeanwhile(Kind kind) throws Exception {
    AtomicInteger steps = new AtomicInteger();
    AtomicBoolean inForce = new AtomicBoolean();
    FIRST
        .sql()
        .jobSteps()
        .watch(step -> {
          inForce.set(true);
          if (step == Step.WRITTEN) {
            steps.incrementAndGet();
          }
        });
    AtomicBoolean end = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          int seed = i;
          writers.add(
              threads.submit(() -> write(seed % 2 == 0 ? FIRST : SECOND, seed, inForce, end)));
        }
        FIRST.run(kind.statement);
      } finally {
        end.set(true);
      }
      int changes = 0;
      for (Future<Integer> writer : writers) {
        changes += writer.get();
      }
      assertThat(changes).isPositive();
    }
    assertThat(constraints()).containsExactly(added(kind));
    assertThat(steps.get()).isGreaterThan(3);
    String violations =
        switch (kind) {
          case CHECK -> "a < 0";
          case FOREIGN_KEY -> "r not in (select id from p)";
          case UNIQUE_REFERENCE -> "r not in (select other from p)";
          case NOT_NULL -> "a is null";
        };
    assertThat(SECOND.query("select count(*) from t where " + violations)).containsExactly("0");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWritesMeanwhileKeepsIt(Kind kind) throws SQLException {
    once(
        Step.PUBLISHED,
        () -> {
          assertThat(constraints())
              .containsExactlyElementsOf(kind == Kind.NOT_NULL ? List.of() : List.of("c false"));
          assertThat(lastJob()).isEqualTo(kind.job() + " running");
          assertThat(failure(SECOND, kind.violation)).startsWith(kind.state);
          SECOND.run("update t set a = 7, r = 7 where id = 300", "delete from t where id = 299");
          return true;
        });
    FIRST.run(kind.statement);
    assertThat(constraints()).containsExactly(added(kind));
    assertThat(lastJob()).isEqualTo(kind.job() + " done");
    assertThat(failure(SECOND, kind.violation)).startsWith(kind.state);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRowThatViolatesItEndsTheJob(Kind kind) throws SQLException {
    SECOND.run(kind.violation);
    assertThat(failure(FIRST, kind.statement)).startsWith(kind.state);
    assertThat(constraints()).isEmpty();
    assertThat(lastJob()).startsWith(kind.job() + " failed: ");
    SECOND.run(kind.violation);
    // It was only the last row.
    SECOND.run("delete from t where id = 300");
    FIRST.run(kind.statement);
    assertThat(constraints()).containsExactly(added(kind));
  }

  @Test
  void theErrorsArePostgresOwn() throws SQLException {
    SECOND.run("update t set a = null, r = 77 where id = 300");
    assertThat(failure(FIRST, "alter table t alter a set not null"))
        .startsWith("23502 ERROR: column \"a\" of relation \"t\" contains null values");
    assertThat(failure(FIRST, "alter table t add check (r < 50)"))
        .startsWith(
            "23514 ERROR: check constraint \"t_r_check\" of relation \"t\" is violated by some row");
    assertThat(failure(FIRST, "alter table t add foreign key (r) references p"))
        .startsWith(
            "23503 ERROR: insert or update on table \"t\" violates foreign key constraint \"t_r_fkey\"")
        .contains("Key (r)=(77) is not present in table \"p\".");
    assertThat(
            failure(
                FIRST, "alter table t add foreign key (a, r) references p (id, other) match full"))
        .startsWith("42830");
    SECOND.run("create unique index on p (id, other)");
    assertThat(
            failure(
                FIRST, "alter table t add foreign key (a, r) references p (id, other) match full"))
        .startsWith("23503")
        .contains("MATCH FULL does not allow mixing of null and nonnull key values.");
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void anotherNodeGoesOn(Step at) throws Exception {
    for (Kind kind : List.of(Kind.CHECK, Kind.FOREIGN_KEY, Kind.NOT_NULL)) {
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
      if (!dead.get()) {
        // Work this short notes its place only at its end.
        assertThat(at).isEqualTo(Step.NOTED);
      } else {
        assertThat(result).startsWith("08");
        if (at != Step.ENDED) {
          assertThat(lastJob()).isEqualTo(kind.job() + " running");
          assertThat(failure(SECOND, kind.violation)).startsWith(kind.state);
        }
        SECOND.sql().leftTableJobs(Duration.ZERO).pass();
        assertThat(lastJob()).isEqualTo(kind.job() + " done");
      }
      assertThat(constraints()).contains(added(kind));
      if (kind == Kind.CHECK || kind == Kind.FOREIGN_KEY) {
        SECOND.run("alter table t drop constraint c");
      }
    }
  }

  @Test
  void anotherNodeFindsWhatIsWrong() throws Exception {
    SECOND.run(Kind.FOREIGN_KEY.violation);
    once(
        Step.PUBLISHED,
        () -> {
          throw new StepWatch.Death();
        });
    assertThat(failure(FIRST, Kind.FOREIGN_KEY.statement)).startsWith("08");
    assertThat(constraints()).containsExactly("c false");
    SECOND.sql().leftTableJobs(Duration.ZERO).pass();
    assertThat(lastJob()).startsWith("foreign key c failed: insert or update on table \"t\"");
    assertThat(constraints()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsCanceledLeavesNothing(Kind kind) throws SQLException {
    try (Connection connection = FIRST.connect();
        Statement statement = connection.createStatement()) {
      once(
          Step.WRITTEN,
          () -> {
            statement.cancel();
            return true;
          });
      SQLException e =
          catchThrowableOfType(SQLException.class, () -> statement.execute(kind.statement));
      assertThat(e.getSQLState()).isEqualTo("57014");
      assertThat(constraints()).isEmpty();
      SECOND.run(kind.violation);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CHECK", "NOT_NULL"})
  void rowsThatAreWrittenAnewAreLookedAtAgain(Kind kind) throws SQLException {
    String value = kind == Kind.CHECK ? "-1" : "null::int";
    once(
        Step.FILLED,
        () -> {
          SECOND.run("alter table t alter a type bigint using " + value);
          return true;
        });
    assertThat(failure(FIRST, kind.statement)).startsWith(kind.state);
    assertThat(constraints()).isEmpty();
  }

  @Test
  void whatIsDroppedIsNotAdded() throws SQLException {
    once(
        Step.WRITTEN,
        () -> {
          SECOND.run("alter table t drop constraint c");
          return true;
        });
    assertThat(failure(FIRST, Kind.CHECK.statement))
        .startsWith(
            "42704 ERROR: constraint \"c\" of relation \"t\" was dropped while rows were held to it");
    once(
        Step.FILLED,
        () -> {
          SECOND.run("alter table t alter a drop not null");
          return true;
        });
    assertThat(failure(FIRST, Kind.NOT_NULL.statement)).startsWith("42704 ERROR: NOT NULL of");
    assertThat(constraints()).isEmpty();
    once(
        Step.WRITTEN,
        () -> {
          SECOND.run("drop table t");
          return true;
        });
    assertThat(failure(FIRST, Kind.FOREIGN_KEY.statement)).startsWith("42704 ");
  }

  @Test
  void columnsThatAreAddedAreAlikeInAllRows() throws SQLException {
    once(
        Step.PUBLISHED,
        () -> {
          throw new AssertionError("there is nothing to look for");
        });
    FIRST.run("alter table t add b int default 5 check (b > 0) not null");
    FIRST.run("alter table t add q int references p");
    assertThat(failure(FIRST, "alter table t add c int default 5 check (c > 5)"))
        .startsWith("23514 ");
    assertThat(failure(FIRST, "alter table t add c int not null")).startsWith("23502 ");
    assertThat(failure(FIRST, "alter table t add c int default 77 references p"))
        .startsWith("23503 ");
    SECOND.run("delete from t");
    FIRST.run("alter table t add c int not null check (c > 5)");
  }
}
