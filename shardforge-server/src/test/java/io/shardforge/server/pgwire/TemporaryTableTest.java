package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Temporary tables: whose they are, and when they go. */
@Timeout(60)
class TemporaryTableTest extends TwoSessions {
  private static final int OWN_NODE = 1;
  private static final int OTHER_NODE = 2;

  @AfterEach
  void nothingIsLeft() throws Exception {
    a.close();
    b.close();
    try (Connection last = server.connect()) {
      awaitSchemas(last, 0);
    }
  }

  @Test
  void otherSessionsDoNotReachThem() throws Exception {
    run(a, "create temp table t (x int)");
    run(a, "insert into t values (1)");
    String schema = text(a, "select pg_my_temp_schema()::regnamespace::text");
    assertThat(stateOf(() -> run(b, "select * from t"))).isEqualTo("42P01");
    assertThat(stateOf(() -> run(b, "select * from " + schema + ".t"))).isEqualTo("0A000");
    assertThat(stateOf(() -> run(b, "insert into " + schema + ".t values (2)"))).isEqualTo("0A000");
    assertThat(
            text(
                b,
                "select relpersistence || pg_is_other_temp_schema(relnamespace)"
                    + " || pg_table_is_visible(oid) from pg_class where relname = 't'"))
        .isEqualTo("ttruefalse");
    run(b, "create temp table t (y text)");
    assertThat(text(a, "select count(*) from " + schema + ".t")).isEqualTo("1");
  }

  @Test
  void endOfSessionDropsThem() throws Exception {
    run(a, "create temp table t (id serial, x int)");
    run(a, "create temp view v as select * from t");
    run(a, "comment on table t is 'going'");
    awaitSchemas(b, 1);
    a.close();
    awaitSchemas(b, 0);
    assertThat(text(b, "select count(*) from pg_class where relname in ('t', 'v', 't_id_seq')"))
        .isEqualTo("0");
  }

  /** A node that starts again has none of the sessions that it had. */
  @Test
  void nodeDropsWhatItLeftBefore() throws Exception {
    run(a, "create temp table t (x int)");
    server.dropLeftTemporaries();
    awaitSchemas(b, 1);
    server.dropLeftTemporaries(OTHER_NODE, Set.of(OWN_NODE, OTHER_NODE));
    awaitSchemas(b, 1);
    server.dropLeftTemporaries(OWN_NODE, Set.of(OWN_NODE));
    awaitSchemas(b, 0);
  }

  @Test
  void othersDropWhatARemovedNodeLeft() throws Exception {
    run(a, "create temp table t (x int)");
    server.dropLeftTemporaries(OTHER_NODE, Set.of(OTHER_NODE));
    awaitSchemas(b, 0);
  }

  private static void awaitSchemas(Connection c, int count) throws Exception {
    String sql = "select count(*) from pg_namespace where nspname like 'pg\\_temp\\_%'";
    while (!text(c, sql).equals(Integer.toString(count))) {
      Thread.onSpinWait();
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
