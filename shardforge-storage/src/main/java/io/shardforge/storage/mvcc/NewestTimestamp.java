package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.KeySpan;

/** The newest timestamp that a span's data tells of; looks at every row. */
public final class NewestTimestamp {
  private NewestTimestamp() {}

  /** The newest one in a span, {@link Timestamp#NONE} if there is nothing. */
  public static long in(EngineReader reader, KeySpan keys) {
    // What was superseded was so by something newer, which is a current version or a record.
    long newest = Timestamp.NONE;
    try (EngineIterator rows = reader.iterator(Family.CURRENT, keys)) {
      for (boolean valid = rows.seekToFirst(); valid; valid = rows.next()) {
        newest = Math.max(newest, VersionCodec.decode(rows.value()).commitTs());
      }
    }
    KeySpan provisional = LockKey.span(LockKey.PROVISIONAL, keys);
    try (EngineIterator writes = reader.iterator(Family.LOCK, provisional)) {
      for (boolean valid = writes.seekToFirst(); valid; valid = writes.next()) {
        newest =
            Math.max(newest, ProvisionalWrite.decode(writes.key(), writes.value()).minCommitTs());
      }
    }
    try (EngineIterator records =
        reader.iterator(Family.LOCK, LockKey.span(LockKey.RECORD, keys))) {
      for (boolean valid = records.seekToFirst(); valid; valid = records.next()) {
        newest = Math.max(newest, TxnRecord.decode(records.value()).commitTs());
      }
    }
    return newest;
  }
}
