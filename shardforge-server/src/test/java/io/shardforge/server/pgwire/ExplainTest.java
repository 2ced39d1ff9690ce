package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What EXPLAIN tells of an execution. */
class ExplainTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = TestServer.start();
    server.run(
        "create table orders (id int primary key, customer int, total numeric)",
        "create index orders_customer on orders (customer)",
        "insert into orders select i, i % 10, i from generate_series(1, 1000) i",
        "create table customers (id int primary key, name text)",
        "insert into customers select i, 'customer ' || i from generate_series(0, 9) i",
        "analyze");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> explain(String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("explain " + sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }

  @Test
  void buffersTellsWhatEachNodeReadItself() throws SQLException {
    List<String> lines =
        explain("(analyze, buffers, costs off, timing off) select count(*) from orders");
    assertThat(lines.get(0)).isEqualTo("Aggregate (actual rows=1 loops=1)");
    assertThat(lines.get(1)).endsWith("on orders (actual rows=1000 loops=1)");
    assertThat(lines.get(2))
        .matches(" +Reads: shards=1 nodes=1 requests=\\d+ rows=1000 bytes=\\d{4,} retries=0");
    assertThat(lines.stream().filter(line -> line.contains("Reads:"))).hasSize(1);
  }

  @Test
  void readsByKeyCountToo() throws SQLException {
    assertThat(
            explain(
                "(analyze, buffers, costs off, timing off)"
                    + " select * from customers where id in (3, 4, 77)"))
        .anyMatch(line -> line.matches(" +Reads: shards=1 nodes=1 requests=1 rows=2 .*"));
  }

  @Test
  void withoutBuffersNothingIsSaidOfReads() throws SQLException {
    assertThat(explain("(analyze) select * from orders")).noneMatch(l -> l.contains("Reads:"));
    assertThat(explain("(buffers) select * from orders")).noneMatch(l -> l.contains("Reads:"));
  }

  @Test
  void jsonHasPostgresFieldsAndTheReads() throws SQLException {
    String json =
        explain(
                "(analyze, buffers, format json) select c.name, sum(o.total) from orders o"
                    + " join customers c on c.id = o.customer group by c.name order by c.name desc")
            .getFirst();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select p #>> '{0,Plan,Node Type}', p #>> '{0,Plan,Sort Key,0}',"
                    + " p #>> '{0,Plan,Plans,0,Node Type}', p #>> '{0,Plan,Plans,0,Strategy}'"
                    + " from (values ('"
                    + json.replace("'", "''")
                    + "'::jsonb)) as v(p)")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("Sort");
      assertThat(rows.getString(2)).startsWith("name").endsWith("DESC");
      assertThat(rows.getString(3)).isEqualTo("Aggregate");
      assertThat(rows.getString(4)).isEqualTo("Hashed");
    }
    assertThat(json)
        .contains("\"Relation Name\": \"orders\"")
        .contains("\"Relation Name\": \"customers\"")
        .contains("\"Join Type\": \"Inner\"");
    long read =
        Pattern.compile("\"Read Rows\": (\\d+)")
            .matcher(json)
            .results()
            .mapToLong(result -> Long.parseLong(result.group(1)))
            .sum();
    assertThat(read).isEqualTo(1010);
  }

  @Test
  void yamlAndXmlAreLaidOutAsInPostgres() throws SQLException {
    String sql = "select id from orders where customer < 3 and total <> 4 order by total";
    String yaml = explain("(format yaml, costs off, settings) " + sql).getFirst();
    // A name that has no value beside it has a blank.
    assertThat(yaml).startsWith("- Plan: \n").endsWith("\n  Settings: ");
    assertThat(yaml.lines().map(String::stripTrailing))
        .containsExactlyElementsOf(
            """
            - Plan:
                Node Type: "Project"
                Output:
                  - "id"
                Plans:
                  - Node Type: "Sort"
                    Parent Relationship: "Outer"
                    Sort Key:
                      - "total"
                    Plans:
                      - Node Type: "Seq Scan"
                        Parent Relationship: "Outer"
                        Scan Direction: "Forward"
                        Relation Name: "orders"
                        Filter: "((customer < 3) AND (total <> 4))"
              Settings:
            """
                .lines()
                .toList());
    assertThat(explain("(format xml, costs off) " + sql).getFirst())
        .isEqualTo(
            """
            <explain xmlns="http://www.postgresql.org/2009/explain">
              <Query>
                <Plan>
                  <Node-Type>Project</Node-Type>
                  <Output>
                    <Item>id</Item>
                  </Output>
                  <Plans>
                    <Plan>
                      <Node-Type>Sort</Node-Type>
                      <Parent-Relationship>Outer</Parent-Relationship>
                      <Sort-Key>
                        <Item>total</Item>
                      </Sort-Key>
                      <Plans>
                        <Plan>
                          <Node-Type>Seq Scan</Node-Type>
                          <Parent-Relationship>Outer</Parent-Relationship>
                          <Scan-Direction>Forward</Scan-Direction>
                          <Relation-Name>orders</Relation-Name>
                          <Filter>((customer &lt; 3) AND (total &lt;&gt; 4))</Filter>
                        </Plan>
                      </Plans>
                    </Plan>
                  </Plans>
                </Plan>
              </Query>
            </explain>\
            """);
  }

  @Test
  void aPlanForAnyParametersNeedsNoValues() throws SQLException {
    assertThat(explain("(generic_plan, costs off) select * from orders where id = $1"))
        .containsExactly("Index Scan using orders_pkey on orders", "  Index Cond: (id = $1)");
  }

  @Test
  void whatRowsBecomeForTheClientIsTold() throws SQLException {
    assertThat(
            explain(
                "(analyze, serialize, wal, costs off, timing off, summary off)"
                    + " select repeat('x', 3000), null::int"))
        .contains("Serialization: output=3kB  format=text");
    assertThat(explain("(analyze, serialize binary, costs off) select 1, 2::int8"))
        .anyMatch(line ->
            line.matches("Serialization: time=\\d+\\.\\d{3} ms  output=1kB  format=binary"));
    assertThat(explain("(analyze, serialize, format json) select 1").getFirst())
        .contains("\"Output Volume\": 1")
        .contains("\"Format\": \"text\"");
    assertThatThrownBy(() -> explain("(serialize) select 1"))
        .hasMessageContaining("EXPLAIN option SERIALIZE requires ANALYZE");
    assertThatThrownBy(() -> explain("(wal) select 1"))
        .hasMessageContaining("EXPLAIN option WAL requires ANALYZE");
    assertThatThrownBy(() -> explain("(analyze, serialize junk) select 1"))
        .hasMessageContaining("unrecognized value for EXPLAIN option \"serialize\": \"junk\"");
  }

  @Test
  void settingsThatWereChangedAreShown() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set work_mem = '8MB'");
      statement.execute("set enable_sort = off");
      statement.execute("set vacuum_cost_limit = 7");
      try (ResultSet rows = statement.executeQuery("explain (settings, costs off) select 1")) {
        rows.next();
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("Settings: enable_sort = 'off', work_mem = '8MB'");
      }
    }
    assertThat(explain("(settings) select 1")).hasSize(1);
  }
}
