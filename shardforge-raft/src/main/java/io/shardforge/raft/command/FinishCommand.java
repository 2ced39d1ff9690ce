package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.List;

/**
 * Writes into the record of a staged transaction what has become of it, and resolves its writes
 * beside the record. Refused if the record is not STAGING any more, unless it says the same.
 *
 * @param commitTs 0 where a write is not in place and never will be
 * @param keys what the transaction has written in this shard
 */
public record FinishCommand(TxnId txn, byte[] primaryKey, long commitTs, List<byte[]> keys)
    implements Command {
  static final int CODE = 26;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putBytes(primaryKey).putLong(commitTs).putKeys(keys);
  }

  static FinishCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    byte[] primaryKey = in.readKey();
    long commitTs = in.readLong();
    return new FinishCommand(txn, primaryKey, commitTs, in.readKeys());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    TxnRecord record = MvccStore.txnRecord(context.reader(), primaryKey, txn);
    if (record == null) {
      return CommandResult.refused(0);
    }
    return switch (record.state()) {
      case PENDING, ABORTED -> CommandResult.refused(0);
      case COMMITTED -> CommandResult.done(record.commitTs());
      case STAGING -> {
        boolean commits = commitTs != 0;
        MvccStore.putTxnRecord(
            context.batch(),
            record.withState(
                commits ? TxnRecord.State.COMMITTED : TxnRecord.State.ABORTED, commitTs));
        if (commits) {
          // For late copies of what has staged it, when the record is forgotten.
          MvccStore.putOutcome(context.batch(), primaryKey, txn, commitTs);
        }
        ResolveCommand.resolve(context, txn, commitTs, keys);
        yield CommandResult.done(commitTs);
      }
    };
  }
}
