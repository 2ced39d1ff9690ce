package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.placement.AutomaticMerges;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.placement.HashedTables;
import io.shardforge.raft.placement.ReplicaComparison;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.route.Await;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three nodes on real logs merge shards: under load, with a node away, and in crashes. */
final class MergeOnLogsTest extends ShardsOnLogs {
  /** What a merge fails with. */
  private KvError mergeError() {
    try {
      var _ = node(1).merger.mergeAt(key("m"), Deadline.after(node(1).rpc.clock, STATEMENT_TIME));
    } catch (KvException e) {
      return e.error();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it was merged");
  }

  private void splitAndSettle(String name) {
    split(1, name);
    ShardDescriptor right = node(1).map.locate(key(name));
    awaitSame(right.shardId(), right.span());
  }

  @Test
  void aBankUnderLoadIsSplitAndMergedAgain() throws Exception {
    runBank(() -> {
      for (int i = 1; i <= 6; i++) {
        split(1 + i % 3, "account%02d".formatted(3 * i));
      }
      for (int i = 6; i >= 1; i--) {
        assertThat(merge(1 + i % 3, "account%02d".formatted(3 * i)).isNew()).isTrue();
      }
    });
    Await.until("the map knows", () -> retrying(() -> node(2).metaTable.shards()).size() == 2);
    for (int id : nodes().keySet()) {
      Await.until(
          "node " + id + " has no other replicas", () -> node(id).replicas.all().size() == 2);
    }
  }

  @Test
  void whatIsNoBorderIsNotMerged() {
    write(1, "a", "1");
    ShardMerger.Merged merged = merge(2, "m");
    assertThat(merged.isNew()).isFalse();
    assertThat(merged.shardId()).isEqualTo(2);
  }

  @Test
  void withANodeDownNothingIsMergedAndNothingStandsStill() throws IOException {
    write(1, "a", "1");
    splitAndSettle("m");
    MemoryEngine kept = crash(3);
    leaderOf(2);
    Await.until(
        "the merge is refused",
        () -> {
          KvError error = mergeError();
          return error instanceof KvError.Refused refused && refused.reason().contains("node 3");
        });
    write(1, "b", "2");
    write(2, "y", "2");
    start(3, 2, kept, false, _ -> {});
    assertThat(merge(1, "m").isNew()).isTrue();
    assertThat(rows(3)).containsExactly("a=1", "b=2", "y=2");
  }

  @ParameterizedTest
  @CsvSource({"TAKEN_IN, true", "TAKEN_IN, false", "LOG_REMOVED, true", "LOG_REMOVED, false"})
  void aCrashAfterAMergeIsMadeGood(Replicas.Step last, boolean leader) throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    splitAndSettle("m");
    int leading = leaderOf(2);
    int victim = leader ? leading : 1 + leading % 3;
    AtomicBoolean reached = new AtomicBoolean();
    node(victim)
        .replicas
        .onStep(step -> {
          if (step == last) {
            reached.set(true);
            throw new IllegalStateException("the node stops here");
          }
        });
    int asking = 1 + victim % 3;
    merge(asking, "m");
    Await.until("the step is reached", reached::get);
    MemoryEngine kept = crash(victim);
    write(asking, "b", "2");
    write(asking, "y", "2");
    start(victim, 2, kept, false, _ -> {});
    awaitSame(2, node(asking).map.locate(key("z")).span());
    assertThat(rows(victim)).containsExactly("a=1", "b=2", "y=2", "z=1");
    Await.until(
        "the replica of the other shard is gone",
        () -> node(victim).replicas.all().size() == 2 && logs(victim) == 2);
    assertThat(node(asking).metaTable.shards()).hasSize(2);
  }

