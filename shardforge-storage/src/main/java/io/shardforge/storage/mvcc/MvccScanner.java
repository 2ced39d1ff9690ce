package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the rows of a span as a view sees them, forward or backward.
 *
 * <p>It walks CURRENT, which has every key once, and LOCK beside it while that has entries. Keys
 * whose current version is newer than the view are looked up in HISTORY one by one; all others cost
 * nothing but the step. The row's buffers belong to the scanner and last until the next move.
 *
 * <p>{@link #next()} returns false at the end, at a limit, or where another transaction's
 * provisional write is in the way; {@link #remaining()} and {@link #conflicts()} tell which. The
 * rows before that are good.
 */
// Hot path: no allocation for a row that is visible as it is.
public final class MvccScanner implements AutoCloseable {
  /** Provisional writes reported at once: those that a reader may have to push or wait for. */
  public static final int CONFLICTS_MAX = 16;

  /** An answer of {@link #order()} beside the signs. */
  private static final int NOTHING = 2;

  private final EngineReader reader;
  private final KeySpan span;
  private final ReadView view;
  private final long viewTs;
  private final ScanLimits limits;
  private final boolean reverse;
  private final EngineIterator current;
  private @Nullable EngineIterator locks;
  private final List<ProvisionalWrite> conflicts = new ArrayList<>();

  private boolean currentValid;
  private boolean currentConsumed;
  private boolean lockConsumed;
  private boolean ended;
  private @Nullable KeySpan remaining;
  private long rows;
  private long bytes;
  private long examined;
  private long newestTs = Timestamp.NONE;

  private byte[] rowKey = Bytes.EMPTY;
  private int rowKeyLength;
  private byte[] rowValue = Bytes.EMPTY;
  private int rowValueOffset;
  private int rowValueLength;
  private long rowCommitTs;
  private long rowKeyTs;

  public MvccScanner(
      EngineReader reader, KeySpan span, ReadView view, ScanLimits limits, boolean reverse) {
    this(reader, span, view, limits, reverse, true);
  }

  /**
   * A scanner of what is committed, which does not look at provisional writes: good only if there
   * are none in what it has walked, as {@link MvccStore#hasProvisional} tells afterwards from the
   * same snapshot. LOCK is full of deleted entries, and to look for one that is left costs as much
   * as there are up to it; afterwards the search ends where the scan did.
   */
  public static MvccScanner committed(
      EngineSnapshot snapshot, KeySpan span, ReadView view, ScanLimits limits, boolean reverse) {
    return new MvccScanner(snapshot, span, view, limits, reverse, false);
  }

  private MvccScanner(
      EngineReader reader,
      KeySpan span,
      ReadView view,
      ScanLimits limits,
      boolean reverse,
      boolean withLocks) {
    this.reader = reader;
    this.span = span;
    this.view = view;
    this.viewTs = view.ts();
    this.limits = limits;
    this.reverse = reverse;
    locks = withLocks ? firstLock(reader, span, reverse) : null;
    boolean opened = false;
    try {
      current = reader.iterator(Family.CURRENT, span);
      opened = true;
    } finally {
      if (!opened) {
        closeLocks();
      }
    }
    currentValid = reverse ? current.seekToLast() : current.seekToFirst();
  }

  private static @Nullable EngineIterator firstLock(
      EngineReader reader, KeySpan span, boolean reverse) {
    EngineIterator locks = reader.iterator(Family.LOCK, LockKey.span(LockKey.PROVISIONAL, span));
    boolean found = false;
    try {
      found = reverse ? locks.seekToLast() : locks.seekToFirst();
    } finally {
      if (!found) {
        locks.close();
      }
    }
    return found ? locks : null;
  }

  /** Moves to the next row; false if there is none, for now or for good. */
  public boolean next() {
    if (ended) {
      return false;
    }
    if (rows >= limits.rowsMax() || bytes >= limits.bytesMax()) {
      return pauseAfterRow();
    }
    while (true) {
      advanceConsumed();
      int order = order();
      if (order == NOTHING) {
        ended = true;
        return false;
      }
      if (examined++ >= limits.examinedMax()) {
        return pauseBefore(order > 0 ? lockedKey() : current.key());
      }
      if (order < 0) {
        currentConsumed = true;
        if (takeCurrent()) {
          return emitted();
        }
        continue;
      }
      ProvisionalWrite write = MvccStore.provisionalAt(requireLocks());
      lockConsumed = true;
      currentConsumed = order == 0;
      if (view.isOwn(write)) {
        if (takeOwn(write, order == 0)) {
          return emitted();
        }
      } else if (write.minCommitTs() <= viewTs) {
        return pauseAtConflict(write);
      } else if (order == 0 && takeCurrent()) {
        return emitted();
      }
    }
  }

  /** A buffer that starts with the row's key. */
  public byte[] keyBuffer() {
    return rowKey;
  }

  public int keyLength() {
    return rowKeyLength;
  }

  /** A buffer that holds the row's value at {@link #valueOffset()}. */
  public byte[] valueBuffer() {
    return rowValue;
  }

  public int valueOffset() {
    return rowValueOffset;
  }

  public int valueLength() {
    return rowValueLength;
  }

  /** A copy of the row's key. */
  public byte[] key() {
    return Arrays.copyOf(rowKey, rowKeyLength);
  }

  /** A copy of the row's value. */
  public byte[] value() {
    return Arrays.copyOfRange(rowValue, rowValueOffset, rowValueOffset + rowValueLength);
  }

  /** When the row was committed; of an own provisional row, the version beneath it, or zero. */
  public long commitTs() {
    return rowCommitTs;
  }

  public long keyTs() {
    return rowKeyTs;
  }

  /**
   * When the newest committed version was written of those met so far, deleted ones too. If that is
   * not above the view, other views from there on see the same.
   */
  public long newestTs() {
    return newestTs;
  }

  /** Rows returned so far. */
  public long rowCount() {
    return rows;
  }

  /** The provisional writes that stopped the scan, the first in its way first; bounded. */
  public List<ProvisionalWrite> conflicts() {
    return conflicts;
  }

  /** After {@link #next()} returned false: what is left of the span, nothing if it is done. */
  public Optional<KeySpan> remaining() {
    return Optional.ofNullable(remaining);
  }

  @Override
  public void close() {
    ended = true;
    current.close();
    closeLocks();
  }

  /** Which comes next: CURRENT (-1), LOCK (1), both with the same key (0), or nothing. */
  private int order() {
    EngineIterator lock = locks;
    if (lock == null) {
      return currentValid ? -1 : NOTHING;
    }
    if (!currentValid) {
      return 1;
    }
    int compared =
        Arrays.compareUnsigned(
            current.keyBuffer(), 0, current.keyLength(), lock.keyBuffer(), 1, lock.keyLength());
    return Integer.signum(reverse ? -compared : compared);
  }

  private void advanceConsumed() {
    if (currentConsumed) {
      currentConsumed = false;
      currentValid = reverse ? current.prev() : current.next();
    }
    if (lockConsumed) {
      lockConsumed = false;
      EngineIterator lock = requireLocks();
      if (!(reverse ? lock.prev() : lock.next())) {
        closeLocks();
      }
    }
  }

  /** Makes the current entry the row if the view sees a value there. */
  private boolean takeCurrent() {
    byte[] version = current.valueBuffer();
    int length = current.valueLength();
    VersionCodec.check(version, length);
    long committedTs = VersionCodec.commitTs(version);
    newestTs = Math.max(newestTs, committedTs);
    if (committedTs > viewTs) {
      if (VersionCodec.isFirst(version)) {
        return false;
      }
      version = VersionHistory.versionAt(reader, current.key(), current.value(), viewTs);
      if (version == null) {
        return false;
      }
      length = version.length;
    }
    if (VersionCodec.isTombstone(version)) {
      return false;
    }
    rowKey = current.keyBuffer();
    rowKeyLength = current.keyLength();
    rowValue = version;
    rowValueOffset = VersionCodec.valueOffset(version);
    rowValueLength = length - rowValueOffset;
    rowCommitTs = VersionCodec.commitTs(version);
    rowKeyTs = VersionCodec.keyTs(version);
    return true;
  }

  private boolean takeOwn(ProvisionalWrite write, boolean hasCommitted) {
    ProvisionalWrite.Entry own = write.lastBefore(view.ownStatementLimit());
    if (own == null) {
      return hasCommitted && takeCurrent();
    }
    byte[] value = own.valueOrNull();
    if (value == null) {
      return false;
    }
    rowCommitTs = Timestamp.NONE;
    rowKeyTs = Timestamp.NONE;
    if (hasCommitted) {
      byte[] beneath = VersionHistory.versionAt(reader, write.key(), current.value(), viewTs);
      if (beneath != null) {
        rowCommitTs = VersionCodec.commitTs(beneath);
        rowKeyTs = VersionCodec.isTombstone(beneath) ? Timestamp.NONE : VersionCodec.keyTs(beneath);
      }
    }
    rowKey = write.key();
    rowKeyLength = rowKey.length;
    rowValue = value;
    rowValueOffset = 0;
    rowValueLength = value.length;
    return true;
  }

  private boolean emitted() {
    rows++;
    bytes += rowKeyLength + rowValueLength;
    return true;
  }

  private boolean pauseAfterRow() {
    ended = true;
    byte[] last = key();
    remaining =
        reverse ? new KeySpan(span.start(), last) : new KeySpan(Bytes.successor(last), span.end());
    if (remaining.isEmpty()) {
      remaining = null;
    }
    return false;
  }

  private boolean pauseBefore(byte[] key) {
    ended = true;
    remaining =
        reverse ? new KeySpan(span.start(), Bytes.successor(key)) : new KeySpan(key, span.end());
    return false;
  }

  /** Stops before the conflict and collects those behind it, so that all are resolved at once. */
  private boolean pauseAtConflict(ProvisionalWrite first) {
    conflicts.add(first);
    EngineIterator lock = requireLocks();
    while (conflicts.size() < CONFLICTS_MAX && (reverse ? lock.prev() : lock.next())) {
      ProvisionalWrite write = MvccStore.provisionalAt(lock);
      if (!view.isOwn(write) && write.minCommitTs() <= viewTs) {
        conflicts.add(write);
      }
    }
    return pauseBefore(first.key());
  }

  private byte[] lockedKey() {
    EngineIterator lock = requireLocks();
    return Arrays.copyOfRange(lock.keyBuffer(), 1, lock.keyLength());
  }

  private EngineIterator requireLocks() {
    EngineIterator lock = locks;
    if (lock == null) {
      throw new IllegalStateException("no provisional write here");
    }
    return lock;
  }

  private void closeLocks() {
    EngineIterator lock = locks;
    if (lock != null) {
      locks = null;
      lock.close();
    }
  }
}
