package io.shardforge.raft.placement;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.route.Locality;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a cluster when it is decided where replicas and leaders should be.
 *
 * @param factors how many replicas shards should have
 * @param movesMax how many shards may be changing their replicas at once
 * @param requestRates requests a second by shard, of those that get any; null while that is not
 *     known of all, and then preferred leaders stay
 */
public record ClusterView(
    List<NodeView> nodes,
    List<ShardDescriptor> shards,
    ReplicaFactors factors,
    int movesMax,
    @Nullable Map<Long, Long> requestRates) {
  public ClusterView {
    nodes = List.copyOf(nodes);
    shards = List.copyOf(shards);
    requestRates = requestRates == null ? null : Map.copyOf(requestRates);
  }

  /** How long a node has been out of reach, roughly. */
  public enum Reach {
    HERE,
    /** It may come back any moment: nothing is put there, nothing taken away. */
    AWAY,
    /** For so long that its replicas are made anew elsewhere. */
    LOST
  }

  /**
   * A node.
   *
   * @param state what its operator wants of it
   * @param locality the place that it is in
   */
  public record NodeView(int nodeId, NodeState state, Reach reach, Locality locality) {
    /** Whether it may be given replicas. */
    boolean takesReplicas() {
      return state == NodeState.ACTIVE && reach == Reach.HERE;
    }

    /** Whether its replicas are to be elsewhere. */
    boolean losesReplicas() {
      return reach == Reach.LOST || state.losesReplicas();
    }

    /** Whether it should lead, as far as others let it. */
    boolean leads() {
      return state == NodeState.ACTIVE && reach != Reach.LOST;
    }
  }

  Optional<NodeView> node(int nodeId) {
    return nodes.stream().filter(node -> node.nodeId() == nodeId).findFirst();
  }
}
