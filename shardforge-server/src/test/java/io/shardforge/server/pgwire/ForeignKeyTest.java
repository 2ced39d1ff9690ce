package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign keys between concurrent transactions: whoever comes second sees the first. */
class ForeignKeyTest extends TwoSessions {
  private static final String READ_COMMITTED = "read committed";
  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK = "40P01";

  /** Tables p and c, where c.pid refers to a key of p: found in different ways from either side. */
  private static final List<String> SCHEMAS =
      List.of(
          "create table p (id int primary key, v int);"
              + "create table c (id int primary key, pid int references p)",
          "create table p (id int primary key, v int);"
              + "create table c (pid int references p, id int); create index on c (pid)",
          "create table p (v int, k int primary key, id int unique);"
              + "create table c (id int primary key, pid int references p (id)) with"
              + " (sharding = 'hash', shards = 4)",
          "create table p (id int primary key, v int) with (sharding = 'hash', shards = 4);"
              + "create table c (id int, pid int references p, primary key (pid, id))",
          "create table p (id int primary key, v int);"
              + "create table c (id int primary key, pid int references p"
              + " deferrable initially deferred)");

  /** Each schema with each pair of levels. */
  static Stream<Arguments> cases() {
    List<String> levels = List.of(READ_COMMITTED, "repeatable read", "serializable");
    return SCHEMAS.stream()
        .flatMap(schema ->
            levels.stream()
                .flatMap(one -> levels.stream().map(other -> Arguments.of(schema, one, other))));
  }

  private void create(String schema) throws SQLException {
    run(a, "drop table if exists c, p");
    run(a, schema);
    boolean byUnique = schema.contains("unique");
    run(a, "insert into p " + (byUnique ? "values (0, 7, 1), (0, 8, 2)" : "values (1, 0), (2, 0)"));
  }

  private void begin(String levelOfA, String levelOfB) throws SQLException {
    run(a, "begin isolation level " + levelOfA);
    run(b, "begin isolation level " + levelOfB);
    // Both have their snapshots from here.
    run(a, "select count(*) from c");
    run(b, "select count(*) from c");
  }

  private static FutureTask<String> startForState(Callable<?> work) {
    return start(() -> stateOf(work));
  }

