package io.shardforge.sql.row;

import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of any types as bytes one after another, for spill files: a bitmap of the columns that are
 * not null, then the length (7 bits a byte) and the bytes of each. Immutable.
 */
public final class RowBytes {
  private final ValueCodec[] codecs;

  public RowBytes(List<SqlType> types) {
    codecs = new ValueCodec[types.size()];
    for (int i = 0; i < codecs.length; i++) {
      codecs[i] = ValueCodec.of(types.get(i));
    }
  }

  /** Whether all values of these types can be written and read back. */
  public static boolean canHold(List<SqlType> types) {
    return types.stream().noneMatch(type -> PgTypes.byOid(type.oid()).isPseudo());
  }

  /** Appends a row; {@code scratch} is overwritten. */
  public void write(@Nullable Object[] row, ByteWriter out, ByteWriter scratch) {
    for (int i = 0; i < codecs.length; i += 8) {
      int bits = 0;
      for (int j = i; j < Math.min(i + 8, codecs.length); j++) {
        if (row[j] != null) {
          bits |= 1 << (j - i);
        }
      }
      out.putByte(bits);
    }
    for (int i = 0; i < codecs.length; i++) {
      Object value = row[i];
      if (value != null) {
        scratch.clear();
        codecs[i].write(value, scratch);
        int length = scratch.size();
        while (length >= 0x80) {
          out.putByte(length | 0x80);
          length >>>= 7;
        }
        out.putByte(length);
        out.putBytes(scratch.array(), 0, scratch.size());
      }
    }
  }

  /** Reads a row that starts at {@code offset}. */
  public @Nullable Object[] read(byte[] buffer, int offset) {
    @Nullable Object[] row = new @Nullable Object[codecs.length];
    int position = offset + (codecs.length + 7) / 8;
    for (int i = 0; i < codecs.length; i++) {
      if ((buffer[offset + i / 8] >>> (i & 7) & 1) == 0) {
        continue;
      }
      int length = 0;
      int shift = 0;
      byte b;
      do {
        b = buffer[position++];
        length |= (b & 0x7F) << shift;
        shift += 7;
      } while (b < 0);
      row[i] = codecs[i].read(buffer, position, length);
      position += length;
    }
    return row;
  }
}
