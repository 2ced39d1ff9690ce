package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;

/**
 * Notes beside provisional writes that their transaction was pushed: it will not commit below a
 * timestamp, so that readers below need not ask again.
 */
public record PushCommand(TxnId txn, long minCommitTs, List<byte[]> keys) implements Command {
  static final int CODE = 7;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putLong(minCommitTs).putKeys(keys);
  }

  static PushCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    long minCommitTs = in.readLong();
    return new PushCommand(txn, minCommitTs, in.readKeys());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    for (byte[] key : keys) {
      MvccStore.pushProvisional(context.reader(), context.batch(), key, txn, minCommitTs);
    }
    return CommandResult.DONE;
  }
}
