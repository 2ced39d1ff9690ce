package io.shardforge.sql.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.AbandonedRows;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schema changes with the real parser, planner, executor and transactions. */
class SchemaChangeTest {
  @TempDir private static Path directory;
  private TestDatabase database;
  private TestSession s;

  @BeforeEach
  void open() {
    database = new TestDatabase(directory);
    s = database.session();
  }

  @AfterEach
  void close() {
    s.close();
    database.close();
  }

  private void fails(String sql, String sqlState, String message) {
    assertThatExceptionOfType(ShardForgeException.class)
        .as(sql)
        .isThrownBy(() -> s.run(sql))
        .satisfies(e -> {
          assertThat(e.message()).isEqualTo(message);
          assertThat(e.code().sqlState()).isEqualTo(sqlState);
        });
  }

  @Test
  void tablesTakeRowsAndKeepTheirConstraints() {
    assertThat(
            s.run(
                "create table t (id serial primary key, v text default 'x' unique, n numeric(10,2)"
                    + " check (n > 0), constraint both_set check (v is not null or n is null))"))
        .containsExactly("CREATE TABLE");
    assertThat(s.run("insert into t (n) values (1.5) returning *")).containsExactly("1|x|1.50");
    assertThat(s.run("insert into t (v, n) values ('y', 2) returning id")).containsExactly("2");
    fails(
        "insert into t (n) values (3)",
        "23505",
        "duplicate key value violates unique constraint \"t_v_key\"");
    fails(
        "insert into t (v, n) values ('z', -1)",
        "23514",
        "new row for relation \"t\" violates check constraint \"t_n_check\"");
    fails("create table t (a int)", "42P07", "relation \"t\" already exists");
    s.run("create table if not exists t (a int)");
    assertThat(s.notices()).containsExactly("relation \"t\" already exists, skipping");
    fails("create table t_pkey (a int)", "42P07", "relation \"t_pkey\" already exists");
  }

  @Test
  void tablesWithoutAPrimaryKeyKeepRowsInOrder() {
    s.run("create table h (a int, b text)");
    s.run("insert into h values (1, 'a'), (1, 'a'), (2, 'b')");
    s.run("insert into h values (0, 'c')");
    assertThat(s.run("select * from h")).containsExactly("1|a", "1|a", "2|b", "0|c");
    s.run("update h set a = 5 where b = 'b'");
    s.run("delete from h where b = 'c'");
    assertThat(s.run("select * from h order by a")).containsExactly("1|a", "1|a", "5|b");
  }

  @Test
  void aPrimaryKeyCanBeAddedToALoadedTable() {
    s.run("create table a (aid int not null, bid int, filler char(4)) with (fillfactor=100)");
    s.run("insert into a select i, i % 7, 'f' from generate_series(1, 3000) as g(i)");
    s.run("create index a_bid on a (bid)");
    s.run("alter table a add primary key (aid)");
    assertThat(s.run("select count(*), sum(aid) from a")).containsExactly("3000|4501500");
    assertThat(s.run("select aid, filler from a where aid = 77")).containsExactly("77|f   ");
    assertThat(s.run("select count(*) from a where bid = 3")).containsExactly("429");
    fails(
        "insert into a values (77, 1, 'g')",
        "23505",
        "duplicate key value violates unique constraint \"a_pkey\"");
    s.run("alter table a drop constraint a_pkey");
    s.run("insert into a values (77, 1, 'g')");
    fails(
        "alter table a add primary key (aid)", "23505", "could not create unique index \"a_pkey\"");
    assertThat(s.run("select count(*) from a")).containsExactly("3001");
  }

  @Test
  void indexesAreBuiltForTheRowsThatAreThere() {
    s.run("create table t (id int primary key, v text, w int)");
    s.run("insert into t select i, 'v' || i, i / 2 from generate_series(1, 50) as g(i)");
    fails("create unique index on t (w)", "23505", "could not create unique index \"t_w_idx\"");
    s.run("create index on t (w desc, v)");
    s.run("create unique index t_v on t (v)");
    assertThat(s.run("select id from t where w = 10 order by id")).containsExactly("20", "21");
    fails(
        "insert into t values (51, 'v3', 0)",
        "23505",
        "duplicate key value violates unique constraint \"t_v\"");
    s.run("drop index t_v");
    s.run("insert into t values (51, 'v3', 0)");
    fails("drop index t_v", "42704", "index \"t_v\" does not exist");
    fails(
        "drop index t_pkey",
        "2BP01",
        "cannot drop index t_pkey because constraint t_pkey on table t requires it");
  }

