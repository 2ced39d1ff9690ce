package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Enums as a driver sees them, and between concurrent transactions. */
class EnumTest extends TwoSessions {
  @BeforeEach
  void make() throws SQLException {
    run(a, "create type mood as enum ('sad', 'ok', 'happy')");
    run(a, "create table p (id int primary key, m mood, all_of mood[])");
  }

  @AfterEach
  void drop() throws SQLException {
    a.setAutoCommit(true);
    b.close();
    run(a, "drop table if exists p");
    run(a, "drop type if exists mood cascade");
  }

  /** In the simple protocol, in the extended one with text, and with binary from the first use. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1})
  void driverBindsAndReadsValues(int threshold) throws SQLException {
    try (Connection c = server.connect("prepareThreshold", Integer.toString(threshold))) {
      try (PreparedStatement insert = c.prepareStatement("insert into p values (?, ?, ?)")) {
        for (int i = 0; i < 3; i++) {
          insert.setInt(1, i);
          insert.setObject(2, i == 1 ? "sad" : "happy", Types.OTHER);
          insert.setArray(3, c.createArrayOf("mood", new String[] {"ok", "happy"}));
          assertThat(insert.executeUpdate()).isEqualTo(1);
        }
      }
      try (PreparedStatement select =
          c.prepareStatement(
              "select id, m, all_of from p where m >= ?::mood and m = any (?) order by m, id")) {
        for (int round = 0; round < 3; round++) {
          select.setString(1, "ok");
          select.setArray(2, c.createArrayOf("mood", new String[] {"sad", "happy"}));
          ResultSet rows = select.executeQuery();
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString("m")).isEqualTo("happy");
          assertThat(rows.getObject("m")).isEqualTo("happy");
          assertThat((Object[]) rows.getArray("all_of").getArray()).containsExactly("ok", "happy");
          assertThat(rows.getMetaData().getColumnTypeName(2)).isEqualTo("mood");
          assertThat(rows.getMetaData().getColumnTypeName(3)).isEqualTo("_mood");
          assertThat(rows.next()).isTrue();
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void copyTakesAndGivesBinary() throws Exception {
    run(a, "insert into p values (1, 'ok', '{sad,happy}'), (2, null, '{}')");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    a.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("copy p to stdout with (format binary)", bytes);
    run(a, "delete from p");
    a.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(
            "copy p from stdin with (format binary)",
            new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(strings(a, "select row(id, m, all_of)::text from p order by id"))
        .containsExactly("(1,ok,\"{sad,happy}\")", "(2,,{})");
  }

  @Test
  void valueBetweenOthersMovesNoRow() throws SQLException {
    run(a, "create index on p (m)");
    run(a, "insert into p values (1, 'sad'), (2, 'ok'), (3, 'happy')");
    for (int i = 0; i < 40; i++) {
      run(a, "alter type mood add value 'v" + i + "' before 'ok'");
      run(a, "insert into p values (" + (i + 10) + ", 'v" + i + "')");
    }
    List<String> expected = new ArrayList<>(List.of("1"));
    for (int i = 0; i < 40; i++) {
      expected.add(Integer.toString(i + 10));
    }
    expected.addAll(List.of("2", "3"));
    assertThat(strings(b, "select id from p order by m")).isEqualTo(expected);
    assertThat(strings(b, "select id from p where m < 'ok' and m > 'v37' order by m"))
        .containsExactly("48", "49");
  }

  @Test
  void roomBetweenTwoValuesEndsWithAnError() {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 60; i++) {
                run(a, "alter type mood add value 'v" + i + "' before 'ok'");
              }
            })
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("54000");
  }

  @Test
  void preparedStatementSeesNewValuesAndNames() throws SQLException {
    try (PreparedStatement insert =
            b.prepareStatement("insert into p (id, m) values (?, ?::mood)");
        PreparedStatement select = b.prepareStatement("select m from p order by id")) {
      b.unwrap(PGConnection.class).setPrepareThreshold(1);
      insert.setInt(1, 1);
      insert.setString(2, "ok");
      insert.executeUpdate();
      run(a, "alter type mood add value 'new'");
      run(a, "alter type mood rename value 'ok' to 'fine'");
      insert.setInt(1, 2);
      insert.setString(2, "new");
      insert.executeUpdate();
      ResultSet rows = select.executeQuery();
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("fine");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("new");
    }
  }

  @Test
  void snapshotKeepsTheValuesOfItsTime() throws SQLException {
    run(a, "insert into p values (1, 'ok')");
    b.setAutoCommit(false);
    b.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    assertThat(strings(b, "select m from p")).containsExactly("ok");
    run(a, "alter type mood rename value 'ok' to 'fine'");
    run(a, "alter type mood add value 'new' before 'sad'");
    run(a, "insert into p values (2, 'new')");
    assertThat(strings(b, "select m from p order by m")).containsExactly("ok");
    assertThat(strings(b, "select enum_range(null::mood)::text")).containsExactly("{sad,ok,happy}");
    b.commit();
    assertThat(strings(b, "select m from p order by m")).containsExactly("new", "fine");
  }

  /** What another transaction has not committed is not there; what it rolled back never was. */
  @Test
  void uncommittedValuesAreHidden() throws SQLException {
    a.setAutoCommit(false);
    run(a, "alter type mood add value 'new'");
    run(a, "insert into p values (1, 'new')");
    assertThat(strings(a, "select m from p")).containsExactly("new");
    assertThatThrownBy(() -> strings(b, "select 'new'::mood")).isInstanceOf(SQLException.class);
    a.rollback();
    assertThatThrownBy(() -> strings(a, "select 'new'::mood")).isInstanceOf(SQLException.class);
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }
}
