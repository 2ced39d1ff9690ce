package io.shardforge.raft.command;

import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.AscendingReader;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits a transaction by its writes in this shard: versions and, beside the first key, the
 * outcome for whoever sends the commit again. With provisional writes elsewhere, the first key is
 * their primary key, and the transaction's record, COMMITTED at once, lies with it. Refused if
 * there is a record already: the transaction was aborted.
 *
 * @param elsewhere everything in other shards that was ever sent a provisional write
 */
public record WriteCommand(TxnId txn, long commitTs, List<Mutation> writes, List<KeySpan> elsewhere)
    implements Command {
  static final int CODE = 2;

  private static final int DELETES = 1;
  private static final int CHANGES_KEY = 2;

  /** Under which key the outcome is filed. */
  public static byte[] outcomeKey(List<Mutation> writes) {
    return writes.getFirst().key();
  }

  @Override
  public void put(WireWriter out) {
    out.putTxnId(txn).putLong(commitTs).putSpans(elsewhere);
    putWrites(out, writes);
  }

  static WriteCommand read(WireReader in) {
    TxnId txn = in.readTxnId();
    long commitTs = in.readLong();
    List<KeySpan> elsewhere = in.readSpans();
    List<Mutation> writes = readWrites(in);
    if (writes.isEmpty() || commitTs <= Timestamp.NONE) {
      throw WireReader.corrupt("a commit without writes or time");
    }
    return new WriteCommand(txn, commitTs, writes, elsewhere);
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    if (!elsewhere.isEmpty()) {
      TxnRecord record = MvccStore.txnRecord(context.reader(), outcomeKey(writes), txn);
      if (record != null && record.state() == TxnRecord.State.COMMITTED) {
        return CommandResult.done(record.commitTs());
      }
      // Nothing that old can open a record any more.
      if (record != null || txn.high() <= context.state().gcThreshold()) {
        return CommandResult.refused(0);
      }
      MvccStore.putTxnRecord(
          context.batch(),
          new TxnRecord(
              txn, outcomeKey(writes), TxnRecord.State.COMMITTED, commitTs, 0, elsewhere));
    }
    if (writes.size() < AscendingReader.KEYS_MIN) {
      writeAll(context.reader(), context);
    } else {
      try (AscendingReader reader = MvccStore.ascending(context.reader(), Mutation.hull(writes))) {
        writeAll(reader, context);
      }
    }
    MvccStore.putOutcome(context.batch(), outcomeKey(writes), txn, commitTs);
    if (writes.stream().anyMatch(write -> ApplyContext.isCatalogKey(write.key()))) {
      context.setState(context.state().withCatalogChange(commitTs));
    }
    return CommandResult.done(commitTs);
  }

  private void writeAll(EngineReader reader, ApplyContext context) {
    for (Mutation write : writes) {
      MvccStore.writeVersion(
          reader,
          context.batch(),
          write.key(),
          commitTs,
          write.value(),
          write.kind() != Mutation.Kind.PUT,
          MvccStore.ANY_PREVIOUS);
    }
  }

  /** Writes what applying needs of mutations: key, value, whether the key changes, statement. */
  static void putWrites(WireWriter out, List<Mutation> writes) {
    out.putVarint(writes.size());
    for (Mutation write : writes) {
      byte[] value = write.value();
      int flags =
          (value == null ? DELETES : 0) | (write.kind() == Mutation.Kind.PUT ? 0 : CHANGES_KEY);
      out.putByte(flags).putVarint(write.statement()).putBytes(write.key());
      if (value != null) {
        out.putBytes(value);
      }
    }
  }

  static List<Mutation> readWrites(WireReader in) {
    int count = in.readCount();
    List<Mutation> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int flags = in.readByte();
      int statement = in.readInt();
      byte[] key = in.readKey();
      byte[] value = (flags & DELETES) != 0 ? null : in.readBytes();
      Mutation.Kind kind =
          value == null
              ? Mutation.Kind.DELETE
              : (flags & CHANGES_KEY) != 0 ? Mutation.Kind.INSERT : Mutation.Kind.PUT;
      writes.add(new Mutation(kind, TableVersion.NONE, key, value, Mutation.BLIND, statement));
    }
    return writes;
  }
}
