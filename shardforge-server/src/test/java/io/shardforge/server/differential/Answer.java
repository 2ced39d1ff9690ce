package io.shardforge.server.differential;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of a statement.
 *
 * @param head the names and types of the columns, the number of changed rows, or the SQLSTATE
 * @param text the message of an error, which is not compared
 */
record Answer(String head, List<String> rows, String text) {
  private static final int SHOWN = 12;

  /** Runs a statement; rows that have no order of their own are sorted. */
  static Answer to(Statement statement, String sql, boolean ordered) {
    return to(statement, List.of(new Query(sql, List.of(), ordered))).getFirst();
  }

  /** Runs statements in one message; if one fails, the answer is its error alone. */
  static List<Answer> to(Statement statement, List<Query> queries) {
    List<Answer> answers = new ArrayList<>();
    try {
      boolean rows =
          statement.execute(queries.stream().map(Query::sql).collect(Collectors.joining(";\n")));
      for (Query query : queries) {
        answers.add(
            rows
                ? of(statement.getResultSet(), query.ordered())
                : new Answer("changed " + statement.getUpdateCount(), List.of(), ""));
        rows = statement.getMoreResults();
      }
      return answers;
    } catch (SQLException e) {
      return List.of(new Answer("error " + e.getSQLState(), List.of(), "" + e.getMessage()));
    }
  }

  private static Answer of(ResultSet result, boolean ordered) throws SQLException {
    ResultSetMetaData data = result.getMetaData();
    StringBuilder head = new StringBuilder();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      head.append(data.getColumnLabel(i)).append(' ').append(data.getColumnTypeName(i));
      head.append(' ');
    }
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= data.getColumnCount(); i++) {
        row.append(result.getString(i)).append(" | ");
      }
      rows.add(row.toString());
    }
    if (!ordered) {
      rows.sort(null);
    }
    return new Answer(head.toString(), rows, "");
  }

  boolean failed() {
    return head.startsWith("error");
  }

  /** Whether the statement took too long or too much, which says nothing. */
  boolean gaveUp() {
    return head.equals("error 57014") || head.startsWith("error 53");
  }

  /**
   * Whether the server failed by a fault of its own, such as PostgreSQL's "failed to build any
   * 4-way joins".
   */
  boolean isFault() {
    return head.equals("error XX000");
  }

  /**
   * Whether both are the same. Of several constraints that a statement violates either may be told:
   * PostgreSQL looks at row after row.
   */
  boolean agrees(Answer other) {
    return (violates() && other.violates()) || (head.equals(other.head) && rows.equals(other.rows));
  }

  private boolean violates() {
    return head.startsWith("error 23");
  }

  @Override
  public String toString() {
    List<String> shown = rows.size() > SHOWN ? rows.subList(0, SHOWN) : rows;
    return head + " " + text + " (" + rows.size() + " rows)\n  " + String.join("\n  ", shown);
  }
}
