package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.server.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Tables that are cut by a hash of their key, as clients make and see them. */
final class HashTableTest {
  private static final TestServer SERVER = TestServer.start();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static ServerErrorMessage error(String sql) {
    PSQLException e = catchThrowableOfType(PSQLException.class, () -> SERVER.run(sql));
    return Objects.requireNonNull(e.getServerErrorMessage());
  }

  /** Where shards of a table begin. */
  private static List<String> borders(String table) throws SQLException {
    return SERVER.query(
        "select first_key from shardforge.shards where first_key like 'table "
            + table
            + "%' order by shard_id");
  }

  @Test
  void aTableIsCutBeforeItsFirstRow() throws SQLException {
    SERVER.run("create table cut (id bigint primary key) with (sharding = 'hash', shards = 4)");
    assertThat(borders("cut"))
        .containsExactly(
            "table cut",
            "table cut slot 16384",
            "table cut slot 32768",
            "table cut slot 49152",
            "table cut");
    SERVER.run("create table fresh with (sharding = hash, shards = 2) as select 1 as a");
    assertThat(borders("fresh")).contains("table fresh slot 32768");
    SERVER.run("truncate fresh");
    assertThat(borders("fresh"))
        .containsExactly("table fresh", "table fresh slot 32768", "table fresh");
    assertThat(SERVER.query("select count(*) from fresh")).containsExactly("0");
  }

  @Test
  void aTableThatWasRolledBackIsNotCut() throws SQLException {
    String shards = "select count(*) from shardforge.shards";
    String before = SERVER.query(shards).getFirst();
    SERVER.run(
        "begin",
        "create table gone (id int primary key) with (sharding = hash, shards = 8)",
        "insert into gone values (1), (2)",
        "rollback");
    assertThat(SERVER.query(shards)).containsExactly(before);
    SERVER.run(
        "begin",
        "create table kept (id int primary key) with (sharding = hash, shards = 8)",
        "savepoint s",
        "create table undone (id int primary key) with (sharding = hash, shards = 8)",
        "rollback to s",
        "insert into kept values (1), (2)",
        "commit");
    assertThat(borders("kept")).hasSize(9);
    assertThat(SERVER.query("select id from kept order by 1")).containsExactly("1", "2");
  }

  @Test
  void sequentialKeysLieInAllArcs() throws SQLException {
    SERVER.run(
        "create table events (id bigserial primary key, at timestamp)"
            + " with (sharding = 'hash', shards = 16)",
        "insert into events (at) select timestamp '2026-01-01' + i * interval '1 second'"
            + " from generate_series(1, 8000) i");
    List<Long> entries = new ArrayList<>();
    for (String count :
        SERVER.query(
            "select entries from shardforge.verify_table('events')"
                + " where relation = 'events_pkey' and shard_id is not null")) {
      entries.add(Long.valueOf(count));
    }
    assertThat(entries).hasSize(16);
    assertThat(entries.stream().mapToLong(Long::longValue).sum()).isEqualTo(8000);
    double mean = 8000 / 16.0;
    double chiSquare = entries.stream().mapToDouble(n -> (n - mean) * (n - mean) / mean).sum();
    // With 15 degrees of freedom more than 37.7 has a probability of 0.001.
    assertThat(chiSquare).isLessThan(37.7);
  }

  @Test
  void plansKnowThatRowsAreNotInKeyOrder() throws SQLException {
    SERVER.run(
        "create table p (a int, b text, c int, primary key (a, b))"
            + " with (sharding = 'hash', shards = 16)",
        "create index p_c on p (c)",
        "insert into p select i, 'b' || i % 3, i % 10 from generate_series(1, 50) i",
        "create table o (x int)",
        "insert into o values (1), (2)");
    assertThat(SERVER.query("explain (costs off) select * from p where a = 1 and b = 'b1'"))
        .containsExactly(
            "Index Scan using p_pkey on p",
            "  Index Cond: ((a = 1) AND (b = 'b1'::text))",
            "  Hash Slot: of the key, in 1 of 16 arcs");
    assertThat(SERVER.query("explain (costs off) select * from p where a in (1, 2) and b = 'b1'"))
        .contains("  Hash Slot: of the key, in up to 2 of 16 arcs");
    assertThat(SERVER.query("explain (costs off) select * from p where a = 1"))
        .containsExactly("Seq Scan on p", "  Hash Arcs: all 16", "  Filter: (a = 1)");
    assertThat(SERVER.query("explain (costs off) select * from p where a between 1 and 3"))
        .contains("Seq Scan on p", "  Hash Arcs: all 16");
    assertThat(SERVER.query("explain (costs off) select * from p order by a, b limit 3"))
        .contains("              Hash Arcs: all 16")
        .anyMatch(line -> line.contains("Sort"));
    assertThat(SERVER.query("select a from p order by a, b limit 3"))
        .containsExactly("1", "2", "3");
    assertThat(SERVER.query("select a from p order by a desc, b limit 3"))
        .containsExactly("50", "49", "48");
    assertThat(SERVER.query("explain (costs off) select * from p where c = 1"))
        .contains("Index Only Scan using p_c on p");
    assertThat(SERVER.query("select a from p where c = 1 order by a"))
        .containsExactly("1", "11", "21", "31", "41");
    assertThat(SERVER.query("select a from o join p on p.a = o.x order by 1"))
        .containsExactly("1", "2");
    assertThat(SERVER.query("select a from o join p on p.a = o.x and p.b = 'b' || o.x order by 1"))
        .containsExactly("1", "2");
    assertThat(SERVER.query("select min(a) || ' ' || max(a) from p")).containsExactly("1 50");
  }

