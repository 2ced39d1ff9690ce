package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;

/**
 * Turns provisional writes of a decided transaction into versions, or takes them away.
 *
 * @param commitTs 0 where it was aborted
 */
public record ResolveCommand(TxnId txn, long commitTs, List<byte[]> keys) implements Command {
  static final int CODE = 6;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putLong(commitTs).putKeys(keys);
  }

  static ResolveCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    long commitTs = in.readLong();
    return new ResolveCommand(txn, commitTs, in.readKeys());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    resolve(context, txn, commitTs, keys);
    if (keys.stream().anyMatch(ApplyContext::isCatalogKey)) {
      context.catalogResolved(commitTs);
    }
    return CommandResult.DONE;
  }

  /** Resolves some writes. */
  static void resolve(ApplyContext context, TxnId txn, long commitTs, List<byte[]> keys) {
    for (byte[] key : keys) {
      // A prepare that was sent twice can land again after the first was resolved and its key
      // overwritten: such a leftover goes, whatever the outcome was.
      boolean leftover =
          commitTs == 0 || MvccStore.newestCommitTs(context.reader(), key) >= commitTs;
      if (leftover) {
        MvccStore.abortProvisional(context.reader(), context.batch(), key, txn);
      } else {
        MvccStore.commitProvisional(context.reader(), context.batch(), key, txn, commitTs);
      }
    }
  }
}
