package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.server.TestServer;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Backups with history bring back every state since the one before, rows and catalog alike, and
 * refuse times that they do not have.
 */
final class PointInTimeTest {
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

  @TempDir Path directory;

  @AfterAll
  static void stop() {
    SECOND.close();
    FIRST.close();
  }

  @AfterEach
  void drop() throws SQLException {
    FIRST.sql().backupSteps().watch(_ -> {});
    for (String database :
        FIRST.query("select datname from pg_database where datname like 'pt%'")) {
      FIRST.run("drop database " + database + " with (force)");
    }
  }

  private static void run(String... statements) throws SQLException {
    try (Connection connection = FIRST.connectTo("pt");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> query(TestServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connectTo(database);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(found.getString(i));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  private static String failure(String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> query(FIRST, "pt", sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  /** Tables, columns and indexes, and all rows. */
  private static List<String> content(TestServer server, String database) throws SQLException {
    List<String> content =
        query(
            server,
            database,
            "select table_name, column_name, column_default from information_schema.columns where"
                + " table_schema = 'public' order by 1, 2");
    content.addAll(
        query(
            server,
            database,
            "select pg_get_indexdef(indexrelid) from pg_index where indexrelid >= 16384 order by"
                + " 1"));
    for (String table :
        query(
            server,
            database,
            "select tablename from pg_tables where schemaname = 'public' order by 1")) {
      content.add(
          table
              + query(
                  server,
                  database,
                  "select md5(string_agg(t::text, ',' order by t::text)) from " + table + " t"));
      content.addAll(
          query(
              server,
              database,
              "select problem from shardforge.verify_table('"
                  + table
                  + "') where problem is not null"));
    }
    return content;
  }

  private String target(String name) {
    return "'" + directory.resolve(name) + "'";
  }

  private static long millis() throws SQLException {
    return Long.parseLong(
        query(FIRST, "shardforge", "select (extract(epoch from clock_timestamp()) * 1000)::bigint")
            .getFirst());
  }

  /** The millisecond that is now, after which nothing else happens in it. */
  private static long moment() throws SQLException {
    long now = millis();
    while (millis() <= now) {
      Thread.onSpinWait();
    }
    return now;
  }

  /** In the middle of a millisecond. */
  private static String at(long millis) {
    return "at => timestamptz 'epoch' + interval '" + (millis * 1000 + 500) + " microseconds'";
  }

  private static void backup(String target, boolean history, boolean incremental)
      throws SQLException {
    query(
        FIRST,
        "pt",
        "select backup from shardforge.backup(%s, databases => '{pt}', history => %s, incremental => %s)"
            .formatted(target, history, incremental));
  }

  private static List<String> restored(String target, long moment) throws SQLException {
    query(
        SECOND,
        "shardforge",
        "select * from shardforge.restore("
            + target
            + ", new_database => 'pt_then', "
            + at(moment)
            + ")");
    List<String> content = content(SECOND, "pt_then");
    SECOND.run("drop database pt_then with (force)");
    return content;
  }

  @Test
  void everyStateBetweenTwoWritesComesBack() throws SQLException {
    FIRST.run("create database pt");
    String[] steps = {
      "create table t (id int primary key, v text)",
      "insert into t select i, 'first' from generate_series(1, 50) i",
      "create index on t (v)",
      "update t set v = 'second' where id <= 10",
      "BACKUP false",
      "delete from t where id <= 20",
      "insert into t values (5, 'again')",
      "create table extra (id serial primary key, w int default 7)",
      "insert into extra (w) select generate_series(1, 30)",
      "BACKUP true",
      "alter table t add column n int default 3",
      "update extra set w = w + 1",
      "drop table extra",
      "truncate t",
      "insert into t select i, 'third' from generate_series(1, 5) i",
      "drop index t_v_idx",
      "create table extra (other text)",
      "BACKUP true"
    };
    Map<Long, List<String>> states = new LinkedHashMap<>();
    for (String step : steps) {
      if (step.startsWith("BACKUP")) {
        backup(target("a"), true, step.endsWith("true"));
      } else {
        run(step);
        states.put(moment(), content(FIRST, "pt"));
      }
    }
    run("drop table t", "drop table extra");
    for (Map.Entry<Long, List<String>> state : states.entrySet()) {
      assertThat(restored(target("a"), state.getKey()))
          .as("after %s", steps[new ArrayList<>(states.keySet()).indexOf(state.getKey())])
          .isEqualTo(state.getValue());
    }
    assertThat(
            query(
                FIRST,
                "pt",
                "select finished, history_from < taken_at from shardforge.backups("
                    + target("a")
                    + ")"))
        .containsExactly("t|t", "t|t", "t|t");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void whateverHappensItIsAsTheModelSays(long seed) throws SQLException {
    Random random = new Random(seed);
    FIRST.run("create database pt");
    run(
        "create table t (id int primary key, v int) with (sharding = 'hash', shards = 3)",
        "create index on t (v)");
    TreeMap<Integer, Integer> model = new TreeMap<>();
    Map<Long, String> states = new LinkedHashMap<>();
    backup(target("r"), random.nextBoolean(), false);
    for (int step = 0; step < 40; step++) {
      List<String> statements = new ArrayList<>(List.of("begin"));
      for (int i = random.nextInt(6); i >= 0; i--) {
        int id = random.nextInt(30);
        int value = random.nextInt(100);
        if (model.containsKey(id) && random.nextInt(3) == 0) {
          statements.add("delete from t where id = " + id);
          model.remove(id);
        } else {
          statements.add(
              "insert into t values (%d, %d) on conflict (id) do update set v = excluded.v"
                  .formatted(id, value));
          model.put(id, value);
        }
      }
      statements.add("commit");
      run(statements.toArray(String[]::new));
      states.put(moment(), model.toString());
      if (step % 8 == 7) {
        backup(target("r"), random.nextInt(4) > 0, random.nextInt(4) > 0);
      }
    }
    List<Long> moments = new ArrayList<>(states.keySet());
    List<String> covered =
        query(
            FIRST,
            "pt",
            "select (extract(epoch from history_from) * 1000)::bigint, (extract(epoch from"
                + " taken_at) * 1000)::bigint from shardforge.backups("
                + target("r")
                + ") where history_from is not null");
    for (int i = 0; i < 8; i++) {
      long moment = moments.get(random.nextInt(moments.size()));
      String schema = "s" + i;
      run("create schema " + schema);
      String told =
          failure(
              "select restored_tables from shardforge.restore(%s, tables => '{t}', new_schema =>"
                      .formatted(target("r"))
                  + " '%s', %s)".formatted(schema, at(moment)));
      boolean has =
          covered.stream()
              .map(row -> row.split("\\|", -1))
              .anyMatch(
                  row -> Long.parseLong(row[0]) <= moment && moment <= Long.parseLong(row[1]));
      if (has) {
        assertThat(told).as("seed %d, moment %d", seed, moment).isEqualTo("done");
        Map<Integer, Integer> rows = new TreeMap<>();
        for (String row : query(SECOND, "pt", "select id, v from " + schema + ".t")) {
          String[] columns = row.split("\\|", -1);
          rows.put(Integer.valueOf(columns[0]), Integer.valueOf(columns[1]));
        }
        assertThat(rows.toString()).as("seed %d", seed).isEqualTo(states.get(moment));
        assertThat(
                query(
                    SECOND,
                    "pt",
                    "select problem from shardforge.verify_table('"
                        + schema
                        + ".t') where problem is not null"))
            .isEmpty();
      } else {
        assertThat(told).as("seed %d, moment %d", seed, moment).startsWith("22023");
      }
    }
  }

  @Test
  void anotherNodeGoesOnInTheMiddleOfARow() throws Exception {
    FIRST.run("create database pt");
    run("create table big (id int primary key, w text)", "insert into big values (1, ''), (2, '')");
    Map<Long, List<String>> states = new LinkedHashMap<>();
    for (int i = 0; i < 24; i++) {
      run("update big set w = repeat('%c', 500000) where id = %d".formatted('a' + i, 1 + i % 2));
      if (i % 4 == 1) {
        states.put(moment(), content(FIRST, "pt"));
      }
    }
    AtomicBoolean died = new AtomicBoolean();
    FIRST
        .sql()
        .backupSteps()
        .watch(step -> {
          if (step == Step.NOTED && died.compareAndSet(false, true)) {
            throw new IllegalThreadStateException("died for a test");
          }
        });
    assertThat(
            failure(
                "select * from shardforge.backup("
                    + target("b")
                    + ", databases => '{pt}', history => true)"))
        .isNotEqualTo("done");
    run("delete from big");
    SECOND.sql().leftBackups(Duration.ZERO).pass();
    assertThat(
            query(FIRST, "pt", "select chunks from shardforge.verify_backup(" + target("b") + ")"))
        .containsExactly("2");
    for (Map.Entry<Long, List<String>> state : states.entrySet()) {
      assertThat(restored(target("b"), state.getKey())).isEqualTo(state.getValue());
    }
  }

  @Test
  void timesThatAreNotThereAreRefused() throws SQLException {
    long none = moment();
    FIRST.run("create database pt");
    run("create table t (id int)", "insert into t values (1)");
    long before = moment();
    backup(target("x"), false, false);
    run("insert into t values (2)");
    long between = moment();
    backup(target("x"), false, true);
    run("insert into t values (3)");
    long since = moment();
    backup(target("x"), true, true);
    String restore = "select * from shardforge.restore(%s, new_database => 'pt_x', %s)";
    assertThat(failure(restore.formatted(target("x"), at(before))))
        .startsWith("22023")
        .contains("no backup has the state of");
    assertThat(failure(restore.formatted(target("x"), at(between)))).startsWith("22023");
    assertThat(failure(restore.formatted(target("x"), at(moment() + 60_000))))
        .startsWith("22023")
        .contains(" to ");
    String taken =
        query(FIRST, "pt", "select taken_at from shardforge.backups(" + target("x") + ")")
            .getFirst();
    assertThat(failure(restore.formatted(target("x"), "at => '" + taken + "'"))).isEqualTo("done");
    assertThat(query(FIRST, "pt_x", "select id from t order by id")).containsExactly("1");
    FIRST.run("drop database pt_x with (force)");
    assertThat(failure(restore.formatted(target("x"), at(since)))).isEqualTo("done");
    assertThat(query(FIRST, "pt_x", "select id from t order by id")).containsExactly("1", "2", "3");

    backup(target("z"), true, false);
    assertThat(failure(restore.formatted(target("z"), at(none)))).startsWith("3D000");
    assertThat(failure(restore.formatted(target("z"), at(none - 3_600_000))))
        .startsWith("55000")
        .contains("there was nothing yet");

    query(FIRST, "pt", "select * from shardforge.backup(" + target("y") + ", tables => '{t}')");
    long dropped = moment();
    run("drop table t", "create table t (id int)");
    query(
        FIRST,
        "pt",
        "select * from shardforge.backup("
            + target("y")
            + ", tables => '{t}', incremental => true, history => true)");
    run("create schema s");
    assertThat(
            failure(
                "select * from shardforge.restore(%s, new_schema => 's', %s)"
                    .formatted(target("y"), at(dropped))))
        .startsWith("55000")
        .contains("public.t");
    assertThat(
            failure(
                "select * from shardforge.restore(%s, new_schema => 's', %s)"
                    .formatted(target("y"), at(dropped - 3_600_000))))
        .startsWith("22023");
  }
}
