package io.shardforge.server.process;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The measure of how long clients wait when a fault strikes a node other than theirs, several times
 * in a row on one cluster.
 *
 * @param fault what strikes
 * @param cycles how often
 * @param calm between two faults, after all nodes are ready again
 * @param struck how long a fault goes on
 */
record FailoverRun(FaultKind fault, int cycles, Duration calm, Duration struck, long seed) {
  private static final int NODES = 3;
  private static final Duration HEALING_PATIENCE = Duration.ofMinutes(2);

  /**
   * What clients met.
   *
   * @param outages the longest of each cycle while the fault went on
   * @param healings the longest of each cycle from its end on
   * @param lost rows that were acknowledged and are gone
   */
  record Result(
      List<Duration> outages, List<Duration> healings, List<String> lost, List<String> failures) {
    Duration median() {
      return outages.stream().sorted().toList().get(outages.size() / 2);
    }

    Duration worst() {
      return outages.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }
  }

  Result run(Path directory, Consumer<String> out) throws InterruptedException, SQLException {
    Stage stage = Stage.set(NODES, fault, Spoiling.NONE, directory);
    boolean good = false;
    try (stage) {
      ServerCluster cluster = stage.cluster();
      FailoverLoad load = new FailoverLoad(cluster);
      Faults faults = stage.faults(new Random(seed));
      load.start();
      List<Duration> outages = new ArrayList<>();
      List<Duration> healings = new ArrayList<>();
      for (int cycle = 0; cycle < cycles; cycle++) {
        TimeUnit.NANOSECONDS.sleep(calm.toNanos());
        ServerNode victim = faults.victim(fault);
        load.avoid(Set.of(victim.number()));
        cluster.await("nothing is under way through the victim", HEALING_PATIENCE, load::hasLeft);
        long from = System.nanoTime();
        long healed;
        String words;
        try (Faults.Fault struckNow = faults.strike(fault, victim)) {
          words = struckNow.words();
          TimeUnit.NANOSECONDS.sleep(struck.toNanos());
          healed = System.nanoTime();
        }
        cluster.await("all nodes are ready", HEALING_PATIENCE, cluster::allReady);
        TimeUnit.NANOSECONDS.sleep(calm.toNanos());
        outages.add(load.longestOutage(from, healed));
        healings.add(load.longestOutage(healed, System.nanoTime()));
        load.avoid(Set.of());
        out.accept(
            String.format(
                Locale.ROOT,
                "%s: longest outage %.2f s, after healing %.2f s",
                words,
                outages.getLast().toMillis() / 1e3,
                healings.getLast().toMillis() / 1e3));
      }
      load.stop();
      List<String> lost = new ArrayList<>();
      for (ServerNode node : cluster.nodes()) {
        lost.addAll(load.lost(node));
      }
      Result result =
          new Result(
              outages,
              healings,
              lost,
              load.failures().entrySet().stream().map(Object::toString).toList());
      out.accept(
          String.format(
              Locale.ROOT,
              "%s: median %.2f s, worst %.2f s; %d rows acknowledged, %d of them lost; errors %s",
              fault.word(),
              result.median().toMillis() / 1e3,
              result.worst().toMillis() / 1e3,
              load.acknowledged(),
              lost.size(),
              result.failures()));
      good = lost.isEmpty();
      return result;
    } finally {
      if (good) {
        stage.clear();
      }
    }
  }
}
