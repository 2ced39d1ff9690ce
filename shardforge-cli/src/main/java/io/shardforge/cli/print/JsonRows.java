package io.shardforge.cli.print;

import org.jspecify.annotations.Nullable;

/** Rows as an array of objects: numbers, truth values and JSON as such, everything else as text. */
final class JsonRows {
  private JsonRows() {}

  static String print(Rows rows) {
    StringBuilder out = new StringBuilder("[");
    String separator = "\n";
    for (@Nullable String[] row : rows.rows()) {
      out.append(separator).append("  {");
      for (int i = 0; i < row.length; i++) {
        Column column = rows.columns().get(i);
        out.append(i == 0 ? "" : ", ");
        appendText(out, column.name());
        out.append(": ");
        appendValue(out, column, row[i]);
      }
      out.append('}');
      separator = ",\n";
    }
    return out.append(rows.rows().isEmpty() ? "]\n" : "\n]\n").toString();
  }

  private static void appendValue(StringBuilder out, Column column, @Nullable String value) {
    if (value == null) {
      out.append("null");
    } else if (column.isBoolean()) {
      out.append(value.equals("t"));
    } else if (column.isNumber() && value.matches("-?\\d.*")) {
      out.append(value);
    } else if (column.isJson()) {
      out.append(value.replace('\n', ' '));
    } else {
      appendText(out, value);
    }
  }

  private static void appendText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
