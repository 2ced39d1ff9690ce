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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Backups are the state of one moment, whoever writes meanwhile; what is restored is that state,
 * whichever attempt died where; and what is damaged is told before anything is changed.
 */
final class BackupTest {
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

  private static final int ACCOUNTS = 40;

  /** Accounts whose balance is not what the transfers make it. */
  private static final String WRONG =
      "select id from account a where balance <> 100"
          + " + coalesce((select sum(amount) from transfer where target = a.id), 0)"
          + " - coalesce((select sum(amount) from transfer where source = a.id), 0)";

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
        FIRST.query("select datname from pg_database where datname like 'bk%'")) {
      FIRST.run("drop database " + database + " with (force)");
    }
    FIRST.run("drop role if exists clerk");
  }

  // ---- Helpers ----

  private static void run(TestServer server, String database, String... statements)
      throws SQLException {
    try (Connection connection = server.connectTo(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows, with bars between columns. */
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

  private static String failure(TestServer server, String database, String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> query(server, database, sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  /** All that is in the tables and sequences of a database, and what they are. */
  private static List<String> content(TestServer server, String database) throws SQLException {
    List<String> content =
        new ArrayList<>(
            query(
                server,
                database,
                "select table_schema, table_name, column_name, data_type, is_nullable,"
                    + " column_default from information_schema.columns where table_schema not in"
                    + " ('pg_catalog', 'information_schema', 'shardforge') order by 1, 2, 3"));
    content.addAll(
        query(
            server,
            database,
            "select indexrelid::regclass, pg_get_indexdef(indexrelid) from pg_index where"
                + " indexrelid >= 16384 order by 1::text"));
    content.addAll(
        query(
            server,
            database,
            "select conname, pg_get_constraintdef(oid) from pg_constraint order by 1"));
    for (String table :
        query(
            server,
            database,
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where"
                + " schemaname not in ('pg_catalog', 'information_schema', 'shardforge') order by"
                + " 1")) {
      content.add(
          table
              + query(
                  server,
                  database,
                  "select count(*), md5(string_agg(md5(t::text), ',' order by md5(t::text))) from "
                      + table
                      + " t"));
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

  /** A database with rows for several chunks. */
  private static void bank(String database) throws SQLException {
    FIRST.run("create database " + database);
    run(
        FIRST,
        database,
        "create table account (id int primary key, balance int not null)",
        "create index on account (balance)",
        "create table transfer (id serial primary key, source int references account, target int"
            + " references account, amount int)",
        "insert into account select i, 100 from generate_series(1, " + ACCOUNTS + ") i",
        "create table wide (id int primary key, w text)",
        "insert into wide select i, repeat('w', 20000) from generate_series(1, 1000) i");
  }

  private static int transfers(TestServer server, String database, long seed, AtomicBoolean end)
      throws SQLException {
    Random random = new Random(seed);
    int done = 0;
    try (Connection connection = server.connectTo(database);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!end.get()) {
        int source = 1 + random.nextInt(ACCOUNTS);
        int target = 1 + random.nextInt(ACCOUNTS);
        int amount = random.nextInt(10);
        try {
          statement.execute(
              "update account set balance = balance - " + amount + " where id = " + source);
          statement.execute(
              "update account set balance = balance + " + amount + " where id = " + target);
          statement.execute(
              "insert into transfer (source, target, amount) values (%d, %d, %d)"
                  .formatted(source, target, amount));
          connection.commit();
          done++;
        } catch (SQLException e) {
          connection.rollback();
          assertThat(e.getSQLState()).isIn("40001", "40P01");
        }
      }
    }
    return done;
  }

  /** An attempt that dies with its node: nothing of it cleans up. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("died for a test", null, false, false);
    }
  }

  private static void dieOnce(Step at) {
    AtomicBoolean done = new AtomicBoolean();
    FIRST
        .sql()
        .backupSteps()
        .watch(step -> {
          if (step == at && done.compareAndSet(false, true)) {
            throw new Death();
          }
        });
  }

  // ---- One moment ----

  @Test
  void aClusterOfOtherNodesHasTheStateOfOneMoment() throws Exception {
    bank("bk_bank");
    FIRST.run("create role clerk login password 'x'");
    run(FIRST, "bk_bank", "grant select on account to clerk", "alter table wide owner to clerk");
    AtomicBoolean end = new AtomicBoolean();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (TestServer server : List.of(FIRST, SECOND)) {
        int seed = counts.size();
        counts.add(writers.submit(() -> transfers(server, "bk_bank", seed, end)));
      }
      while (query(FIRST, "bk_bank", "select 1 from transfer limit 20").size() < 20) {
        Thread.onSpinWait();
      }
      query(FIRST, "bk_bank", "select * from shardforge.backup(" + target("a") + ")");
      end.set(true);
      for (Future<Integer> count : counts) {
        assertThat(count.get()).isPositive();
      }
    }
    assertThat(query(FIRST, "bk_bank", WRONG)).isEmpty();

    LocalCluster three =
        LocalCluster.start(
            3,
            5,
            new SystemClock(),
            Randomness.secure(),
            Thread::startVirtualThread,
            ReplicaSettings.defaults());
    try (TestServer other = TestServer.onNode(three, 1);
        TestServer third = TestServer.onNode(three, 3)) {
      query(other, "shardforge", "select * from shardforge.restore(" + target("a") + ")");
      assertThat(query(third, "bk_bank", WRONG)).isEmpty();
      assertThat(query(third, "bk_bank", "select sum(balance) from account"))
          .containsExactly(String.valueOf(100 * ACCOUNTS));
      assertThat(query(third, "bk_bank", "select count(*) >= 20 from transfer"))
          .containsExactly("t");
      assertThat(
              query(
                  third,
                  "bk_bank",
                  "select tableowner, has_table_privilege('clerk', 'account', 'select'),"
                      + " has_table_privilege('clerk', 'transfer', 'select'), (select"
                      + " rolpassword is not null from pg_authid where rolname = 'clerk') from"
                      + " pg_tables where tablename = 'wide'"))
          .containsExactly("clerk|t|f|t");
      content(third, "bk_bank");
      run(
          third,
          "bk_bank",
          "insert into transfer (source, target, amount) select 1, 1, 0 from transfer");
      assertThat(failure(other, "bk_bank", "insert into transfer (source) values (0)"))
          .startsWith("23503");
      assertThat(failure(other, "shardforge", "select shardforge.restore(" + target("a") + ")"))
          .startsWith("55000");
    }
  }

  @Test
  void descriptorsOfAllKindsComeUnderNewNumbers() throws SQLException {
    FIRST.run("create database bk_kinds");
    run(
        FIRST,
        "bk_kinds",
        "create schema s",
        "create type s.mood as enum ('sad', 'ok', 'happy')",
        "create domain positive as int default 1 check (value > 0)",
        "create collation french (provider = icu, locale = 'fr')",
        "create sequence s.numbers",
        "create table s.a (id int primary key default nextval('s.numbers'), m s.mood default 'ok',"
            + " ms s.mood[] default '{sad,ok}', p positive, n text collate french, check (m <>"
            + " 'sad' or n = '''16400''::regclass'))",
        "create index on s.a (m) include (p) where m > 'sad'",
        "create index on s.a ((upper(n)))",
        "insert into s.a (n) values ('é'), ('e'), ('z'), (null)",
        "alter table s.a add column late s.mood default 'happy'",
        "create table b (x int, y int generated always as (x * 2) stored, z int generated always"
            + " as identity)",
        "insert into b (x) select generate_series(1, 100)",
        "create table h (id int primary key) with (sharding = 'hash', shards = 4)",
        "insert into h select generate_series(1, 100)",
        "create view v as select m, count(*) as n from s.a where m = 'ok' group by m",
        "create view vv as select * from v where n > (select 0 -- '1'::regclass\n)",
        "comment on column s.a.m is 'how it is'",
        "comment on view v is 'a view'",
        "alter default privileges in schema s grant select on tables to public");
    List<String> before = content(FIRST, "bk_kinds");
    query(
        FIRST,
        "bk_kinds",
        "select * from shardforge.backup(" + target("k") + ", databases => '{bk_kinds}')");
    query(
        FIRST,
        "shardforge",
        "select * from shardforge.restore(" + target("k") + ", new_database => 'bk_copy')");
    assertThat(content(SECOND, "bk_copy")).isEqualTo(before);
    run(FIRST, "shardforge", "drop database bk_kinds");
    assertThat(query(SECOND, "bk_copy", "select * from vv")).containsExactly("ok|4");
    assertThat(query(SECOND, "bk_copy", "select col_description('s.a'::regclass, 2)"))
        .containsExactly("how it is");
    run(SECOND, "bk_copy", "insert into s.a (m, n) values ('happy', 'x')");
    run(SECOND, "bk_copy", "insert into s.a (m) values ('sad')");
    assertThat(failure(SECOND, "bk_copy", "insert into s.a (m, n) values ('sad', 'x')"))
        .startsWith("23514");
    assertThat(failure(SECOND, "bk_copy", "insert into s.a (p) values (-1)")).startsWith("23514");
    run(SECOND, "bk_copy", "create table s.after (id int)");
    assertThat(query(SECOND, "bk_copy", "select relacl from pg_class where relname = 'after'"))
        .first()
        .asString()
        .contains("=r/");
  }

  // ---- Incremental ----

  @Test
  void anIncrementalBackupHasWhatHasChanged() throws SQLException {
    bank("bk_inc");
    String backup =
        "select entries from shardforge.backup("
            + target("i")
            + ", databases => '{bk_inc}', passphrase => 'p', incremental => %s)";
    assertThat(failure(FIRST, "bk_inc", backup.formatted(true))).startsWith("55000");
    query(FIRST, "bk_inc", backup.formatted(false));
    run(
        FIRST,
        "bk_inc",
        "update account set balance = 7 where id = 3",
        "delete from wide where id <= 500",
        "create table extra (id int primary key)",
        "insert into extra select generate_series(1, 10)");
    // The balance and its entry of the index (old and new), the deletions, the new rows.
    assertThat(query(FIRST, "bk_inc", backup.formatted(true)))
        .containsExactly(String.valueOf(3 + 500 + 10));
    run(
        FIRST,
        "bk_inc",
        "truncate extra",
        "insert into extra values (77)",
        "create index on wide (id desc)",
        "alter table account add column note text default 'n'",
        "drop table transfer",
        "insert into wide values (3, 'again')");
    query(FIRST, "bk_inc", backup.formatted(true));
    List<String> last = content(FIRST, "bk_inc");
    run(FIRST, "bk_inc", "delete from wide");
    query(
        SECOND,
        "shardforge",
        "select * from shardforge.restore("
            + target("i")
            + ", new_database => 'bk_copy', passphrase => 'p')");
    assertThat(content(SECOND, "bk_copy")).isEqualTo(last);
    assertThat(
            query(
                FIRST,
                "bk_inc",
                "select scope, encrypted, finished, base is null from shardforge.backups("
                    + target("i")
                    + ", passphrase => 'p')"))
        .containsExactly("database bk_inc|t|t|t", "database bk_inc|t|t|f", "database bk_inc|t|t|f");
  }

  // ---- Attempts ----

  @ParameterizedTest
  @EnumSource(Step.class)
  void anotherNodeGoesOnWithABackup(Step at) throws Exception {
    bank("bk_bank");
    List<String> before = content(FIRST, "bk_bank");
    dieOnce(at);
    String told =
        failure(
            FIRST,
            "bk_bank",
            "select * from shardforge.backup("
                + target("r")
                + ", databases => '{bk_bank}', passphrase => 'long')");
    assertThat(told.equals("done")).isEqualTo(at == Step.VERIFIED);
    FIRST.sql().backupSteps().watch(_ -> {});
    run(SECOND, "bk_bank", "delete from wide", "drop table transfer");
    SECOND.sql().leftBackups(Duration.ZERO).pass();
    assertThat(lastJob()).isEqualTo("backup|done|");
    query(
        FIRST,
        "bk_bank",
        "select * from shardforge.restore("
            + target("r")
            + ", new_database => 'bk_copy', passphrase => 'long')");
    assertThat(content(FIRST, "bk_copy")).isEqualTo(before);
    assertThat(
            query(
                FIRST,
                "bk_bank",
                "select problem from shardforge.verify_backup("
                    + target("r")
                    + ", passphrase => 'long')"))
        .containsExactly("null");
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void anotherNodeGoesOnWithARestore(Step at) throws Exception {
    bank("bk_bank");
    query(
        FIRST,
        "bk_bank",
        "select * from shardforge.backup(" + target("r") + ", databases => '{bk_bank}')");
    dieOnce(at);
    String restore =
        "select * from shardforge.restore(" + target("r") + ", new_database => 'bk_copy')";
    String told = failure(FIRST, "bk_bank", restore);
    assertThat(told).isNotEqualTo("done");
    SECOND.sql().leftBackups(Duration.ZERO).pass();
    assertThat(lastJob()).isEqualTo("restore|done|");
    assertThat(content(SECOND, "bk_copy")).isEqualTo(content(FIRST, "bk_bank"));
    assertThat(failure(FIRST, "bk_bank", restore)).startsWith("42P04");
  }

  private static String lastJob() throws SQLException {
    return query(
            SECOND,
            "shardforge",
            "select kind, state, coalesce(error, '') from shardforge.jobs where kind in ('backup',"
                + " 'restore')")
        .getLast();
  }

  @Test
  void whatIsCanceledLeavesNothing() throws Exception {
    bank("bk_bank");
    String backup =
        "select * from shardforge.backup(" + target("c") + ", databases => '{bk_bank}')";
    interruptAt(Step.NOTED);
    assertThat(failure(FIRST, "bk_bank", backup)).startsWith("57014");
    assertThat(lastJob()).startsWith("backup|failed|");
    assertThat(query(FIRST, "bk_bank", "select * from shardforge.backups(" + target("c") + ")"))
        .isEmpty();
    FIRST.sql().backupSteps().watch(_ -> {});
    query(FIRST, "bk_bank", backup);
    interruptAt(Step.WRITTEN);
    String restore =
        "select * from shardforge.restore(" + target("c") + ", new_database => 'bk_copy')";
    assertThat(failure(FIRST, "bk_bank", restore)).startsWith("57014");
    assertThat(query(FIRST, "bk_bank", "select 1 from pg_database where datname = 'bk_copy'"))
        .isEmpty();
    assertThat(FIRST.sql().catalog().garbage().rows()).isNotEmpty();
    FIRST.sql().backupSteps().watch(_ -> {});
    query(FIRST, "bk_bank", restore);
    assertThat(content(FIRST, "bk_copy")).isEqualTo(content(FIRST, "bk_bank"));
  }

  /** As the client would who cancels the statement. */
  private static void interruptAt(Step at) {
    FIRST
        .sql()
        .backupSteps()
        .watch(step -> {
          if (step == at) {
            CompletableFuture.runAsync(BackupTest::cancel, Thread::startVirtualThread).join();
          }
        });
  }

  private static void cancel() {
    try {
      FIRST.run(
          "select pg_cancel_backend(pid) from pg_stat_activity where query like"
              + " 'select * from shardforge.%'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- Damage ----

  @Test
  void damageIsToldBeforeAnythingIsChanged() throws Exception {
    bank("bk_bank");
    String backup =
        "select * from shardforge.backup(%s, databases => '{bk_bank}', incremental => %s)";
    query(FIRST, "bk_bank", backup.formatted(target("d"), false));
    run(FIRST, "bk_bank", "update account set balance = balance + 1");
    query(FIRST, "bk_bank", backup.formatted(target("d"), true));
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory.resolve("d"))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(8);
    String restore =
        "select * from shardforge.restore(" + target("d") + ", new_database => 'bk_copy')";
    String verify =
        "select count(*) from shardforge.verify_backup("
            + target("d")
            + ") where problem is not null";
    assertThat(query(FIRST, "bk_bank", verify)).containsExactly("0");
    Random random = new Random(5);
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      assertThat(failure(FIRST, "bk_bank", restore)).as("%s", file).startsWith("XX001");
      if (!file.endsWith("manifest")) {
        assertThat(query(FIRST, "bk_bank", verify)).as("%s", file).containsExactly("1");
      }
      if (!file.equals(files.getLast())) {
        // Without the newest manifest the newest backup is the one before.
        Files.delete(file);
        assertThat(failure(FIRST, "bk_bank", restore)).as("%s", file).startsWith("XX001");
      }
      Files.write(file, whole);
    }
    assertThat(query(FIRST, "bk_bank", "select 1 from pg_database where datname = 'bk_copy'"))
        .isEmpty();
    query(FIRST, "bk_bank", restore);
    assertThat(content(FIRST, "bk_copy")).isEqualTo(content(FIRST, "bk_bank"));
  }

  // ---- What is refused ----

  @Test
  void nothingIsOverwrittenAndWhatIsNotDoneIsNamed() throws Exception {
    FIRST.run("create database bk_small", "create role clerk login");
    run(FIRST, "bk_small", "create table t (id int)", "insert into t values (1)");
    Path key = directory.resolve("key");
    Files.write(key, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    String backup = "select * from shardforge.backup(";
    String restore = "select * from shardforge.restore(";
    query(
        FIRST, "bk_small", backup + target("x") + ", tables => '{t}', key_file => '" + key + "')");
    query(FIRST, "bk_small", backup + target("y") + ", databases => '{bk_small}')");
    String[][] refused = {
      {"42P07", restore + target("x") + ", key_file => '" + key + "')"},
      {"3F000", restore + target("x") + ", new_schema => 'no', key_file => '" + key + "')"},
      {"28P01", restore + target("x") + ")"},
      {"28P01", restore + target("x") + ", passphrase => 'no')"},
      {"42P01", restore + target("y") + ", tables => '{no}')"},
      {"3D000", restore + target("y") + ", database => 'no')"},
      {"42P04", restore + target("y") + ")"},
      {"58P01", restore + target("y") + ", backup => 'no')"},
      {"58P01", restore + target("z") + ")"},
      {"22023", restore + target("y") + ", at => now())"},
      {"22023", restore + target("y") + ", new_schema => 'no')"},
      {"0A000", backup + "'gs://bucket/path')"},
      {"22023", backup + "'relative')"},
      {"22023", backup + target("y") + ", passphrase => 'a', key_file => 'b')"},
      {"22023", backup + target("y") + ", passphrase => '')"},
      {"58P01", backup + target("y") + ", key_file => '/no/such/file')"},
      {"42P01", backup + target("y") + ", tables => '{no}')"},
      {"3D000", backup + target("y") + ", databases => '{no}')"},
      {"22023", backup + target("y") + ", databases => '{bk_small}', tables => '{t}')"},
    };
    for (String[] one : refused) {
      assertThat(failure(FIRST, "bk_small", one[1])).as("%s", one[1]).startsWith(one[0]);
    }
    for (String call :
        List.of(
            backup + target("y") + ")",
            restore + target("y") + ")",
            "select * from shardforge.backups(" + target("y") + ")",
            "select * from shardforge.verify_backup(" + target("y") + ")")) {
      try (Connection connection = FIRST.connectTo("bk_small");
          Statement statement = connection.createStatement()) {
        statement.execute("set role clerk");
        SQLException e = catchThrowableOfType(SQLException.class, () -> statement.execute(call));
        assertThat(e.getSQLState()).isEqualTo("42501");
      }
    }
    try (Connection connection = FIRST.connectTo("bk_small");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      SQLException e =
          catchThrowableOfType(
              SQLException.class, () -> statement.execute(backup + target("y") + ")"));
      assertThat(e.getSQLState()).isEqualTo("25001");
    }
    run(FIRST, "bk_small", "drop table t");
    query(FIRST, "bk_small", restore + target("x") + ", key_file => '" + key + "')");
    assertThat(query(FIRST, "bk_small", "select * from t")).containsExactly("1");
  }
}
