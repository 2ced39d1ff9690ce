package io.shardforge.cli.command;

import io.shardforge.cli.connect.ConnectionFailedException;
import io.shardforge.cli.print.OutputFormat;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands together, and how their failures become words and exit codes. */
@Command(name = "shardforge", description = "ShardForge, a distributed SQL database.")
public final class Commands implements Runnable {
  private final Context context;

  private Commands(Context context) {
    this.context = context;
  }

  @Override
  public void run() {
    context.streams().out().print(HelpText.ALL);
  }

  /** The commands, ready to take a command line. */
  public static CommandLine of(Context context) {
    CommandLine root = new CommandLine(new Commands(context));
    root.addSubcommand(new SqlCommand(context));
    root.addSubcommand(new NodeCommand(context));
    root.addSubcommand(new ShardCommand(context));
    root.addSubcommand(new JobCommand(context));
    root.addSubcommand(
        new CommandLine(new BackupCommand(context)).addSubcommand(new ScheduleCommand(context)));
    root.addSubcommand(new RestoreCommand(context));
    root.addSubcommand(new CertCommand(context));
    root.addSubcommand(new GenCommand(context));
    root.addSubcommand(new WorkloadCommand(context));
    root.addSubcommand(new DebugCommand(context));
    root.addSubcommand(new VersionCommand(context));
    root.addSubcommand(new HelpCommand(context));
    root.registerConverter(OutputFormat.class, Commands::format);
    root.setOut(writer(context.streams().out()));
    root.setErr(writer(context.streams().err()));
    root.setExecutionExceptionHandler((failure, _, _) -> {
      context.streams().err().println("shardforge: " + failure.getMessage());
      return failure instanceof ConnectionFailedException
          ? ExitCode.NO_CONNECTION
          : failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.FAILED;
    });
    root.setParameterExceptionHandler((wrong, _) -> complain(wrong, context));
    root.setExecutionStrategy(result -> execute(result, context));
    addHelp(root);
    return root;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static OutputFormat format(String name) {
    try {
      return OutputFormat.of(name);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /** -h is the host's, as with psql. */
  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("--help", "-?")
                .usageHelp(true)
                .description("Show this help")
                .build());
    new java.util.LinkedHashSet<>(command.getSubcommands().values()).forEach(Commands::addHelp);
  }

  private static int execute(ParseResult result, Context context) {
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last.isUsageHelpRequested() && !result.hasSubcommand()) {
      context.streams().out().print(HelpText.ALL);
      return ExitCode.OK;
    }
    return new CommandLine.RunLast().execute(result);
  }

  /** One line that says what to type. */
  private static int complain(ParameterException wrong, Context context) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    List<String> near =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions().stream().filter(word -> !word.equals("--version")).toList()
            : List.of();
    String hint =
        near.isEmpty()
            ? "See: ./" + name + " --help"
            : "Did you mean "
                + String.join(" or ", near.subList(0, Math.min(3, near.size())))
                + "?";
    boolean isNoCommand =
        wrong instanceof UnmatchedArgumentException unmatched
            && !command.getSubcommands().isEmpty()
            && !unmatched.isUnknownOption();
    String what =
        isNoCommand && wrong instanceof UnmatchedArgumentException unmatched
            ? "there is no command '" + unmatched.getUnmatched().getFirst() + "'"
            : String.valueOf(wrong.getMessage());
    context.streams().err().println(name + ": " + what + ". " + hint);
    return ExitCode.USAGE;
  }
}
