package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Borders that are taken back, and those that are not. */
final class AutomaticMergesTest {
  private static final long MB = 1L << 20;
  private static final List<Integer> NODES = List.of(1, 2, 3);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock(1_000);
  private final TreeMap<Long, ClusterControl.ShardStatus> shards = new TreeMap<>();
  private final Set<Long> own = new HashSet<>();
  private final List<Long> merged = new ArrayList<>();
  private AutomaticMerges.Limits limits = new AutomaticMerges.Limits(64 * MB, 4_096 * MB, 1_000);
  private HashedTables hashed = new HashedTables(Map.of());
  private boolean refuses;
  private long load = 100;

  private final AutomaticMerges merges =
      new AutomaticMerges(
          new AutomaticMerges.Shards() {
            @Override
            public Set<Long> ownBorders() {
              return Set.copyOf(own);
            }

            @Override
            public List<ClusterControl.ShardStatus> all() {
              return List.copyOf(shards.values());
            }

            @Override
            public HashedTables hashedTables() {
              return hashed;
            }

            @Override
            public AutomaticMerges.Limits limits() {
              return limits;
            }
          },
          (key, _) -> merge(key),
          Runnable::run,
          clock);

  /** Four shards of a table, of which the last two lie behind borders of the system's own. */
  @BeforeEach
  void setUp() {
    put(1, KeySpace.metaSpan(), NODES, 10 * MB);
    put(2, new KeySpan(KeySpace.dataSpan().start(), row("f")), NODES, 30 * MB);
    put(3, new KeySpan(row("f"), row("m")), NODES, 20 * MB);
    put(4, new KeySpan(row("m"), row("t")), NODES, 10 * MB);
    put(5, new KeySpan(row("t"), KeySpace.dataSpan().end()), NODES, 10 * MB);
    own.addAll(Set.of(4L, 5L));
  }

