package io.shardforge.sql.exec;

import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows set aside by the hash of a key, so that a hash table too large for memory is worked off in
 * parts. Each level of partitioning looks at other bits of the hash.
 */
final class SpillPartitions implements AutoCloseable {
  /** Parts a level. */
  static final int FANOUT = 16;

  private static final int BITS = 4;

  /** Levels before giving up: rows that still share a part then share their key, most likely. */
  private static final int LEVELS_MAX = 5;

  private final Execution execution;
  private final List<SqlType> types;
  private final int level;
  private final @Nullable SpillFile[] files = new SpillFile[FANOUT];

  SpillPartitions(Execution execution, List<SqlType> types, int level) {
    this.execution = execution;
    this.types = types;
    this.level = level;
    if (level >= LEVELS_MAX || !RowBytes.canHold(types)) {
      throw new ShardForgeException(ErrorCode.OUT_OF_MEMORY, "out of memory")
          .withDetail(
              level >= LEVELS_MAX
                  ? "Too many rows with the same key for a hash table to be split further."
                  : "Rows of this kind cannot be put into temporary files.")
          .withHint(
              "Let the statement touch fewer rows, or start the server with more --sql-memory.");
    }
  }

  int level() {
    return level;
  }

  static int partition(int hash, int level) {
    return hash >>> (Integer.SIZE - BITS * (level + 1)) & (FANOUT - 1);
  }

  void add(int hash, @Nullable Object[] row) {
    int part = partition(hash, level);
    SpillFile file = files[part];
    if (file == null) {
      file = new SpillFile(execution.spillSpace(), types);
      files[part] = file;
    }
    file.add(row);
  }

  /** Takes a part's file out, to be closed by the caller; null if it has no rows. */
  @Nullable SpillFile take(int part) {
    SpillFile file = files[part];
    files[part] = null;
    return file;
  }

  /** Takes all parts that have rows. */
  List<SpillFile> takeAll() {
    List<SpillFile> taken = new ArrayList<>();
    for (int i = 0; i < FANOUT; i++) {
      SpillFile file = take(i);
      if (file != null) {
        taken.add(file);
      }
    }
    return taken;
  }

  @Override
  public void close() {
    for (int i = 0; i < FANOUT; i++) {
      SpillFile file = take(i);
      if (file != null) {
        file.close();
      }
    }
  }
}
