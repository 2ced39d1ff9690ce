package io.shardforge.sql.exec;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.CopyOptions;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The writer of COPY TO: rows as text, csv or binary. For one thread. */
public final class CopyWriter {
  private final CopyOptions options;
  private final List<OutputColumn> columns;
  private final EvalContext context;
  private final PgType[] types;
  private final Encoding encoding;
  private final byte[] nullBytes;
  private final boolean[] alwaysQuoted;
  private final ByteWriter scratch = new ByteWriter();

  public CopyWriter(CopyOptions options, List<OutputColumn> columns, EvalContext context) {
    this.options = options;
    this.columns = columns;
    this.context = context;
    this.types = new PgType[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = PgTypes.byOid(columns.get(i).type().oid());
    }
    this.encoding = options.encoding(context.typeContext());
    this.nullBytes = options.nullString().getBytes(StandardCharsets.UTF_8);
    this.alwaysQuoted = new boolean[types.length];
    options.forceQuote().forEach(column -> alwaysQuoted[column] = true);
  }

  /** Appends what comes before the rows: nothing, a header line, or the binary header. */
  public void header(ByteWriter out) {
    switch (options.format()) {
      case BINARY -> {
        out.putBytes(CopyBinaryDecoder.SIGNATURE);
        out.putInt(0);
        out.putInt(0);
      }
      case TEXT, CSV -> {
        if (options.header()) {
          int start = out.size();
          for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
              out.putByte(options.delimiter());
            }
            scratch.clear();
            scratch.putUtf8(columns.get(i).name());
            field(out, false);
          }
          out.putByte('\n');
          encoding.convert(out, start);
        }
      }
    }
  }

  /** Appends a row. */
  public void row(RowBatch batch, int row, ByteWriter out) {
    if (options.format() == CopyOptions.Format.BINARY) {
      binaryRow(batch, row, out);
      return;
    }
    int start = out.size();
    for (int i = 0; i < types.length; i++) {
      if (i > 0) {
        out.putByte(options.delimiter());
      }
      Object value = batch.get(row, i);
      if (value == null) {
        out.putBytes(nullBytes);
        continue;
      }
      scratch.clear();
      types[i].formatTo(value, scratch, context.typeContext());
      field(out, alwaysQuoted[i]);
    }
    out.putByte('\n');
    encoding.convert(out, start);
  }

  private void binaryRow(RowBatch batch, int row, ByteWriter out) {
    out.putShort(types.length);
    for (int i = 0; i < types.length; i++) {
      Object value = batch.get(row, i);
      if (value == null) {
        out.putInt(-1);
        continue;
      }
      int start = out.size();
      out.putInt(0);
      types[i].writeBinary(value, out, context.typeContext());
      out.setInt(start, out.size() - start - Integer.BYTES);
    }
  }

  /** Appends what comes after the rows. */
  public void trailer(ByteWriter out) {
    if (options.format() == CopyOptions.Format.BINARY) {
      out.putShort(-1);
    }
  }

  private void field(ByteWriter out, boolean isQuoted) {
    if (options.format() == CopyOptions.Format.CSV) {
      csvField(out, isQuoted);
    } else {
      textField(out);
    }
  }

  private void textField(ByteWriter out) {
    byte[] bytes = scratch.array();
    for (int i = 0; i < scratch.size(); i++) {
      byte b = bytes[i];
      switch (b) {
        case '\b' -> escaped('b', out);
        case '\f' -> escaped('f', out);
        case '\n' -> escaped('n', out);
        case '\r' -> escaped('r', out);
        case '\t' -> escaped('t', out);
        case 0x0B -> escaped('v', out);
        case '\\' -> escaped('\\', out);
        default -> {
          if (b == (byte) options.delimiter()) {
            out.putByte('\\');
          }
          out.putByte(b);
        }
      }
    }
  }

  private static void escaped(char letter, ByteWriter out) {
    out.putByte('\\');
    out.putByte(letter);
  }

  private void csvField(ByteWriter out, boolean isQuoted) {
    byte[] bytes = scratch.array();
    int size = scratch.size();
    byte quote = (byte) options.quote();
    byte escape = (byte) options.escape();
    boolean quotes =
        isQuoted || isNullString(bytes, size) || (columns.size() == 1 && isEndMarker(bytes, size));
    for (int i = 0; i < size && !quotes; i++) {
      byte b = bytes[i];
      quotes = b == (byte) options.delimiter() || b == quote || b == '\n' || b == '\r';
    }
    if (!quotes) {
      out.putBytes(bytes, 0, size);
      return;
    }
    out.putByte(quote);
    for (int i = 0; i < size; i++) {
      if (bytes[i] == quote || bytes[i] == escape) {
        out.putByte(escape);
      }
      out.putByte(bytes[i]);
    }
    out.putByte(quote);
  }

  /** A value that reads like the null string is quoted, so that it is none. */
  private boolean isNullString(byte[] bytes, int size) {
    return Arrays.equals(bytes, 0, size, nullBytes, 0, nullBytes.length);
  }

  private static boolean isEndMarker(byte[] bytes, int size) {
    return size == 2 && bytes[0] == '\\' && bytes[1] == '.';
  }
}
