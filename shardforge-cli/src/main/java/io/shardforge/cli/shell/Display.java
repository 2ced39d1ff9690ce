package io.shardforge.cli.shell;

import io.shardforge.cli.print.OutputFormat;
import io.shardforge.cli.print.RowPrinter;
import io.shardforge.cli.print.Rows;

/** How the shell shows what comes back, as its options and commands have set it. */
final class Display {
  /** Whether rows are shown one below the other. */
  enum Expanded {
    OFF,
    ON,
    AUTO
  }

  OutputFormat format = OutputFormat.TABLE;
  String nullText = "";
  boolean rowsOnly;
  boolean timing;
  boolean quiet;
  boolean verbose;
  boolean pages = true;
  Expanded expanded = Expanded.OFF;

  /** What prints these rows on a terminal of this width; 0 where there is none. */
  RowPrinter printer(Rows rows, int terminalWidth) {
    RowPrinter plain = new RowPrinter(format, nullText, rowsOnly);
    if (format != OutputFormat.TABLE || expanded == Expanded.OFF) {
      return plain;
    }
    if (expanded == Expanded.AUTO) {
      String table = plain.print(rows, null);
      int end = table.indexOf('\n');
      if (terminalWidth == 0 || Math.max(end, 0) <= terminalWidth) {
        return plain;
      }
    }
    return new RowPrinter(OutputFormat.VERTICAL, nullText, rowsOnly);
  }
}
