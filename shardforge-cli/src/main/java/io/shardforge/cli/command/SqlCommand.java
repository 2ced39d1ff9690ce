package io.shardforge.cli.command;

import io.shardforge.cli.connect.ConnectionOptions;
import io.shardforge.cli.connect.Login;
import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.OutputFormat;
import io.shardforge.cli.shell.Console;
import io.shardforge.cli.shell.Shell;
import io.shardforge.cli.shell.ShellOptions;
import io.shardforge.cli.shell.Streams;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sql}: a shell on a terminal, statements of the command line or of a script elsewhere. */
@Command(name = "sql", description = "Runs SQL: a shell, -e, -f, or what comes in.")
final class SqlCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = {"-e", "-c", "--execute", "--command"},
      paramLabel = "SQL",
      description = "Statements to run; may be given several times")
  private List<String> statements = List.of();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A script to run; - is standard input")
  private List<String> files = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, vertical, csv, tsv, json, markdown or html (table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(names = "--null", paramLabel = "TEXT", description = "What stands for NULL")
  private String nullText = "";

  @Option(
      names = {"-t", "--tuples-only"},
      description = "Rows only: no names of columns, no counts")
  private boolean rowsOnly;

  @Option(
      names = {"-q", "--quiet"},
      description = "Neither greeting nor tags such as INSERT 0 1")
  private boolean quiet;

  @Option(names = "--timing", description = "Tell how long each statement takes")
  private boolean timing;

  @Option(
      names = {"-v", "--set", "--variable"},
      paramLabel = "NAME=VALUE",
      description = "What :NAME stands for in statements")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(names = "--watch", paramLabel = "SECONDS", description = "Run -e again and again")
  private @Nullable Double watch;

  @Option(
      names = "--retry",
      paramLabel = "N",
      description =
          "Run a statement of -e, or a block from BEGIN to COMMIT, up to N times more"
              + " when it lost against others (40001)")
  private int retries;

  @Option(
      names = "--on-error",
      paramLabel = "stop|continue",
      description = "After a failed statement (stop; continue on a terminal)")
  private String onError = "stop";

  @Parameters(paramLabel = "URL|DATABASE", arity = "0..1", description = "As -d")
  private @Nullable String where;

  private final Context context;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  SqlCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    Streams streams = context.streams();
    boolean isConsole = statements.isEmpty() && files.isEmpty() && streams.isInTerminal();
    ShellOptions options =
        new ShellOptions(
            format, nullText, rowsOnly, quiet, timing, onError.equals("stop"), variables);
    Wire wire =
        Login.connect(connection.target(context.environment(), where), connection.asksPassword());
    try (Shell shell = new Shell(wire, target -> Login.connect(target, false), streams, options)) {
      if (isConsole) {
        if (!quiet) {
          streams.out().print(Greeting.of(wire));
        }
        Console.run(shell);
        return ExitCode.OK;
      }
      return run(shell) ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private void check() {
    if (!List.of("stop", "continue").contains(onError)) {
      throw wrong("--on-error " + onError + ": take stop or continue");
    }
    if (watch != null && (watch <= 0 || statements.isEmpty())) {
      throw wrong("--watch runs what -e gives, with so many seconds between");
    }
    if (retries < 0) {
      throw wrong("--retry " + retries + ": a number of times");
    }
  }

  private RuntimeException wrong(String words) {
    return new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), words);
  }

  private boolean run(Shell shell) throws IOException {
    boolean stops = onError.equals("stop");
    boolean isWell = true;
    do {
      for (String text : statements) {
        isWell &= shell.runText(text, retries);
        if (!isWell && stops) {
          return false;
        }
      }
    } while (watch != null && shell.pause(Duration.ofMillis(Math.round(watch * 1000))));
    for (String file : files) {
      isWell &= shell.runFile(file);
      if (!isWell && stops) {
        return false;
      }
    }
    if (statements.isEmpty() && files.isEmpty()) {
      return shell.runFile("-");
    }
    return isWell;
  }
}