  @Test
  void columnsComeAndGo() {
    s.run("create table t (id int primary key, v text)");
    s.run("insert into t values (1, 'a'), (2, 'b')");
    s.run("alter table t add column n int default 7 not null, add column m text");
    assertThat(s.run("select * from t order by id")).containsExactly("1|a|7|", "2|b|7|");
    s.run("alter table t drop column v");
    s.run("alter table t add column v int");
    assertThat(s.run("select id, n, m, v from t order by id")).containsExactly("1|7||", "2|7||");
    s.run("alter table t rename column n to k");
    s.run("alter table t alter column k type text using k || '!'");
    assertThat(s.run("select k from t where id = 1")).containsExactly("7!");
    fails(
        "alter table t alter column k type int",
        "42804",
        "column \"k\" cannot be cast automatically to type integer");
    fails(
        "alter table t alter column m set not null",
        "23502",
        "column \"m\" of relation \"t\" contains null values");
    s.run("update t set m = 'set'");
    s.run("alter table t alter column m set not null");
    fails(
        "insert into t (id, k) values (9, 'k')",
        "23502",
        "null value in column \"m\" of relation \"t\" violates not-null constraint");
    s.run("alter table t add constraint ids check (id < 100)");
    s.run("alter table t rename column id to key");
    fails(
        "insert into t values (100, 'k', 'm')",
        "23514",
        "new row for relation \"t\" violates check constraint \"ids\"");
    fails(
        "alter table t add constraint small check (key < 2)",
        "23514",
        "check constraint \"small\" of relation \"t\" is violated by some row");
  }

  private TableDescriptor tableT() {
    return (TableDescriptor)
        Objects.requireNonNull(s.snapshot().relation(List.of("public"), null, "t"));
  }

  @Test
  void constantsOfNewColumnsAreNotWritten() {
    s.run("create table t (id int primary key, v text)");
    s.run("insert into t values (1, 'a'), (2, 'b')");
    int rows = tableT().dataId();
    s.run(
        "alter table t add column n int default 7 not null, add column m text default 'x', add"
            + " column d numeric(6,2) default 1.5, add column e int default null");
    s.run("alter table t add column b boolean not null default true");
    assertThat(tableT().dataId()).as("where rows lie").isEqualTo(rows);
    assertThat(s.run("select * from t order by id"))
        .containsExactly("1|a|7|x|1.50||t", "2|b|7|x|1.50||t");
    s.run("alter table t alter column n set default 8");
    s.run("insert into t (id, m) values (3, null)");
    s.run("update t set v = 'c' where id = 2");
    s.run("create index t_n on t (n)");
    assertThat(s.run("select id, v, n, m, d from t order by id"))
        .containsExactly("1|a|7|x|1.50", "2|c|7|x|1.50", "3||8||1.50");
    assertThat(s.run("select id from t where n = 7 and m = 'x' order by id"))
        .containsExactly("1", "2");
    fails(
        "alter table t add constraint eight check (n = 8)",
        "23514",
        "check constraint \"eight\" of relation \"t\" is violated by some row");
    fails(
        "alter table t add column o int default 1 unique",
        "23505",
        "could not create unique index \"t_o_key\"");
    s.run("alter table t rename column n to k");
    s.run("alter table t alter column k drop not null, alter column m set default 'y'");
    assertThat(s.run("select k, m from t where id = 1")).containsExactly("7|x");
    assertThat(tableT().dataId()).isEqualTo(rows);
    // Written anew, rows have it all, and older ones are no more.
    s.run("alter table t alter column k type text using k || '!', add column z int default 5");
    assertThat(tableT().dataId()).isNotEqualTo(rows);
    assertThat(tableT().columns()).allMatch(column -> column.missing() == null);
    assertThat(s.run("select id, k, m, d, z from t order by id"))
        .containsExactly("1|7!|x|1.50|5", "2|7!|x|1.50|5", "3|8!||1.50|5");
    s.run("alter table t drop column z, add column z int default 6");
    assertThat(s.run("select z from t where id = 1")).containsExactly("6");
    s.run("alter table t add column r float8 default random()");
    assertThat(s.run("select count(r) from t")).containsExactly("3");
  }

