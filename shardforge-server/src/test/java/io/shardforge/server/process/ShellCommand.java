package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A command of the machine that is over soon. */
final class ShellCommand {
  private ShellCommand() {}

  /** Runs a command that must work, and returns what it said. */
  static String run(String... words) {
    return run(List.of(words), "");
  }

  /** Runs a command that must work, giving it a text to read. */
  static String run(List<String> words, String input) {
    Result result = attempt(words, input);
    if (result.status() != 0) {
      throw new IllegalStateException(
          String.join(" ", words) + " ended with " + result.status() + ": " + result.output());
    }
    return result.output();
  }

  /** Runs a command that may fail; nothing if it did. */
  static Optional<String> tried(String... words) {
    try {
      Result result = attempt(List.of(words), "");
      return result.status() == 0 ? Optional.of(result.output()) : Optional.empty();
    } catch (UncheckedIOException _) {
      return Optional.empty(); // There is no such command.
    }
  }

  private record Result(int status, String output) {}

  private static Result attempt(List<String> words, String input) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
        writer.write(input);
      } catch (IOException _) {
        // It ended without reading; its status tells whether it minded.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + words, e);
    }
  }
}
