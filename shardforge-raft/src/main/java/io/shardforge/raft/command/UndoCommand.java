package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;

/**
 * Takes back provisional writes of statements that were rolled back to a savepoint.
 *
 * @param firstStatement with {@code lastStatement}, the sequence numbers taken back
 */
public record UndoCommand(TxnId txn, int firstStatement, int lastStatement, List<byte[]> keys)
    implements Command {
  static final int CODE = 8;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putVarint(firstStatement).putVarint(lastStatement).putKeys(keys);
  }

  static UndoCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    int first = in.readInt();
    int last = in.readInt();
    return new UndoCommand(txn, first, last, in.readKeys());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    for (byte[] key : keys) {
      MvccStore.rollBackStatements(
          context.reader(),
          context.batch(),
          key,
          txn,
          statement -> statement >= firstStatement && statement <= lastStatement);
    }
    return CommandResult.DONE;
  }
}