  private static byte[] row(String name) {
    return Bytes.concat(
        KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1),
        name.getBytes(StandardCharsets.UTF_8));
  }

  private void put(long id, KeySpan span, List<Integer> nodes, long bytes) {
    put(new ShardDescriptor(id, span, 1, nodes), bytes);
  }

  private void put(ShardDescriptor shard, long bytes) {
    shards.put(
        shard.shardId(),
        new ClusterControl.ShardStatus(
            shard, new KvResult.ShardFacts(1, 1, bytes, 0, 0, load), List.of()));
  }

  private ShardDescriptor shard(long id) {
    ClusterControl.ShardStatus status = shards.get(id);
    if (status == null) {
      throw new AssertionError("no shard " + id);
    }
    return status.shard();
  }

  private static long bytesOf(ClusterControl.ShardStatus status) {
    KvResult.ShardFacts facts = status.facts();
    return facts == null ? 0 : facts.sizeBytes();
  }

  private void resize(long id, long bytes) {
    put(shard(id), bytes);
  }

  private void merge(byte[] key) {
    ClusterControl.ShardStatus left = null;
    for (ClusterControl.ShardStatus right : shards.values()) {
      if (left != null && Arrays.equals(right.shard().span().start(), key)) {
        if (refuses) {
          throw new KvException(new KvError.Refused("a node is down"));
        }
        merged.add(right.shard().shardId());
        long bytes = bytesOf(left) + bytesOf(right);
        put(
            left.shard().shardId(),
            new KeySpan(left.shard().span().start(), right.shard().span().end()),
            NODES,
            bytes);
        shards.remove(right.shard().shardId());
        return;
      }
      left = right;
    }
    throw new AssertionError("no shard begins there");
  }

  private void pass(Duration time) {
    for (Duration left = time; left.isPositive(); left = left.minus(SECOND)) {
      clock.advance(SECOND);
      merges.round(true);
    }
  }

  @Test
  void smallShardsBehindOwnBordersAreMergedOneAfterTheOther() {
    pass(AutomaticMerges.SMALL_TIME);
    assertThat(merged).isEmpty();
    pass(Duration.ofMinutes(1));
    assertThat(merged).isNotEmpty();
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(2));
    assertThat(merged).containsExactly(5L, 4L);
    // What somebody has split stays.
    assertThat(shards.keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void nothingIsMergedThatIsSmallForAMomentOnly() {
    for (int i = 0; i < 20; i++) {
      resize(4, i % 2 == 0 ? 10 * MB : 4_000 * MB);
      resize(5, i % 2 == 0 ? 10 * MB : 4_000 * MB);
      pass(Duration.ofMinutes(4));
    }
    assertThat(merged).isEmpty();
  }

  @Test
  void whatWouldBeSplitAgainSoonIsNotMerged() {
    limits = new AutomaticMerges.Limits(64 * MB, 100 * MB, 1_000);
    resize(3, 45 * MB);
    resize(4, 10 * MB);
    resize(5, 45 * MB);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).isEmpty();
    resize(5, 39 * MB);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(2));
    assertThat(merged).containsExactly(5L);
  }

  @Test
  void busyShardsAreNotMergedBeforeTheyHaveBeenCalm() {
    load = 251;
    setUp();
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).isEmpty();
    load = 250;
    setUp();
    pass(AutomaticMerges.SMALL_TIME.plusSeconds(30));
    assertThat(merged).hasSize(1);
  }

  @Test
  void twoThatAreNotSmallStayApart() {
    resize(3, 65 * MB);
    resize(4, 65 * MB);
    resize(5, 65 * MB);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).isEmpty();
  }

  @Test
  void bordersOfTablesAndShardsOnTheirWayStay() {
    KeySpan table = KeySpace.tableSpan(KeySpace.FIRST_USER_TABLE_ID);
    put(2, new KeySpan(KeySpace.dataSpan().start(), table.start()), NODES, MB);
    put(3, new KeySpan(table.start(), row("m")), NODES, MB);
    own.add(3L);
    ShardDescriptor four = shard(4);
    put(four.movingTo(List.of(1, 2, 4)), MB);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).isEmpty();
    // There, but its neighbors are elsewhere.
    put(four.on(List.of(1, 2, 4)), MB);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).isEmpty();
    put(four.on(List.of(3, 2, 1)), MB);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).containsExactlyInAnyOrder(4L, 5L);
  }

  @Test
  void zeroTurnsItOffAndAnotherNodeInChargeBeginsAnew() {
    limits = new AutomaticMerges.Limits(0, 4_096 * MB, 1_000);
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(2));
    assertThat(merged).isEmpty();
    limits = new AutomaticMerges.Limits(64 * MB, 4_096 * MB, 1_000);
    pass(AutomaticMerges.SMALL_TIME.minusSeconds(31));
    clock.advance(Duration.ofMinutes(1));
    merges.round(false);
    pass(AutomaticMerges.SMALL_TIME.minusSeconds(31));
    assertThat(merged).isEmpty();
    pass(Duration.ofMinutes(2));
    assertThat(merged).isNotEmpty();
  }

  @Test
  void aPairThatCannotBeMergedDoesNotKeepOthersWaiting() {
    resize(5, 5 * MB);
    refuses = true;
    pass(AutomaticMerges.SMALL_TIME.plus(SECOND));
    refuses = false;
    pass(Duration.ofMinutes(1));
    // The smallest pair was refused a moment ago.
    assertThat(merged).containsExactly(4L);
  }

  @Test
  void arcsStayApartAsLongAsTheirTableIsCutByHash() {
    int table = KeySpace.FIRST_USER_TABLE_ID;
    shards.clear();
    own.clear();
    byte[] start = KeySpace.dataSpan().start();
    long id = 2;
    for (byte[] border : HashedTables.borders(table, 4)) {
      put(id++, new KeySpan(start, border), NODES, MB);
      own.add(id);
      start = border;
    }
    // What is split within an arc is merged as anything is.
    put(id, new KeySpan(start, KeySpace.indexPrefix(table, 3)), NODES, MB);
    put(++id, new KeySpan(KeySpace.indexPrefix(table, 3), KeySpace.dataSpan().end()), NODES, MB);
    own.add(id);
    hashed = new HashedTables(Map.of(table, 4));
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(merged).containsExactly(id);
    hashed = new HashedTables(Map.of(table, 2));
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(3));
    assertThat(shards).as("fewer arcs").hasSize(4);
    hashed = new HashedTables(Map.of());
    pass(AutomaticMerges.SMALL_TIME.multipliedBy(6));
    assertThat(shards.keySet()).as("the table is gone").containsExactly(2L);
  }
}
