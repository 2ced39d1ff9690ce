package io.shardforge.raft.command;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a shard in two at a key. No row moves: the shard's span shrinks, and the child begins with
 * the parent's lease and thresholds, so that whatever was promised of its keys stays promised.
 * Commands judged before are not applied any more, because the epoch has changed.
 *
 * <p>Refused where the key cuts nothing off, and while an earlier child is missing from the map of
 * shards.
 *
 * @param childId the id of the shard that begins with the key
 * @param members of the group, as the lease holder knew them: the same first members on each node
 */
public record SplitCommand(byte[] key, long childId, List<String> members) implements Command {
  static final int CODE = 16;

  public SplitCommand {
    members = List.copyOf(members);
  }

  @Override
  public void put(WireWriter out) {
    out.putBytes(key).putVarint(childId).putVarint(members.size());
    members.forEach(out::putString);
  }

  static SplitCommand read(WireReader in) {
    byte[] key = in.readKey();
    long childId = in.readVarint();
    int count = in.readCount();
    List<String> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(in.readString());
    }
    return new SplitCommand(key, childId, members);
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    ShardDescriptor shard = context.shard();
    ShardState state = context.state();
    KeySpan span = shard.span();
    if (!span.contains(key)
        || Arrays.equals(span.start(), key)
        || state.unpublished() != null
        || state.merge().stage() != MergeState.Stage.NONE) {
      return CommandResult.refused(state.epoch());
    }
    long epoch = state.epoch() + 1;
    ShardDescriptor parent =
        new ShardDescriptor(
            shard.shardId(), new KeySpan(span.start(), key), epoch, shard.nodeIds(), shard.next());
    ShardDescriptor child =
        new ShardDescriptor(
            childId, new KeySpan(key, span.end()), epoch, shard.nodeIds(), shard.next());
    context.setSplit(new ApplyContext.Split(parent, child, state.ofChild(epoch), members));
    context.setState(state.withUnpublished(epoch, child));
    return CommandResult.done(epoch);
  }
}
