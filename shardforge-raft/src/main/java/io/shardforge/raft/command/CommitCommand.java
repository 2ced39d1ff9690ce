package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.List;

/**
 * The commit point of a prepared transaction: its record goes from PENDING to COMMITTED.
 *
 * @param spans everything that was ever sent a provisional write
 */
public record CommitCommand(TxnId txn, byte[] primaryKey, long commitTs, List<KeySpan> spans)
    implements Command {
  static final int CODE = 4;

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putBytes(primaryKey).putLong(commitTs).putSpans(spans);
  }

  static CommitCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    byte[] primaryKey = in.readKey();
    long commitTs = in.readLong();
    return new CommitCommand(txn, primaryKey, commitTs, in.readSpans());
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    TxnRecord record = MvccStore.txnRecord(context.reader(), primaryKey, txn);
    if (record == null) {
      return CommandResult.refused(0);
    }
    return switch (record.state()) {
      case ABORTED, STAGING -> CommandResult.refused(0);
      case COMMITTED -> CommandResult.done(record.commitTs());
      case PENDING -> {
        MvccStore.putTxnRecord(
            context.batch(),
            record.withState(TxnRecord.State.COMMITTED, commitTs).withSpans(spans));
        // Whoever changes the catalog has its primary key in this shard.
        if (spans.stream().anyMatch(ApplyContext::touchesCatalog)) {
          context.setState(context.state().withCatalogChange(commitTs));
        }
        yield CommandResult.done(commitTs);
      }
    };
  }
}
