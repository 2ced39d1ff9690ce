package io.shardforge.raft.placement;

import io.shardforge.raft.group.RaftGroup;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A shard as one of its members sees it, where nothing is written and leadership goes wherever it
 * is sent.
 *
 * @param leaders who leads which shard, for all members of all shards
 * @param nominations takes the nodes that were asked to lead, in words
 */
record QuietMember(
    int self,
    long shardId,
    Set<Integer> voters,
    Map<Long, Integer> leaders,
    Consumer<String> nominations)
    implements RaftGroup {
  @Override
  public boolean isLeaderReady() {
    return leaderNode() == self;
  }

  @Override
  public long term() {
    return 1;
  }

  @Override
  public int leaderNode() {
    return leaders.getOrDefault(shardId, 0);
  }

  @Override
  public CompletableFuture<byte[]> propose(byte[] command) {
    return CompletableFuture.failedFuture(new IllegalStateException("nothing is written here"));
  }

  @Override
  public CompletableFuture<Void> transferLeadership(int nodeId) {
    leaders.put(shardId, nodeId);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void nominate(int nodeId) {
    nominations.accept(shardId + ": " + self + " asks " + nodeId);
  }

  @Override
  public void close() {}
}
