package io.shardforge.server.process;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One trial on a new cluster, from its start to the verdict. History, logs and report stay in a
 * directory; stores only when something was wrong.
 */
final class TrialRun {
  private static final Duration HEALING_PATIENCE = Duration.ofMinutes(4);

  private final Trial trial;
  private final Spoiling spoiling;
  private final Path directory;
  private final Consumer<String> out;
  private final long startNanos = System.nanoTime();

  TrialRun(Trial trial, Spoiling spoiling, Path directory, Consumer<String> out) {
    this.trial = trial;
    this.spoiling = spoiling;
    this.directory = directory;
    this.out = out;
  }

  /**
   * What came of a trial.
   *
   * @param wrong what is not as it should be, in words; nothing if all is well
   * @param longestGap in which no operation of any client succeeded
   */
  record Report(Verdict verdict, List<String> wrong, Duration longestGap, String words) {
    boolean isGood() {
      return wrong.isEmpty();
    }
  }

  Report run() throws IOException, InterruptedException, SQLException {
    return run(trial.load().workload(trial.isolation()));
  }

  private void say(String words) {
    out.accept(
        String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - startNanos) / 1e9, words));
  }

  private <T> Report run(Workload<T> workload)
      throws IOException, InterruptedException, SQLException {
    Stage stage = Stage.set(trial.nodes(), trial.fault(), spoiling, directory);
    boolean good = false;
    try (stage) {
      ServerCluster cluster = stage.cluster();
      say(trial.nodes() + " nodes are ready, logs in " + directory);
      try (Connection connection = cluster.node(1).connectSoon(LoadClients.PATIENCE)) {
        workload.prepare(connection);
      }
      LoadClients<T> clients =
          new LoadClients<>(
              cluster, workload, trial.isolation(), trial.clients(), trial.rate(), trial.seed());
      TableChanges changes =
          trial.ddl()
              ? new TableChanges(
                  cluster, workload.tables(), workload.searchesByIndex(), trial.seed())
              : null;
      clients.start();
      if (changes != null) {
        changes.start();
      }
      try (StallWatch _ = StallWatch.start(cluster, directory, clients::sinceSuccess)) {
        nemesis(stage.faults(new Random(trial.seed())));
      }
      if (changes != null) {
        changes.stop();
        say("changes of tables: " + changes.words());
      }
      clients.stop();
      say("the load is over");
      List<String> wrong = new ArrayList<>();
      if (!Waiting.until(HEALING_PATIENCE, cluster::allReady)) {
        wrong.add("not all nodes were ready " + HEALING_PATIENCE.toSeconds() + " s after");
      }
      if (!clients.readAll()) {
        wrong.add("the last reads were not answered: " + clients.examples());
      }
      Report report = report(workload, clients, wrong);
      good = report.isGood();
      return report;
    } finally {
      if (good) {
        stage.clear();
      }
    }
  }

  /** Strikes and heals in turns until the time is up. */
  private void nemesis(Faults faults) throws InterruptedException {
    long end = System.nanoTime() + trial.length().toNanos();
    if (trial.fault() == FaultKind.NONE) {
      TimeUnit.NANOSECONDS.sleep(trial.length().toNanos());
      return;
    }
    while (true) {
      TimeUnit.NANOSECONDS.sleep(trial.calm().toNanos());
      if (System.nanoTime() + trial.struck().toNanos() > end) {
        return;
      }
      try (Faults.Fault fault = faults.strike(trial.fault())) {
        say(fault.words());
        TimeUnit.NANOSECONDS.sleep(trial.struck().toNanos());
      }
      say("healed");
    }
  }

  private <T> Report report(Workload<T> workload, LoadClients<T> clients, List<String> wrong)
      throws IOException {
    History<T> history = clients.history();
    Path file = directory.resolve("history.edn");
    workload.write(history, file);
    Verdict verdict = workload.judge(history);
    if (!verdict.isValid()) {
      wrong.add("the history is " + verdict.result());
    }
    wrong.addAll(workload.lost(history));
    clients.broken().forEach(error -> wrong.add("a client broke off: " + error));
    clients
        .examples()
        .forEach((ending, words) -> {
          if (ending.contains(" XX")) {
            wrong.add(ending + ": " + words);
          }
        });
    String words =
        String.format(
            Locale.ROOT,
            "%s: %d operations %s; longest time without success %.1f s, longest success %.1f s; %s%n"
                + "first errors: %s",
            verdict.result(),
            history.size(),
            clients.endings(),
            clients.longestGap().toMillis() / 1e3,
            clients.longestOk().toMillis() / 1e3,
            String.join(", ", verdict.remarks()),
            clients.examples());
    Files.writeString(
        directory.resolve("report.txt"),
        String.join(" ", trial.words())
            + "\n"
            + words
            + "\njudge: "
            + workload.judgeArguments(file)
            + "\n"
            + String.join("\n", wrong)
            + "\n"
            + verdict.words());
    say(words);
    return new Report(verdict, List.copyOf(wrong), clients.longestGap(), verdict.words());
  }
}
