package io.shardforge.cli.command;

/** What the exit codes of commands mean. */
public final class ExitCode {
  public static final int OK = 0;

  /** A statement failed, or what was asked for was not done. */
  public static final int FAILED = 1;

  /** The command line was not understood. */
  public static final int USAGE = 2;

  /** There is no connection, or no more. */
  public static final int NO_CONNECTION = 3;

  private ExitCode() {}
}
