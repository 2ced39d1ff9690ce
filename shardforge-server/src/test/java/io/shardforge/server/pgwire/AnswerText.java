package io.shardforge.server.pgwire;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a statement answers, as a text that two ways of storing the same rows must agree on. */
final class AnswerText {
  private AnswerText() {}

  /**
   * The rows, the number of changed rows, or the SQLSTATE.
   *
   * @param ordered whether the order of the rows matters
   */
  static String of(Statement statement, String sql, boolean ordered) {
    try {
      if (!statement.execute(sql)) {
        return "done " + statement.getUpdateCount();
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.getResultSet()) {
        int width = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= width; i++) {
            row.append(result.getString(i)).append('|');
          }
          rows.add(row.toString());
        }
      }
      if (!ordered) {
        rows.sort(null);
      }
      return String.join("\n", rows);
    } catch (SQLException e) {
      return "error " + e.getSQLState();
    }
  }
}
