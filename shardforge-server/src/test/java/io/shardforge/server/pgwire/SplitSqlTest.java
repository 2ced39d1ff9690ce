package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Splits that clients ask for, and what they see of shards. */
final class SplitSqlTest {
  private static final TestServer SERVER = TestServer.start();

  @BeforeAll
  static void tables() throws SQLException {
    SERVER.run(
        "create table orders (customer int, number bigint, note text,"
            + " primary key (customer, number))",
        "insert into orders select i / 10, i % 10, 'n' from generate_series(0, 999) i",
        "create table words (word text primary key)",
        "create sequence seen",
        "create role clerk login",
        "grant select on orders to clerk");
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static final String SIZE_MAX =
      "select setting from shardforge.settings where name = 'shardforge.shard_size_max'";

  private static String stateOf(String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> SERVER.query(sql));
    return e.getSQLState() + " " + e.getMessage();
  }

  @Test
  void whatLiesInAShardIsNamedFromEveryDatabase() throws SQLException {
    try (Connection elsewhere = SERVER.connectTo("postgres");
        Statement statement = elsewhere.createStatement()) {
      String named =
          "select 1 from shardforge.shards where 'shardforge.orders' = any(tables) limit 1";
      try (ResultSet rows = statement.executeQuery(named)) {
        assertThat(rows.next()).isTrue();
      }
      // Others see only what is in their own database.
      statement.execute("set role clerk");
      try (ResultSet rows = statement.executeQuery(named)) {
        assertThat(rows.next()).isFalse();
      }
    }
  }

  @Test
  void aTableLiesInTwoShardsAfterwards() throws SQLException {
    long before = Long.parseLong(SERVER.query("select count(*) from shardforge.shards").getFirst());
    String child = SERVER.query("select shardforge.split_at('orders', 50)").getFirst();
    assertThat(SERVER.query("select count(*) from shardforge.shards"))
        .containsExactly(String.valueOf(before + 1));
    assertThat(
            SERVER.query(
                "select first_key from shardforge.shards where 'orders' = any(tables) and shard_id"
                    + " = "
                    + child))
        .singleElement()
        .asString()
        .startsWith("table orders key ");
    assertThat(
            SERVER.query(
                "select shard_id from shardforge.shards where 'orders' = any(tables)"
                    + " and leader_node = 1 and size_bytes is not null"
                    + " and requests_per_second >= 0"))
        .hasSize(2);
    assertThat(
            SERVER.query("select distinct state || unreachable_nodes::text from shardforge.shards"))
        .containsExactly("healthy{}");
    assertThat(SERVER.query("select count(*), 0 from orders")).containsExactly("1000");
    assertThat(SERVER.query("select count(*) from orders where customer between 49 and 50"))
        .containsExactly("20");
    SERVER.run("update orders set note = 'm' where customer between 45 and 55");
    assertThat(SERVER.query("select count(*) from orders where note = 'm'")).containsExactly("110");
    assertThat(SERVER.query("select shardforge.split_at('orders', 50)"))
        .as("a border that is there")
        .containsExactly(child);
    // A longer prefix, and a value that is converted to the column's type.
    SERVER.query("select shardforge.split_at('orders', 70, 5)");
    SERVER.query("select shardforge.split_at('public.words', 'm'::varchar)");
    assertThat(SERVER.query("select sum(number) from orders where customer = 70"))
        .containsExactly("45");
  }

  @Test
  void aBorderIsTakenBack() throws SQLException {
    SERVER.run("create table merged (id int primary key, note text)");
    SERVER.run("insert into merged select i, 'n' from generate_series(1, 1000) i");
    String before = SERVER.query("select count(*) from shardforge.shards").getFirst();
    SERVER.query("select shardforge.split_at('merged', 300)");
    SERVER.query("select shardforge.split_at('merged', 600)");
    SERVER.run("update merged set note = 'm' where id between 250 and 650");
    String left = SERVER.query("select shardforge.merge_at('merged', 600)").getFirst();
    assertThat(SERVER.query("select shardforge.merge_at('merged', 300)")).doesNotContain(left);
    assertThat(SERVER.query("select count(*) from shardforge.shards")).containsExactly(before);
    assertThat(SERVER.query("select count(*) from merged where note = 'm'")).containsExactly("401");
    assertThat(SERVER.query("select sum(id) from merged")).containsExactly("500500");
    SERVER.run("update merged set note = 'x' where id in (299, 300, 301, 599, 600)");
    assertThat(SERVER.query("select count(*) from merged where note = 'x'")).containsExactly("5");
    assertThat(SERVER.query("select shardforge.merge_at('merged', 300) > 0"))
        .as("a border that is not there")
        .containsExactly("t");
    assertThat(stateOf("select shardforge.merge_at('nothing', 1)")).startsWith("42P01 ");
    assertThat(stateOf("select shardforge.merge_at('merged', null::int)")).startsWith("22004 ");
  }

