package io.shardforge.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code help}: all commands in one list. */
@Command(name = "help", description = "Lists all commands.")
final class HelpCommand implements Callable<Integer> {
  private final Context context;

  HelpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.streams().out().print(HelpText.ALL);
    return ExitCode.OK;
  }
}