  @Test
  void validatingStopsNoWriters() {
    s.run("create table p (id int primary key); insert into p values (1), (2), (3)");
    s.run("create table t (id int primary key, p int, n int)");
    s.run("insert into t values (1, 1, 5), (2, 9, -1)");
    s.run(
        "alter table t add constraint positive check (n > 0) not valid,"
            + " add constraint parent foreign key (p) references p not valid");
    try (TestSession other = database.session()) {
      other.begin(Isolation.READ_COMMITTED);
      other.run("insert into t values (3, 3, 1)");
      fails(
          "alter table t validate constraint positive",
          "23514",
          "check constraint \"positive\" of relation \"t\" is violated by some row");
      fails(
          "alter table t validate constraint parent",
          "23503",
          "insert or update on table \"t\" violates foreign key constraint \"parent\"");
      s.run("update t set n = 1, p = 2 where id = 2");
      s.run("alter table t validate constraint positive, validate constraint parent");
      // A change that puts up a floor would make this fail.
      other.commit();
    }
    assertThat(s.run("select id from t order by id")).containsExactly("1", "2", "3");
    assertThat(
            s.run(
                "select conname, convalidated from pg_constraint where conrelid = 't'::regclass and"
                    + " contype <> 'p' order by 1"))
        .containsExactly("parent|t", "positive|t");
    // What this transaction has made is not in force for others yet.
    s.begin(Isolation.READ_COMMITTED);
    s.run("alter table t add constraint small check (n < 6) not valid");
    s.run("alter table t validate constraint small");
    s.commit();
    fails(
        "insert into t values (4, 1, 7)",
        "23514",
        "new row for relation \"t\" violates check constraint \"small\"");
  }

  @Test
  void identityAndSequences() {
    s.run(
        "create table t (id int generated always as identity (start with 10 increment by 5), v"
            + " int)");
    assertThat(s.run("insert into t (v) values (1), (2) returning id")).containsExactly("10", "15");
    s.run("create sequence q start 3 maxvalue 4");
    assertThat(s.run("select nextval('q')")).containsExactly("3");
    assertThat(s.run("select nextval('q'), currval('q'), lastval()")).containsExactly("4|4|4");
    fails("select nextval('q')", "2200H", "nextval: reached maximum value of sequence \"q\" (4)");
    s.run("alter sequence q maxvalue 100 restart with 50");
    assertThat(s.run("select nextval('q')")).containsExactly("50");
    assertThat(s.run("select setval('q', 60)")).containsExactly("60");
    assertThat(s.run("select nextval('q')")).containsExactly("61");
    s.run("create table u (a int default nextval('q'))");
    fails("drop sequence q", "2BP01", "cannot drop sequence q because other objects depend on it");
    s.run("alter sequence q rename to q2");
    assertThat(s.run("insert into u default values returning a")).containsExactly("62");
    s.run("drop sequence q2 cascade");
    assertThat(s.run("insert into u default values returning a")).containsExactly("");
    s.run("truncate t restart identity");
    assertThat(s.run("insert into t (v) values (1) returning id")).containsExactly("10");
  }

