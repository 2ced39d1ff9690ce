package io.shardforge.sql.exec;

import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows kept for reading in order, any number of times: in memory while the budget allows, then all
 * of them in a spill file. Rows of types that cannot be written make it fail with 53200 instead.
 */
final class RowSpool implements AutoCloseable {
  private static final int OVERHEAD_BYTES = 8;

  private final Execution execution;
  private final List<SqlType> types;
  private List<@Nullable Object[]> rows = new ArrayList<>();
  private @Nullable SpillFile file;
  private long reservedBytes;
  private boolean closed;

  RowSpool(Execution execution, List<SqlType> types) {
    this.execution = execution;
    this.types = types;
  }

  long size() {
    return file == null ? rows.size() : file.rows();
  }

  /** Adds a row, which must not change afterwards. */
  void add(@Nullable Object[] row) {
    if (file == null) {
      long bytes = RowSize.of(row) + OVERHEAD_BYTES;
      if (execution.memory().tryReserve(bytes)) {
        reservedBytes += bytes;
        rows.add(row);
        return;
      }
      if (!RowBytes.canHold(types)) {
        throw execution.memory().exceeded(bytes);
      }
      file = spill();
    }
    file.add(row);
  }

  /** Adds all rows that a source still has. */
  void addAll(RowSource source) {
    @Nullable Object[] row;
    while ((row = source.next()) != null) {
      add(row);
    }
  }

  private SpillFile spill() {
    SpillFile target = new SpillFile(execution.spillSpace(), types);
    try {
      for (Object[] row : rows) {
        target.add(row);
      }
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
    rows = List.of();
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
    return target;
  }

  void clear() {
    release();
    rows = new ArrayList<>();
  }

  /** A reader from the first row, of the rows added so far. */
  Reader reader() {
    return new Reader();
  }

  private void release() {
    rows = List.of();
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release();
    }
  }

  /** A position among the rows. */
  final class Reader {
    private List<@Nullable Object[]> memory = rows;
    private SpillFile.@Nullable Reader disk = file == null ? null : file.reader();
    private int end = rows.size();
    private int position;

    private Reader() {}

    @Nullable Object @Nullable [] next() {
      if (disk != null) {
        return disk.next();
      }
      return position < end ? memory.get(position++) : null;
    }

    /** Goes on behind its last row with those added since; false when there are none. */
    boolean resume() {
      SpillFile.Reader current = disk;
      SpillFile spilled = file;
      if (spilled == null) {
        memory = rows;
        end = rows.size();
        return position < end;
      }
      if (current != null) {
        disk = spilled.readerFrom(current.position());
        return current.position() < spilled.end();
      }
      SpillFile.Reader from = spilled.reader();
      for (int i = 0; i < position; i++) {
        from.next();
      }
      disk = from;
      return position < spilled.rows();
    }
  }
}
