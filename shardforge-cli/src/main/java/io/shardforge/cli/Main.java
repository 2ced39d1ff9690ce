package io.shardforge.cli;

import io.shardforge.cli.command.Commands;
import io.shardforge.cli.command.Context;
import io.shardforge.cli.shell.Streams;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The entry point of the command line client. */
public final class Main {
  private Main() {}

  /** Runs one command; the exit codes are those of {@link io.shardforge.cli.command.ExitCode}. */
  public static void main(String[] args) {
    // UTF-8 whatever the locale says, and no line flushed before there is a reason to.
    System.setOut(
        new PrintStream(
            new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            false,
            StandardCharsets.UTF_8));
    System.setErr(
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    int code = Commands.of(new Context(Streams.ofProcess(), System.getenv())).execute(args);
    System.out.flush();
    if (code != 0) {
      System.exit(code);
    }
  }
}
