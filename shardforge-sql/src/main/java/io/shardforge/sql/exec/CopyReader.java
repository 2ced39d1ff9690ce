package io.shardforge.sql.exec;

import io.shardforge.sql.plan.CopyOptions;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.type.EncodedPieces;
import io.shardforge.sql.type.Encoding;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /** Null for what is UTF-8 already, or no text. */
  private final @Nullable EncodedPieces pieces;

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
    Encoding encoding = options.encoding(execution.typeContext());
    this.pieces =
        encoding.isUtf8() || options.format() == CopyOptions.Format.BINARY
            ? null
            : new EncodedPieces(encoding);
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
    if (pieces == null) {
      take(buffer, offset, length);
    } else {
      convert(pieces, buffer, offset, length, false);
    }
  }

  private void convert(EncodedPieces encoded, byte[] buffer, int offset, int length, boolean last) {
    byte[] utf8 = encoded.utf8(buffer, offset, length, last);
    take(utf8, 0, utf8.length);
    ShardForgeException failure = encoded.failure();
    if (failure != null) {
      throw rows.inNextLine(failure);
    }
  }

  private void take(byte[] buffer, int offset, int length) {
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
    if (pieces != null) {
      convert(pieces, new byte[0], 0, 0, true);
    }
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
