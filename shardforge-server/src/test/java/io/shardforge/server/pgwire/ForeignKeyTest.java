package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign keys between concurrent transactions: whoever comes second sees the first. */
class ForeignKeyTest {
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
              + "create table c (id int, pid int references p, primary key (pid, id))");

  private static TestServer server;
  private Connection a;
  private Connection b;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() throws SQLException {
    a = server.connect();
    b = server.connect();
  }

  @AfterEach
  void close() throws SQLException {
    a.close();
    b.close();
  }

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

  private static int run(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
      return s.getUpdateCount();
    }
  }

  private static FutureTask<String> start(Callable<?> work) {
    FutureTask<String> task = new FutureTask<>(() -> stateOf(work));
    Thread.ofVirtual().start(task);
    return task;
  }

  private static String stateOf(Callable<?> work) throws Exception {
    try {
      work.call();
      return "00000";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  private static String finish(FutureTask<String> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
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
        start(() -> {
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
    run(b, "delete from p where id = 1");
    FutureTask<String> insertion =
        start(() -> {
          run(a, "insert into c (id, pid) values (1, 1)");
          return run(a, "commit");
        });
    run(b, "commit");
    assertThat(finish(insertion)).isIn(FOREIGN_KEY_VIOLATION, SERIALIZATION_FAILURE);
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
    run(b, "delete from p where id = 1");
    FutureTask<String> insertion =
        start(() -> {
          run(a, "insert into c (id, pid) values (1, 1)");
          return run(a, "commit");
        });
    run(b, "rollback");
    assertThat(finish(insertion)).isEqualTo("00000");
    assertThat(server.query("select pid from c")).containsExactly("1");
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
    assertThat(stateOf(() -> run(a, "update c set pid = 1"))).isEqualTo(FOREIGN_KEY_VIOLATION);
    run(a, "rollback");
    assertNoOrphans();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
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
  @ValueSource(ints = {0, 1, 2, 3})
  void noOrphansOutOfManySessions(int schema) throws Exception {
    create(SCHEMAS.get(schema));
    List<String> levels = List.of(READ_COMMITTED, "repeatable read", "serializable");
    List<FutureTask<String>> clients = new ArrayList<>();
    for (int client = 0; client < 6; client++) {
      int number = client;
      clients.add(
          start(() -> {
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
        int key = random.nextInt(1, 4);
        String insertKey =
            "insert into p (id%s) values (%d%s) on conflict do nothing"
                .formatted(keyColumn(), key, keyColumn().isEmpty() ? "" : ", " + key);
        String sql =
            switch (random.nextInt(4)) {
              case 0 -> "delete from p where id = " + key;
              case 1 -> insertKey;
              case 2 -> "delete from c where pid = " + key;
              default ->
                  "insert into c (id, pid) values (%d, %d)".formatted(number * 1000 + i, key);
            };
        run(connection, "begin isolation level " + level);
        String state =
            stateOf(() -> {
              run(connection, sql);
              return run(connection, "commit");
            });
        run(connection, "rollback");
        assertThat(state).isIn("00000", FOREIGN_KEY_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK);
      }
    }
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
        start(() -> run(b, "alter table c add foreign key (pid) references p"));
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
    FutureTask<String> change = start(() -> run(b, "alter table p alter id type bigint"));
    run(a, "commit");
    assertThat(finish(change)).isEqualTo("00000");
    assertThat(stateOf(() -> run(b, "delete from p where id = 1")))
        .isEqualTo(FOREIGN_KEY_VIOLATION);
    run(b, "insert into c values (2, 2)");
    assertThat(stateOf(() -> run(b, "insert into c values (3, 3)")))
        .isEqualTo(FOREIGN_KEY_VIOLATION);
    assertNoOrphans();
  }
}
