package io.shardforge.sql.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.proto.AlterTableType;
import io.shardforge.sql.parse.proto.ObjectType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements are refused by the names that they have in SQL. */
class GrammarWordsTest {
  private static ExecutorService executor;
  private static SqlParser parser;

  @BeforeAll
  static void start() {
    executor =
        Executors.newSingleThreadExecutor(
            work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
    parser = new SqlParser(NativeParser.locate(), executor);
  }

  @AfterAll
  static void stop() {
    executor.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "CREATE ACCESS METHOD; create access method a type table handler h",
        "CREATE AGGREGATE; create aggregate a (int) (sfunc = f, stype = int)",
        "CREATE COLLATION; create collation c (locale = 'C')",
        "CREATE EVENT TRIGGER; create event trigger e on ddl_command_start execute function f()",
        "CREATE FOREIGN DATA WRAPPER; create foreign data wrapper w",
        "CREATE OPERATOR; create operator === (leftarg = int, function = f)",
        "CREATE OPERATOR CLASS; create operator class o for type int using btree as operator 1 <",
        "CREATE OPERATOR FAMILY; create operator family f using btree",
        "CREATE PROCEDURE; create procedure p() language sql as ''",
        "CREATE RULE; create rule r as on insert to t do nothing",
        "CREATE SERVER; create server s foreign data wrapper w",
        "CREATE TEXT SEARCH DICTIONARY; create text search dictionary d (template = x)",
        "CREATE TRIGGER; create trigger t before insert on t execute function f()",
        "CREATE TYPE; create type t as (a int)",
        "CREATE TYPE; create type t as range (subtype = int)",
        "CREATE TYPE; create type t",
        "ALTER DATABASE ... REFRESH COLLATION VERSION; alter database d refresh collation version",
        "ALTER EVENT TRIGGER; alter event trigger e disable",
        "ALTER EXTENSION; alter extension e add table t",
        "ALTER FOREIGN DATA WRAPPER; alter foreign data wrapper w options (a 'b')",
        "ALTER INDEX ... DEPENDS ON EXTENSION; alter index i depends on extension e",
        "ALTER OPERATOR FAMILY; alter operator family o using btree add operator 1 < (int, int)",
        "ALTER PROCEDURE; alter procedure p() security definer",
        "ALTER STATISTICS; alter statistics s set statistics 10",
        "ALTER TABLE ALL IN TABLESPACE; alter table all in tablespace a set tablespace b",
        "ALTER TABLESPACE; alter tablespace t set (seq_page_cost = 1)",
        "ALTER TEXT SEARCH CONFIGURATION; alter text search configuration c add mapping for w with d",
        "CHECKPOINT; checkpoint",
        "REFRESH MATERIALIZED VIEW; refresh materialized view m",
        "SECURITY LABEL; security label on table t is 'x'"
      })
  void statements(String name, String sql) {
    assertThat(GrammarWords.of(parser.parse(sql).getFirst().node())).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "OBJECT_FDW, FOREIGN DATA WRAPPER",
    "OBJECT_LARGEOBJECT, LARGE OBJECT",
    "OBJECT_MATVIEW, MATERIALIZED VIEW",
    "OBJECT_OPFAMILY, OPERATOR FAMILY",
    "OBJECT_STATISTIC_EXT, STATISTICS",
    "OBJECT_TABLE, TABLE",
    "OBJECT_TSPARSER, TEXT SEARCH PARSER"
  })
  void objects(ObjectType type, String words) {
    assertThat(GrammarWords.of(type)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "AT_DropInherit, NO INHERIT",
    "AT_EnableAlwaysTrig, ENABLE ALWAYS TRIGGER",
    "AT_ForceRowSecurity, FORCE ROW LEVEL SECURITY",
    "AT_SetLogged, SET LOGGED"
  })
  void actions(AlterTableType action, String words) {
    assertThat(GrammarWords.of(action)).isEqualTo(words);
  }
}
