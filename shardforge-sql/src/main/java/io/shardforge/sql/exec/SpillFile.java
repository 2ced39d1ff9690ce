package io.shardforge.sql.exec;

import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows written to a temporary file in order and read back in order, any number of times. Belongs to
 * one statement's thread. Plain file reads and writes: an interrupt does not close the file.
 */
final class SpillFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final SpillSpace space;
  private final Path path;
  private final RandomAccessFile file;
  private final RowBytes format;
  private final ByteWriter pending = new ByteWriter(BUFFER_BYTES + 1024);
  private final ByteWriter scratch = new ByteWriter();
  private long writtenBytes;
  private long rows;
  private boolean closed;

  SpillFile(SpillSpace space, List<SqlType> types) {
    this.space = space;
    this.format = new RowBytes(types);
    this.path = space.newFile();
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw SpillSpace.failed("create temporary file", e);
    }
  }

  long rows() {
    return rows;
  }

  void add(@Nullable Object[] row) {
    int start = pending.size();
    pending.putInt(0);
    format.write(row, pending, scratch);
    pending.setInt(start, pending.size() - start - Integer.BYTES);
    rows++;
    if (pending.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (pending.size() == 0) {
      return;
    }
    space.charge(pending.size());
    try {
      file.seek(writtenBytes);
      file.write(pending.array(), 0, pending.size());
    } catch (IOException e) {
      space.discharge(pending.size());
      throw SpillSpace.failed("write to temporary file", e);
    }
    writtenBytes += pending.size();
    pending.clear();
  }

  /** Where the next row will begin, for {@link #readerFrom}. */
  long end() {
    return writtenBytes + pending.size();
  }

  /** The rows from the first on, in batches. */
  BatchSource batches(List<SqlType> types) {
    Reader rows = reader();
    BatchBuilder builder = new BatchBuilder(types);
    return () -> {
      while (!builder.isFull()) {
        @Nullable Object[] row = rows.next();
        if (row == null) {
          break;
        }
        builder.add(row);
      }
      return builder.take();
    };
  }

  /** A reader from the first row; sees the rows added so far. */
  Reader reader() {
    return readerFrom(0);
  }

  /** A reader from the row that begins there; sees the rows added so far. */
  Reader readerFrom(long start) {
    flush();
    return new Reader(start, writtenBytes);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    space.discharge(writtenBytes);
    try {
      file.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw SpillSpace.failed("delete temporary file", e);
    }
  }

  /** A position in the file. */
  final class Reader {
    private final long limit;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int filled;
    private long nextBytes;

    private Reader(long start, long limit) {
      this.nextBytes = start;
      this.limit = limit;
    }

    /** Where the row begins that is next, for {@link #readerFrom}. */
    long position() {
      return nextBytes - (filled - at);
    }

    @Nullable Object @Nullable [] next() {
      if (!has(Integer.BYTES)) {
        return null;
      }
      int length = Bytes.getInt(buffer, at);
      at += Integer.BYTES;
      if (!has(length)) {
        throw new ShardForgeException(ErrorCode.DATA_CORRUPTED, "temporary file ends early");
      }
      @Nullable Object[] row = format.read(buffer, at);
      at += length;
      return row;
    }

    /** Whether so many bytes follow; makes them lie in the buffer. */
    private boolean has(int count) {
      if (filled - at >= count) {
        return true;
      }
      if (limit - nextBytes + (filled - at) < count) {
        return false;
      }
      int rest = filled - at;
      if (count > buffer.length) {
        buffer = Arrays.copyOfRange(buffer, at, at + count);
      } else {
        System.arraycopy(buffer, at, buffer, 0, rest);
      }
      at = 0;
      filled = rest;
      try {
        file.seek(nextBytes);
        while (filled < count) {
          int want = (int) Math.min(buffer.length - filled, limit - nextBytes);
          int got = file.read(buffer, filled, want);
          if (got <= 0) {
            return false;
          }
          filled += got;
          nextBytes += got;
        }
      } catch (IOException e) {
        throw SpillSpace.failed("read temporary file", e);
      }
      return true;
    }
  }
}
