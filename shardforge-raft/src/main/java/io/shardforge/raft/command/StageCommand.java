package io.shardforge.raft.command;

import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.List;

/**
 * Stores writes of a transaction that is committed once all of them are in place in all shards; on
 * the shard of its primary key also the record, STAGING, that names them. Refused if it has another
 * record already.
 *
 * @param names every key that the transaction writes anywhere; empty away from its record
 */
public record StageCommand(
    TxnId txn,
    byte[] primaryKey,
    long minCommitTs,
    int batch,
    List<byte[]> names,
    List<Mutation> writes)
    implements Command {
  static final int CODE = 25;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putBytes(primaryKey).putLong(minCommitTs).putVarint(batch).putKeys(names);
    WriteCommand.putWrites(out, writes);
  }

  static StageCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    byte[] primaryKey = in.readKey();
    long minCommitTs = in.readLong();
    int batch = in.readInt();
    List<byte[]> names = in.readKeys();
    return new StageCommand(
        txn, primaryKey, minCommitTs, batch, names, WriteCommand.readWrites(in));
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    if (!names.isEmpty()) {
      boolean known = MvccStore.txnRecord(context.reader(), primaryKey, txn) != null;
      // Nothing that old can open a record any more.
      if (known || txn.high() <= context.state().gcThreshold()) {
        return CommandResult.refused(0);
      }
      List<KeySpan> spans = names.stream().map(KeySpan::ofKey).toList();
      MvccStore.putTxnRecord(
          context.batch(),
          new TxnRecord(txn, primaryKey, TxnRecord.State.STAGING, minCommitTs, 0, spans));
    }
    new PrepareCommand(txn, primaryKey, minCommitTs, batch, writes).putAll(context);
    return CommandResult.done(minCommitTs);
  }
}
