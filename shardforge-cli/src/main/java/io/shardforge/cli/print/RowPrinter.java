package io.shardforge.cli.print;

import java.util.List;
import java.util.function.Function;
import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

/**
 * Prints rows.
 *
 * @param nullText what stands for NULL where people read
 * @param rowsOnly without names of columns and counts of rows
 */
public record RowPrinter(OutputFormat format, String nullText, boolean rowsOnly) {
  /** The rows, ready to be written. */
  public String print(Rows rows, @Nullable String title) {
    return switch (format) {
      case TABLE -> table(rows, title);
      case VERTICAL -> vertical(rows, title);
      case CSV -> separated(rows, ",", RowPrinter::csvCell);
      case TSV -> separated(rows, "\t", RowPrinter::tsvCell);
      case JSON -> JsonRows.print(rows);
      case MARKDOWN -> markdown(rows);
      case HTML -> html(rows);
    };
  }

  private String shown(@Nullable String value) {
    return value == null ? nullText : value;
  }

  static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      width += Math.max(0, WCWidth.wcwidth(point));
      i += Character.charCount(point);
    }
    return width;
  }

  private static String[] lines(String text) {
    return text.replace("\t", "        ").split("\r?\n", -1);
  }

  private static int widest(String[] lines) {
    int widest = 0;
    for (String line : lines) {
      widest = Math.max(widest, width(line));
    }
    return widest;
  }

  private static void pad(StringBuilder out, int count) {
    out.append(" ".repeat(Math.max(0, count)));
  }

  // ---- table ----

  private String table(Rows rows, @Nullable String title) {
    List<Column> columns = rows.columns();
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = widest(lines(columns.get(i).name()));
    }
    for (@Nullable String[] row : rows.rows()) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], widest(lines(shown(row[i]))));
      }
    }
    StringBuilder out = new StringBuilder();
    if (title != null) {
      int total = -1;
      for (int width : widths) {
        total += width + 3;
      }
      pad(out, (total - width(title)) / 2);
      out.append(title).append('\n');
    }
    if (!rowsOnly) {
      appendNames(out, columns, widths);
    }
    for (@Nullable String[] row : rows.rows()) {
      appendRow(out, columns, widths, row);
    }
    if (!rowsOnly) {
      appendCount(out, rows);
    }
    return out.append('\n').toString();
  }

  private static void appendCount(StringBuilder out, Rows rows) {
    int count = rows.rows().size();
    out.append('(').append(count).append(count == 1 ? " row)\n" : " rows)\n");
  }

  private static void appendNames(StringBuilder out, List<Column> columns, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String name = columns.get(i).name();
      int blank = widths[i] - width(name);
      out.append(i == 0 ? " " : "| ");
      pad(out, blank / 2);
      out.append(name);
      pad(out, (blank + 1) / 2 + 1);
    }
    out.append('\n');
    for (int i = 0; i < widths.length; i++) {
      out.append(i == 0 ? "-" : "+-").append("-".repeat(widths[i])).append('-');
    }
    // A table without columns still has its line.
    out.append(widths.length == 0 ? "--\n" : "\n");
  }

  private void appendRow(
      StringBuilder out, List<Column> columns, int[] widths, @Nullable String[] row) {
    String[][] cells = new String[row.length][];
    int height = row.length == 0 ? 0 : 1;
    for (int i = 0; i < row.length; i++) {
      cells[i] = lines(shown(row[i]));
      height = Math.max(height, cells[i].length);
    }
    for (int line = 0; line < height; line++) {
      for (int i = 0; i < row.length; i++) {
        boolean isLast = i == row.length - 1;
        String text = line < cells[i].length ? cells[i][line] : "";
        boolean continues = line + 1 < cells[i].length;
        int blank = widths[i] - width(text);
        out.append(i == 0 ? " " : "| ");
        if (columns.get(i).isRight()) {
          pad(out, blank);
          out.append(text);
        } else {
          out.append(text);
          pad(out, isLast && !continues ? 0 : blank);
        }
        if (continues) {
          out.append('+');
        } else if (!isLast) {
          out.append(' ');
        }
      }
      out.append('\n');
    }
  }

  // ---- vertical ----

  private String vertical(Rows rows, @Nullable String title) {
    StringBuilder out = new StringBuilder();
    if (title != null) {
      out.append(title).append('\n');
    }
    if (rows.rows().isEmpty()) {
      return rowsOnly ? out.toString() : out.append("(0 rows)\n\n").toString();
    }
    int names = 0;
    int values = 0;
    for (Column column : rows.columns()) {
      names = Math.max(names, width(column.name()));
    }
    for (@Nullable String[] row : rows.rows()) {
      for (String value : row) {
        values = Math.max(values, widest(lines(shown(value))));
      }
    }
    int number = 0;
    for (@Nullable String[] row : rows.rows()) {
      number++;
      if (!rowsOnly || number > 1) {
        appendRecordLine(out, rowsOnly ? "" : "[ RECORD " + number + " ]", names, values);
      }
      for (int i = 0; i < row.length; i++) {
        String[] lines = lines(shown(row[i]));
        for (int line = 0; line < lines.length; line++) {
          String name = line == 0 ? rows.columns().get(i).name() : "";
          boolean continues = line + 1 < lines.length;
          out.append(name);
          pad(out, names - width(name));
          out.append(" | ").append(lines[line]);
          if (continues) {
            pad(out, values - width(lines[line]));
            out.append('+');
          }
          out.append('\n');
        }
      }
    }
    return out.append('\n').toString();
  }

  /** The line above a record: the crossing of the columns stands where the words leave room. */
  private static void appendRecordLine(StringBuilder out, String words, int names, int values) {
    out.append('-').append(words);
    int length = words.length() + 1;
    out.append("-".repeat(Math.max(0, names - length)));
    int left = length - names;
    for (char part : new char[] {'-', '+', '-'}) {
      if (left-- <= 0) {
        out.append(part);
      }
    }
    out.append("-".repeat(Math.max(0, values - Math.max(0, left)))).append('\n');
  }

  // ---- for programs ----

  private String separated(Rows rows, String separator, Function<@Nullable String, String> cell) {
    StringBuilder out = new StringBuilder();
    if (!rowsOnly) {
      for (int i = 0; i < rows.columns().size(); i++) {
        out.append(i == 0 ? "" : separator).append(cell.apply(rows.columns().get(i).name()));
      }
      out.append('\n');
    }
    for (@Nullable String[] row : rows.rows()) {
      for (int i = 0; i < row.length; i++) {
        out.append(i == 0 ? "" : separator).append(cell.apply(row[i]));
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** Nothing for NULL, and quotes for an empty string, so that COPY reads both as they were. */
  private static String csvCell(@Nullable String value) {
    if (value == null) {
      return "";
    }
    boolean isPlain =
        !value.isEmpty()
            && value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && !value.equals("\\.");
    return isPlain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  /** As COPY writes its text format. */
  private static String tsvCell(@Nullable String value) {
    return value == null
        ? "\\N"
        : value
            .replace("\\", "\\\\")
            .replace("\t", "\\t")
            .replace("\n", "\\n")
            .replace("\r", "\\r");
  }

  private String markdown(Rows rows) {
    StringBuilder out = new StringBuilder("|");
    for (Column column : rows.columns()) {
      out.append(' ').append(markdownCell(column.name())).append(" |");
    }
    out.append("\n|");
    for (Column column : rows.columns()) {
      out.append(column.isRight() ? "---:|" : "---|");
    }
    out.append('\n');
    for (@Nullable String[] row : rows.rows()) {
      out.append('|');
      for (String value : row) {
        out.append(' ').append(markdownCell(shown(value))).append(" |");
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String markdownCell(String value) {
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>");
  }

  private String html(Rows rows) {
    StringBuilder out = new StringBuilder("<table>\n<tr>");
    for (Column column : rows.columns()) {
      out.append("<th>").append(htmlCell(column.name())).append("</th>");
    }
    out.append("</tr>\n");
    for (@Nullable String[] row : rows.rows()) {
      out.append("<tr>");
      for (int i = 0; i < row.length; i++) {
        boolean right = rows.columns().get(i).isRight();
        out.append(right ? "<td align=\"right\">" : "<td>")
            .append(htmlCell(shown(row[i])))
            .append("</td>");
      }
      out.append("</tr>\n");
    }
    return out.append("</table>\n").toString();
  }

  private static String htmlCell(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\n", "<br>");
  }
}
