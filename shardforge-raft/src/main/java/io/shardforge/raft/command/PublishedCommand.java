package io.shardforge.raft.command;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/** Takes note that a shard that was split off is in the map of shards. */
public record PublishedCommand(long childId) implements Command {
  static final int CODE = 17;

  @Override
  public void put(WireWriter out) {
    out.putVarint(childId);
  }

  static PublishedCommand read(WireReader in) {
    return new PublishedCommand(in.readVarint());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    ShardState state = context.state();
    ShardDescriptor child = state.unpublished();
    if (child != null && child.shardId() == childId) {
      context.setState(state.withUnpublished(state.epoch(), null));
    }
    return CommandResult.DONE;
  }
}
