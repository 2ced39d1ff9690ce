package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGResultSetMetaData;

/** Everything that PostgreSQL's JDBC driver asks about a database, through the driver. */
class DriverMetaDataTest {
  private static TestServer server;
  private static Connection connection;
  private static DatabaseMetaData meta;

  @BeforeAll
  static void start() throws SQLException {
    server = TestServer.start();
    connection = server.connect();
    try (Statement s = connection.createStatement()) {
      s.execute("create schema app");
      s.execute(
          "create table app.item (id serial primary key, name varchar(40) not null default 'x',"
              + " price numeric(10,2) check (price > 0), tags text[], made timestamptz,"
              + " unique (name, price))");
      s.execute("create index item_made on app.item (made desc, name)");
      s.execute("create index item_tags on app.item using gin (tags)");
      s.execute("create table app.pair (b int, a int, note text, primary key (a, b))");
      s.execute("comment on table app.item is 'things'");
      s.execute("comment on column app.item.name is 'what it is called'");
      s.execute("create role reader");
      s.execute("grant select on app.item to reader");
    }
    meta = connection.getMetaData();
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    server.close();
  }

  /** The named columns of all rows. */
  private static List<String> rows(ResultSet result, String... columns) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (result) {
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (String column : columns) {
          row.append(row.isEmpty() ? "" : " ").append(result.getString(column));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @Test
  void everyQuestionWithoutArgumentsIsAnswered() throws Exception {
    List<String> failed = new ArrayList<>();
    int asked = 0;
    for (Method method : DatabaseMetaData.class.getMethods()) {
      if (method.getParameterCount() > 0 || method.getDeclaringClass() == Object.class) {
        continue;
      }
      asked++;
      try {
        Object answer = method.invoke(meta);
        if (answer instanceof ResultSet result) {
          drain(result);
        }
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof SQLFeatureNotSupportedException)) {
          failed.add(method.getName() + ": " + e.getCause());
        }
      }
    }
    assertThat(failed).isEmpty();
    assertThat(asked).isGreaterThan(140);
    assertThat(meta.getDatabaseProductName()).isEqualTo("PostgreSQL");
    assertThat(meta.getMaxColumnNameLength()).isEqualTo(63);
    assertThat(meta.getSQLKeywords()).contains("returning");
  }

