package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.route.Await;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three nodes on real logs split shards: under load, with a node away, and in crashes. */
final class SplitOnLogsTest extends ShardsOnLogs {
  @Test
  void aBankUnderLoadIsSplitTenTimes() throws Exception {
    runBank(() -> {
      for (int i = 1; i <= 8; i++) {
        assertThat(split(1 + i % 3, "account%02d".formatted(2 * i + 1)).isNew()).isTrue();
      }
      split(1, "log1");
      split(2, "log2");
    });
    assertThat(node(2).metaTable.shards()).hasSize(12);
  }

  @Test
  void aNodeThatWasAwayAppliesTheSplitFromItsLog() throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    MemoryEngine kept = crash(3);
    ShardSplitter.Border border = split(1, "m");
    write(1, "b", "2");
    write(1, "y", "2");
    start(3, 2, kept, false, _ -> {});
    ShardDescriptor child = node(1).map.locate(key("z"));
    assertThat(child.shardId()).isEqualTo(border.shardId());
    awaitSame(child.shardId(), child.span());
    awaitSame(2, node(1).map.locate(key("a")).span());
    assertThat(rows(3)).containsExactly("a=1", "b=2", "y=2", "z=1");
  }

  @Test
  void aNodeThatGetsACopyInsteadJoinsTheChild() throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    MemoryEngine kept = crash(3);
    split(1, "m");
    String large = "x".repeat(300 << 10);
    for (int i = 0; i < 40; i++) {
      write(1, "b", large + i);
    }
    write(1, "b", "2");
    write(1, "y", "2");
    nodes().values().forEach(node -> node.engine.flush());
    Await.until(
        "the parent's log is purged",
        () -> {
          nodes().values().forEach(node -> node.groups.purgeLogs());
          return firstSegmentIsGone(1) && firstSegmentIsGone(2);
        });
    start(3, 2, kept, false, _ -> {});
    ShardDescriptor child = node(1).map.locate(key("z"));
    awaitSame(child.shardId(), child.span());
    awaitSame(2, node(1).map.locate(key("a")).span());
    // It can lead what it has.
    write(3, "z", "3");
    assertThat(rows(3)).containsExactly("a=1", "b=2", "y=2", "z=3");
    assertThat(node(3).engine.get(Family.CURRENT, key("y"))).isNotNull();
  }

  @Test
  void aNodeThatHearsOfTheChildAsItAppliesTheSplitHasItAsAMember() throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
    int leading = leaderOf(2);
    int other = 1 + leading % 3;
    ShardDescriptor parent = node(other).map.locate(key("z"));
    ShardDescriptor child =
        new ShardDescriptor(
            3, new KeySpan(key("m"), parent.span().end()), parent.epoch() + 1, parent.nodeIds());
    CompletableFuture<List<String>> members = new CompletableFuture<>();
    SplitNode hearing = node(other);
    hearing.replicas.onStep(step -> {
      if (step == Replicas.Step.CUT_OFF) {
        hearing.replicas.openMissing(List.of(child));
        byte[] seed = hearing.engine.get(Family.APPLIED, ReplicaKey.SEEDING.of(child.shardId()));
        members.complete(seed == null ? List.of() : ReplicaStore.decodeMembers(seed));
      }
    });
    assertThat(split(leading, "m").shardId()).isEqualTo(child.shardId());
    // One that is made as if it had to be added to the shard first does not vote.
    assertThat(Await.result(members)).hasSize(3);
    crash(leading);
    write(other, "y", "2");
    assertThat(rows(other)).containsExactly("a=1", "y=2", "z=1");
  }

  @ParameterizedTest
  @CsvSource({
    "STATE_DURABLE, true",
    "STATE_DURABLE, false",
    "LOG_MADE, true",
    "LOG_MADE, false",
    "WEANED, true",
    "WEANED, false",
    "OPENED, true"
  })
  void aCrashBetweenTwoStepsIsMadeGood(Replicas.Step last, boolean leader) throws Exception {
    write(1, "a", "1");
    write(1, "z", "1");
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
    CompletableFuture<ShardSplitter.Border> border =
        CompletableFuture.supplyAsync(
            () -> split(asking, "m"), task -> Thread.ofPlatform().daemon().start(task));
    Await.until("the step is reached", reached::get);
    MemoryEngine kept = crash(victim);
    long child = Await.result(border).shardId();
    write(asking, "b", "2");
    write(asking, "y", "2");
    start(victim, 2, kept, false, _ -> {});
    ShardDescriptor now = node(asking).map.locate(key("z"));
    assertThat(now.shardId()).isEqualTo(child);
    awaitSame(child, now.span());
    assertThat(rows(victim)).containsExactly("a=1", "b=2", "y=2", "z=1");
    assertThat(node(asking).metaTable.shards()).hasSize(3);
  }
}