  @Test
  void aTransactionSeesItsOwnChangesAndOthersDoNot() {
    TestSession other = database.session();
    s.begin(Isolation.READ_COMMITTED);
    s.run("create table t (id int primary key)");
    s.run("insert into t values (1)");
    s.run("alter table t add column v int default 5");
    s.run("create index on t (v)");
    assertThat(s.run("select id from t where v = 5")).containsExactly("1");
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> other.run("select * from t"));
    s.rollback();
    fails("select * from t", "42P01", "relation \"t\" does not exist");
    s.begin(Isolation.READ_COMMITTED);
    s.run("create table t (id int primary key)");
    s.run("drop table t");
    s.run("create table t (other text)");
    s.commit();
    other.run("insert into t values ('seen')");
    assertThat(other.run("select * from t")).containsExactly("seen");
  }

  @Test
  void truncateAndDrop() {
    s.run("create table a (id int primary key); create table b (id int)");
    s.run("insert into a values (1); insert into b values (1)");
    s.run("truncate table a, b");
    assertThat(s.run("select count(*) from a")).containsExactly("0");
    s.run("insert into a values (1)");
    s.run("drop table if exists a, nothere, b");
    assertThat(s.notices()).containsExactly("table \"nothere\" does not exist, skipping");
    fails("drop table a", "42P01", "table \"a\" does not exist");
    s.run("create schema z; create table z.t (id serial)");
    fails("drop schema z", "2BP01", "cannot drop schema z because other objects depend on it");
    s.run("drop schema z cascade");
    fails("create table z.t (a int)", "3F000", "schema \"z\" does not exist");
  }

  @Test
  void queriesBecomeTables() {
    assertThat(s.run("create table t (i, w) as select g, g * 2 from generate_series(1, 5) as x(g)"))
        .containsExactly("SELECT 5");
    assertThat(s.run("select * from t where i = 3")).containsExactly("3|6");
    assertThat(s.run("select i into u from t where i > 3")).containsExactly("SELECT 2");
    s.run("create table l (like t including all, extra text)");
    assertThat(s.run("insert into l values (1, 2, 'e') returning *")).containsExactly("1|2|e");
  }

  @Test
  void whatIsNotBuiltIsRefusedByName() {
    s.run("create table t (id int primary key)");
    for (String sql :
        List.of(
            "create table x (a int) partition by range (a)",
            "create index on t using gist (id)",
            "alter table t enable row level security",
            "grant execute on function now() to postgres",
            "create materialized view v as select 1",
            "create trigger x before insert on t for each row execute function f()")) {
      assertThatExceptionOfType(ShardForgeException.class)
          .as(sql)
          .isThrownBy(() -> s.run(sql))
          .satisfies(e -> {
            assertThat(e.code().sqlState()).isEqualTo("0A000");
            assertThat(e.message()).endsWith("is not supported");
          });
    }
  }

  @Test
  void writesPlannedOnAnOlderVersionAreRefused() {
    s.run("create table t (id int primary key, v int)");
    TestSession writer = database.session();
    writer.begin(Isolation.READ_COMMITTED);
    writer.run("select 1");
    // Planned, and its row buffered, before the index exists; committed after.
    writer.run("insert into t values (1, 1)");
    CompletableFuture<List<String>> change =
        CompletableFuture.supplyAsync(() -> database.session().run("create index on t (v)"));
    change.orTimeout(30, TimeUnit.SECONDS).join();
    assertThatExceptionOfType(KvException.class)
        .isThrownBy(writer::commit)
        .satisfies(e -> assertThat(e.error()).isInstanceOf(KvError.SchemaChanged.class));
    writer.rollback();
    s.run("insert into t values (1, 1)");
    assertThat(s.run("select id from t where v = 1")).containsExactly("1");
  }

  @Test
  void aRolledBackChangeStopsNobody() {
    s.run("create table t (id int primary key, v int)");
    TestSession changer = database.session();
    changer.begin(Isolation.READ_COMMITTED);
    changer.run("create index on t (v)");
    changer.rollback();
    s.run("insert into t values (1, 1)");
    s.run("alter table t add column w int");
    assertThat(s.run("select * from t")).containsExactly("1|1|");
  }

  @Test
  void twoChangesOfOneTableFollowEachOther() {
    s.run("create table t (id int primary key)");
    List<CompletableFuture<List<String>>> changes =
        List.of("a", "b", "c").stream()
            .map(name ->
                CompletableFuture.supplyAsync(
                    () -> database.session().run("alter table t add column " + name + " int")))
            .toList();
    changes.forEach(change -> change.orTimeout(30, TimeUnit.SECONDS).join());
    CatalogSnapshot newest = database.catalog().newest(SystemOids.DATABASE_SHARDFORGE);
    assertThat(newest.tables())
        .singleElement()
        .satisfies(table -> {
          assertThat(table.visibleColumns()).hasSize(4);
          assertThat(table.version()).isEqualTo(4);
        });
  }

  @Test
  void rolesAndPrivileges() {
    s.run("create table t (id int primary key)");
    s.run("create role bob login password 'secret'; create role grp; grant grp to bob");
    s.become("bob");
    fails("drop table t", "42501", "must be owner of table t");
    fails("create table u (a int)", "42501", "permission denied for schema public");
    fails("create role eve", "42501", "permission denied to create role");
    s.become("shardforge");
    s.run("grant create on schema public to grp; grant truncate on t to bob");
    s.become("bob");
    s.run("create table u (a int); truncate t");
    s.run("insert into u values (1)");
    fails("select * from t", "42501", "permission denied for table t");
    fails("select (select count(*) from t)", "42501", "permission denied for table t");
    fails("insert into t values (1)", "42501", "permission denied for table t");
    fails("select * from pg_authid", "42501", "permission denied for table pg_authid");
    s.become("shardforge");
    s.run("grant select, insert on t to grp");
    s.become("bob");
    s.run("insert into t values (1)");
    assertThat(s.run("select * from t")).containsExactly("1");
    fails("delete from t", "42501", "permission denied for table t");
    s.become("shardforge");
    fails(
        "drop role bob",
        "2BP01",
        "role \"bob\" cannot be dropped because some objects depend on it");
    s.run("drop table u; revoke all on t from bob, grp; drop role bob");
    assertThat(s.run("select rolname from pg_roles where rolname !~ '^pg_' order by 1"))
        .containsExactly("grp", "postgres", "shardforge");
    s.run("create database d");
    fails("create database d", "42P04", "database \"d\" already exists");
    s.run("drop database d");
    fails("drop database d", "3D000", "database \"d\" does not exist");
    fails("drop database shardforge", "55006", "cannot drop the currently open database");
  }

  @Test
  void rowsThatNoTableHasAnyMoreAreKnownAsGarbage() {
    s.run("create table kept (id int primary key, a int, b int unique)");
    s.run("insert into kept select i, i, i from generate_series(1, 10) i");
    s.run("create index kept_a on kept (a)");
    assertThat(garbage()).isEmpty();
    s.run("drop index kept_a");
    assertThat(garbage()).hasSize(1);
    s.run("create index kept_a on kept (a)");
    s.run("alter table kept drop column a");
    assertThat(garbage()).hasSize(2);
    s.run("alter table kept drop constraint kept_b_key");
    assertThat(garbage()).hasSize(3);
    s.run("create index kept_b on kept (b)");
    s.run("alter table kept add column c float8 default random()");
    assertThat(garbage()).hasSize(4);
    s.run("create table gone (id int primary key, a int)");
    s.run("create index gone_a on gone (a)");
    s.run("insert into gone values (1, 1)");
    s.run("truncate gone");
    s.run("insert into gone values (2, 2)");
    s.run("drop table gone");
    assertThat(garbage()).hasSize(6);
    assertThat(keysWithoutAnOwner()).isEmpty();
    assertThat(s.run("select id, b, c from kept where b = 7")).containsExactly("7|7|0.5");
  }

  private List<AbandonedRows> garbage() {
    return database.catalog().garbage().rows();
  }

  /** Keys of users' data that belong to no index of a table, and are not known as garbage. */
  private List<String> keysWithoutAnOwner() {
    List<KeySpan> owned = new ArrayList<>();
    garbage().forEach(rows -> owned.add(rows.span()));
    Txn txn = database.transactions().begin(Isolation.REPEATABLE_READ, true);
    try {
      txn.beginStatement(Deadline.never(), Duration.ZERO);
      for (TableDescriptor table : s.snapshot().tables()) {
        for (IndexDescriptor index : table.indexes()) {
          owned.add(KeySpace.indexSpan(table.dataId(), index.number()));
        }
      }
      List<String> keys = new ArrayList<>();
      try (KvCursor cursor = txn.scan(KeySpace.dataSpan(), false, 0)) {
        for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
          for (int i = 0; i < page.rows(); i++) {
            byte[] key = page.key(i);
            if (owned.stream().noneMatch(span -> span.contains(key))) {
              keys.add(Bytes.toHex(key));
            }
          }
        }
      }
      return keys;
    } finally {
      txn.rollback();
    }
  }
}
