package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;

/**
 * Removes a transaction's record that nobody needs any more: a committed one of which everything is
 * resolved, or an aborted one so old that no delayed prepare could open another.
 */
public record ForgetCommand(TxnId txn, byte[] primaryKey) implements Command {
  static final int CODE = 9;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putBytes(primaryKey);
  }

  static ForgetCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    return new ForgetCommand(txn, in.readKey());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    TxnRecord record = MvccStore.txnRecord(context.reader(), primaryKey, txn);
    if (record == null) {
      return CommandResult.DONE;
    }
    boolean removable =
        switch (record.state()) {
          case PENDING -> false;
          case COMMITTED -> true;
          case ABORTED -> txn.high() <= context.state().gcThreshold();
        };
    if (!removable) {
      return CommandResult.refused(0);
    }
    MvccStore.deleteTxnRecord(context.batch(), primaryKey, txn);
    return CommandResult.DONE;
  }
}
