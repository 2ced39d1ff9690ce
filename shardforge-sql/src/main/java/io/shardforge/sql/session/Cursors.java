package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session's open cursors. They go with the transaction, or with the savepoint, that opened them;
 * those WITH HOLD stay once it has committed.
 */
final class Cursors {
  /** How many savepoints there were when a cursor was opened: -1 once its transaction committed. */
  private static final int HELD = -1;

  private static final class Open {
    private final Cursor cursor;
    private int savepoints;

    Open(Cursor cursor, int savepoints) {
      this.cursor = cursor;
      this.savepoints = savepoints;
    }
  }

  private final Map<String, Open> open = new LinkedHashMap<>();

  /** The cursors, oldest first. */
  List<Cursor> all() {
    return open.values().stream().map(o -> o.cursor).toList();
  }

  @Nullable Cursor find(String name) {
    Open found = open.get(name);
    return found == null ? null : found.cursor;
  }

  Cursor require(String name) {
    Cursor cursor = find(name);
    if (cursor == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_CURSOR_NAME, "cursor \"%s\" does not exist".formatted(name));
    }
    return cursor;
  }

  /** The cursor, unless its transaction has ended. */
  Cursor requireOfTransaction(String name) {
    Cursor cursor = require(name);
    Open found = open.get(name);
    if (found != null && found.savepoints == HELD) {
      throw cursor.invalid("is held from a previous transaction");
    }
    return cursor;
  }

  static ShardForgeException exists(String name) {
    return new ShardForgeException(
        ErrorCode.DUPLICATE_CURSOR, "cursor \"%s\" already exists".formatted(name));
  }

  void add(Cursor cursor, int savepoints) {
    open.put(cursor.definition().name(), new Open(cursor, savepoints));
  }

  void close(String name) {
    Cursor cursor = require(name);
    open.remove(name);
    cursor.close();
  }

  void closeIfThere(String name) {
    if (find(name) != null) {
      close(name);
    }
  }

  void closeAll() {
    open.values().forEach(o -> o.cursor.close());
    open.clear();
  }

  /** A savepoint and those after it are no more, but what was done since stays. */
  void released(int savepointsLeft) {
    for (Open one : open.values()) {
      one.savepoints = Math.min(one.savepoints, savepointsLeft);
    }
  }

  /** What was done since the last of so many savepoints is void. */
  void rolledBackTo(int savepointsLeft) {
    closeAbove(savepointsLeft - 1);
  }

  void committed() {
    for (Open one : open.values()) {
      if (one.cursor.definition().holds()) {
        one.savepoints = HELD;
      }
    }
    closeAbove(HELD);
  }

  void rolledBack() {
    closeAbove(HELD);
  }

  private void closeAbove(int savepoints) {
    for (Iterator<Open> all = open.values().iterator(); all.hasNext(); ) {
      Open one = all.next();
      if (one.savepoints > savepoints) {
        all.remove();
        one.cursor.close();
      }
    }
  }
}
