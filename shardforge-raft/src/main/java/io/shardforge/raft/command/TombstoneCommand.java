package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import java.util.List;

/** Takes tombstones that no reader may ask for any more out of the current versions. */
public record TombstoneCommand(List<byte[]> keys) implements Command {
  static final int CODE = 14;

  @Override
  public void put(WireWriter out) {
    out.putKeys(keys);
  }

  static TombstoneCommand read(WireReader in) {
    return new TombstoneCommand(in.readKeys());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    long threshold = context.state().gcThreshold();
    for (byte[] key : keys) {
      MvccStore.removeTombstone(context.reader(), context.batch(), key, threshold);
    }
    return CommandResult.DONE;
  }
}