  @Test
  void joinsLookUpWholeKeysOnly() throws SQLException {
    SERVER.run(
        "create table j (a int, b int, c int, primary key (a, b))"
            + " with (sharding = 'hash', shards = 4)",
        "insert into j select i, i % 7, i from generate_series(1, 4000) i",
        "create table few (x int, y int)",
        "insert into few values (8, 1), (17, 3), (18, 5)",
        "analyze j",
        "analyze few");
    String part = "select c from few join j on j.a = few.x order by c";
    assertThat(SERVER.query(part)).containsExactly("8", "17", "18");
    assertThat(SERVER.query("explain (costs off) " + part))
        .noneMatch(line -> line.contains("Index Lookup"));
    String whole = "select c from few join j on j.a = few.x and j.b = few.y order by c";
    assertThat(SERVER.query(whole)).containsExactly("8", "17");
    assertThat(SERVER.query("explain (costs off) " + whole))
        .anyMatch(line -> line.contains("Index Lookup Join using j_pkey on j"))
        .anyMatch(line -> line.contains("Hash Slot: of each key, of 4 arcs"));
  }

  @Test
  void anotherNumberOfArcsMovesNoRow() throws SQLException {
    SERVER.run(
        "create table more (id int primary key) with (sharding = 'hash', shards = 2)",
        "insert into more select generate_series(1, 100)",
        "alter table more set (shards = 8)");
    assertThat(borders("more")).hasSize(9);
    assertThat(SERVER.query("select reloptions from pg_class where relname = 'more'"))
        .containsExactly("{sharding=hash,shards=8}");
    assertThat(SERVER.query("select count(*) from more where id in (5, 17, 99, 101)"))
        .containsExactly("3");
    assertThat(
            SERVER.query(
                "select problem from shardforge.verify_table('more') where problem is not null"))
        .isEmpty();
  }

  @Test
  void aTableIsCutByHashOrNoLonger() throws SQLException {
    SERVER.run(
        "create table turned (id int primary key, note text)",
        "create index on turned (note)",
        "insert into turned select i, 'n' || i from generate_series(1, 100) i",
        "alter table turned set (sharding = 'hash', shards = 4)");
    String sum = "select sum(id) || ' ' || count(distinct note) from turned";
    assertThat(borders("turned")).hasSize(5);
    assertThat(SERVER.query(sum)).containsExactly("5050 100");
    assertThat(SERVER.query("select id from turned where note = 'n77'")).containsExactly("77");
    SERVER.run("update turned set note = 'x' where id = 50");
    SERVER.run("alter table turned reset (sharding)");
    assertThat(SERVER.query("select reloptions is null from pg_class where relname = 'turned'"))
        .containsExactly("t");
    assertThat(SERVER.query(sum)).containsExactly("5050 100");
    assertThat(SERVER.query("explain (costs off) select * from turned where id < 5"))
        .contains("Index Scan using turned_pkey on turned");
    assertThat(SERVER.query("select note from turned where id = 50")).containsExactly("x");
  }

