package io.shardforge.sql.exec;

import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows kept for reading at any place: in memory while the budget allows, then in a spill file that
 * is read block by block. Rows that nobody will read again can be given up from the front.
 */
final class WindowRows implements AutoCloseable {
  private static final int OVERHEAD_BYTES = 8;

  /** A block of the file ends after so many rows or bytes. */
  private static final int BLOCK_ROWS = 256;

  private static final int BLOCK_BYTES = 64 * 1024;

  /** Blocks kept decoded: window frames are read in a few places at a time. */
  private static final int CACHED_BLOCKS_MAX = 8;

  /** Rows given up are let go in steps of this many. */
  private static final int TRIM_ROWS = 1024;

  private final Execution execution;
  private final List<SqlType> types;
  private List<@Nullable Object[]> rows = new ArrayList<>();
  private long first;
  private long size;
  private long reservedBytes;
  private @Nullable SpillFile file;
  private long[] blockRows = new long[16];
  private long[] blockOffsets = new long[16];
  private int blocks;
  private final Map<Integer, List<@Nullable Object[]>> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<@Nullable Object[]>> eldest) {
          return size() > CACHED_BLOCKS_MAX;
        }
      };

  WindowRows(Execution execution, List<SqlType> types) {
    this.execution = execution;
    this.types = types;
  }

  long size() {
    return size;
  }

  void add(@Nullable Object[] row) {
    if (file == null) {
      long bytes = RowSize.of(row) + OVERHEAD_BYTES;
      if (execution.memory().tryReserve(bytes)) {
        reservedBytes += bytes;
        rows.add(row);
        size++;
        return;
      }
      if (!RowBytes.canHold(types)) {
        throw execution.memory().exceeded(bytes);
      }
      spill();
    }
    addToFile(row);
    size++;
  }

  private void spill() {
    file = new SpillFile(execution.spillSpace(), types);
    List<@Nullable Object[]> kept = rows;
    rows = List.of();
    long next = size;
    size = first;
    for (Object[] row : kept) {
      addToFile(row);
      size++;
    }
    assert size == next;
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }

  private void addToFile(@Nullable Object[] row) {
    SpillFile target = Objects.requireNonNull(file);
    boolean starts =
        blocks == 0
            || size - blockRows[blocks - 1] >= BLOCK_ROWS
            || target.end() - blockOffsets[blocks - 1] >= BLOCK_BYTES;
    if (starts) {
      if (blocks == blockRows.length) {
        blockRows = Arrays.copyOf(blockRows, blocks * 2);
        blockOffsets = Arrays.copyOf(blockOffsets, blocks * 2);
      }
      blockRows[blocks] = size;
      blockOffsets[blocks++] = target.end();
    } else {
      cache.remove(blocks - 1);
    }
    target.add(row);
  }

  /** A row by its number, which is below the size and was not given up. */
  @Nullable Object[] get(long row) {
    SpillFile source = file;
    if (source == null) {
      return rows.get((int) (row - first));
    }
    int found = Arrays.binarySearch(blockRows, 0, blocks, row);
    int block = found >= 0 ? found : -found - 2;
    List<@Nullable Object[]> decoded = cache.get(block);
    if (decoded == null) {
      decoded = read(source, block);
      cache.put(block, decoded);
    }
    return decoded.get((int) (row - blockRows[block]));
  }

  private List<@Nullable Object[]> read(SpillFile source, int block) {
    long end = block + 1 < blocks ? blockRows[block + 1] : size;
    List<@Nullable Object[]> decoded = new ArrayList<>();
    SpillFile.Reader reader = source.readerFrom(blockOffsets[block]);
    for (long i = blockRows[block]; i < end; i++) {
      @Nullable Object[] row = reader.next();
      if (row == null) {
        break;
      }
      decoded.add(row);
    }
    return decoded;
  }

  /** Says that rows before this one will not be read again. */
  void trim(long before) {
    if (file != null || before - first < TRIM_ROWS) {
      return;
    }
    List<@Nullable Object[]> gone = rows.subList(0, (int) (before - first));
    long bytes = 0;
    for (Object[] row : gone) {
      bytes += RowSize.of(row) + OVERHEAD_BYTES;
    }
    gone.clear();
    first = before;
    execution.memory().release(bytes);
    reservedBytes -= bytes;
  }

  void clear() {
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
    rows = new ArrayList<>();
    cache.clear();
    blocks = 0;
    first = 0;
    size = 0;
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() {
    clear();
  }
}
