package io.shardforge.cli.connect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * An error or a notice, with all that the server says of it.
 *
 * @param position in characters of the statement from 1, or 0
 */
public record Complaint(
    String severity,
    String state,
    String message,
    @Nullable String detail,
    @Nullable String hint,
    @Nullable String context,
    int position) {
  /** What one line of a statement may take before it is cut. */
  private static final int LINE_MAX = 60;

  static Complaint of(ServerErrorMessage told) {
    return new Complaint(
        orEmpty(told.getSeverity()),
        orEmpty(told.getSQLState()),
        orEmpty(told.getMessage()),
        told.getDetail(),
        told.getHint(),
        told.getWhere(),
        told.getPosition());
  }

  static Complaint ofClient(@Nullable String state, String message) {
    return new Complaint("ERROR", orEmpty(state), message, null, null, null, 0);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Whether the same statement may succeed if it is sent again. */
  public boolean isWorthRetrying() {
    return state.equals("40001") || state.equals("40P01");
  }

  /** As psql words it, with the line of the statement and a caret below it. */
  public String describe(String statement, boolean verbose) {
    StringBuilder text = new StringBuilder(severity).append(":  ");
    if (verbose) {
      text.append(state).append(": ");
    }
    text.append(message).append('\n');
    if (position > 0 && position <= statement.codePointCount(0, statement.length()) + 1) {
      appendPlace(text, statement);
    }
    append(text, "DETAIL", detail);
    append(text, "HINT", hint);
    if (verbose || severity.toUpperCase(Locale.ROOT).equals("ERROR")) {
      append(text, "CONTEXT", context);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String label, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      text.append(label).append(":  ").append(value).append('\n');
    }
  }

  private void appendPlace(StringBuilder text, String statement) {
    int at = statement.offsetByCodePoints(0, position - 1);
    int start = statement.lastIndexOf('\n', at - 1) + 1;
    int end = statement.indexOf('\n', at);
    int number = (int) statement.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
    String line = statement.substring(start, end < 0 ? statement.length() : end);
    int column = at - start;
    String before = "";
    String after = "";
    if (line.length() > LINE_MAX) {
      int from = Math.max(0, Math.min(column - LINE_MAX / 2, line.length() - LINE_MAX));
      int to = Math.min(line.length(), from + LINE_MAX);
      before = from > 0 ? "..." : "";
      after = to < line.length() ? "..." : "";
      line = line.substring(from, to);
      column -= from;
    }
    String label = "LINE " + number + ": " + before;
    text.append(label).append(line.replace('\t', ' ')).append(after).append('\n');
    text.append(" ".repeat(label.length() + column)).append("^\n");
  }
}
