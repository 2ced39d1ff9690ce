package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Leaders that go elsewhere because their node is in no state to lead, and those that stay. */
final class LeaderReliefTest {
  private static final Set<Integer> ALL = Set.of(1, 2, 3);

  private final ManualClock clock = new ManualClock(0);
  private final Set<Integer> reachable = new HashSet<>(ALL);
  private final Map<Long, Integer> leaders = new HashMap<>();
  private final List<String> moves = new ArrayList<>();
  private final List<String> nominations = new ArrayList<>();

  /** One node with its word about its space, and its member of each shard. */
  private final class Node {
    private final int id;
    private final FullNodes full;
    private final LeaderRelief relief;
    private final List<RaftGroup> members = new ArrayList<>();
    private boolean isFull;

    Node(int id) {
      this.id = id;
      this.full =
          new FullNodes(
              id,
              (node, _, payload, _) -> {
                nodes.get(node - 1).full.hear(payload);
                return CompletableFuture.completedFuture(new byte[0]);
              },
              clock);
      this.relief =
          new LeaderRelief(
              id,
              reachable::contains,
              full::isFull,
              new LeaderRelief.Handover() {
                @Override
                public void handOver(RaftGroup group, int toNode) {
                  moves.add(group.shardId() + ": " + id + " to " + toNode);
                  var _ = group.transferLeadership(toNode);
                }

                @Override
                public void stepAside(RaftGroup group, int toNode) {
                  moves.add(group.shardId() + ": aside " + id + " to " + toNode);
                  var _ = group.transferLeadership(toNode);
                }
              },
              clock);
    }

    void round() {
      full.round(isFull, ALL);
      if (isFull) {
        relief.full(members);
      }
    }

    RaftGroup take(long shardId, Set<Integer> voters) {
      RaftGroup member = new QuietMember(id, shardId, voters, leaders, nominations::add);
      members.add(member);
      return member;
    }
  }

  private final List<Node> nodes = new ArrayList<>();

  LeaderReliefTest() {
    for (int id : new TreeSet<>(ALL)) {
      nodes.add(new Node(id));
    }
  }

  private Node node(int id) {
    return nodes.get(id - 1);
  }

  private void shard(long shardId, int leader) {
    nodes.forEach(node -> node.take(shardId, ALL));
    leaders.put(shardId, leader);
  }

  private void rounds(Duration time) {
    long left = time.toMillis();
    for (; left > 0; left -= 250) {
      nodes.forEach(Node::round);
      clock.advance(Duration.ofMillis(250));
    }
  }

  @Test
  void shardsOfAFullNodeGoToThoseWithSpace() {
    for (long shard = 1; shard <= 4; shard++) {
      shard(shard, 1);
    }
    node(1).isFull = true;
    rounds(Duration.ofSeconds(10));
    assertThat(moves).hasSize(4);
    assertThat(leaders.values()).doesNotContain(1).contains(2, 3);
  }

  @Test
  void nothingGoesAroundAmongFullNodes() {
    shard(1, 1);
    node(1).isFull = true;
    node(2).isFull = true;
    rounds(Duration.ofSeconds(10));
    assertThat(leaders).containsEntry(1L, 3);
    int made = moves.size();
    assertThat(made).isLessThanOrEqualTo(2);
    node(3).isFull = true;
    rounds(Duration.ofMinutes(2));
    assertThat(moves).hasSize(made);
    assertThat(leaders).containsEntry(1L, 3);
    node(2).isFull = false;
    rounds(Duration.ofMinutes(2));
    assertThat(moves).hasSize(made + 1);
    assertThat(leaders).containsEntry(1L, 2);
  }

  @Test
  void aHandoverThatFailsIsNotTriedInAHotLoop() {
    shard(1, 1);
    node(1).isFull = true;
    for (int second = 0; second < 20; second++) {
      rounds(Duration.ofSeconds(1));
      leaders.put(1L, 1);
    }
    assertThat(moves).hasSizeBetween(1, 1 + (int) (20 / LeaderRelief.ATTEMPT_PAUSE.toSeconds()));
  }

