package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DEFERRABLE keys between concurrent transactions: of two that make a key one fails. */
class DeferrableKeyTest extends TwoSessions {
  private static final String DONE = "00000";
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK = "40P01";

  private static final List<String> LEVELS =
      List.of("read committed", "repeatable read", "serializable");

  private static final List<String> SCHEMAS =
      List.of(
          "create table d (id int primary key, k int unique deferrable)",
          "create table d (id int primary key, k int unique deferrable initially deferred)",
          "create table d (id int, k int primary key deferrable initially deferred)",
          "create table d (id int, k int, unique (k) deferrable)"
              + " with (sharding = 'hash', shards = 4)");

  /** Each schema with each pair of levels. */
  static Stream<Arguments> cases() {
    return SCHEMAS.stream()
        .flatMap(schema ->
            LEVELS.stream()
                .flatMap(one -> LEVELS.stream().map(other -> Arguments.of(schema, one, other))));
  }

  private void create(String schema) throws SQLException {
    run(a, "drop table if exists d");
    run(a, schema);
    run(a, "insert into d (id, k) values (1, 1), (2, 2)");
  }

  private void begin(String levelOfA, String levelOfB) throws SQLException {
    run(a, "begin isolation level " + levelOfA);
    run(b, "begin isolation level " + levelOfB);
    // Both have their snapshots from here.
    run(a, "select count(*) from d");
    run(b, "select count(*) from d");
  }

  /** Runs statements and commits, or rolls back; the first SQLSTATE that is not 00000. */
  private static String transaction(Connection c, String... statements) throws Exception {
    for (String statement : statements) {
      String state = stateOf(() -> run(c, statement));
      if (!state.equals(DONE)) {
        run(c, "rollback");
        return state;
      }
    }
    return stateOf(() -> run(c, "commit"));
  }

  private static void assertUnique() throws SQLException {
    assertThat(server.query("select k from d group by k having count(*) > 1")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneOfTwoThatMakeTheSameKeyFails(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    run(a, "insert into d (id, k) values (3, 7)");
    FutureTask<String> second = start(() -> transaction(b, "update d set k = 7 where id = 2"));
    run(a, "commit");
    assertThat(finish(second)).isIn(UNIQUE_VIOLATION, SERIALIZATION_FAILURE);
    assertThat(server.query("select id from d where k = 7")).containsExactly("3");
    assertUnique();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aKeyThatIsRolledBackIsFree(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    run(a, "insert into d (id, k) values (3, 7)");
    FutureTask<String> second = start(() -> transaction(b, "insert into d (id, k) values (4, 7)"));
    run(a, "rollback");
    assertThat(finish(second)).isEqualTo(DONE);
    assertThat(server.query("select id from d where k = 7")).containsExactly("4");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aKeyThatIsBeingGivenUpIsWaitedFor(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    run(a, "update d set k = 9 where id = 1");
    FutureTask<String> second = start(() -> transaction(b, "insert into d (id, k) values (4, 1)"));
    run(a, "commit");
    // With a snapshot from before, the row that had the key cannot be looked at any more.
    assertThat(finish(second))
        .isIn(
            levelOfB.equals("read committed")
                ? List.of(DONE)
                : List.of(DONE, SERIALIZATION_FAILURE));
    assertUnique();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDuplicateMayBePutRightByWhoMadeIt(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    run(a, "set constraints all deferred");
    run(a, "insert into d (id, k) values (3, 1)");
    run(b, "set constraints all deferred");
    FutureTask<String> second = start(() -> transaction(b, "insert into d (id, k) values (4, 1)"));
    assertThat(transaction(a, "update d set k = 5 where id = 3")).isEqualTo(DONE);
    assertThat(finish(second)).isIn(UNIQUE_VIOLATION, SERIALIZATION_FAILURE);
    assertThat(server.query("select id from d where k = 1")).containsExactly("1");
    assertUnique();
  }

  /** Sessions that swap, make and give up few keys at all levels never commit a duplicate. */
  @Test
  void manyTransactionsKeepKeysApart() throws Exception {
    create(SCHEMAS.get(1));
    List<FutureTask<Integer>> workers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      int seed = w;
      workers.add(start(() -> work(seed)));
    }
    int committed = 0;
    for (FutureTask<Integer> worker : workers) {
      committed += finish(worker);
    }
    assertThat(committed).isPositive();
    assertUnique();
  }

  private static int work(int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    int committed = 0;
    try (Connection c = server.connect()) {
      for (int i = 0; i < 25; i++) {
        run(c, "begin isolation level " + LEVELS.get(random.nextInt(LEVELS.size())));
        String state =
            transaction(
                c,
                change(random, 1000 * (seed + 1) + i),
                change(random, 1000 * (seed + 1) + 500 + i));
        assertThat(state).isIn(DONE, UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK);
        committed += state.equals(DONE) ? 1 : 0;
      }
    }
    return committed;
  }

  private static String change(SplittableRandom random, int id) {
    int key = random.nextInt(6);
    return switch (random.nextInt(3)) {
      case 0 -> "insert into d (id, k) values (" + id + ", " + key + ")";
      case 1 -> "delete from d where k = " + key;
      default -> "update d set k = " + random.nextInt(6) + " where k = " + key;
    };
  }
}
