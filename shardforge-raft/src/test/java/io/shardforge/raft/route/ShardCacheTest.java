package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a node knows of the map of shards, whatever it has missed, has no holes. */
final class ShardCacheTest {
  private static final ShardDescriptor WHOLE = shard(2, 'a', 'z', 1);

  private static ShardDescriptor shard(long id, char start, char end, long epoch) {
    return new ShardDescriptor(id, new KeySpan(key(start), key(end)), epoch, List.of(1, 2, 3));
  }

  private static byte[] key(char letter) {
    return new byte[] {(byte) letter};
  }

  private static ShardCache cache(ShardDescriptor... known) {
    return new ShardCache(List.of(known), List::of, new SystemClock());
  }

  @Test
  void aNodeThatMissedASplitLearnsOfAnotherOneOfTheChild() {
    ShardCache cache = cache(WHOLE);
    cache.learn(List.of(shard(3, 'g', 'm', 3), shard(4, 'm', 'p', 3)));
    assertThat(cache.locate(key('b')).shardId()).isEqualTo(2);
    assertThat(cache.locate(key('h')).shardId()).isEqualTo(3);
    assertThat(cache.locate(key('n')).shardId()).isEqualTo(4);
    assertThat(cache.locate(key('q')).shardId()).isEqualTo(2);
    assertThat(cache.locate(new KeySpan(key('a'), key('z')))).hasSize(4);
  }

  @Test
  void theMapMayKnowOfASplitOfTheChildBeforeThatOfTheParent() {
    ShardCache cache = cache(WHOLE, shard(3, 'g', 'm', 3), shard(4, 'm', 'z', 3));
    assertThat(cache.locate(key('b'))).isEqualTo(shard(2, 'a', 'g', 1));
    cache.learn(List.of(shard(2, 'a', 'g', 2), shard(3, 'g', 'z', 2)));
    assertThat(cache.all())
        .containsExactly(shard(2, 'a', 'g', 2), shard(3, 'g', 'm', 3), shard(4, 'm', 'z', 3));
  }

  @Test
  void whatAReplicaSaidOutlivesAnOlderMap() {
    AtomicReference<List<ShardDescriptor>> map = new AtomicReference<>(List.of(WHOLE));
    ShardCache cache = new ShardCache(List.of(WHOLE), map::get, new SystemClock());
    cache.learn(List.of(shard(2, 'a', 'g', 2), shard(3, 'g', 'z', 2)));
    cache.refresh();
    assertThat(cache.locate(key('h')).shardId()).isEqualTo(3);
    map.set(List.of(shard(2, 'a', 'z', 3)));
    cache.refresh();
    assertThat(cache.all()).containsExactly(shard(2, 'a', 'z', 3));
  }
}