  @Test
  void primaryKeysComeAndGo() throws SQLException {
    SERVER.run(
        "create table keyless (a int, b text) with (sharding = 'hash', shards = 4)",
        "create index on keyless (b)",
        "insert into keyless select i, 'b' || i from generate_series(1, 40) i");
    assertThat(SERVER.query("select a from keyless where b = 'b7'")).containsExactly("7");
    SERVER.run("alter table keyless add primary key (a)");
    assertThat(SERVER.query("explain (costs off) select b from keyless where a = 7"))
        .contains("  Hash Slot: of the key, in 1 of 4 arcs");
    assertThat(SERVER.query("select b from keyless where a = 7")).containsExactly("b7");
    assertThat(error("insert into keyless values (7, 'x')").getSQLState()).isEqualTo("23505");
    SERVER.run(
        "alter table keyless drop constraint keyless_pkey", "insert into keyless values (7, 'x')");
    assertThat(SERVER.query("select b from keyless where a = 7 order by 1"))
        .containsExactly("b7", "x");
    SERVER.run("alter table keyless add column c numeric default 1.5");
    SERVER.run("alter table keyless alter column a type numeric");
    assertThat(SERVER.query("select sum(a * c) from keyless")).containsExactly("1240.5");
    assertThat(
            SERVER.query(
                "select problem from shardforge.verify_table('keyless') where problem is not null"))
        .isEmpty();
  }

  @Test
  void arcsAreSplitAndMergedByKeys() throws SQLException {
    SERVER.run(
        "create table s (a int, b int, primary key (a, b)) with (sharding = 'hash', shards = 2)",
        "insert into s select i, i from generate_series(1, 500) i");
    assertThat(error("select shardforge.split_at('s', 7)").getSQLState()).isEqualTo("22023");
    assertThat(error("select shardforge.split_at('s', 7)").getHint()).isNotEmpty();
    SERVER.run("select shardforge.split_at('s', 7, 7)");
    assertThat(borders("s")).hasSize(4).anyMatch(border -> border.contains(" key "));
    assertThat(SERVER.query("select count(*) || ' ' || sum(a) from s"))
        .containsExactly("500 125250");
    assertThat(SERVER.query("select b from s where a = 7 and b = 7")).containsExactly("7");
    SERVER.run("select shardforge.merge_at('s', 7, 7)");
    assertThat(borders("s")).hasSize(3);
    assertThat(SERVER.query("select count(*) || ' ' || sum(a) from s"))
        .containsExactly("500 125250");
    assertThat(
            SERVER.query(
                "select problem from shardforge.verify_table('s') where problem is not null"))
        .isEmpty();
  }

  @Test
  void theCatalogShowsWhatWasAskedFor() throws SQLException {
    SERVER.run(
        "create table shown (id int primary key) with"
            + " (shards = '12', fillfactor = 70, sharding = 'hash', replication_factor = 3)");
    assertThat(
            SERVER.query(
                "select array_to_string(reloptions, ', ') from pg_class where relname = 'shown'"))
        .containsExactly("replication_factor=3, sharding=hash, shards=12, fillfactor=70");
    assertThat(SERVER.query("select attname from pg_attribute where attrelid = 'shown'::regclass"))
        .containsExactly("id");
    assertThat(
            SERVER.query(
                "select pg_get_constraintdef(oid) from pg_constraint where conname = 'shown_pkey'"))
        .containsExactly("PRIMARY KEY (id)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sharding = 'hash', shards = 0; value 0 out of bounds for option \"shards\"",
        "sharding = 'hash', shards = 257; value 257 out of bounds for option \"shards\"",
        "sharding = 'hash', shards = -1; value -1 out of bounds for option \"shards\"",
        "shards = 4; parameter \"shards\" is of tables that are cut by hash",
        "sharding = 'list'; invalid value for enum option \"sharding\": list",
        "sharding; invalid value for enum option \"sharding\": true"
      })
  void wrongValuesAreRefused(String options, String message) throws SQLException {
    for (String sql :
        List.of(
            "create table wrong (id int primary key) with (" + options + ")",
            "create table wrong with (" + options + ") as select 1 as id")) {
      ServerErrorMessage error = error(sql);
      assertThat(error.getSQLState()).isEqualTo("22023");
      assertThat(error.getMessage()).isEqualTo(message);
      assertThat(error.getHint()).isNotEmpty();
    }
    assertThat(SERVER.query("select to_regclass('wrong') is null")).containsExactly("t");
  }

  @Test
  void indexesAreInKeyOrder() throws SQLException {
    SERVER.run("create table plain (id int primary key, v int)");
    for (String sql :
        List.of(
            "create index on plain (v) with (sharding = 'hash')",
            "alter table plain add unique (v) with (sharding = 'hash', shards = 4)",
            "alter index plain_pkey set (shards = 4)")) {
      assertThat(error(sql).getSQLState()).as(sql).isEqualTo("0A000");
      assertThat(error(sql).getMessage()).contains("of an index is not supported");
    }
    assertThat(error("alter table plain set (shards = 4)").getSQLState()).isEqualTo("22023");
  }
}
