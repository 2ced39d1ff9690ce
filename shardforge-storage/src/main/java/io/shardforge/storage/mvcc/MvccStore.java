package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.AscendingReader;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing of versions, as pure functions from a reader to values and to a batch.
 *
 * <p>CURRENT holds the newest version of each key, tombstones included; overwriting one moves it to
 * HISTORY under the timestamp that superseded it ({@link VersionHistory}). Nothing here takes
 * latches, judges leases or thresholds: that is the replica's part. Functions that both read and
 * write see only what the reader shows; where one batch takes several commands the reader must be a
 * {@link io.shardforge.storage.engine.PendingReader} over that batch.
 */
public final class MvccStore {
  /** An expected timestamp that fits every previous version. */
  public static final long ANY_PREVIOUS = -1;

  private MvccStore() {}

  /**
   * A reader for versions and provisional writes of many keys of a span, asked for in ascending
   * order.
   */
  public static AscendingReader ascending(EngineReader reader, KeySpan span) {
    return new AscendingReader(
        reader, Map.of(Family.CURRENT, span, Family.LOCK, LockKey.span(LockKey.PROVISIONAL, span)));
  }

  // ---- Versions ----

  /** Reads a key as the view sees it. */
  public static ReadResult read(EngineReader reader, byte[] key, ReadView view) {
    ProvisionalWrite write = provisional(reader, key);
    if (write == null) {
      return readCommitted(reader, key, view.ts());
    }
    if (!view.isOwn(write)) {
      return write.minCommitTs() <= view.ts()
          ? new ReadResult.Blocked(write)
          : readCommitted(reader, key, view.ts());
    }
    ReadResult beneath = readCommitted(reader, key, view.ts());
    ProvisionalWrite.Entry own = write.lastBefore(view.ownStatementLimit());
    return own == null ? beneath : overlay(own, beneath);
  }

  /** Reads the committed version at a timestamp, without looking at provisional writes. */
  public static ReadResult readCommitted(EngineReader reader, byte[] key, long ts) {
    byte[] current = reader.get(Family.CURRENT, key);
    byte[] version = current == null ? null : VersionHistory.versionAt(reader, key, current, ts);
    if (version == null) {
      return new ReadResult.Absent(Timestamp.NONE);
    }
    return VersionCodec.isTombstone(version)
        ? new ReadResult.Absent(VersionCodec.commitTs(version))
        : new ReadResult.Found(VersionCodec.decode(version));
  }

  private static ReadResult overlay(ProvisionalWrite.Entry own, ReadResult beneath) {
    long commitTs = Timestamp.NONE;
    long keyTs = Timestamp.NONE;
    switch (beneath) {
      case ReadResult.Found found -> {
        commitTs = found.version().commitTs();
        keyTs = found.version().keyTs();
      }
      case ReadResult.Absent absent -> commitTs = absent.replacedTs();
      case ReadResult.Blocked _ -> throw new IllegalStateException("committed reads do not block");
    }
    return own.isDelete()
        ? new ReadResult.Absent(commitTs)
        : new ReadResult.Found(new VersionedValue(commitTs, keyTs, own.valueOrNull()));
  }

  /** The newest committed version of a key, a tombstone perhaps, or null. */
  public static @Nullable VersionedValue newestVersion(EngineReader reader, byte[] key) {
    byte[] current = reader.get(Family.CURRENT, key);
    return current == null ? null : VersionCodec.decode(current);
  }

  /** The commit timestamp of the newest version of a key, tombstones included, or zero. */
  public static long newestCommitTs(EngineReader reader, byte[] key) {
    byte[] current = reader.get(Family.CURRENT, key);
    if (current == null) {
      return Timestamp.NONE;
    }
    VersionCodec.check(current, current.length);
    return VersionCodec.commitTs(current);
  }