  @Test
  void whatCannotBeSplitIsRefused() {
    assertThat(stateOf("select shardforge.split_at('nothing', 1)")).startsWith("42P01 ");
    assertThat(stateOf("select shardforge.split_at('seen', 1)")).startsWith("42809 ");
    assertThat(stateOf("select shardforge.split_at('orders', 1, 2, 3)")).startsWith("22023 ");
    assertThat(stateOf("select shardforge.split_at('orders', 'x')")).startsWith("22P02 ");
    assertThat(stateOf("select shardforge.split_at('orders', null::int)")).startsWith("22004 ");
    assertThat(stateOf("select shardforge.split_at('orders')")).startsWith("42883 ");
    assertThat(stateOf("select shardforge.split('orders', 1)")).startsWith("42883 ");
    assertThat(stateOf("select split_at('orders', 1)")).startsWith("42883 ");
  }

  @Test
  void nodesSayWhereTheyAre() throws SQLException {
    assertThat(SERVER.query("select locality from shardforge.nodes where node_id = 1"))
        .containsExactly("");
  }

  @Test
  void theSizeOfShardsIsASetting() throws SQLException {
    SERVER.run("alter system set shardforge.shard_size_max = '64MB'");
    assertThat(SERVER.query(SIZE_MAX)).containsExactly("64MB");
    assertThat(stateOf("alter system set shardforge.shard_size_max = 'big'")).startsWith("22023 ");
    assertThat(stateOf("alter system set shared_buffers = '1GB'")).startsWith("0A000 ");
    SERVER.run("alter system reset shardforge.shard_size_max");
    assertThat(SERVER.query(SIZE_MAX)).containsExactly("4GB");
  }

  @Test
  void nodesAndMovesAreShown() throws SQLException {
    assertThat(SERVER.query("select state from shardforge.nodes")).containsExactly("live");
    assertThat(SERVER.query("select shard_id from shardforge.shards where moving_to is not null"))
        .isEmpty();
    assertThat(
            SERVER.query(
                "select kind, shard_id, from_nodes, to_nodes, bytes_done, bytes_total,"
                    + " running_seconds, estimated_seconds_left from shardforge.jobs where kind <>"
                    + " 'index'"))
        .isEmpty();
    SERVER.run("alter system set shardforge.dead_node_time = '90s'");
    assertThat(
            SERVER.query(
                "select setting from shardforge.settings"
                    + " where name = 'shardforge.dead_node_time'"))
        .containsExactly("90s");
    assertThat(stateOf("alter system set shardforge.replication_factor = 4")).startsWith("22023 ");
    assertThat(stateOf("alter system set shardforge.dead_node_time = '1 GB'")).startsWith("22023 ");
    SERVER.run("alter system reset shardforge.dead_node_time");
  }

  @Test
  void settingsOfTheClusterAreShownAsAnyOther() throws SQLException {
    String shown =
        "select concat_ws(',', setting, vartype, source, current_setting(name)) from pg_settings"
            + " where name = 'shardforge.parallel_commit'";
    String before = SERVER.query("show shardforge.parallel_commit").getFirst();
    String other = before.equals("on") ? "off" : "on";
    assertThat(SERVER.query(shown)).containsExactly(before + ",bool,default," + before);
    SERVER.run("alter system set shardforge.parallel_commit = " + other);
    assertThat(SERVER.query("show shardforge.parallel_commit")).containsExactly(other);
    assertThat(SERVER.query(shown)).containsExactly(other + ",bool,configuration file," + other);
    SERVER.run("alter system reset shardforge.parallel_commit");
    assertThat(SERVER.query("show shardforge.parallel_commit")).containsExactly(before);
    assertThat(stateOf("set shardforge.parallel_commit = on")).startsWith("55P02 ");
    assertThat(stateOf("alter system set shardforge.parallel_commit = 2")).startsWith("22023 ");
  }

  @Test
  void aTableIsVerified() throws SQLException {
    SERVER.run(
        "create table verified (id int primary key, name text)",
        "create index on verified (name)",
        "insert into verified select i, 'n' || i from generate_series(1, 500) i",
        "update verified set name = null where id % 7 = 0",
        "delete from verified where id % 5 = 0",
        "select shardforge.split_at('verified', 250)");
    String found = "from shardforge.verify_table('verified')";

    assertThat(SERVER.query("select problem " + found + " where problem is not null")).isEmpty();
    assertThat(SERVER.query("select sum(entries) " + found + " where relation = 'verified_pkey'"))
        .containsExactly("400");
    assertThat(SERVER.query("select entries " + found + " where shard_id is null"))
        .containsExactly("400");
    assertThat(stateOf("select * from shardforge.verify_table('pg_class')")).startsWith("42809");
    assertThat(stateOf("select * from shardforge.verify_table('nowhere')")).startsWith("42P01");
  }

  @Test
  void onlyOwnersMaySplit() throws SQLException {
    try (Connection connection = SERVER.connect("user", "clerk");
        Statement statement = connection.createStatement()) {
      SQLException e =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeQuery("select shardforge.split_at('orders', 10)"));
      assertThat(e.getSQLState()).isEqualTo("42501");
      assertThat(statement.executeQuery("select * from shardforge.nodes").next()).isTrue();
    }
  }
}
