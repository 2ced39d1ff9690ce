package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads of the past by shardforge.read_at: rows and schema as they were then. */
class ReadAtTest extends TwoSessions {
  @BeforeEach
  void createItems() throws SQLException {
    run("drop table if exists item");
    run("create table item (id int primary key, name text)");
    run("insert into item values (1, 'one'), (2, 'two')");
  }

  private void run(String sql) throws SQLException {
    run(a, sql);
  }

  private List<String> rows(String sql) throws SQLException {
    try (Statement s = a.createStatement();
        ResultSet found = s.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(found.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  /** A moment between what was done before and what is done after it. */
  private String moment() throws SQLException {
    String before = rows("select clock_timestamp()").getFirst();
    String between = awaitAfter(before);
    awaitAfter(between);
    return between;
  }

  private String awaitAfter(String time) throws SQLException {
    while (true) {
      List<String> later =
          rows(
              "select t from (select clock_timestamp() t) c where t > '%s'::timestamptz + '2ms'"
                  .formatted(time));
      if (!later.isEmpty()) {
        return later.getFirst();
      }
    }
  }

  @Test
  void rowsAreThoseOfThen() throws SQLException {
    String then = moment();
    run("update item set name = 'uno' where id = 1");
    run("delete from item where id = 2");
    run("insert into item values (3, 'three')");
    run("set shardforge.read_at = '%s'".formatted(then));

    assertThat(rows("select * from item order by id")).containsExactly("1|one", "2|two");
    assertThat(rows("select name from item where id = 1")).containsExactly("one");
    assertThat(rows("select name from item where id = 3")).isEmpty();
    run("reset shardforge.read_at");
    assertThat(rows("select * from item order by id")).containsExactly("1|uno", "3|three");
  }

  @Test
  void theSchemaIsThatOfThen() throws SQLException {
    String then = moment();
    run("alter table item add column price int default 7");
    run("truncate item");
    run("create table later (x int)");

    run("begin; set local shardforge.read_at = '%s'".formatted(then));
    assertThat(rows("select * from item order by id")).containsExactly("1|one", "2|two");
    assertThat(rows("select count(*) from pg_class where relname = 'later'")).containsExactly("0");
    run("rollback");
    assertThat(rows("select * from item")).isEmpty();
    run("drop table later");

    String dropped = moment();
    run("drop table item");
    run("set shardforge.read_at = '%s'".formatted(dropped));
    assertThat(rows("select price from item")).isEmpty();
    run("set shardforge.read_at = '%s'".formatted(then));
    assertThat(rows("select * from item order by id")).containsExactly("1|one", "2|two");
  }

  @Test
  void aTransactionReadsOneMoment() throws SQLException {
    String then = moment();
    run("begin; set local shardforge.read_at = '%s'".formatted(then));
    List<String> before = rows("select * from item order by id");
    run(b, "update item set name = 'changed'");
    moment();
    assertThat(rows("select * from item order by id")).isEqualTo(before);
    run("commit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "then; insert into item values (9); 25006",
        "then; create table other (x int); 25006",
        "then; select * from item for update; 25006",
        "2100-01-01; select 1; 22023"
      })
  void whatCannotBeIsRefused(String readAt, String sql, String state) throws SQLException {
    run("set shardforge.read_at = '%s'".formatted(readAt.equals("then") ? moment() : readAt));
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> run(sql))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @ParameterizedTest
  @CsvSource({"rubbish", "+5s", "1min"})
  void whatIsNoTimeInThePastIsRefused(String readAt) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> run("set shardforge.read_at = '%s'".formatted(readAt)))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22023"));
  }

  @Test
  void theTimeCannotChangeUnderATransaction() throws SQLException {
    run("begin");
    rows("select * from item");
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> run("set local shardforge.read_at = '-1s'"))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25001"));
    run("rollback");
  }
}