  /**
   * Writes a committed version and moves the one it replaces to history. Deleting what is not there
   * changes nothing.
   *
   * @param value null to delete
   * @param changesKey whether an update gives the row another key; inserts and deletes always do
   * @param expectedPreviousTs commit timestamp of the version to be replaced, zero for none, or
   *     {@link #ANY_PREVIOUS}
   * @return false, with nothing written, if another version is there
   */
  public static boolean writeVersion(
      EngineReader reader,
      WriteBatch batch,
      byte[] key,
      long commitTs,
      byte @Nullable [] value,
      boolean changesKey,
      long expectedPreviousTs) {
    if (key.length == 0 || commitTs <= Timestamp.NONE) {
      throw new IllegalArgumentException(
          "key of " + key.length + " bytes at timestamp " + commitTs);
    }
    byte[] current = reader.get(Family.CURRENT, key);
    boolean existed = false;
    long previousTs = Timestamp.NONE;
    if (current != null) {
      VersionCodec.check(current, current.length);
      previousTs = VersionCodec.commitTs(current);
      existed = !VersionCodec.isTombstone(current);
    }
    if (expectedPreviousTs != ANY_PREVIOUS && expectedPreviousTs != previousTs) {
      return false;
    }
    if (previousTs >= commitTs) {
      throw new ShardForgeException(
          ErrorCode.INTERNAL_ERROR,
          "version of %s at %s would replace a newer one at %s"
              .formatted(
                  Bytes.toHex(key), Timestamp.format(commitTs), Timestamp.format(previousTs)));
    }
    if (value == null && !existed) {
      return true;
    }
    long keyTs = commitTs;
    if (current != null) {
      if (existed && value != null && !changesKey) {
        keyTs = VersionCodec.keyTs(current);
      }
      batch.put(Family.HISTORY, HistoryKey.encode(key, commitTs), current);
    }
    batch.put(Family.CURRENT, key, VersionCodec.encode(commitTs, keyTs, value, current == null));
    return true;
  }

  /** Whether a span has a version committed in (after, upTo]. */
  public static boolean hasVersionIn(
      EngineReader reader, KeySpan span, long after, long upTo, ChangeKind kind) {
    return changedKeyIn(reader, span, after, upTo, kind) != null;
  }

