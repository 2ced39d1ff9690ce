package io.shardforge.sql.exec;

import io.shardforge.storage.key.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The binary format of COPY. */
final class CopyBinaryDecoder implements CopyDecoder {
  static final byte[] SIGNATURE = "PGCOPY\n\u00FF\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  private static final int FLAGS_CRITICAL = 0xFFFF0000;

  private final CopyRows rows;
  private boolean headerPassed;
  private boolean ended;
  private long line;

  CopyBinaryDecoder(CopyRows rows) {
    this.rows = rows;
  }

  @Override
  public int decode(byte[] buffer, int from, int to, boolean atEnd) {
    int at = from;
    if (!headerPassed) {
      int afterHeader = header(buffer, from, to);
      if (afterHeader < 0) {
        if (atEnd) {
          throw rows.malformed("COPY file signature not recognized");
        }
        return from;
      }
      at = afterHeader;
      headerPassed = true;
    }
    while (at < to) {
      if (ended) {
        throw rows.malformed("received copy data after EOF marker");
      }
      int next = takeRow(buffer, at, to);
      if (next < 0) {
        if (atEnd) {
          throw rows.malformed("unexpected EOF in COPY data");
        }
        return at;
      }
      at = next;
    }
    return to;
  }

  private int header(byte[] buffer, int from, int to) {
    int fixed = SIGNATURE.length + 2 * Integer.BYTES;
    int there = Math.min(to - from, SIGNATURE.length);
    if (!Arrays.equals(buffer, from, from + there, SIGNATURE, 0, there)) {
      throw rows.malformed("COPY file signature not recognized");
    }
    if (to - from < fixed) {
      return -1;
    }
    int flags = Bytes.getInt(buffer, from + SIGNATURE.length);
    if ((flags & FLAGS_CRITICAL) != 0) {
      throw rows.malformed("unrecognized critical flags in COPY file header");
    }
    int extension = Bytes.getInt(buffer, from + SIGNATURE.length + Integer.BYTES);
    if (extension < 0) {
      throw rows.malformed("invalid COPY file header (missing length)");
    }
    return to - from - fixed < extension ? -1 : from + fixed + extension;
  }

  /** Reads a row; returns where it ends, or -1 if it is not whole. */
  private int takeRow(byte[] buffer, int from, int to) {
    if (to - from < Short.BYTES) {
      return -1;
    }
    int count = Bytes.getShort(buffer, from);
    int at = from + Short.BYTES;
    if (count == -1) {
      ended = true;
      return at;
    }
    rows.startLine(line + 1);
    if (count != rows.fields()) {
      throw rows.malformed("row field count is " + count + ", expected " + rows.fields());
    }
    int end = wholeRow(buffer, at, to, count);
    if (end < 0) {
      return -1;
    }
    line++;
    for (int field = 0; field < count; field++) {
      int length = Bytes.getInt(buffer, at);
      at += Integer.BYTES;
      if (length < 0) {
        rows.setNull(field);
      } else {
        rows.setBinary(field, buffer, at, length);
        at += length;
      }
    }
    rows.endRow(buffer, at, 0);
    return at;
  }

  private int wholeRow(byte[] buffer, int from, int to, int count) {
    int at = from;
    for (int field = 0; field < count; field++) {
      if (to - at < Integer.BYTES) {
        return -1;
      }
      int length = Bytes.getInt(buffer, at);
      at += Integer.BYTES;
      if (length < -1) {
        throw rows.malformed("invalid field size");
      }
      if (length > 0) {
        if (to - at < length) {
          return -1;
        }
        at += length;
      }
    }
    return at;
  }
}
