package io.shardforge.sql.exec;

import io.shardforge.sql.plan.CopyOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text format of COPY: a line a row, backslash escapes, a null string that is compared before
 * escapes are undone.
 */
// Hot path: fields without a backslash are converted where they lie.
final class CopyTextDecoder implements CopyDecoder {
  private final CopyRows rows;
  private final CopyOptions options;
  private final byte delimiter;
  private final byte[] nullBytes;
  private byte[] unescaped = new byte[256];
  private int unescapedLength;
  private long line;
  private LineEnd lineEnd = LineEnd.UNKNOWN;
  private boolean ended;

  /** How lines end, as the first one told. */
  private enum LineEnd {
    UNKNOWN,
    NEWLINE,
    CARRIAGE_RETURN_NEWLINE
  }

  CopyTextDecoder(CopyRows rows, CopyOptions options) {
    this.rows = rows;
    this.options = options;
    this.delimiter = (byte) options.delimiter();
    this.nullBytes = options.nullString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int decode(byte[] buffer, int from, int to, boolean atEnd) {
    int start = from;
    while (start < to && !ended) {
      int end = lineEnd(buffer, start, to);
      if (end < 0) {
        if (!atEnd) {
          return start;
        }
        end = to;
      }
      takeLine(buffer, start, end, end < to);
      start = end + 1;
    }
    return to;
  }

  /** The next newline that no backslash precedes, or -1. */
  private static int lineEnd(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = buffer[i];
      if (b == '\n') {
        return i;
      }
      if (b == '\\') {
        i++;
      }
    }
    return -1;
  }

  private void takeLine(byte[] buffer, int from, int newlineAt, boolean hasNewline) {
    rows.startLine(++line);
    int to = newlineAt;
    boolean hasReturn = to > from && buffer[to - 1] == '\r';
    if (lineEnd == LineEnd.UNKNOWN && hasNewline) {
      lineEnd = hasReturn ? LineEnd.CARRIAGE_RETURN_NEWLINE : LineEnd.NEWLINE;
    }
    if (lineEnd == LineEnd.CARRIAGE_RETURN_NEWLINE && hasNewline) {
      if (!hasReturn) {
        throw rows.malformed("literal newline found in data", buffer, from, to - from)
            .withHint("Use \"\\n\" to represent newline.");
      }
      to--;
    }
    if (to - from == 2 && buffer[from] == '\\' && buffer[from + 1] == '.') {
      ended = true;
      return;
    }
    if (line == 1 && options.header()) {
      if (options.headerMatch()) {
        matchHeader(buffer, from, to);
      }
      return;
    }
    takeFields(buffer, from, to);
    rows.endRow(buffer, from, to - from);
  }

  private void takeFields(byte[] buffer, int from, int to) {
    int fields = rows.fields();
    int field = 0;
    int start = from;
    boolean escaped = false;
    if (fields == 0) {
      if (to > from) {
        throw extraData(buffer, from, to);
      }
      return;
    }
    for (int i = from; i <= to; i++) {
      if (i < to && buffer[i] != delimiter) {
        if (buffer[i] == '\\') {
          escaped = true;
          i++;
        } else if (buffer[i] == '\r') {
          throw rows.malformed("literal carriage return found in data", buffer, from, to - from)
              .withHint("Use \"\\r\" to represent carriage return.");
        }
        continue;
      }
      int end = Math.min(i, to);
      if (field == fields) {
        throw extraData(buffer, from, to);
      }
      takeField(field, buffer, start, end, escaped);
      field++;
      start = i + 1;
      escaped = false;
    }
    if (start <= to && field < fields) {
      // The line ended within an escape.
      takeField(field, buffer, start, to, escaped);
      field++;
    }
    if (field < fields) {
      throw rows.malformed(
          "missing data for column \"" + rows.fieldName(field) + "\"", buffer, from, to - from);
    }
  }

  private RuntimeException extraData(byte[] buffer, int from, int to) {
    return rows.malformed("extra data after last expected column", buffer, from, to - from);
  }

  private void takeField(int field, byte[] buffer, int start, int end, boolean escaped) {
    if (Arrays.equals(buffer, start, end, nullBytes, 0, nullBytes.length)) {
      rows.setNull(field);
    } else if (escaped) {
      unescape(buffer, start, end);
      rows.setText(field, unescaped, 0, unescapedLength);
    } else {
      rows.setText(field, buffer, start, end - start);
    }
  }

  private void unescape(byte[] buffer, int start, int end) {
    if (unescaped.length < end - start) {
      unescaped = new byte[Math.max(end - start, unescaped.length * 2)];
    }
    int out = 0;
    int i = start;
    while (i < end) {
      byte b = buffer[i++];
      if (b != '\\' || i == end) {
        unescaped[out++] = b;
        continue;
      }
      byte c = buffer[i++];
      switch (c) {
        case 'b' -> unescaped[out++] = '\b';
        case 'f' -> unescaped[out++] = '\f';
        case 'n' -> unescaped[out++] = '\n';
        case 'r' -> unescaped[out++] = '\r';
        case 't' -> unescaped[out++] = '\t';
        case 'v' -> unescaped[out++] = 0x0B;
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = c - '0';
          for (int n = 0; n < 2 && i < end && buffer[i] >= '0' && buffer[i] <= '7'; n++) {
            value = value * 8 + buffer[i++] - '0';
          }
          unescaped[out++] = (byte) value;
        }
        case 'x' -> {
          int value = 0;
          int n = 0;
          while (n < 2 && i < end && Character.digit(buffer[i], 16) >= 0) {
            value = value * 16 + Character.digit(buffer[i++], 16);
            n++;
          }
          unescaped[out++] = n == 0 ? c : (byte) value;
        }
        default -> unescaped[out++] = c;
      }
    }
    unescapedLength = out;
  }

  private void matchHeader(byte[] buffer, int from, int to) {
    List<String> names = new ArrayList<>();
    int start = from;
    for (int i = from; i <= to; i++) {
      if (i == to || buffer[i] == delimiter) {
        unescape(buffer, start, i);
        names.add(new String(unescaped, 0, unescapedLength, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    CopyHeader.match(rows, names, buffer, from, to - from);
  }
}
