package io.shardforge.raft.command;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes where the shard's replicas are to be, or says that they are there.
 *
 * <p>The log's own members change apart from this: before, where a node is let go of, and after,
 * where one comes. So a node that this leaves out votes no more and may delete what it has.
 *
 * @param nodeIds all nodes that may hold a replica, the preferred leader first
 * @param next the nodes that are to be left in the end; empty if these are all
 */
public record MembersCommand(List<Integer> nodeIds, List<Integer> next) implements Command {
  static final int CODE = 18;

  public MembersCommand {
    nodeIds = List.copyOf(nodeIds);
    next = List.copyOf(next);
  }

  @Override
  public void put(WireWriter out) {
    put(out, nodeIds);
    put(out, next);
  }

  private static void put(WireWriter out, List<Integer> nodes) {
    out.putVarint(nodes.size());
    nodes.forEach(out::putVarint);
  }

  static MembersCommand read(WireReader in) {
    List<Integer> nodeIds = readNodes(in);
    return new MembersCommand(nodeIds, readNodes(in));
  }

  private static List<Integer> readNodes(WireReader in) {
    int count = in.readCount();
    List<Integer> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(in.readInt());
    }
    return nodes;
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    ShardDescriptor shard = context.shard();
    ShardState state = context.state();
    if (nodeIds.isEmpty()
        || state.unpublished() != null
        || state.merge().stage() != MergeState.Stage.NONE) {
      return CommandResult.refused(state.epoch());
    }
    long epoch = state.epoch() + 1;
    context.setMoved(new ShardDescriptor(shard.shardId(), shard.span(), epoch, nodeIds, next));
    context.setState(state.withUnpublished(epoch, null));
    return CommandResult.done(epoch);
  }
}
