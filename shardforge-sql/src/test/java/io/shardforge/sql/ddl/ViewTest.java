package io.shardforge.sql.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views: what they mean later, who may read them, what may not be dropped under them. */
class ViewTest {
  @TempDir private static Path directory;
  private TestDatabase database;
  private TestSession s;

  @BeforeEach
  void open() {
    database = new TestDatabase(directory);
    s = database.session();
    s.run("create table t (id int primary key, v text)");
    s.run("insert into t values (1, 'a'), (2, 'b')");
  }

  @AfterEach
  void close() {
    s.close();
    database.close();
  }

  private void fails(TestSession session, String sql, String sqlState, String message) {
    assertThatExceptionOfType(ShardForgeException.class)
        .as(sql)
        .isThrownBy(() -> session.run(sql))
        .satisfies(e -> {
          assertThat(e.message()).isEqualTo(message);
          assertThat(e.code().sqlState()).isEqualTo(sqlState);
        });
  }

  private String definition(String view) {
    return s.run("select pg_get_viewdef('" + view + "'::regclass)").getFirst();
  }

  @Test
  void definitionsFollowTheNamesOfWhatTheyRead() {
    s.run("create view w as select * from t where v <> 'x' order by id");
    assertThat(definition("w")).isEqualTo(" SELECT t.id, t.v FROM t WHERE v <> 'x' ORDER BY id;");
    s.run("alter table t rename column v to value");
    s.run("alter table t rename to u");
    s.run("alter table u add column v int");
    assertThat(definition("w"))
        .isEqualTo(" SELECT t.id, t.v FROM u t(id, v, \"?column3?\") WHERE v <> 'x' ORDER BY id;");
    assertThat(s.run("select * from w")).containsExactly("1|a", "2|b");
    s.run("create schema s");
    s.run("alter table u set schema s");
    assertThat(definition("w")).contains("FROM s.u t(id, v, \"?column3?\")");
  }

  @Test
  void definitionsGiveTheNamesOfTheColumns() {
    s.run("create view w (a, b) as select id, v from t");
    assertThat(definition("w")).isEqualTo(" SELECT id AS a, v AS b FROM t;");
    s.run("create view g (k, n) as select v, count(*) from t group by v");
    assertThat(definition("g"))
        .isEqualTo(" SELECT k, n FROM (SELECT v, count(*) FROM t GROUP BY v) named(k, n);");
    s.run("alter view w rename column b to c");
    assertThat(definition("w")).isEqualTo(" SELECT id AS a, v AS c FROM t;");
    for (String view : List.of("w", "g")) {
      s.run("create view copy_of_" + view + " as" + definition(view).replace(";", ""));
      assertThat(s.run("select * from copy_of_" + view + " order by 1"))
          .isEqualTo(s.run("select * from " + view + " order by 1"));
    }
  }

  @Test
  void relationsAreReadWithTheOwnersRights() {
    s.run("create role reader");
    s.run("create view w as select v from t");
    s.run("create view direct with (security_invoker) as select v from t");
    TestSession reader = database.session();
    reader.become("reader");
    fails(reader, "select * from w", "42501", "permission denied for view w");
    s.run("grant select on w, direct to reader");
    assertThat(reader.run("select * from w order by v")).containsExactly("a", "b");
    fails(reader, "select * from t", "42501", "permission denied for table t");
    fails(reader, "select * from direct", "42501", "permission denied for table t");
    s.run("grant select on t to reader");
    assertThat(reader.run("select * from direct order by v")).containsExactly("a", "b");
    s.run("create role owner");
    s.run("alter view w owner to owner");
    fails(reader, "select * from w", "42501", "permission denied for table t");
    reader.close();
  }

  @Test
  void aViewThatIsBeingMadeIsSeenByTheDropThatWaitsForIt() throws Exception {
    s.begin(Isolation.READ_COMMITTED);
    s.run("create view w as select v from t");
    TestSession other = database.session();
    CompletableFuture<String> dropped =
        CompletableFuture.supplyAsync(() -> {
          try {
            return other.run("drop table t").getFirst();
          } catch (ShardForgeException e) {
            return e.message();
          }
        });
    s.commit();
    assertThat(dropped.get(10, TimeUnit.SECONDS))
        .isEqualTo("cannot drop table t because other objects depend on it");
    assertThat(s.run("select * from w order by v")).containsExactly("a", "b");
    other.close();
  }

  @Test
  void aTransactionReadsTheViewAsOfItsSnapshot() {
    s.run("create view w as select v from t");
    TestSession old = database.session();
    old.begin(Isolation.REPEATABLE_READ);
    assertThat(old.run("select * from w order by v")).containsExactly("a", "b");
    s.run("create or replace view w as select upper(v) as v from t");
    assertThat(old.run("select * from w order by v")).containsExactly("a", "b");
    old.commit();
    assertThat(old.run("select * from w order by v")).containsExactly("A", "B");
    old.close();
  }

  @Test
  void whatCannotBeKeptIsRefusedByItsName() {
    fails(
        s,
        "create view w as select id, v from t group by id",
        "0A000",
        "a view of columns that follow from the key grouped by is not supported yet");
    fails(s, "create view w as select $1::int", "42P02", "there is no parameter $1");
  }
}
