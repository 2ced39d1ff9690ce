package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a COPY FROM makes of fields: converts them to the columns' types, adds defaults,
 * writes. Whatever goes wrong is told with line and column.
 */
// Hot path: no String for numbers, one array a row.
final class CopyRows {
  /** Longer values and lines are cut in error contexts. */
  private static final int SHOWN_LENGTH_MAX = 100;

  /** Numbers with fewer digits than this cannot overflow a long while they are read. */
  private static final int SAFE_DIGITS_MAX = 18;

  private final TableDescriptor table;
  private final Execution execution;
  private final TableWriter writer;
  private final int[] ordinals;
  private final PgType[] types;
  private final int[] typmods;
  private final List<Expression> defaults;
  private final @Nullable Expression condition;
  private final boolean[] computed;
  private final boolean anyComputed;
  private @Nullable Object[] row;
  private final ArrayRow madeRow = new ArrayRow();
  private long line;
  private long rows;

  CopyRows(
      TableDescriptor table,
      List<Integer> columns,
      List<Expression> defaults,
      List<Expression> checks,
      @Nullable Expression condition,
      DerivedValues derived,
      Execution execution) {
    this.table = table;
    this.execution = execution;
    this.writer = new TableWriter(TableCodecs.of(table, derived), checks, execution);
    this.ordinals = columns.stream().mapToInt(Integer::intValue).toArray();
    this.types = new PgType[ordinals.length];
    this.typmods = new int[ordinals.length];
    this.defaults = defaults;
    this.condition = condition;
    this.computed = new boolean[table.columns().size()];
    Arrays.fill(computed, true);
    for (int i = 0; i < ordinals.length; i++) {
      ColumnDescriptor column = table.columns().get(ordinals[i]);
      types[i] = PgTypes.byOid(column.type().oid());
      typmods[i] = PgTypes.base(column.type()).typmod();
      // What is read for a domain is a value of its base, which the domain's rules judge.
      computed[ordinals[i]] = types[i].isUserDefined() && !types[i].isEnum();
    }
    this.anyComputed = any(computed);
    this.row = new @Nullable Object[computed.length];
  }

  private static boolean any(boolean[] values) {
    for (boolean value : values) {
      if (value) {
        return true;
      }
    }
    return false;
  }

  int fields() {
    return ordinals.length;
  }

  String fieldName(int field) {
    return table.columns().get(ordinals[field]).name();
  }

  long rows() {
    return rows;
  }

  /** Says which line of the input comes next, from 1. */
  void startLine(long number) {
    line = number;
  }

  void setNull(int field) {
    row[ordinals[field]] = null;
  }

  /** Takes a field's text form, which has no quotes and escapes left. */
  void setText(int field, byte[] buffer, int offset, int length) {
    try {
      row[ordinals[field]] = parse(field, buffer, offset, length);
    } catch (ShardForgeException e) {
      throw inColumn(e, field, new String(buffer, offset, length, StandardCharsets.UTF_8));
    }
  }

  private Object parse(int field, byte[] buffer, int offset, int length) {
    int oid = types[field].oid();
    switch (oid) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> {
        if (length <= SAFE_DIGITS_MAX && length > 0) {
          int at = buffer[offset] == '-' ? offset + 1 : offset;
          int end = offset + length;
          long number = 0;
          int i = at;
          while (i < end && buffer[i] >= '0' && buffer[i] <= '9') {
            number = number * 10 + (buffer[i] - '0');
            i++;
          }
          if (i == end && at < end) {
            number = at == offset ? number : -number;
            boolean fits =
                oid == PgOid.INT8
                    || (oid == PgOid.INT4 ? number == (int) number : number == (short) number);
            if (fits) {
              return number;
            }
          }
        }
      }
      case PgOid.TEXT -> {
        return decode(buffer, offset, length);
      }
      case PgOid.VARCHAR -> {
        String text = decode(buffer, offset, length);
        return typmods[field] < 0 ? text : fitted(field, text);
      }
      default -> {}
    }
    return fitted(field, decode(buffer, offset, length));
  }

  private Object fitted(int field, String text) {
    return types[field].parse(text, typmods[field], execution.typeContext());
  }

  private static String decode(byte[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (buffer[i] <= 0) {
        return Text.decode(ByteBuffer.wrap(buffer, offset, length));
      }
    }
    return new String(buffer, offset, length, StandardCharsets.ISO_8859_1);
  }

  /** Takes a field's binary form. */
  void setBinary(int field, byte[] buffer, int offset, int length) {
    try {
      row[ordinals[field]] =
          types[field].readBinary(
              ByteBuffer.wrap(buffer, offset, length).slice(),
              typmods[field],
              execution.typeContext());
    } catch (ShardForgeException e) {
      throw e.withWhere(where() + ", column " + fieldName(field));
    }
  }

  /** Writes the row that the fields make. */
  void endRow(byte[] lineBuffer, int lineOffset, int lineLength) {
    @Nullable Object[] made = row;
    row = new @Nullable Object[made.length];
    try {
      if (anyComputed) {
        for (int i = 0; i < made.length; i++) {
          if (computed[i]) {
            made[i] = defaults.get(i).eval(madeRow.with(made), execution);
          }
        }
      }
      if (condition != null
          && !Boolean.TRUE.equals(condition.eval(madeRow.with(made), execution))) {
        return;
      }
      writer.check(made);
    } catch (ShardForgeException e) {
      throw inLine(e, lineBuffer, lineOffset, lineLength);
    }
    writer.insert(made);
    rows++;
  }

  ShardForgeException malformed(String message, byte[] buffer, int offset, int length) {
    return inLine(
        new ShardForgeException(ErrorCode.BAD_COPY_FILE_FORMAT, message), buffer, offset, length);
  }

  ShardForgeException malformed(String message) {
    return new ShardForgeException(ErrorCode.BAD_COPY_FILE_FORMAT, message).withWhere(where());
  }

  /** An error in the line after the one that was taken last. */
  ShardForgeException inNextLine(ShardForgeException e) {
    return e.withWhere("COPY " + table.name() + ", line " + (line + 1));
  }

  private ShardForgeException inLine(ShardForgeException e, byte[] buffer, int offset, int length) {
    if (length == 0) {
      return e.withWhere(where());
    }
    String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
    return e.withWhere(where() + ": \"" + shown(text) + "\"");
  }

  private ShardForgeException inColumn(ShardForgeException e, int field, String value) {
    return e.withWhere(where() + ", column " + fieldName(field) + ": \"" + shown(value) + "\"");
  }

  private String where() {
    return "COPY " + table.name() + ", line " + line;
  }

  private static String shown(String text) {
    return text.length() > SHOWN_LENGTH_MAX ? text.substring(0, SHOWN_LENGTH_MAX) + "..." : text;
  }
}