  /**
   * A key of the span that got a version in (after, upTo], deletes included, or null. Looks at
   * history only for keys that changed after {@code upTo}; {@code after} must not be below the
   * threshold of history.
   */
  public static byte @Nullable [] changedKeyIn(
      EngineReader reader, KeySpan span, long after, long upTo, ChangeKind kind) {
    if (after >= upTo || span.isEmpty()) {
      return null;
    }
    if (span.isSingleKey()) {
      byte[] current = reader.get(Family.CURRENT, span.start());
      return current != null && isChanged(reader, span.start(), current, after, upTo, kind)
          ? span.start()
          : null;
    }
    try (EngineIterator iterator = reader.iterator(Family.CURRENT, span)) {
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        byte[] buffer = iterator.valueBuffer();
        VersionCodec.check(buffer, iterator.valueLength());
        // The newest change of any kind is the commit itself: most entries end here.
        if (VersionCodec.commitTs(buffer) > after) {
          byte[] key = iterator.key();
          if (isChanged(reader, key, iterator.value(), after, upTo, kind)) {
            return key;
          }
        }
      }
    }
    return null;
  }

  private static boolean isChanged(
      EngineReader reader, byte[] key, byte[] current, long after, long upTo, ChangeKind kind) {
    byte[] newest = VersionHistory.versionAt(reader, key, current, upTo);
    return VersionHistory.changeTs(newest, kind) > after;
  }

  /**
   * Takes a tombstone out of CURRENT, if there is one at or before the threshold: from then on
   * nobody may read below it.
   */
  public static boolean removeTombstone(
      EngineReader reader, WriteBatch batch, byte[] key, long threshold) {
    byte[] current = reader.get(Family.CURRENT, key);
    if (current == null) {
      return false;
    }
    VersionCodec.check(current, current.length);
    if (!VersionCodec.isTombstone(current) || VersionCodec.commitTs(current) > threshold) {
      return false;
    }
    batch.delete(Family.CURRENT, key);
    return true;
  }

  // ---- Provisional writes ----

  /** The provisional write of a key, or null. */
  public static @Nullable ProvisionalWrite provisional(EngineReader reader, byte[] key) {
    byte[] bytes = reader.get(Family.LOCK, LockKey.provisional(key));
    return bytes == null ? null : ProvisionalWrite.decode(key, bytes);
  }

  /** Hands over the provisional writes of a span in key order until the sink has enough. */
  public static void provisionalWrites(
      EngineReader reader, KeySpan span, VersionSink<ProvisionalWrite> sink) {
    KeySpan locks = LockKey.span(LockKey.PROVISIONAL, span);
    try (EngineIterator iterator = reader.iterator(Family.LOCK, locks)) {
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        if (!sink.accept(provisionalAt(iterator))) {
          return;
        }
      }
    }
  }

  /** Whether a span has any provisional write. */
  public static boolean hasProvisional(EngineReader reader, KeySpan span) {
    try (EngineIterator iterator =
        reader.iterator(Family.LOCK, LockKey.span(LockKey.PROVISIONAL, span))) {
      return iterator.seekToFirst();
    }
  }

  /** Provisional writes of other transactions that may commit at or before a timestamp. */
  public static List<ProvisionalWrite> conflictsIn(
      EngineReader reader, KeySpan span, long ts, @Nullable TxnId own, int conflictsMax) {
    List<ProvisionalWrite> conflicts = new ArrayList<>();
    provisionalWrites(
        reader,
        span,
        write -> {
          if (write.minCommitTs() <= ts && !write.txn().equals(own)) {
            conflicts.add(write);
          }
          return conflicts.size() < conflictsMax;
        });
    return conflicts;
  }

  static ProvisionalWrite provisionalAt(EngineIterator iterator) {
    byte[] key = Arrays.copyOfRange(iterator.keyBuffer(), 1, iterator.keyLength());
    return ProvisionalWrite.decode(key, iterator.value());
  }

  /**
   * Adds a write of a transaction to a key; the same entry again changes nothing.
   *
   * @return the write of another transaction that is in the way, with nothing written, else null
   */
  public static @Nullable ProvisionalWrite putProvisional(
      EngineReader reader,
      WriteBatch batch,
      byte[] key,
      TxnId txn,
      byte[] primaryKey,
      long minCommitTs,
      ProvisionalWrite.Entry entry) {
    ProvisionalWrite before = provisional(reader, key);
    if (before != null && !before.txn().equals(txn)) {
      return before;
    }
    ProvisionalWrite after =
        before == null
            ? new ProvisionalWrite(key, txn, primaryKey, minCommitTs, List.of(entry))
            : before.with(entry, minCommitTs);
    batch.put(Family.LOCK, LockKey.provisional(key), after.encode());
    return null;
  }

  /** Raises the least commit timestamp of a transaction's write; false if there is none. */
  public static boolean pushProvisional(
      EngineReader reader, WriteBatch batch, byte[] key, TxnId txn, long minCommitTs) {
    ProvisionalWrite write = provisional(reader, key);
    if (write == null || !write.txn().equals(txn)) {
      return false;
    }
    batch.put(Family.LOCK, LockKey.provisional(key), write.withMinCommitTs(minCommitTs).encode());
    return true;
  }

  /** Turns a transaction's write into a version; false if it has been resolved already. */
  public static boolean commitProvisional(
      EngineReader reader, WriteBatch batch, byte[] key, TxnId txn, long commitTs) {
    ProvisionalWrite write = provisional(reader, key);
    if (write == null || !write.txn().equals(txn)) {
      return false;
    }
    commitProvisional(reader, batch, write, commitTs);
    batch.delete(Family.LOCK, LockKey.provisional(key));
    return true;
  }

  /** Makes a version of a write, which is to be deleted. */
  private static void commitProvisional(
      EngineReader reader, WriteBatch batch, ProvisionalWrite write, long commitTs) {
    if (commitTs < write.minCommitTs()) {
      throw new ShardForgeException(
          ErrorCode.INTERNAL_ERROR, write + " cannot commit at " + Timestamp.format(commitTs));
    }
    ProvisionalWrite.Entry last = write.last();
    // A key change earlier in the transaction counts, whatever its last write was.
    boolean changesKey =
        write.entries().stream().anyMatch(entry -> entry.isDelete() || entry.changesKey());
    byte[] key = write.key();
    writeVersion(reader, batch, key, commitTs, last.valueOrNull(), changesKey, ANY_PREVIOUS);
  }

  /**
   * Turns all writes of a transaction in a span into versions, or takes them away where it was
   * aborted. A write whose key has a version at or above the timestamp came too late: it goes.
   *
   * @param commitTs zero for an aborted transaction
   */
  public static void resolveSpan(
      EngineReader reader, WriteBatch batch, KeySpan span, TxnId txn, long commitTs) {
    List<byte[]> resolved = new ArrayList<>();
    boolean[] others = new boolean[1];
    try (AscendingReader versions = ascending(reader, span)) {
      provisionalWrites(
          reader,
          span,
          write -> {
            if (!write.txn().equals(txn)) {
              others[0] = true;
              return true;
            }
            if (commitTs != 0 && newestCommitTs(versions, write.key()) < commitTs) {
              commitProvisional(versions, batch, write, commitTs);
            }
            resolved.add(write.key());
            return true;
          });
    }
    if (others[0]) {
      for (byte[] key : resolved) {
        batch.delete(Family.LOCK, LockKey.provisional(key));
      }
    } else if (!resolved.isEmpty()) {
      // One deletion for all of them: scans would have to step over each.
      batch.deleteRange(Family.LOCK, LockKey.span(LockKey.PROVISIONAL, span));
    }
  }

  /** Forgets a transaction's write; false if it has been resolved already. */
  public static boolean abortProvisional(
      EngineReader reader, WriteBatch batch, byte[] key, TxnId txn) {
    ProvisionalWrite write = provisional(reader, key);
    if (write == null || !write.txn().equals(txn)) {
      return false;
    }
    batch.delete(Family.LOCK, LockKey.provisional(key));
    return true;
  }

  /** Forgets what rolled-back statements wrote to a key; false if that was nothing. */
  public static boolean rollBackStatements(
      EngineReader reader, WriteBatch batch, byte[] key, TxnId txn, IntPredicate rolledBack) {
    ProvisionalWrite write = provisional(reader, key);
    if (write == null || !write.txn().equals(txn)) {
      return false;
    }
    ProvisionalWrite rest = write.without(rolledBack);
    if (rest == null) {
      batch.delete(Family.LOCK, LockKey.provisional(key));
      return true;
    }
    if (rest.entries().size() == write.entries().size()) {
      return false;
    }
    batch.put(Family.LOCK, LockKey.provisional(key), rest.encode());
    return true;
  }

  // ---- Transaction records and outcomes ----

  /** The record of a transaction, or null. */
  public static @Nullable TxnRecord txnRecord(EngineReader reader, byte[] primaryKey, TxnId txn) {
    byte[] bytes = reader.get(Family.LOCK, LockKey.record(primaryKey, txn));
    return bytes == null ? null : TxnRecord.decode(bytes);
  }

  public static void putTxnRecord(WriteBatch batch, TxnRecord record) {
    batch.put(Family.LOCK, LockKey.record(record.primaryKey(), record.txn()), record.encode());
  }

  public static void deleteTxnRecord(WriteBatch batch, byte[] primaryKey, TxnId txn) {
    batch.delete(Family.LOCK, LockKey.record(primaryKey, txn));
  }

  /** Hands over the transaction records of a span's keys until the sink has enough. */
  public static void txnRecords(EngineReader reader, KeySpan span, VersionSink<TxnRecord> sink) {
    KeySpan records = LockKey.span(LockKey.RECORD, span);
    try (EngineIterator iterator = reader.iterator(Family.LOCK, records)) {
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        if (!sink.accept(TxnRecord.decode(iterator.value()))) {
          return;
        }
      }
    }
  }

  /** Notes that a one-shard transaction has committed, for a resend to find. */
  public static void putOutcome(WriteBatch batch, byte[] firstKey, TxnId txn, long commitTs) {
    batch.put(Family.LOCK, LockKey.outcome(firstKey, txn), Bytes.ofLong(commitTs));
  }

  /** The commit timestamp noted for a one-shard transaction, zero if none is. */
  public static long outcome(EngineReader reader, byte[] firstKey, TxnId txn) {
    byte[] bytes = reader.get(Family.LOCK, LockKey.outcome(firstKey, txn));
    return bytes == null ? Timestamp.NONE : outcomeTs(bytes);
  }

  /**
   * Deletes outcomes with a commit timestamp before a limit.
   *
   * @return where to go on if {@code examinedMax} stopped it, else null
   */
  public static @Nullable KeySpan expireOutcomes(
      EngineReader reader, WriteBatch batch, KeySpan span, long beforeTs, int examinedMax) {
    KeySpan outcomes = LockKey.span(LockKey.OUTCOME, span);
    try (EngineIterator iterator = reader.iterator(Family.LOCK, outcomes)) {
      int examined = 0;
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        if (examined++ == examinedMax) {
          return new KeySpan(LockKey.keyOf(iterator.key()), span.end());
        }
        if (outcomeTs(iterator.value()) < beforeTs) {
          batch.delete(Family.LOCK, iterator.key());
        }
      }
    }
    return null;
  }

  private static long outcomeTs(byte[] bytes) {
    if (bytes.length != Long.BYTES) {
      throw new ShardForgeException(
          ErrorCode.DATA_CORRUPTED, "malformed commit outcome of " + bytes.length + " bytes");
    }
    return Bytes.getLong(bytes, 0);
  }
}
