package io.shardforge.server;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeFile;
import io.shardforge.raft.shard.StoreRepair;
import io.shardforge.raft.shard.StoreRepair.Finding;
import io.shardforge.raft.shard.StoreRepair.Verdict;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.StoreDirectory;
import io.shardforge.storage.engine.rocks.RocksEngine;
import io.shardforge.storage.engine.rocks.RocksLibrary;
import io.shardforge.storage.engine.rocks.RocksOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The command for shards that have lost their majority for good: on the store of a node that is
 * stopped, it says which these are and what may be lost, and with {@code --apply} makes them go on
 * from this store alone.
 *
 * @param survivors the nodes whose stores still exist; the store's own always counts
 * @param above the newest timestamp that the same command names on the other survivors' stores
 */
record RecoverCommand(Path storePath, Set<Integer> survivors, long above, boolean applies) {
  private static final long ENGINE_BYTES = 64L << 20;

  /** Clocks may differ, and the oracle runs a few seconds ahead of its own. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

  RecoverCommand {
    survivors = Set.copyOf(survivors);
  }

  static RecoverCommand parse(List<String> options) {
    Path store = null;
    Set<Integer> survivors = new TreeSet<>();
    long above = 0;
    boolean applies = false;
    Iterator<String> words = options.iterator();
    while (words.hasNext()) {
      String word = words.next();
      String[] parts = word.split("=", 2);
      if (parts[0].equals("--apply")) {
        applies = true;
        continue;
      }
      if (!List.of("--store", "--survivors", "--above").contains(parts[0])) {
        throw new IllegalArgumentException("node recover has no option " + word);
      }
      if (parts.length == 1 && !words.hasNext()) {
        throw new IllegalArgumentException(word + " needs a value");
      }
      String value = parts.length == 2 ? parts[1] : words.next();
      switch (parts[0]) {
        case "--store" -> store = Path.of(value);
        case "--above" -> above = timestamp(value);
        default -> survivors.addAll(nodes(value));
      }
    }
    if (store == null) {
      throw new IllegalArgumentException("say which store: node recover --store DIR");
    }
    return new RecoverCommand(store, survivors, above, applies);
  }

  private static long timestamp(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("not a timestamp: " + text);
    }
    return Long.parseLong(text);
  }

  private static List<Integer> nodes(String text) {
    if (!text.matches("\\d{1,9}(,\\d{1,9})*")) {
      throw new IllegalArgumentException("not a list of nodes: " + text);
    }
    return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  int run(PrintStream out, PrintStream err) throws IOException {
    NodeFile file = NodeFile.read(storePath).orElse(null);
    if (file == null) {
      err.println("There is no node's store in " + storePath + ".");
      return 1;
    }
    int self = file.self().nodeId();
    Set<Integer> left = new TreeSet<>(survivors);
    left.add(self);
    try (StoreDirectory store = StoreDirectory.open(storePath)) {
      Optional<String> damage = store.damage();
      if (damage.isPresent()) {
        err.println(
            "The store in "
                + storePath
                + " was found damaged ("
                + damage.get()
                + "), and a start would put it aside. Remove the file DAMAGED there first if nothing"
                + " better is left.");
        return 1;
      }
      RocksLibrary.loadFrom(store.temporaryDirectory());
      Engine engine =
          RocksEngine.open(store.engineDirectory(), RocksOptions.ofMemory(ENGINE_BYTES));
      try {
        StoreRepair repair =
            new StoreRepair(
                engine, store.raftDirectory(), self, file.self().incarnation(), file.shards());
        return run(repair, file, left, out);
      } finally {
        engine.close();
      }
    }
  }

  private int run(StoreRepair repair, NodeFile file, Set<Integer> left, PrintStream out)
      throws IOException {
    int self = file.self().nodeId();
    out.println("Store of node %d; surviving nodes: %s.".formatted(self, words(left)));
    List<Finding> findings = repair.examine(left);
    boolean hasMeta = false;
    long newest = 0;
    for (Finding finding : findings) {
      print(finding, left, self, out);
      hasMeta |= finding.shard().isMeta();
      newest = Math.max(newest, finding.newest());
    }
    for (ShardDescriptor known : file.shards()) {
      boolean isHere =
          findings.stream().anyMatch(found -> found.shard().shardId() == known.shardId());
      if (!isHere && !known.hasMajorityWithout(lost(known, left))) {
        out.println(
            "shard %d: lost its majority, and has no replica here; its nodes are %s."
                .formatted(known.shardId(), words(known.settled())));
      }
    }
    out.println("Newest timestamp in this store: " + newest + " (" + utc(newest) + ").");
    long lost = findings.stream().filter(found -> found.verdict() == Verdict.TO_BE_REBUILT).count();
    if (lost == 0) {
      out.println("There is nothing to rebuild from this store.");
      return 0;
    }
    if (!applies) {
      out.println(
          """
          Nothing was changed. With --apply, %d shards go on from this store alone when node %d is started again.
          Before that: make sure that the nodes not named as survivors never run again on the stores they had.
          Where another survivor has a replica of the same shard, run this there too, and apply it only where the
          log goes further.%s\
          """
              .formatted(
                  lost,
                  self,
                  hasMeta
                      ? " Name the newest timestamp of the other survivors' stores with --above."
                      : ""));
      return 0;
    }
    Clock clock = new SystemClock();
    long now = Timestamp.of(clock.wallMillis() + CLOCK_MARGIN.toMillis(), 0);
    List<Finding> done = repair.apply(left, Math.max(above, now));
    for (Finding finding : done) {
      out.println(
          "shard %d goes on from this store.%s"
              .formatted(
                  finding.shard().shardId(),
                  finding.shard().isMeta()
                      ? " Timestamps go on above " + Math.max(newest, Math.max(above, now)) + "."
                      : ""));
    }
    out.println("Start node " + self + " again. Then give it company: nodes with empty stores.");
    return 0;
  }

  private static void print(Finding finding, Set<Integer> left, int self, PrintStream out) {
    long id = finding.shard().shardId();
    String what = "shard " + id + (finding.shard().isMeta() ? " (the cluster's own tables)" : "");
    String where = "members on nodes " + words(finding.voters());
    switch (finding.verdict()) {
      case HAS_MAJORITY -> out.println(what + ": has its majority; " + where + ".");
      case REBUILT -> out.println(what + ": was rebuilt, and waits for the node to be started.");
      case UNUSABLE ->
          out.println(
              what
                  + ": lost its majority; "
                  + where
                  + ". It cannot be rebuilt from here: "
                  + finding.obstacle()
                  + ".");
      case TO_BE_REBUILT -> {
        out.println(what + ": lost its majority; " + where + ".");
        out.println(
            "  applied up to entry %d of term %d; the log goes on to entry %d of term %d: these %d are kept,"
                .formatted(
                    finding.applied().index(),
                    finding.applied().term(),
                    finding.logEnd().index(),
                    finding.logEnd().term(),
                    finding.logEnd().index() - finding.applied().index()));
        out.println("  acknowledged or not. About " + finding.sizeBytes() + " bytes of rows.");
        out.println(
            "  May be lost: everything after entry %d that only the lost nodes had. Newest change here: %s."
                .formatted(finding.logEnd().index(), utc(finding.newest())));
        List<Integer> others = finding.otherSurvivors(left, self);
        if (!others.isEmpty()) {
          out.println("  Nodes " + words(others) + " have a replica too: look there as well.");
        }
      }
    }
  }

  private static List<Integer> lost(ShardDescriptor shard, Set<Integer> left) {
    return shard.settled().stream().filter(node -> !left.contains(node)).toList();
  }

  private static String utc(long timestamp) {
    return timestamp == Timestamp.NONE ? "none" : Timestamp.formatUtc(timestamp);
  }

  private static String words(Collection<Integer> nodes) {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
