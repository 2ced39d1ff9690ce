package io.shardforge.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code version}: what this is. */
@Command(name = "version", aliases = "--version", description = "Tells what this is.")
final class VersionCommand implements Callable<Integer> {
  private final Context context;

  VersionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context
        .streams()
        .out()
        .println("ShardForge " + version() + " (Java " + Runtime.version().feature() + ")");
    return ExitCode.OK;
  }

  /** The version in the jar's manifest, or a word for classes that were not packed into one. */
  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
