package io.shardforge.cli.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Shows text that does not fit on the screen with the program that PAGER names. */
final class Pager {
  private static final String DEFAULT = "less -SFRX";

  private Pager() {}

  /** How wide the terminal is. */
  static int columns() {
    return size()[1];
  }

  /** Rows and columns, as the terminal itself says. */
  private static int[] size() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] words = answer.strip().split(" ", -1);
      if (words.length == 2) {
        return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
      }
    } catch (IOException | NumberFormatException _) {
      // As if it were of the usual size.
    }
    return new int[] {24, 80};
  }

  /** Whether the text was shown; where it fits on the screen, it was not. */
  static boolean show(String text) {
    int[] size = size();
    boolean fits =
        text.lines().limit(size[0]).count() < size[0]
            && text.lines().allMatch(line -> line.length() <= size[1]);
    if (fits) {
      return false;
    }
    String program = System.getenv("PAGER");
    if (program == null || program.isBlank()) {
      program = DEFAULT;
    }
    try {
      Process process =
          new ProcessBuilder("sh", "-c", program)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException _) {
        // Whoever reads has seen enough.
      }
      return process.waitFor() != 127;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
