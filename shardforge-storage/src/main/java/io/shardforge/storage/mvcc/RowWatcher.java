package io.shardforge.storage.mvcc;

import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.function.Consumer;

/** Is told which rows of an engine change, by whatever thread changes them. */
public interface RowWatcher {
  /** Before the engine is told. */
  void begins(RowChange change);

  /** When the engine has done it, or has failed to. */
  void ended(RowChange change);

  /**
   * What one change is about: rows, that is their entries in CURRENT and the provisional writes in
   * LOCK. HISTORY does not count.
   */
  sealed interface RowChange {
    /** Tells the spans of the rows, one by one. */
    void rows(Consumer<KeySpan> sink);

    /** Whether a row of the span may be among them. */
    default boolean touches(KeySpan span) {
      boolean[] touched = new boolean[1];
      rows(rows -> touched[0] |= rows.overlaps(span));
      return touched[0];
    }
  }

  /** A batch of changes; compared by identity. */
  final class Written implements RowChange {
    private final WriteBatch batch;

    Written(WriteBatch batch) {
      this.batch = batch;
    }

    @Override
    public void rows(Consumer<KeySpan> sink) {
      for (int i = 0; i < batch.count(); i++) {
        Family family = batch.family(i);
        byte[] key = batch.key(i);
        if (batch.kind(i) == WriteBatch.Kind.DELETE_RANGE) {
          new Replaced(family, new KeySpan(key, batch.value(i))).rows(sink);
        } else if (family == Family.CURRENT) {
          sink.accept(KeySpan.ofKey(key));
        } else if (family == Family.LOCK && key[0] == LockKey.PROVISIONAL) {
          sink.accept(KeySpan.ofKey(Arrays.copyOfRange(key, 1, key.length)));
        }
      }
    }
  }

  /** A span of a family that is removed or copied in; compared by identity. */
  final class Replaced implements RowChange {
    private final Family family;
    private final KeySpan span;

    Replaced(Family family, KeySpan span) {
      this.family = family;
      this.span = span;
    }

    @Override
    public void rows(Consumer<KeySpan> sink) {
      switch (family) {
        case CURRENT -> sink.accept(span);
        case LOCK -> LockKey.rowsOf(span).ifPresent(sink);
        case HISTORY, APPLIED -> {}
      }
    }
  }
}
