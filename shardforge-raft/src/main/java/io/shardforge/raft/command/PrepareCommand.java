package io.shardforge.raft.command;

import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.engine.AscendingReader;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.List;

/**
 * Stores provisional writes of a transaction, and on the shard of its primary key the record that
 * will decide it.
 *
 * @param batch the number of this batch of the transaction on this shard
 */
public record PrepareCommand(
    TxnId txn, byte[] primaryKey, long minCommitTs, int batch, List<Mutation> writes)
    implements Command {
  static final int CODE = 3;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putBytes(primaryKey).putLong(minCommitTs).putVarint(batch);
    WriteCommand.putWrites(out, writes);
  }

  static PrepareCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    byte[] primaryKey = in.readKey();
    long minCommitTs = in.readLong();
    int batch = in.readInt();
    return new PrepareCommand(txn, primaryKey, minCommitTs, batch, WriteCommand.readWrites(in));
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    if (context.span().contains(primaryKey) && !openRecord(context)) {
      return CommandResult.refused(0);
    }
    putAll(context);
    return CommandResult.done(minCommitTs);
  }

  /** Stores the provisional writes. */
  void putAll(ApplyContext context) {
    if (writes.size() < AscendingReader.KEYS_MIN) {
      putAll(context.reader(), context);
      return;
    }
    try (AscendingReader reader = MvccStore.ascending(context.reader(), Mutation.hull(writes))) {
      putAll(reader, context);
    }
  }

  private void putAll(EngineReader reader, ApplyContext context) {
    for (Mutation write : writes) {
      ProvisionalWrite other =
          MvccStore.putProvisional(
              reader,
              context.batch(),
              write.key(),
              txn,
              primaryKey,
              minCommitTs,
              new ProvisionalWrite.Entry(
                  write.statement(), batch, write.value(), write.kind() != Mutation.Kind.PUT));
      if (other != null) {
        throw new ShardForgeException(
            ErrorCode.DATA_CORRUPTED, txn + " was let through to a " + other);
      }
    }
  }

  /** Creates the record, unless the transaction was decided or is too old to have one. */
  private boolean openRecord(ApplyContext context) {
    TxnRecord record = MvccStore.txnRecord(context.reader(), primaryKey, txn);
    if (record != null && record.state() == TxnRecord.State.STAGING) {
      // Its coordinator has given up committing in one round: the record alone decides now.
      MvccStore.putTxnRecord(
          context.batch(), record.withState(TxnRecord.State.PENDING, 0).withSpans(List.of()));
      return true;
    }
    if (record != null) {
      return record.state() == TxnRecord.State.PENDING;
    }
    if (txn.high() <= context.state().gcThreshold()) {
      return false;
    }
    MvccStore.putTxnRecord(
        context.batch(), new TxnRecord(txn, primaryKey, TxnRecord.State.PENDING, 0, 0, List.of()));
    return true;
  }
}
