package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has written to one key and not yet committed: a version per statement and
 * batch, so that savepoints can take back the later ones.
 */
public final class ProvisionalWrite {
  private static final int FORMAT = 0x01;
  private static final int DELETES = 0x01;
  private static final int CHANGES_KEY = 0x02;

  private final byte[] key;
  private final TxnId txn;
  private final byte[] primaryKey;
  private final long minCommitTs;
  private final List<Entry> entries;

  /** Entries must be in the order of {@link Entry#compareTo}. */
  ProvisionalWrite(
      byte[] key, TxnId txn, byte[] primaryKey, long minCommitTs, List<Entry> entries) {
    this.key = key;
    this.txn = txn;
    this.primaryKey = primaryKey;
    this.minCommitTs = minCommitTs;
    this.entries = List.copyOf(entries);
  }

  /** One write of the key: by which statement, in which batch, and what. */
  public static final class Entry implements Comparable<Entry> {
    private final int statement;
    private final int batch;
    private final boolean changesKey;
    private final byte @Nullable [] value;

    /**
     * @param value the new bytes, null to delete
     * @param changesKey whether the row's key is new or changed; deletes always count as such
     */
    public Entry(int statement, int batch, byte @Nullable [] value, boolean changesKey) {
      if (statement < 0 || batch < 0) {
        throw new IllegalArgumentException("statement " + statement + ", batch " + batch);
      }
      this.statement = statement;
      this.batch = batch;
      this.value = value;
      this.changesKey = changesKey;
    }

    /** The statement's number in its transaction. */
    public int statement() {
      return statement;
    }

    /** The number of the batch that brought the write, in its transaction and on its shard. */
    public int batch() {
      return batch;
    }

    public byte @Nullable [] valueOrNull() {
      return value;
    }

    public boolean isDelete() {
      return value == null;
    }

    public boolean changesKey() {
      return changesKey;
    }

    /** By statement, then by batch. */
    @Override
    public int compareTo(Entry other) {
      int order = Integer.compare(statement, other.statement);
      return order != 0 ? order : Integer.compare(batch, other.batch);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Entry other
          && statement == other.statement
          && batch == other.batch
          && changesKey == other.changesKey
          && Arrays.equals(value, other.value);
    }

    @Override
    public int hashCode() {
      return 31 * statement + batch;
    }
  }

  public byte[] key() {
    return key;
  }

  public TxnId txn() {
    return txn;
  }

  /** Where the transaction's record is: the key that decides its outcome. */
  public byte[] primaryKey() {
    return primaryKey;
  }

  /** The transaction will not commit below this; a reader below it may ignore the write. */
  public long minCommitTs() {
    return minCommitTs;
  }

  /** Oldest first, never empty. */
  public List<Entry> entries() {
    return entries;
  }

  /** What a commit would make of the key. */
  public Entry last() {
    return entries.getLast();
  }

  /** The newest write by a statement before this one, or null. */
  public @Nullable Entry lastBefore(int statementLimit) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).statement < statementLimit) {
        return entries.get(i);
      }
    }
    return null;
  }

  /** With one more entry (or the same again) and a bound that never falls. */
  ProvisionalWrite with(Entry entry, long newMinCommitTs) {
    List<Entry> merged = new ArrayList<>(entries.size() + 1);
    for (Entry old : entries) {
      if (old.compareTo(entry) != 0) {
        merged.add(old);
      }
    }
    merged.add(entry);
    merged.sort(null);
    return new ProvisionalWrite(
        key, txn, primaryKey, Math.max(minCommitTs, newMinCommitTs), merged);
  }

  ProvisionalWrite withMinCommitTs(long newMinCommitTs) {
    return new ProvisionalWrite(
        key, txn, primaryKey, Math.max(minCommitTs, newMinCommitTs), entries);
  }

  /** Without the statements that were rolled back; null if nothing is left. */
  @Nullable ProvisionalWrite without(IntPredicate rolledBack) {
    List<Entry> kept = entries.stream().filter(entry -> !rolledBack.test(entry.statement)).toList();
    return kept.isEmpty() ? null : new ProvisionalWrite(key, txn, primaryKey, minCommitTs, kept);
  }

  byte[] encode() {
    KeyEncoder out = new KeyEncoder(128).putRawByte(FORMAT);
    txn.encode(out);
    out.putRawLong(minCommitTs).putVarint(primaryKey.length).putRaw(primaryKey);
    out.putVarint(entries.size());
    for (Entry entry : entries) {
      byte[] value = entry.value == null ? Bytes.EMPTY : entry.value;
      out.putVarint(entry.statement)
          .putVarint(entry.batch)
          .putRawByte((entry.value == null ? DELETES : 0) | (entry.changesKey ? CHANGES_KEY : 0))
          .putVarint(value.length)
          .putRaw(value);
    }
    return out.toByteArray();
  }

  static ProvisionalWrite decode(byte[] key, byte[] bytes) {
    KeyDecoder in = new KeyDecoder(bytes);
    if (in.getRawByte() != FORMAT) {
      throw corrupted("unknown format");
    }
    TxnId txn = TxnId.decode(in);
    long minCommitTs = in.getRawLong();
    byte[] primaryKey = in.getRaw(length(in));
    int count = length(in);
    List<Entry> entries = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      int statement = length(in);
      int batch = length(in);
      int flags = in.getRawByte();
      byte[] value = in.getRaw(length(in));
      entries.add(
          new Entry(
              statement, batch, (flags & DELETES) != 0 ? null : value, (flags & CHANGES_KEY) != 0));
    }
    if (entries.isEmpty() || in.hasRemaining()) {
      throw corrupted(entries.size() + " entries, bytes left over: " + in.hasRemaining());
    }
    return new ProvisionalWrite(key, txn, primaryKey, minCommitTs, entries);
  }

  static int length(KeyDecoder in) {
    long value = in.getVarint();
    if (value > Integer.MAX_VALUE) {
      throw corrupted("number " + value);
    }
    return (int) value;
  }

  private static ShardForgeException corrupted(String how) {
    return new ShardForgeException(ErrorCode.DATA_CORRUPTED, "malformed provisional write: " + how);
  }

  @Override
  public String toString() {
    return "provisional write of %s by %s from %s"
        .formatted(Bytes.toHex(key), txn, Timestamp.format(minCommitTs));
  }
}
