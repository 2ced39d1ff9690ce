package io.shardforge.server.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command that runs a trial: exit status 0 if all was well, 1 if not, 2 if this machine cannot
 * run it, 3 if the command is not understood. See {@code acceptance/process.sh}.
 */
public final class ProcessTrials {
  private static final Duration OUTAGE_MAX = Duration.ofSeconds(5);

  private ProcessTrials() {}

  /**
   * Runs the trial that the arguments describe. It ends with 0 if all went well, 1 if something was
   * wrong, 2 if it cannot be run here, 3 if it was not understood, 4 if it broke off.
   */
  public static void main(String[] arguments) {
    try (PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
      int status;
      try {
        status = run(List.of(arguments), out);
      } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
        out.println("broken off: " + e);
        status = 4;
      }
      System.exit(status);
    }
  }

  /** Takes an option and its value out of the words; null if it is not there. */
  private static @Nullable Path path(String option, List<String> words) {
    int place = words.indexOf(option);
    if (place < 0 || place + 1 == words.size()) {
      return null;
    }
    words.remove(place);
    return Path.of(words.remove(place)).toAbsolutePath();
  }

  private static int run(List<String> arguments, PrintStream out)
      throws IOException, InterruptedException, SQLException {
    if (arguments.isEmpty()) {
      out.println("the first argument is the directory for logs and histories");
      return 3;
    }
    Path directory = Path.of(arguments.getFirst()).toAbsolutePath();
    List<String> words = arguments.subList(1, arguments.size());
    List<String> others = new ArrayList<>();
    Trial trial;
    try {
      trial = Trial.parse(words, System.nanoTime() & 0xffff_ffffL, others);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      return 3;
    }
    Spoiling spoiling = new Spoiling(path("--preload", others), path("--overlay", others));
    boolean failover = others.remove("--failover");
    if (!others.isEmpty()) {
      out.println("not understood: " + String.join(" ", others));
      return 3;
    }
    Optional<String> missing = Stage.missing(trial.fault());
    if (missing.isPresent()) {
      out.println("This machine cannot run it: " + missing.get());
      return 2;
    }
    if (failover) {
      int cycles = Math.max(1, (int) (trial.length().toSeconds() / trial.struck().toSeconds()));
      FailoverRun.Result result =
          new FailoverRun(trial.fault(), cycles, trial.calm(), trial.struck(), trial.seed())
              .run(directory, out::println);
      return result.lost().isEmpty() && result.worst().compareTo(OUTAGE_MAX) <= 0 ? 0 : 1;
    }
    String repeat = String.join(" ", trial.words());
    out.println("trial " + repeat);
    TrialRun.Report report = new TrialRun(trial, spoiling, directory, out::println).run();
    if (report.isGood()) {
      return 0;
    }
    report.wrong().forEach(wrong -> out.println("WRONG " + wrong));
    out.println(report.words());
    out.println("again: shardforge-server/acceptance/process.sh " + repeat);
    return 1;
  }
}
