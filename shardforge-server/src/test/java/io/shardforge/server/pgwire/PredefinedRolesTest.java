package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members of predefined roles may do that others may not, where it takes two sessions. */
final class PredefinedRolesTest extends TwoSessions {
  private static final String OTHERS_QUERIES =
      "select count(*)::text from pg_stat_activity where query = '<insufficient privilege>'";

  @BeforeEach
  void make() throws Exception {
    run(a, "create role member");
    run(a, "create table t (a int primary key, b int)");
    run(a, "create index i on t (b)");
    run(b, "set role member");
  }

  @AfterEach
  void drop() throws Exception {
    run(a, "drop table t");
    run(b, "reset role");
    run(a, "drop role member");
  }

  @Test
  void monitorsSeeWhatOthersRun() throws Exception {
    assertThat(text(b, OTHERS_QUERIES)).isNotEqualTo("0");
    assertThat(stateOf(() -> text(b, "select pg_tablespace_size('pg_global')::text")))
        .isEqualTo("42501");
    run(a, "grant pg_monitor to member");
    assertThat(text(b, OTHERS_QUERIES)).isEqualTo("0");
    assertThat(text(b, "select (pg_tablespace_size('pg_global') >= 0)::text")).isEqualTo("true");
  }

  @Test
  void maintainersNeedNotOwnTables() throws Exception {
    assertThat(stateOf(() -> run(b, "reindex table t"))).isEqualTo("42501");
    assertThat(stateOf(() -> run(b, "reindex index i"))).isEqualTo("42501");
    assertThat(stateOf(() -> run(b, "reindex schema public"))).isEqualTo("42501");
    assertThat(stateOf(() -> run(b, "cluster t using t_pkey"))).isEqualTo("42501");
    run(a, "grant pg_maintain to member");
    run(b, "reindex table t");
    run(b, "reindex index i");
    run(b, "reindex schema public");
    run(b, "cluster t using t_pkey");
    run(b, "analyze t");
    assertThat(stateOf(() -> text(b, "select a::text from t"))).isEqualTo("42501");
    assertThat(stateOf(() -> run(b, "alter table t add c int"))).isEqualTo("42501");
  }

  @Test
  void filesOfTheServerAreReadAndWrittenByTheirRoles(@TempDir Path directory) throws Exception {
    run(a, "grant all on t to member");
    String file = " '" + directory.resolve("rows") + "'";
    assertThat(stateOf(() -> run(b, "copy t to" + file))).isEqualTo("42501");
    run(a, "grant pg_write_server_files to member");
    run(b, "copy (values (1, 2)) to" + file);
    assertThat(Files.readString(directory.resolve("rows"))).isEqualTo("1\t2\n");
    assertThat(stateOf(() -> run(b, "copy t from" + file))).isEqualTo("42501");
    run(a, "grant pg_read_server_files to member");
    assertThat(run(b, "copy t from" + file)).isEqualTo(1);
  }

  @Test
  void signalsReachAllButSuperusers() throws Exception {
    run(a, "create role victim login");
    String superuser =
        "select pg_cancel_backend(" + text(a, "select pg_backend_pid()::text") + ")::text";
    try (Connection c = server.connect("user", "victim")) {
      String victim =
          "select pg_cancel_backend(" + text(c, "select pg_backend_pid()::text") + ")::text";
      assertThat(stateOf(() -> text(b, victim))).isEqualTo("42501");
      run(a, "grant pg_signal_backend to member");
      assertThat(text(b, victim)).isEqualTo("true");
      assertThat(stateOf(() -> text(b, superuser))).isEqualTo("42501");
    }
    run(a, "drop role victim");
  }

  private static String text(Connection c, String query) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
