package io.shardforge.cli.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard streams of this process, or what stands for them.
 *
 * @param isInTerminal whether somebody types what comes in; alike for the others
 */
public record Streams(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean isInTerminal,
    boolean isOutTerminal,
    boolean isErrTerminal) {
  /** Those of the process. */
  public static Streams ofProcess() {
    return new Streams(
        System.in, System.out, System.err, isTerminal(0), isTerminal(1), isTerminal(2));
  }

  /** Streams that nobody sits at. */
  public static Streams of(InputStream in, PrintStream out, PrintStream err) {
    return new Streams(in, out, err, false, false, false);
  }

  /** As Linux names what a descriptor is open on. */
  private static boolean isTerminal(int descriptor) {
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return name.startsWith("/dev/pts/")
          || name.startsWith("/dev/tty")
          || name.equals("/dev/console");
    } catch (IOException _) {
      return false;
    }
  }
}
