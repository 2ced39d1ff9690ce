package io.shardforge.sql.exec;

import io.shardforge.sql.plan.CopyOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The csv format of COPY: quoted fields may hold delimiters and line ends. */
final class CopyCsvDecoder implements CopyDecoder {
  private final CopyRows rows;
  private final CopyOptions options;
  private final byte delimiter;
  private final byte quote;
  private final byte escape;
  private final byte[] nullBytes;
  private final boolean[] neverNull;
  private final boolean[] nullWhenQuoted;
  private byte[] plain = new byte[256];
  private int plainLength;
  private boolean quoted;
  private long line = 1;
  private boolean headerPassed;
  private boolean ended;

  CopyCsvDecoder(CopyRows rows, CopyOptions options) {
    this.rows = rows;
    this.options = options;
    this.delimiter = (byte) options.delimiter();
    this.quote = (byte) options.quote();
    this.escape = (byte) options.escape();
    this.nullBytes = options.nullString().getBytes(StandardCharsets.UTF_8);
    this.neverNull = new boolean[rows.fields()];
    this.nullWhenQuoted = new boolean[rows.fields()];
    options.forceNotNull().forEach(field -> neverNull[field] = true);
    options.forceNull().forEach(field -> nullWhenQuoted[field] = true);
  }

  @Override
  public int decode(byte[] buffer, int from, int to, boolean atEnd) {
    int start = from;
    while (start < to && !ended) {
      int end = recordEnd(buffer, start, to);
      if (end < 0) {
        if (!atEnd) {
          return start;
        }
        end = to;
      }
      takeRecord(buffer, start, end);
      start = end + 1;
    }
    return to;
  }

  /** The next newline outside quotes, or -1. */
  private int recordEnd(byte[] buffer, int from, int to) {
    boolean inQuotes = false;
    for (int i = from; i < to; i++) {
      byte b = buffer[i];
      if (inQuotes) {
        if (b == escape && escape != quote) {
          i++;
        } else if (b == quote) {
          inQuotes = false;
        }
      } else if (b == quote) {
        inQuotes = true;
      } else if (b == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void takeRecord(byte[] buffer, int from, int end) {
    rows.startLine(line);
    int to = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
    if (to - from == 2 && buffer[from] == '\\' && buffer[from + 1] == '.') {
      ended = true;
      return;
    }
    if (options.header() && !headerPassed) {
      headerPassed = true;
      if (options.headerMatch()) {
        CopyHeader.match(rows, names(buffer, from, to), buffer, from, to - from);
      }
    } else {
      takeFields(buffer, from, to);
      rows.endRow(buffer, from, to - from);
    }
    for (int i = from; i < end; i++) {
      if (buffer[i] == '\n') {
        line++;
      }
    }
    line++;
  }

  private void takeFields(byte[] buffer, int from, int to) {
    int fields = rows.fields();
    if (fields == 0 && to == from) {
      return;
    }
    int at = from;
    int field = 0;
    while (true) {
      int next = readField(buffer, at, to, from);
      if (field == fields) {
        throw rows.malformed("extra data after last expected column", buffer, from, to - from);
      }
      boolean isNull =
          Arrays.equals(plain, 0, plainLength, nullBytes, 0, nullBytes.length)
              && (quoted ? nullWhenQuoted[field] : !neverNull[field]);
      if (isNull) {
        rows.setNull(field);
      } else {
        rows.setText(field, plain, 0, plainLength);
      }
      field++;
      if (next >= to) {
        break;
      }
      at = next + 1;
    }
    if (field < fields) {
      throw rows.malformed(
          "missing data for column \"" + rows.fieldName(field) + "\"", buffer, from, to - from);
    }
  }

  /** Reads a field into {@link #plain}; returns where its delimiter is, or {@code to}. */
  private int readField(byte[] buffer, int from, int to, int recordFrom) {
    if (plain.length < to - from) {
      plain = new byte[Math.max(to - from, plain.length * 2)];
    }
    plainLength = 0;
    quoted = false;
    boolean inQuotes = false;
    int i = from;
    while (i < to) {
      byte b = buffer[i];
      if (!inQuotes) {
        if (b == delimiter) {
          return i;
        }
        if (b == quote) {
          inQuotes = true;
          quoted = true;
        } else {
          plain[plainLength++] = b;
        }
      } else if (b == escape && i + 1 < to && (buffer[i + 1] == escape || buffer[i + 1] == quote)) {
        plain[plainLength++] = buffer[++i];
      } else if (b == quote) {
        inQuotes = false;
      } else {
        plain[plainLength++] = b;
      }
      i++;
    }
    if (inQuotes) {
      throw rows.malformed("unterminated CSV quoted field", buffer, recordFrom, to - recordFrom);
    }
    return to;
  }

  private List<String> names(byte[] buffer, int from, int to) {
    List<String> names = new ArrayList<>();
    int at = from;
    while (true) {
      int next = readField(buffer, at, to, from);
      names.add(new String(plain, 0, plainLength, StandardCharsets.UTF_8));
      if (next >= to) {
        return names;
      }
      at = next + 1;
    }
  }
}
