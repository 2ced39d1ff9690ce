package io.shardforge.raft.command;

import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.List;

/**
 * Removes records of transactions that nobody needs any more: committed ones of which everything is
 * resolved, and aborted ones so old that no delayed prepare could open another. Others stay.
 */
public record ForgetCommand(List<RecordName> records) implements Command {
  static final int CODE = 9;

  @Override
  public void put(WireWriter out) {
    out.putRecordNames(records);
  }

  static ForgetCommand read(WireReader in) {
    return new ForgetCommand(in.readRecordNames());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    for (RecordName name : records) {
      TxnRecord record = MvccStore.txnRecord(context.reader(), name.primaryKey(), name.id());
      if (record != null && isRemovable(record, context.state().gcThreshold())) {
        MvccStore.deleteTxnRecord(context.batch(), name.primaryKey(), name.id());
      }
    }
    return CommandResult.DONE;
  }

  private static boolean isRemovable(TxnRecord record, long gcThreshold) {
    return switch (record.state()) {
      case PENDING, STAGING -> false;
      case COMMITTED -> true;
      case ABORTED -> record.txn().high() <= gcThreshold;
    };
  }
}
