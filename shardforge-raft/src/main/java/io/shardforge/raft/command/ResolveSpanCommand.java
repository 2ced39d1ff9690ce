package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;

/**
 * Does what {@link ResolveCommand} does for all provisional writes of the transaction in a span:
 * for large transactions, whose keys would fill the log once more.
 *
 * @param commitTs 0 where it was aborted
 * @param span small enough for its writes to be resolved in one batch; the proposer counts them
 */
public record ResolveSpanCommand(TxnId txn, long commitTs, KeySpan span) implements Command {
  static final int CODE = 15;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putLong(commitTs).putSpan(span);
  }

  static ResolveSpanCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    long commitTs = in.readLong();
    return new ResolveSpanCommand(txn, commitTs, in.readSpan());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    MvccStore.resolveSpan(context.reader(), context.batch(), span, txn, commitTs);
    if (ApplyContext.touchesCatalog(span)) {
      context.catalogResolved(commitTs);
    }
    return CommandResult.DONE;
  }
}