  @Test
  void aNodeThatMissedTheMergeGetsACopyOfBoth() throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    splitAndSettle("m");
    int leading = leaderOf(2);
    int victim = 1 + leading % 3;
    AtomicBoolean reached = new AtomicBoolean();
    node(victim)
        .replicas
        .onStep(step -> {
          reached.set(true);
          throw new IllegalStateException("nothing of this becomes durable");
        });
    merge(leading, "m");
    Await.until("the merge is applied", reached::get);
    MemoryEngine kept = crash(victim);
    String large = "x".repeat(300 << 10);
    for (int i = 0; i < 40; i++) {
      write(leading, "y", large + i);
    }
    write(leading, "b", "2");
    write(leading, "y", "2");
    nodes().values().forEach(node -> node.engine.flush());
    Await.until(
        "the log is purged",
        () -> {
          nodes().values().forEach(node -> node.groups.purgeLogs());
          return nodes().keySet().stream().allMatch(this::firstSegmentIsGone);
        });
    start(victim, 2, kept, false, _ -> {});
    awaitSame(2, node(leading).map.locate(key("z")).span());
    Await.until(
        "the replica of the other shard is gone",
        () -> node(victim).replicas.all().size() == 2 && logs(victim) == 2);
    write(victim, "z", "3");
    assertThat(rows(victim)).containsExactly("a=1", "b=2", "y=2", "z=3");
  }

  @Test
  void shardsOnDifferentNodesAreMergedOnceTheyAreOnTheSame() throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    splitAndSettle("m");
    long right = node(1).map.locate(key("z")).shardId();
    start(4, 1, new MemoryEngine(), true, _ -> {});
    move(1, right, 1, 2, 4);
    awaitOn(right, 1, 2, 4);
    Await.until(
        "the merge is refused",
        () ->
            mergeError() instanceof KvError.Refused refused
                && refused.reason().contains("different nodes"));
    write(2, "y", "2");
    move(2, 2, 1, 2, 4);
    // It waits for the move that is under way.
    assertThat(merge(1, "m").isNew()).isTrue();
    awaitOn(2, 1, 2, 4);
    assertThat(rows(4)).containsExactly("a=1", "y=2", "z=1");
  }

  @Test
  void aNodeThatWasAwayWhileBothPartsLeftItLetsGoOfThem() throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    splitAndSettle("m");
    long right = node(1).map.locate(key("z")).shardId();
    MemoryEngine kept = crash(3);
    start(4, 1, new MemoryEngine(), true, _ -> {});
    move(1, right, 1, 2, 4);
    move(2, 2, 1, 2, 4);
    awaitOn(right, 1, 2, 4);
    awaitOn(2, 1, 2, 4);
    assertThat(merge(1, "m").isNew()).isTrue();
    write(1, "b", "2");
    write(4, "y", "2");
    start(3, 2, kept, false, _ -> {});
    awaitOn(2, 1, 2, 4);
    awaitNoRows(3, KeySpace.dataSpan());
    // And it may come back.
    move(3, 2, 1, 2, 3);
    awaitOn(2, 1, 2, 3);
    assertThat(rows(3)).containsExactly("a=1", "b=2", "y=2", "z=1");
  }

  @Test
  void whatTheSystemHasSplitItMergesAndNothingElse() throws Exception {
    for (String row : List.of("a", "h", "n", "u")) {
      write(1, row, "1");
    }
    long byHand = split(1, "g").shardId();
    long own = split(1, "m").shardId();
    long held = split(1, "t").shardId();
    retrying(() -> {
      node(1).metaTable.noteOwnBorder(own);
      node(1).metaTable.noteOwnBorder(held);
      return true;
    });
    ClusterControl control = controlOf(node(2));
    // Somebody wants a border where there is one.
    assertThat(retrying(() -> control.splitAt(key("t"), deadline())).isNew()).isFalse();
    assertThat(retrying(() -> node(3).metaTable.ownBorders())).containsExactly(own);
    ManualClock time = new ManualClock(1_000);
    AutomaticMerges merges =
        new AutomaticMerges(
            new AutomaticMerges.Shards() {
              @Override
              public Set<Long> ownBorders() {
                return node(3).metaTable.ownBorders();
              }

              @Override
              public List<ClusterControl.ShardStatus> all() throws InterruptedException {
                node(3).map.refresh();
                return control.shards();
              }

              @Override
              public HashedTables hashedTables() {
                return new HashedTables(Map.of());
              }

              @Override
              public AutomaticMerges.Limits limits() {
                return new AutomaticMerges.Limits(1 << 20, 1 << 30, 0);
              }
            },
            (key, _) -> {
              var _ = node(3).merger.mergeAt(key, deadline());
            },
            Runnable::run,
            time);
    Await.until(
        "the border is gone",
        () -> {
          time.advance(Duration.ofMinutes(1));
          merges.round(true);
          return retrying(() -> node(1).metaTable.shards()).size() == 4;
        });
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMinutes(1));
      merges.round(true);
    }
    assertThat(retrying(() -> node(1).metaTable.shards()).stream().map(ShardDescriptor::shardId))
        .containsExactlyInAnyOrder(1L, 2L, byHand, held);
    assertThat(rows(2)).containsExactly("a=1", "h=1", "n=1", "u=1");
  }

  private static ClusterControl controlOf(SplitNode node) {
    return new ClusterControl(
        node.map,
        node.router,
        node.splitter,
        node.merger,
        List::of,
        node.rpc.dialer::isConnected,
        node.metaTable,
        new ReplicaComparison(node.map, node.router, node.router, node.rpc.clock),
        _ -> Map.of(),
        _ -> List.of(),
        node.rpc.clock);
  }

  private Deadline deadline() {
    return Deadline.after(node(1).rpc.clock, STATEMENT_TIME);
  }

  private long logs(int id) {
    try (Stream<Path> files = Files.list(cluster().directory(id))) {
      return files.filter(file -> Files.isDirectory(file.resolve("current"))).count();
    } catch (IOException e) {
      return -1;
    }
  }
}