  private static void assertNoOrphans() throws SQLException {
    assertThat(server.query("select pid from c where pid not in (select id from p)")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDeletionWaitsForWhoeverReferred(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    run(a, "insert into c (id, pid) values (1, 1)");
    FutureTask<String> deletion =
        startForState(() -> {
          run(b, "delete from p where id = 1");
          return run(b, "commit");
        });
    run(a, "commit");
    assertThat(finish(deletion)).isIn(FOREIGN_KEY_VIOLATION, SERIALIZATION_FAILURE);
    run(b, "rollback");
    assertThat(server.query("select pid from c")).containsExactly("1");
    assertNoOrphans();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aReferringRowWaitsForTheDeletion(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    assertThat(referToWhatIsDeleted("commit")).isIn(FOREIGN_KEY_VIOLATION, SERIALIZATION_FAILURE);
    run(a, "rollback");
    assertThat(server.query("select pid from c")).isEmpty();
    assertNoOrphans();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDeletionThatIsRolledBackIsNone(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    begin(levelOfA, levelOfB);
    assertThat(referToWhatIsDeleted("rollback")).isEqualTo("00000");
    assertThat(server.query("select pid from c")).containsExactly("1");
  }

  /** What becomes of a row that refers to one that the other session deletes. */
  private String referToWhatIsDeleted(String endOfDeletion) throws Exception {
    run(b, "delete from p where id = 1");
    FutureTask<String> insertion =
        startForState(() -> {
          run(a, "insert into c (id, pid) values (1, 1)");
          return run(a, "commit");
        });
    run(b, endOfDeletion);
    return finish(insertion);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aReferringRowThatMovedOnLeavesTheKeyFree(String schema, String levelOfA, String levelOfB)
      throws Exception {
    create(schema);
    run(a, "insert into c (id, pid) values (1, 1)");
    run(a, "update c set pid = 2 where id = 1");
    run(b, "begin isolation level " + levelOfB);
    assertThat(run(b, "delete from p where id = 1")).isEqualTo(1);
    run(b, "commit");
    run(a, "begin isolation level " + levelOfA);
    String state =
        stateOf(() -> {
          run(a, "update c set pid = 1");
          return run(a, "commit");
        });
    assertThat(state).isEqualTo(FOREIGN_KEY_VIOLATION);
    run(a, "rollback");
    assertNoOrphans();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void changesOfOtherColumnsNeitherWaitNorFail(int schema) throws Exception {
    create(SCHEMAS.get(schema));
    begin(READ_COMMITTED, READ_COMMITTED);
    run(a, "insert into c (id, pid) values (1, 1)");
    // On this thread: it would wait for ever if it waited for the other session.
    assertThat(run(b, "update p set v = v + 1 where id = 1")).isEqualTo(1);
    run(a, "insert into c (id, pid) values (2, 1)");
    run(b, "commit");
    run(a, "commit");
    assertThat(server.query("select v from p where id = 1")).containsExactly("1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void noOrphansOutOfManySessions(int schema) throws Exception {
    create(SCHEMAS.get(schema));
    List<String> levels = List.of(READ_COMMITTED, "repeatable read", "serializable");
    List<FutureTask<String>> clients = new ArrayList<>();
    for (int client = 0; client < 6; client++) {
      int number = client;
      clients.add(
          startForState(() -> {
            work(number, levels.get(number % levels.size()));
            return "";
          }));
    }
    for (FutureTask<String> client : clients) {
      assertThat(client.get(2, TimeUnit.MINUTES)).isEqualTo("00000");
    }
    assertNoOrphans();
  }

  private static void work(int number, String level) throws Exception {
    SplittableRandom random = new SplittableRandom(number);
    try (Connection connection = server.connect()) {
      for (int i = 0; i < 60; i++) {
        String one = change(random, number * 1000 + 2 * i);
        String other = change(random, number * 1000 + 2 * i + 1);
        run(connection, "begin isolation level " + level);
        String state =
            stateOf(() -> {
              run(connection, one);
              run(connection, other);
              return run(connection, "commit");
            });
        run(connection, "rollback");
        assertThat(state).isIn("00000", FOREIGN_KEY_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK);
      }
    }
  }

  private static String change(SplittableRandom random, int id) throws SQLException {
    int key = random.nextInt(1, 4);
    return switch (random.nextInt(4)) {
      case 0 -> "delete from p where id = " + key;
      case 1 ->
          "insert into p (id%s) values (%d%s) on conflict do nothing"
              .formatted(keyColumn(), key, keyColumn().isEmpty() ? "" : ", " + key);
      case 2 -> "delete from c where pid = " + key;
      default -> "insert into c (id, pid) values (%d, %d)".formatted(id, key);
    };
  }

  /** The other column that a row of p needs, if there is one. */
  private static String keyColumn() throws SQLException {
    return server
            .query(
                "select 1 from information_schema.columns where table_name = 'p' and"
                    + " column_name = 'k'")
            .isEmpty()
        ? ""
        : ", k";
  }

  @Test
  void rowsThatTheClientDidNotFetchAreCheckedToo() throws Exception {
    create(SCHEMAS.getFirst());
    a.setAutoCommit(false);
    try (PreparedStatement insert =
        a.prepareStatement("insert into c select g, g from generate_series(1, 9) g returning id")) {
      insert.setFetchSize(1);
      assertThat(stateOf(insert::executeQuery)).isEqualTo(FOREIGN_KEY_VIOLATION);
    }
  }

  @Test
  void aPreparedStatementHeedsWhatCameLater() throws Exception {
    create("create table p (id int primary key, v int); create table c (id int, pid int)");
    try (PreparedStatement delete = a.prepareStatement("delete from p where id = ?")) {
      for (int i = 100; i < 110; i++) {
        delete.setInt(1, i);
        assertThat(delete.executeUpdate()).isZero();
      }
      run(b, "insert into c values (1, 1)");
      run(b, "alter table c add foreign key (pid) references p");
      delete.setInt(1, 1);
      assertThat(stateOf(delete::executeUpdate)).isEqualTo(FOREIGN_KEY_VIOLATION);
    }
  }

  @Test
  void aWriterThatKnewOfNoForeignKeyIsNotCommittedBehindIt() throws Exception {
    create("create table p (id int primary key, v int); create table c (id int, pid int)");
    run(b, "insert into c values (1, 1)");
    run(a, "begin");
    run(a, "delete from p where id = 1");
    FutureTask<String> addition =
        startForState(() -> run(b, "alter table c add foreign key (pid) references p"));
    String commit = stateOf(() -> run(a, "commit"));
    String added = finish(addition);
    // One of the two, in whatever order they came.
    assertThat(List.of(commit, added))
        .isIn(List.of("00000", FOREIGN_KEY_VIOLATION), List.of(SERIALIZATION_FAILURE, "00000"));
    try (ResultSet metaData = b.getMetaData().getImportedKeys(null, "public", "c")) {
      assertThat(metaData.next()).isEqualTo(added.equals("00000"));
    }
  }

  @Test
  void copiedRowsAreChecked() throws Exception {
    create(SCHEMAS.getFirst());
    var copy = a.unwrap(org.postgresql.PGConnection.class).getCopyAPI();
    assertThat(copy.copyIn("copy c from stdin", new java.io.StringReader("1\t1\n2\t2\n")))
        .isEqualTo(2);
    assertThat(stateOf(() -> copy.copyIn("copy c from stdin", new java.io.StringReader("3\t3\n"))))
        .isEqualTo(FOREIGN_KEY_VIOLATION);
  }

  @Test
  void aTableWrittenAnewIsStillReferredTo() throws Exception {
    create(SCHEMAS.getFirst());
    run(a, "begin");
    run(a, "insert into c values (1, 1)");
    FutureTask<String> change = startForState(() -> run(b, "alter table p alter id type bigint"));
    String commit = stateOf(() -> run(a, "commit"));
    assertThat(finish(change)).isEqualTo("00000");
    if (commit.equals(SERIALIZATION_FAILURE)) {
      // The change came first.
      run(a, "insert into c values (1, 1)");
    }
    assertThat(stateOf(() -> run(b, "delete from p where id = 1")))
        .isEqualTo(FOREIGN_KEY_VIOLATION);
    run(b, "insert into c values (2, 2)");
    assertThat(stateOf(() -> run(b, "insert into c values (3, 3)")))
        .isEqualTo(FOREIGN_KEY_VIOLATION);
    assertNoOrphans();
  }

  @Test
  void whoeverRefersToAMissingKeyComesFirstWithIt() throws Exception {
    create(SCHEMAS.getLast());
    run(a, "begin");
    run(a, "insert into c values (1, 5)");
    FutureTask<String> insertion = startForState(() -> run(b, "insert into p values (5, 0)"));
    run(a, "insert into p values (5, 1)");
    run(a, "commit");
    assertThat(finish(insertion)).isEqualTo("23505");
    assertNoOrphans();
  }

  @Test
  void whatIsKeptForTheCommitIsBounded() throws Exception {
    create(
        "create table p (id text primary key, v int);"
            + "create table c (pid text references p deferrable initially deferred)");
    run(a, "begin");
    String state = "00000";
    for (int i = 0; i < 10 && state.equals("00000"); i++) {
      int from = i * 1000;
      state =
          stateOf(() ->
              run(
                  a,
                  "insert into c select repeat('x', 10000) || g from generate_series(%d, %d) g"
                      .formatted(from, from + 999)));
    }
    assertThat(state).isEqualTo("53200");
    run(a, "rollback");
    assertThat(server.query("select count(*) from c")).containsExactly("0");
  }
}
