package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import io.shardforge.sql.session.AutoAnalyze;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ANALYZE finds out, by how many rows the planner expects. */
class StatisticsTest {
  private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

  /** Estimates of few rows may be off by some. */
  private static final double SMALL = 60;

  private static TestServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = TestServer.start();
    server.run(
        "create table items (id integer primary key, kind text, skew integer, price numeric(10,2),"
            + " day date, at timestamptz, maybe integer, flag boolean, same integer)",
        "insert into items select i, 'kind ' || i % 20, case when i % 10 < 7 then 1 else i end,"
            + " i * 0.25, date '2020-01-01' + i / 20, timestamptz '2020-01-01 00:00+00'"
            + " + i * interval '1 minute', case when i % 3 = 0 then i % 100 end, i % 50 = 0, 4"
            + " from generate_series(1, 20000) i",
        "create table parts (id integer primary key, item integer, size integer)",
        "insert into parts select i, i / 4, i % 10 from generate_series(1, 40000) i",
        "analyze");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from items where id = 77",
        "select * from items where id < 5000",
        "select * from items where id between 5000 and 6000",
        "select * from items where kind = 'kind 7'",
        "select * from items where kind in ('kind 7', 'kind 8', 'kind 9')",
        "select * from items where kind <> 'kind 7'",
        "select * from items where kind like '%1%'",
        "select * from items where upper(kind) = 'KIND 3'",
        "select * from items where skew = 1",
        "select * from items where skew <> 1",
        "select * from items where skew > 10000",
        "select * from items where price < 1000",
        "select * from items where price >= 4900.5",
        "select * from items where 1000 > price and price > 500",
        "select * from items where day >= date '2021-01-01' and day < date '2021-01-01' + interval '3 months'",
        "select * from items where at < timestamptz '2020-01-02 00:00+00'",
        "select * from items where maybe is null",
        "select * from items where maybe is not null",
        "select * from items where maybe = 33",
        "select * from items where coalesce(maybe, 0) = 0",
        "select * from items where flag",
        "select * from items where not flag",
        "select * from items where same = 4",
        "select * from items where same = 5",
        "select * from items where kind = 'kind 6' and skew = 1",
        "select * from items where kind = 'kind 7' or kind = 'kind 8'",
        "select * from items, parts where parts.item = items.id",
        "select * from items, parts where parts.item = items.id and items.kind = 'kind 7'",
        "select * from items, parts where parts.id = items.id and parts.size = 3",
        "select * from items a, items b where a.kind = b.kind",
        "select * from items where exists (select from parts where parts.item = items.id and size = 3)",
        "select kind, count(*) from items group by kind",
        "select kind, flag from items group by kind, flag",
        "select distinct size from parts",
      })
  void expectsAboutAsManyRowsAsThereAre(String query) throws SQLException {
    String plan = server.query("explain " + query).getFirst();
    Matcher rows = ROWS.matcher(plan);
    assertThat(rows.find()).as(plan).isTrue();
    double expected = Double.parseDouble(rows.group(1));
    double actual =
        Double.parseDouble(server.query("select count(*) from (" + query + ") q").getFirst());
    assertThat(expected)
        .as("%s: %s", query, plan)
        .isBetween(actual / 2.5 - SMALL, actual * 2.5 + SMALL);
  }

  @Test
  void chooseTheIndexThatFindsFewRows() throws SQLException {
    server.run(
        "create table choice (id integer primary key, common integer, rare integer, filler text)",
        "create index on choice (common)",
        "create index on choice (rare)",
        "insert into choice select i, i % 2, i, repeat('x', 50) from generate_series(1, 5000) i",
        "analyze choice");
    assertThat(server.query("explain select * from choice where common = 1 and rare = 7"))
        .anyMatch(line -> line.contains("choice_rare_idx"));
    assertThat(server.query("explain select * from choice where common = 1"))
        .anyMatch(line -> line.contains("Seq Scan"));
  }

  @Test
  void anewAfterChanges() throws SQLException {
    server.run(
        "create table changing (id integer primary key, v integer)",
        "insert into changing select i, 1 from generate_series(1, 3000) i",
        "analyze changing");
    assertThat(server.query("explain select * from changing where v = 2").getFirst())
        .contains("rows=1 ");
    server.run("update changing set v = 2", "analyze changing");
    assertThat(server.query("explain select * from changing where v = 2").getFirst())
        .contains("rows=3000 ");
  }

  @Test
  void tablesThatChangedMuchAreAnalyzedByThemselves() throws SQLException {
    AutoAnalyze analyze = server.sql().autoAnalyze();
    server.run(
        "create table \"By Itself\" (id integer primary key, v integer)",
        "insert into \"By Itself\" select i, i % 4 from generate_series(1, 50) i");
    analyze.pass();
    assertThat(rowsOf("\"By Itself\"")).isEqualTo("-1");
    server.run("insert into \"By Itself\" values (51, 1)");
    analyze.pass();
    assertThat(rowsOf("\"By Itself\"")).isEqualTo("51");
    server.run("insert into \"By Itself\" select i, 0 from generate_series(52, 2000) i");
    analyze.pass();
    assertThat(rowsOf("\"By Itself\"")).isEqualTo("2000");
    // Fifty rows and a tenth of the table.
    server.run("update \"By Itself\" set v = 1 where id <= 240");
    server.run("delete from \"By Itself\" where id <= 10");
    analyze.pass();
    assertThat(rowsOf("\"By Itself\"")).isEqualTo("2000");
    server.run("delete from \"By Itself\" where id = 11");
    analyze.pass();
    assertThat(rowsOf("\"By Itself\"")).isEqualTo("1989");
  }

  @Test
  void whatWasAnalyzedOtherwiseIsCountedAnew() throws SQLException {
    AutoAnalyze analyze = server.sql().autoAnalyze();
    server.run(
        "create table elsewhere (id integer primary key)",
        "insert into elsewhere select generate_series(1, 40)");
    analyze.pass();
    server.run("insert into elsewhere select generate_series(41, 90)", "analyze elsewhere");
    server.run("delete from elsewhere where id > 80");
    analyze.pass();
    assertThat(rowsOf("elsewhere")).isEqualTo("90");
  }

  private static String rowsOf(String table) throws SQLException {
    return server
        .query("select reltuples from pg_class where oid = '" + table + "'::regclass")
        .getFirst();
  }
}
