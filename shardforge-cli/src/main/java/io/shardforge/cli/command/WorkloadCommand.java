package io.shardforge.cli.command;

import io.shardforge.cli.connect.Login;
import io.shardforge.cli.connect.Target;
import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.workload.LoadRun;
import io.shardforge.cli.workload.Workload;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code workload}: tries a cluster with a load. */
@Command(name = "workload", description = "Makes the tables of a load, and runs it.")
final class WorkloadCommand {
  private static final long ROWS_AT_ONCE = 5_000;

  private final Context context;

  WorkloadCommand(Context context) {
    this.context = context;
  }

  /** What loads have in common. */
  static final class LoadOptions {
    @Parameters(paramLabel = "NAME", description = "bank, kv, tpcb, tpcc or ycsb")
    private String name = "";

    @Option(
        names = "--rows",
        paramLabel = "N",
        description =
            "Accounts, keys, branches of tpcb, warehouses of tpcc; the same for init and run")
    private long rows;

    @Option(names = "--read-percent", paramLabel = "N", description = "How much kv reads (50)")
    private int readPercent = 50;

    @Option(names = "--mix", paramLabel = "A|B|C|E|F", description = "What ycsb does (A)")
    private char mix = 'A';

    @Option(
        names = "--small",
        description = "A hundredth of the items and customers of tpcc; the same for both")
    private boolean small;

    Workload workload() {
      if (rows < 0) {
        throw new IllegalArgumentException("--rows " + rows + ": a number of rows");
      }
      return Workload.of(name, rows, readPercent, mix, small);
    }
  }

  @Command(description = "Makes the tables of a load and fills them.")
  int init(
      @Mixin LoadOptions load,
      @Option(names = "--drop", description = "Drop its tables first") boolean drops,
      @Mixin AdminOptions options) {
    Workload workload = load.workload();
    PrintStream out = context.streams().out();
    String statement = "";
    Target target;
    try (Wire wire = options.connect(context)) {
      target = wire.target();
    }
    try (Connection connection = Login.driver(target);
        Statement plain = connection.createStatement()) {
      List<String> preparing = new ArrayList<>(drops ? workload.dropping() : List.of());
      preparing.addAll(workload.schema());
      for (String sql : preparing) {
        statement = sql;
        plain.execute(sql);
      }
      statement = "";
      long step = workload.rows() < ROWS_AT_ONCE ? 1 + workload.rows() / 10 : ROWS_AT_ONCE;
      for (long from = 1; from <= workload.rows(); from += step) {
        long to = Math.min(workload.rows(), from + step - 1);
        workload.fill(connection, from, to);
        out.println(to + " of " + workload.rows());
        out.flush();
      }
      return ExitCode.OK;
    } catch (SQLException e) {
      return AdminOptions.fail(context, e, statement);
    }
  }

  @Command(description = "Runs a load, with a line a second; checks at the end what must hold.")
  int run(
      @Mixin LoadOptions load,
      @Option(
              names = {"-c", "--clients"},
              defaultValue = "4",
              paramLabel = "N")
          int clients,
      @Option(
              names = {"-T", "--duration"},
              defaultValue = "10",
              paramLabel = "SECONDS")
          int seconds,
      @Option(names = "--seed", defaultValue = "1", paramLabel = "N") long seed,
      @Mixin AdminOptions options)
      throws InterruptedException {
    if (clients < 1 || seconds < 1) {
      throw new IllegalArgumentException("--clients and --duration are at least 1");
    }
    Workload workload = load.workload();
    Target target;
    try (Wire wire = options.connect(context)) {
      target = wire.target();
    }
    PrintStream out = context.streams().out();
    boolean isWell =
        new LoadRun(workload, target, out).run(clients, Duration.ofSeconds(seconds), seed);
    String query = "SET search_path = " + workload.searchPath();
    try (Wire wire = options.connect(context)) {
      var _ = wire.query(query);
      boolean holds = true;
      for (Workload.Condition condition : workload.conditions()) {
        query = condition.query();
        if (!wire.query(query).first(0).equals("t")) {
          holds = false;
          out.println("BROKEN: " + condition.name() + ": " + query);
        }
      }
      if (!workload.conditions().isEmpty()) {
        out.println(holds ? "the sums are right" : "THE SUMS ARE WRONG");
      }
      isWell &= holds;
    } catch (SQLException e) {
      return AdminOptions.fail(context, e, query);
    }
    return isWell ? ExitCode.OK : ExitCode.FAILED;
  }
}