  private static void drain(ResultSet result) throws SQLException {
    try (result) {
      ResultSetMetaData columns = result.getMetaData();
      while (result.next()) {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          result.getObject(i);
        }
      }
    }
  }

  @Test
  void listsSchemasCatalogsAndTables() throws SQLException {
    assertThat(rows(meta.getSchemas(), "TABLE_SCHEM"))
        .contains("app", "public", "pg_catalog", "information_schema");
    assertThat(rows(meta.getSchemas(null, "ap_"), "TABLE_SCHEM")).containsExactly("app");
    assertThat(rows(meta.getCatalogs(), "TABLE_CAT")).contains("shardforge");
    assertThat(
            rows(
                meta.getTables(null, "app", "%", new String[] {"TABLE"}),
                "TABLE_SCHEM",
                "TABLE_NAME",
                "TABLE_TYPE",
                "REMARKS"))
        .containsExactly("app item TABLE things", "app pair TABLE null");
    assertThat(rows(meta.getTables(null, "app", null, null), "TABLE_NAME", "TABLE_TYPE"))
        .contains("item_pkey INDEX", "item_id_seq SEQUENCE", "item TABLE");
    assertThat(rows(meta.getTables(null, "pg_catalog", "pg_class", null), "TABLE_TYPE"))
        .containsExactly("SYSTEM TABLE");
    assertThat(rows(meta.getTableTypes(), "TABLE_TYPE")).contains("TABLE", "VIEW");
  }

  @Test
  void describesColumns() throws SQLException {
    assertThat(
            rows(
                meta.getColumns(null, "app", "item", null),
                "COLUMN_NAME",
                "TYPE_NAME",
                "COLUMN_SIZE",
                "DECIMAL_DIGITS",
                "IS_NULLABLE",
                "COLUMN_DEF",
                "IS_AUTOINCREMENT",
                "ORDINAL_POSITION",
                "REMARKS"))
        .containsExactly(
            "id serial 10 0 NO nextval('app.item_id_seq'::regclass) YES 1 null",
            "name varchar 40 0 NO 'x'::character varying NO 2 what it is called",
            "price numeric 10 2 YES null NO 3 null",
            "tags _text 2147483647 0 YES null NO 4 null",
            "made timestamptz 35 6 YES null NO 5 null");
    assertThat(rows(meta.getColumns(null, null, "pair", "no%"), "COLUMN_NAME"))
        .containsExactly("note");
    assertThat(rows(meta.getColumnPrivileges(null, "app", "item", "id"), "GRANTEE", "PRIVILEGE"))
        .contains("shardforge SELECT");
    assertThat(rows(meta.getTablePrivileges(null, "app", "item"), "GRANTEE", "PRIVILEGE"))
        .contains("reader SELECT", "shardforge UPDATE");
  }

  @Test
  void describesKeysAndIndexes() throws SQLException {
    assertThat(rows(meta.getPrimaryKeys(null, "app", "pair"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME"))
        .containsExactlyInAnyOrder("a 1 pair_pkey", "b 2 pair_pkey");
    assertThat(
            rows(
                meta.getIndexInfo(null, "app", "item", false, false),
                "INDEX_NAME",
                "NON_UNIQUE",
                "ORDINAL_POSITION",
                "COLUMN_NAME",
                "ASC_OR_DESC"))
        .containsExactly(
            "item_name_price_key f 1 name A",
            "item_name_price_key f 2 price A",
            "item_pkey f 1 id A",
            "item_made t 1 made D",
            "item_made t 2 name A",
            "item_tags t 1 tags null");
    assertThat(rows(meta.getIndexInfo(null, "app", "item", true, true), "INDEX_NAME"))
        .contains("item_pkey")
        .doesNotContain("item_made");
    assertThat(
            rows(
                meta.getBestRowIdentifier(
                    null, "app", "pair", DatabaseMetaData.bestRowSession, true),
                "COLUMN_NAME"))
        .containsExactlyInAnyOrder("a", "b");
    assertThat(rows(meta.getImportedKeys(null, "app", "pair"), "FK_NAME")).isEmpty();
    assertThat(rows(meta.getExportedKeys(null, "app", "pair"), "FK_NAME")).isEmpty();
    assertThat(rows(meta.getCrossReference(null, "app", "item", null, "app", "pair"), "FK_NAME"))
        .isEmpty();
    drain(meta.getVersionColumns(null, "app", "item"));
  }

  @Test
  void describesTypesAndFunctions() throws SQLException {
    assertThat(rows(meta.getTypeInfo(), "TYPE_NAME")).contains("int4", "text", "jsonb");
    assertThat(rows(meta.getFunctions(null, "pg_catalog", "lower"), "FUNCTION_NAME"))
        .contains("lower");
    assertThat(rows(meta.getProcedures(null, "app", "%"), "PROCEDURE_NAME")).isEmpty();
    assertThat(
            rows(
                meta.getFunctionColumns(null, "pg_catalog", "row_number", null),
                "FUNCTION_NAME",
                "TYPE_NAME"))
        .contains("row_number int8");
    drain(meta.getProcedureColumns(null, "pg_catalog", "lower", null));
    drain(meta.getUDTs(null, "app", null, null));
    drain(meta.getClientInfoProperties());
    assertThat(meta.supportsConvert()).isFalse();
    assertThat(meta.getUserName()).isEqualTo("shardforge");
  }

  @Test
  void knowsWhereResultColumnsComeFrom() throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet result = s.executeQuery("select id, name, price * 2 as twice from app.item i")) {
      ResultSetMetaData columns = result.getMetaData();
      assertThat(columns.getTableName(1)).isEqualTo("item");
      assertThat(((PGResultSetMetaData) columns).getBaseSchemaName(2)).isEqualTo("app");
      assertThat(columns.isAutoIncrement(1)).isTrue();
      assertThat(columns.isNullable(2)).isEqualTo(ResultSetMetaData.columnNoNulls);
      assertThat(columns.getPrecision(2)).isEqualTo(40);
      assertThat(columns.getColumnTypeName(3)).isEqualTo("numeric");
    }
  }
}
