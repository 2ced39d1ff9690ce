package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL 17 has of MERGE beyond 15, and MERGE between concurrent transactions. */
class MergeTest extends TwoSessions {
  @BeforeEach
  void make() throws SQLException {
    run(a, "create table t (id int primary key, v int)");
    run(a, "create table s (id int, w int)");
    run(a, "insert into t values (1, 10), (2, 20), (3, 30)");
    run(a, "insert into s values (2, 200), (4, 400)");
  }

  @AfterEach
  void drop() throws SQLException {
    b.close();
    run(a, "rollback");
    run(a, "drop view if exists shown");
    run(a, "drop table t, s");
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = a.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join(" ", row.stream().map(String::valueOf).toList()));
      }
    }
    return rows;
  }

  @Test
  void returnsWhatWasDone() throws SQLException {
    assertThat(
            rows(
                "with done as (merge into t using s on t.id = s.id"
                    + " when matched then update set v = w"
                    + " when not matched then insert values (s.id, w)"
                    + " when not matched by source and t.id = 1 then delete"
                    + " returning merge_action(), *) select * from done order by 4"))
        .containsExactly("DELETE null null 1 10", "UPDATE 2 200 2 200", "INSERT 4 400 4 400");
    assertThat(rows("select * from t order by id")).containsExactly("2 200", "3 30", "4 400");
  }

  @Test
  void rowsThatNoSourceHasAreChanged() throws SQLException {
    assertThat(
            run(
                a,
                "merge into t using s on t.id = s.id and s.w > 0"
                    + " when not matched by source and v > 20 then update set v = v + 1"
                    + " when not matched by source then delete when matched then do nothing"))
        .isEqualTo(2);
    assertThat(rows("select * from t order by id")).containsExactly("2 20", "3 31");
  }

  @Test
  void namesWhatIsNotThere() throws Exception {
    String join = "merge into t using s on t.id = s.id when not matched ";
    assertThat(stateOf(() -> run(a, join + "then insert values (t.id)"))).isEqualTo("42P01");
    assertThat(stateOf(() -> run(a, join + "by source and s.w > 1 then delete")))
        .isEqualTo("42P01");
    assertThat(stateOf(() -> run(a, "select merge_action()"))).isEqualTo("42601");
    assertThat(stateOf(() -> run(a, "update t set v = 1 returning merge_action()")))
        .isEqualTo("42601");
  }

  @Test
  void writesThroughViews() throws Exception {
    run(
        a,
        "create view shown as select id, v, v * 2 as twice from t where v < 100 with check option");
    assertThat(
            rows(
                "merge into shown using (values (2, 7), (9, 9)) n (id, w) on shown.id = n.id"
                    + " when matched then update set v = w"
                    + " when not matched then insert (id, v) values (n.id, w)"
                    + " returning merge_action(), twice"))
        .containsExactlyInAnyOrder("UPDATE 14", "INSERT 18");
    String join =
        "merge into shown using (values (2, 700), (8, 800)) n (id, w) on shown.id = n.id ";
    assertThat(stateOf(() -> run(a, join + "when matched then update set v = w")))
        .isEqualTo("44000");
    assertThat(
            stateOf(() -> run(a, join + "when not matched then insert (id, v) values (n.id, w)")))
        .isEqualTo("44000");
    assertThat(stateOf(() -> run(a, join + "when matched then update set twice = 1")))
        .isEqualTo("0A000");
  }

  /** At READ COMMITTED the statement sees what the other has done to the row that it waits for. */
  @ParameterizedTest
  @ValueSource(strings = {"update t set v = 11 where id = 1", "delete from t where id = 1"})
  void waitsForTheRowAndLooksAgain(String other) throws Exception {
    run(b, "begin");
    run(b, other);
    FutureTask<Integer> merge =
        start(() ->
            run(
                a,
                "merge into t using (values (1)) n (id) on t.id = n.id"
                    + " when matched and v = 10 then update set v = 0"
                    + " when matched then update set v = v + 1000"
                    + " when not matched then insert values (n.id, -1)"));
    run(b, "commit");
    assertThat(finish(merge)).isEqualTo(1);
    boolean deleted = other.startsWith("delete");
    // Whether it came first or waited, both have been done, one after the other.
    assertThat(rows("select v from t where id = 1"))
        .isIn(List.of(deleted ? "-1" : "1011"), deleted ? List.of() : List.of("11"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"repeatable read", "serializable"})
  void aRowChangedAfterTheSnapshotIsNotWritten(String level) throws Exception {
    run(a, "begin isolation level " + level);
    rows("select count(*) from t");
    run(b, "update t set v = 11 where id = 1");
    assertThat(
            stateOf(() -> {
              run(
                  a,
                  "merge into t using (values (1)) n (id) on t.id = n.id"
                      + " when matched then update set v = 0");
              return run(a, "commit");
            }))
        .isEqualTo("40001");
  }

  /** Rows that no clause is for are not locked. */
  @Test
  void leavesOtherRowsAlone() throws Exception {
    run(a, "begin");
    assertThat(
            run(
                a,
                "merge into t using (values (1), (2)) n (id) on t.id = n.id"
                    + " when matched and v > 10 then update set v = 0 when matched then do nothing"))
        .isEqualTo(1);
    run(b, "set lock_timeout = '100ms'");
    assertThat(run(b, "update t set v = 5 where id = 1")).isEqualTo(1);
    assertThat(stateOf(() -> run(b, "update t set v = 5 where id = 2"))).isEqualTo("55P03");
  }

  @Test
  void twoThatInsertTheSameKeyDoNotBothSucceed() throws Exception {
    String upsert =
        "merge into t using (values (7)) n (id) on t.id = n.id"
            + " when matched then update set v = v + 1 when not matched then insert values (7, 0)";
    run(a, "begin");
    run(a, upsert);
    FutureTask<String> other = start(() -> stateOf(() -> run(b, upsert)));
    run(a, "commit");
    assertThat(finish(other)).isIn("23505", "00000");
    assertThat(rows("select count(*) from t where id = 7")).containsExactly("1");
  }
}
