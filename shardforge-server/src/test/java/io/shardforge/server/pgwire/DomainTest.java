package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Domains as a driver sees them, and their rules against concurrent writers. */
class DomainTest extends TwoSessions {
  private static final String CHECK_VIOLATION = "23514";

  @BeforeEach
  void make() throws SQLException {
    run(a, "create domain positive as int check (value > 0)");
    run(a, "create domain word as varchar(5)");
    run(a, "create table p (id positive primary key, w word)");
    run(a, "create index on p (w)");
  }

  @AfterEach
  void drop() throws SQLException {
    a.setAutoCommit(true);
    b.close();
    run(a, "drop table p");
    run(a, "drop domain positive, word");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1})
  void driverSeesTheBase(int threshold) throws SQLException {
    try (Connection c = server.connect("prepareThreshold", Integer.toString(threshold));
        PreparedStatement insert = c.prepareStatement("insert into p values (?, ?)");
        PreparedStatement select = c.prepareStatement("select id, w from p where id >= ?")) {
      for (int i = 1; i <= 3; i++) {
        insert.setInt(1, i);
        insert.setString(2, "w" + i);
        insert.executeUpdate();
      }
      insert.setInt(1, 0);
      assertThatThrownBy(insert::executeUpdate)
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo(CHECK_VIOLATION);
      select.setInt(1, 3);
      ResultSet rows = select.executeQuery();
      assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo("int4");
      assertThat(rows.getMetaData().getPrecision(2)).isEqualTo(5);
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(3);
      assertThat(rows.getString(2)).isEqualTo("w3");
    }
  }

  @Test
  void indexServesConditionOnTheBase() throws SQLException {
    try (Statement statement = a.createStatement();
        ResultSet rows = statement.executeQuery("explain select * from p where w = 'x'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).startsWith("Index Only Scan using p_w_idx");
    }
  }

  /** Either the writer comes first, and the rule judges his row, or the rule does. */
  @Test
  void newRuleSeesConcurrentRows() throws Exception {
    a.setAutoCommit(false);
    run(a, "insert into p values (50)");
    FutureTask<String> rule =
        start(() -> stateOf(() -> run(b, "alter domain positive add check (value < 10)")));
    String writer =
        stateOf(() -> {
          a.commit();
          return null;
        });
    assertThat(List.of(writer, finish(rule)))
        .isIn(List.of("00000", CHECK_VIOLATION), List.of("40001", "00000"));
  }

  /** A statement that was planned without the rule is planned again. */
  @Test
  void preparedStatementKeepsNewRule() throws SQLException {
    try (PreparedStatement insert = b.prepareStatement("insert into p values (?)")) {
      insert.setInt(1, 20);
      insert.executeUpdate();
      run(a, "delete from p");
      run(a, "alter domain positive add check (value < 10)");
      assertThatThrownBy(insert::executeUpdate)
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo(CHECK_VIOLATION);
    }
  }
}
