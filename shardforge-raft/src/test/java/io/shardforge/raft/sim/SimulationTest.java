package io.shardforge.raft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs of the simulation, one for each seed.
 *
 * <pre>
 *   ./mvnw -pl shardforge-raft -am test -Dsurefire.failIfNoSpecifiedTests=false
 *       -Dtest=SimulationTest
 *       -Dsim.seed=S                  this seed only
 *       -Dsim.first=F -Dsim.seeds=N   N seeds from F on; with a great N it runs for ever
 * </pre>
 *
 * A run that fails is done again, with its trace in {@code target/sim}.
 */
final class SimulationTest {
  private static final long SEEDS = 1_000;
  private static final List<String> BESIDE =
      List.of(
          "merge",
          "crash",
          "crash at a write",
          "pause",
          "isolate",
          "elect",
          "hand over",
          "stall",
          "messages",
          "proposals",
          "lag");
  private static final List<String> MOVED_BESIDE =
      Stream.concat(Stream.of("cut", "one way", "split", "ring", "clock"), BESIDE.stream())
          .toList();
  private static final String COMMAND =
      "./mvnw -pl shardforge-raft -am test -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dtest=SimulationTest -Dsim.seed=";

  @Test
  void sameSeedGivesTheSameRunToTheByte() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(traceOf(seed)).isNotEmpty().isEqualTo(traceOf(seed));
    }
  }

  private static String traceOf(long seed) {
    Simulation run = new Simulation(seed, true, Sabotage.NONE);
    run.run();
    return run.trace().text();
  }

  @Test
  void transactionsHoldWhateverFails() throws IOException {
    Long only = Long.getLong("sim.seed");
    long first = only == null ? Long.getLong("sim.first", 1) : only;
    long seeds = only == null ? Long.getLong("sim.seeds", SEEDS) : 1;
    long committed = 0;
    long followerReads = 0;
    long oneRound = 0;
    long fences = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      Simulation run = runWith(Sabotage.NONE, seed);
      committed += run.committed();
      followerReads += run.followerReads();
      oneRound += run.oneRoundCommits();
      fences += run.fences();
    }
    assertThat(committed).as("transactions that committed").isGreaterThan(seeds);
    if (seeds > 100) {
      assertThat(followerReads).as("reads without a lease").isGreaterThan(seeds / 10);
      assertThat(oneRound).as("commits in one round").isGreaterThan(seeds);
      assertThat(fences).as("looks for writes of such commits").isGreaterThan(seeds / 50);
    }
  }

  @Test
  void transactionsHoldWhileShardsAreCutAndMerged() throws IOException {
    runQuarter(SimulationTest::cutAndMerged);
  }

  @Test
  void transactionsHoldWhileReplicasMove() throws IOException {
    runQuarter(SimulationTest::moved);
  }

  /** Runs a quarter of the seeds, or the one that was asked for, with faults that it chooses. */
  private static void runQuarter(LongFunction<Sabotage> faults) throws IOException {
    Long only = Long.getLong("sim.seed");
    long first = only == null ? Long.getLong("sim.first", 1) : only;
    long seeds = only == null ? Long.getLong("sim.seeds", SEEDS) / 4 : 1;
    for (long seed = first; seed < first + seeds; seed++) {
      var _ = runWith(faults.apply(seed), seed);
    }
  }

  private static Simulation runWith(Sabotage faults, long seed) throws IOException {
    Simulation run = new Simulation(seed, false, faults);
    try {
      run.run();
      return run;
    } catch (AssertionError e) {
      Path trace = repeat(seed, faults);
      throw new AssertionError(e.getMessage() + "\n" + COMMAND + seed + "\ntrace: " + trace, e);
    }
  }

  /** Replicas move, and two other kinds of faults happen beside. */
  private static Sabotage moved(long seed) {
    return faults(List.of("move"), seed, MOVED_BESIDE);
  }

  private static Sabotage faults(List<String> always, long seed, List<String> beside) {
    int kinds = beside.size();
    Set<String> all = new TreeSet<>(always);
    all.add(beside.get((int) (seed % kinds)));
    all.add(beside.get((int) (seed / kinds % kinds)));
    return new Sabotage() {
      @Override
      public Set<String> faults() {
        return all;
      }
    };
  }

  /** Nothing that is done wrong, and two other kinds of faults beside. */
  private static Sabotage cutAndMerged(long seed) {
    return faults(List.of("cut", "merge"), seed, BESIDE);
  }

  private static Path repeat(long seed, Sabotage sabotage) throws IOException {
    Simulation run = new Simulation(seed, true, sabotage);
    String end = "";
    try {
      run.run();
    } catch (AssertionError e) {
      end = String.valueOf(e.getMessage());
    }
    Path file = Path.of("target", "sim", "seed-" + seed + ".txt");
    Files.createDirectories(Path.of("target", "sim"));
    Files.writeString(file, run.trace().text() + end + "\n");
    return file;
  }
}
