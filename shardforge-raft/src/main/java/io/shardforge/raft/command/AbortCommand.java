package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.List;

/**
 * Makes sure that a transaction is never committed: its record, created for this if need be, is
 * ABORTED, so that no delayed prepare can open one. Refused, with the commit timestamp, if it has
 * committed.
 *
 * @param spans what is known to have been sent provisional writes
 */
public record AbortCommand(TxnId txn, byte[] primaryKey, List<KeySpan> spans) implements Command {
  static final int CODE = 5;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putBytes(primaryKey).putSpans(spans);
  }

  static AbortCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    byte[] primaryKey = in.readKey();
    return new AbortCommand(txn, primaryKey, in.readSpans());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    TxnRecord record = MvccStore.txnRecord(context.reader(), primaryKey, txn);
    if (record != null && record.state() == TxnRecord.State.COMMITTED) {
      return CommandResult.refused(record.commitTs());
    }
    long outcome = record == null ? MvccStore.outcome(context.reader(), primaryKey, txn) : 0;
    if (outcome != 0) {
      // All of it was in this shard: there is no record, but it has committed.
      return CommandResult.refused(outcome);
    }
    // Nothing that old can open a record any more: there is nothing to stand in its way for.
    boolean tooOld = txn.high() <= context.state().gcThreshold();
    if (record != null || !tooOld) {
      MvccStore.putTxnRecord(
          context.batch(), new TxnRecord(txn, primaryKey, TxnRecord.State.ABORTED, 0, 0, spans));
    }
    return CommandResult.DONE;
  }
}
