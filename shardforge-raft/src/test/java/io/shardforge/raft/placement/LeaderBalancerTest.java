package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A shard that node 1 leads and that is at home on node 2. */
final class LeaderBalancerTest {
  private static final long SHARD = 5;
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock(0);
  private final Map<Long, Integer> leaders = new HashMap<>(Map.of(SHARD, 1));
  private final Set<Integer> following = new HashSet<>(Set.of(2, 3));
  private final Set<Integer> full = new HashSet<>();
  private final List<Integer> moves = new ArrayList<>();
  private final LeaderBalancer balancer =
      new LeaderBalancer(
          1,
          (_, node) -> following.contains(node),
          full::contains,
          shard -> new QuietMember(1, shard.shardId(), Set.of(1, 2, 3), leaders, _ -> {}),
          (_, node) -> moves.add(node),
          clock);

  private void rounds(Duration time) {
    for (Duration past = Duration.ZERO; past.compareTo(time) < 0; past = past.plus(ROUND)) {
      balancer.balance(
          List.of(new ShardDescriptor(SHARD, KeySpace.dataSpan(), 1, List.of(2, 1, 3))));
      clock.advance(ROUND);
    }
  }

  @Test
  void leadershipGoesHomeWhenAllHaveFollowedForAWhile() {
    rounds(LeaderBalancer.PATIENCE);
    assertThat(moves).isEmpty();
    rounds(ROUND);
    assertThat(moves).containsExactly(2);
  }

  @Test
  void itStaysWhileAnyMemberIsAway() {
    following.remove(3);
    rounds(Duration.ofMinutes(5));
    assertThat(moves).isEmpty();
    following.add(3);
    rounds(LeaderBalancer.PATIENCE);
    assertThat(moves).isEmpty();
    rounds(ROUND);
    assertThat(moves).containsExactly(2);
  }

  @Test
  void itStaysWhileItsHomeIsFull() {
    full.add(2);
    rounds(Duration.ofMinutes(5));
    assertThat(moves).isEmpty();
  }

  @Test
  void whoDoesNotLeadMovesNothing() {
    leaders.put(SHARD, 3);
    rounds(Duration.ofMinutes(5));
    assertThat(moves).isEmpty();
  }
}
