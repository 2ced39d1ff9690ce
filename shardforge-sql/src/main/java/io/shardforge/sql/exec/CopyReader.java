package io.shardforge.sql.exec;

import io.shardforge.sql.plan.CopyOptions;
import io.shardforge.sql.plan.Plan;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;

/**
 * The receiver of a COPY FROM: takes the client's bytes in whatever pieces they come and writes the
 * rows, keeping no more than the row that is not yet whole.
 */
public final class CopyReader implements AutoCloseable {
  /** What a single row may take at most. */
  private static final int ROW_BYTES_MAX = 1 << 30;

  /** A row that is not whole is looked at again when it has grown by one part of so many. */
  private static final int LOOK_PART = 4;

  private final Execution execution;
  private final CopyRows rows;
  private final CopyDecoder decoder;
  private byte[] rest = new byte[0];
  private int restLength;

  /** With fewer bytes the decoder need not look again, as it looks at a row from its start. */
  private int worthALook;

  private long reservedBytes;

  public CopyReader(Plan.CopyFromPlan plan, Execution execution) {
    this.execution = execution;
    this.rows =
        new CopyRows(
            plan.table(),
            plan.inputColumns(),
            plan.defaults(),
            plan.checks(),
            plan.condition(),
            plan.derived(),
            execution);
    CopyOptions options = plan.options();
    this.decoder =
        switch (options.format()) {
          case TEXT -> new CopyTextDecoder(rows, options);
          case CSV -> new CopyCsvDecoder(rows, options);
          case BINARY -> new CopyBinaryDecoder(rows);
        };
  }

  /** Takes the next bytes; the buffer may be used again afterwards. */
  public void feed(byte[] buffer, int offset, int length) {
    execution.checkCanceled();
    if (restLength == 0) {
      worthALook = 0;
      int done = decoder.decode(buffer, offset, offset + length, false);
      keep(buffer, done, offset + length - done);
      return;
    }
    append(buffer, offset, length);
    if (restLength < worthALook) {
      return;
    }
    int done = decoder.decode(rest, 0, restLength, false);
    System.arraycopy(rest, done, rest, 0, restLength - done);
    restLength -= done;
    worthALook = restLength + restLength / LOOK_PART;
  }

  /** Ends the input and returns how many rows were written. */
  public long finish() {
    decoder.decode(rest, 0, restLength, true);
    restLength = 0;
    return rows.rows();
  }

  private void keep(byte[] buffer, int offset, int length) {
    restLength = 0;
    append(buffer, offset, length);
  }

  private void append(byte[] buffer, int offset, int length) {
    long needed = (long) restLength + length;
    if (needed > ROW_BYTES_MAX) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a row of COPY data exceeds " + ROW_BYTES_MAX + " bytes");
    }
    if (needed > rest.length) {
      int grown = (int) Math.min(ROW_BYTES_MAX, Math.max(needed, rest.length * 2L));
      execution.memory().reserve(grown - rest.length);
      reservedBytes += grown - rest.length;
      rest = Arrays.copyOf(rest, grown);
    }
    System.arraycopy(buffer, offset, rest, restLength, length);
    restLength += length;
  }

  @Override
  public void close() {
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
    rest = new byte[0];
    restLength = 0;
  }
}
