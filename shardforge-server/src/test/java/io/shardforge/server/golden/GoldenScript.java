package io.shardforge.server.golden;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * A script of SQL statements, each followed by {@code ---} and what it answers. A line {@code
 * name:>} before a statement runs it on a connection of that name; the first connection has none.
 * Lines that start with {@code #} are comments.
 *
 * <pre>
 *   select 1 as one
 *   ---
 *   one
 *   1
 * </pre>
 */
final class GoldenScript {
  private final List<Step> steps = new ArrayList<>();

  /** A statement as the file has it, with its comments and connection. */
  private record Step(List<String> comments, String connection, String sql, String expected) {}

  /** Opens connections of the server under test. */
  interface Connections {
    Connection open() throws SQLException;
  }

  static GoldenScript parse(String text) {
    GoldenScript script = new GoldenScript();
    for (String block : text.strip().split("\n\n+", -1)) {
      List<String> comments = new ArrayList<>();
      StringBuilder sql = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      String connection = "";
      boolean answer = false;
      for (String line : block.split("\n", -1)) {
        if (!answer && sql.isEmpty() && line.startsWith("#")) {
          comments.add(line);
        } else if (!answer && sql.isEmpty() && line.matches("\\w+:>.*")) {
          connection = line.substring(0, line.indexOf(":>"));
          sql.append(line.substring(line.indexOf(":>") + 2).strip());
        } else if (!answer && line.equals("---")) {
          answer = true;
        } else {
          StringBuilder part = answer ? expected : sql;
          part.append(part.isEmpty() ? "" : "\n").append(line);
        }
      }
      script.steps.add(new Step(comments, connection, sql.toString(), expected.toString()));
    }
    return script;
  }

  /** The script again, with what the server answers now. */
  String run(Connections connections) throws SQLException {
    Map<String, Connection> open = new HashMap<>();
    StringBuilder out = new StringBuilder();
    try {
      for (Step step : steps) {
        step.comments.forEach(comment -> out.append(comment).append('\n'));
        if (step.sql.isEmpty()) {
          out.append('\n');
          continue;
        }
        Connection connection = open.get(step.connection);
        if (connection == null) {
          connection = connections.open();
          open.put(step.connection, connection);
        }
        out.append(step.connection.isEmpty() ? "" : step.connection + ":> ").append(step.sql);
        out.append("\n---\n").append(answer(connection, step.sql)).append('\n');
      }
    } finally {
      for (Connection connection : open.values()) {
        connection.close();
      }
    }
    return out.toString().strip() + "\n";
  }

  private static String answer(Connection connection, String sql) throws SQLException {
    StringBuilder out = new StringBuilder();
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      warnings(statement.getWarnings(), out);
      while (true) {
        if (rows) {
          try (ResultSet result = statement.getResultSet()) {
            table(result, out);
          }
        } else if (statement.getUpdateCount() >= 0) {
          out.append("ok ").append(statement.getUpdateCount()).append('\n');
        } else {
          return out.toString();
        }
        rows = statement.getMoreResults();
      }
    } catch (PSQLException e) {
      return out + error(e);
    }
  }

  private static void warnings(SQLWarning first, StringBuilder out) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      out.append("notice ").append(warning.getMessage()).append('\n');
      if (warning instanceof PSQLWarning notice && notice.getServerErrorMessage() != null) {
        String detail = notice.getServerErrorMessage().getDetail();
        out.append(detail == null ? "" : "detail " + detail + '\n');
      }
    }
  }

  private static void table(ResultSet result, StringBuilder out) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    int width = columns.getColumnCount();
    for (int i = 1; i <= width; i++) {
      out.append(i == 1 ? "" : " | ").append(columns.getColumnLabel(i));
    }
    out.append('\n');
    while (result.next()) {
      for (int i = 1; i <= width; i++) {
        String value = result.getString(i);
        String shown = value == null ? "NULL" : value.isEmpty() ? "''" : value;
        out.append(i == 1 ? "" : " | ").append(shown.replace("\n", "\\n"));
      }
      out.append('\n');
    }
  }

  private static String error(PSQLException e) {
    ServerErrorMessage report = e.getServerErrorMessage();
    StringBuilder out = new StringBuilder("ERROR ").append(e.getSQLState()).append(": ");
    if (report == null) {
      return out.append(e.getMessage()).append('\n').toString();
    }
    out.append(report.getMessage()).append('\n');
    if (report.getPosition() > 0) {
      out.append("at ").append(report.getPosition()).append('\n');
    }
    if (report.getDetail() != null) {
      out.append("detail ").append(report.getDetail()).append('\n');
    }
    if (report.getHint() != null) {
      out.append("hint ").append(report.getHint()).append('\n');
    }
    if (report.getDatatype() != null) {
      out.append("type ")
          .append(report.getSchema())
          .append('.')
          .append(report.getDatatype())
          .append(report.getConstraint() == null ? "" : " " + report.getConstraint())
          .append('\n');
    }
    return out.toString();
  }
}
