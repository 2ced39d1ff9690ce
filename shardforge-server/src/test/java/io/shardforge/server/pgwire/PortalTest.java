package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Portals of the protocol, which the driver reads in parts, and SQL's statements of cursors. */
class PortalTest extends TwoSessions {
  private Statement reading;

  @BeforeEach
  void readInParts() throws SQLException {
    a.setAutoCommit(false);
    reading = a.createStatement();
    reading.setFetchSize(2);
  }

  @Test
  void fetchAndMoveGoOnWhereThePortalIs() throws Exception {
    ResultSet rows = reading.executeQuery("select generate_series(1, 9)");
    assertThat(rows.next()).isTrue();
    String portal = portals().getFirst();
    assertThat(strings("fetch 2 from \"" + portal + "\"")).containsExactly("3", "4");
    assertThat(run(a, "move 2 in \"" + portal + "\"")).isEqualTo(2);
    assertThat(rows.next()).isTrue();
    assertThat(rows.next()).isTrue();
    assertThat(rows.getInt(1)).isEqualTo(7);
    assertThat(strings("fetch all from \"" + portal + "\"")).containsExactly("9");
    assertThat(strings("fetch all from \"" + portal + "\"")).isEmpty();
    assertThat(stateOf(() -> run(a, "move backward 1 in \"" + portal + "\""))).isEqualTo("55000");
  }

  @Test
  void closeEndsAPortal() throws Exception {
    ResultSet rows = reading.executeQuery("select generate_series(1, 9)");
    assertThat(rows.next()).isTrue();
    run(a, "close \"" + portals().getFirst() + "\"");
    assertThat(portals()).isEmpty();
  }

  @Test
  void aPortalOfAFailedTransactionTellsThatItHasFailed() throws Exception {
    ResultSet rows = reading.executeQuery("select generate_series(1, 9)");
    assertThat(rows.next()).isTrue();
    assertThat(rows.next()).isTrue();
    assertThat(stateOf(() -> run(a, "select 1/0"))).isEqualTo("22012");
    assertThat(stateOf(rows::next)).isEqualTo("25P02");
  }

  private List<String> portals() throws SQLException {
    return strings("select name from pg_cursors where name like 'C\\_%'");
  }

  private List<String> strings(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement s = a.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      while (r.next()) {
        found.add(r.getString(1));
      }
    }
    return found;
  }
}
