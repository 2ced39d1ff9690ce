package io.shardforge.raft.meta;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.proto.ClusterPlanMessage;
import io.shardforge.raft.proto.ShardDescriptorMessage;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster begins with: its nodes, numbered in the order of the join list, and its shards.
 *
 * @param clusterId 16 bytes in hexadecimal digits
 */
public record ClusterPlan(String clusterId, List<NodeAddress> nodes, List<ShardDescriptor> shards) {
  /** Replicas of each shard, as far as there are nodes. */
  static final int REPLICAS = 3;

  private static final long FIRST_EPOCH = 1;

  public ClusterPlan {
    nodes = List.copyOf(nodes);
    shards = List.copyOf(shards);
  }

  /** The first plan: the meta shard and as many data shards as there are nodes. */
  static ClusterPlan first(String clusterId, List<NodeAddress> nodes) {
    List<ShardDescriptor> shards = new ArrayList<>();
    int count = nodes.size();
    shards.add(
        new ShardDescriptor(
            ShardDescriptor.META_SHARD_ID, KeySpace.metaSpan(), FIRST_EPOCH, holders(nodes, 0)));
    List<KeySpan> spans = KeySpace.dataShardSpans(count);
    for (int i = 0; i < spans.size(); i++) {
      // Starting after the meta shard's preferred leader, so that leaders are spread evenly.
      shards.add(
          new ShardDescriptor(
              ShardDescriptor.META_SHARD_ID + 1 + i,
              spans.get(i),
              FIRST_EPOCH,
              holders(nodes, i + 1)));
    }
    return new ClusterPlan(clusterId, nodes, shards);
  }

  private static List<Integer> holders(List<NodeAddress> nodes, int first) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < Math.min(REPLICAS, nodes.size()); i++) {
      ids.add(nodes.get((first + i) % nodes.size()).nodeId());
    }
    return ids;
  }

  ClusterPlanMessage toMessage() {
    ClusterPlanMessage.Builder message = ClusterPlanMessage.newBuilder().setClusterId(clusterId);
    nodes.forEach(node -> message.addNodes(node.toMessage()));
    shards.forEach(shard -> message.addShards(toMessage(shard)));
    return message.build();
  }

  static ClusterPlan fromMessage(ClusterPlanMessage message) {
    return new ClusterPlan(
        message.getClusterId(),
        message.getNodesList().stream().map(NodeAddress::fromMessage).toList(),
        message.getShardsList().stream().map(ClusterPlan::fromMessage).toList());
  }

  static ShardDescriptorMessage toMessage(ShardDescriptor shard) {
    return ShardDescriptorMessage.newBuilder()
        .setShardId(shard.shardId())
        .setSpanStart(ByteString.copyFrom(shard.span().start()))
        .setSpanEnd(ByteString.copyFrom(shard.span().end()))
        .setEpoch(shard.epoch())
        .addAllNodeIds(shard.nodeIds())
        .addAllNextNodeIds(shard.next())
        .build();
  }

  static ShardDescriptor fromMessage(ShardDescriptorMessage message) {
    return new ShardDescriptor(
        message.getShardId(),
        new KeySpan(message.getSpanStart().toByteArray(), message.getSpanEnd().toByteArray()),
        message.getEpoch(),
        message.getNodeIdsList(),
        message.getNextNodeIdsList());
  }

  static ShardDescriptor shardFromBytes(byte[] bytes) {
    try {
      return fromMessage(ShardDescriptorMessage.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a shard's descriptor: " + e.getMessage(), e);
    }
  }
}
