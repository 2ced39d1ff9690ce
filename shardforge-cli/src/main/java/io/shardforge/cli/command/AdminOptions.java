package io.shardforge.cli.command;

import io.shardforge.cli.connect.ConnectionOptions;
import io.shardforge.cli.connect.Login;
import io.shardforge.cli.connect.Target;
import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.OutputFormat;
import io.shardforge.cli.print.RowPrinter;
import io.shardforge.cli.print.Rows;
import io.shardforge.cli.shell.Progress;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that asks a node something may be given. */
final class AdminOptions {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, vertical, csv, tsv, json, markdown or html (table)")
  private OutputFormat format = OutputFormat.TABLE;

  /** Where the first connection led, with the password that was typed for it. */
  private @Nullable Target answered;

  Target target(Context context) {
    return connection.target(context.environment());
  }

  Wire connect(Context context) {
    Target known = answered;
    if (known != null) {
      return Login.connect(known, false);
    }
    Wire wire = Login.connect(target(context), connection.asksPassword());
    answered = wire.target();
    return wire;
  }

  /** Runs one query and prints its rows; of one that takes long it tells how far it is. */
  int print(Context context, String query) {
    return print(context, query, _ -> true);
  }

  /**
   * The same of a query whose rows can tell of failure.
   *
   * @param isGood whether they do not
   */
  int print(Context context, String query, Predicate<Rows> isGood) {
    try (Wire wire = connect(context);
        Progress _ = Progress.watch(context.streams(), wire.target(), query)) {
      Rows rows = wire.query(query);
      if (!rows.columns().isEmpty()) {
        print(context, rows);
      }
      return isGood.test(rows) ? ExitCode.OK : ExitCode.FAILED;
    } catch (SQLException e) {
      return fail(context, e, query);
    }
  }

  void print(Context context, Rows rows) {
    context.streams().out().print(new RowPrinter(format, "", false).print(rows, null));
    context.streams().out().flush();
  }

  /** Says what a statement failed with. */
  static int fail(Context context, SQLException failure, String statement) {
    context.streams().err().print(Wire.complaint(failure).describe(statement, false));
    return ExitCode.FAILED;
  }
}