  @Test
  void aNodeWithSpaceKeepsItsShards() {
    shard(1, 1);
    node(2).isFull = true;
    rounds(Duration.ofMinutes(1));
    assertThat(moves).isEmpty();
  }

  @Test
  void aStalledLeaderStepsAside() {
    node(1).relief.stalled(List.of(node(1).take(1, ALL)));
    assertThat(moves).hasSize(1);
    assertThat(moves.getFirst()).startsWith("1: aside 1 to ");
  }

  /** What node 1 does for so long, alone. */
  private void lookForTheMetaLeader(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 250) {
      node(1).relief.cutOff(node(1).members);
      clock.advance(Duration.ofMillis(250));
    }
  }

  @Test
  void aNodeThatDoesNotHearTheMetaLeaderLetsAnotherLead() {
    shard(ShardDescriptor.META_SHARD_ID, 2);
    shard(ShardDescriptor.META_SHARD_ID + 1, 1);
    lookForTheMetaLeader(Duration.ofMinutes(1));
    assertThat(moves).isEmpty();
    reachable.remove(2);
    lookForTheMetaLeader(LeaderRelief.SILENCE_MAX);
    assertThat(moves).isEmpty();
    lookForTheMetaLeader(Duration.ofSeconds(1));
    assertThat(moves).containsExactly(ShardDescriptor.META_SHARD_ID + 1 + ": 1 to 3");
    // Once: there may be nobody who hears it.
    leaders.put(ShardDescriptor.META_SHARD_ID + 1, 1);
    lookForTheMetaLeader(Duration.ofMinutes(1));
    assertThat(moves).hasSize(1);
    leaders.put(ShardDescriptor.META_SHARD_ID, 3);
    lookForTheMetaLeader(Duration.ofSeconds(1));
    leaders.put(ShardDescriptor.META_SHARD_ID, 0);
    lookForTheMetaLeader(Duration.ofSeconds(4));
    assertThat(moves).hasSize(2);
  }

  @Test
  void theMetaLeaderKeepsWhatItLeads() {
    shard(ShardDescriptor.META_SHARD_ID, 1);
    shard(ShardDescriptor.META_SHARD_ID + 1, 1);
    reachable.removeAll(Set.of(2, 3));
    lookForTheMetaLeader(Duration.ofMinutes(1));
    assertThat(moves).isEmpty();
  }

  @Test
  void aLeaderThatHearsNobodyAsksEachOfTheOthersOnceInASilence() {
    RaftGroup four = node(1).take(4, ALL);
    RaftGroup five = node(1).take(5, ALL);
    RaftGroup alone = node(1).take(6, Set.of(1));
    node(1).relief.unheard(List.of(four, alone));
    node(1).relief.unheard(List.of(four, five, alone));
    assertThat(nominations).containsExactly("4: 1 asks 2", "4: 1 asks 3", "5: 1 asks 3");
    nominations.clear();
    node(1).relief.unheard(List.of(four));
    assertThat(nominations).isEmpty();
    // Four is heard again, and five not any more.
    node(1).relief.unheard(List.of(five));
    node(1).relief.unheard(List.of(four, five));
    assertThat(nominations).containsExactly("5: 1 asks 3", "4: 1 asks 2", "5: 1 asks 2");
    assertThat(moves).isEmpty();
  }

  @Test
  void withoutAnotherMemberThatCouldLeadItStays() {
    node(1).relief.stalled(List.of(node(1).take(1, Set.of(1))));
    // While members change, nobody knows who votes.
    node(1).relief.stalled(List.of(node(1).take(2, Set.of())));
    reachable.removeAll(Set.of(2, 3));
    node(1).relief.stalled(List.of(node(1).take(3, ALL)));
    assertThat(moves).isEmpty();
  }
}
