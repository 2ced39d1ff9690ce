package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** Integers: int2, int4, int8, oid, xid, cid, xid8. */
final class IntegerFormat extends TypeFormat {
  static final IntegerFormat INT2 =
      new IntegerFormat("smallint", 2, Short.MIN_VALUE, Short.MAX_VALUE);
  static final IntegerFormat INT4 =
      new IntegerFormat("integer", 4, Integer.MIN_VALUE, Integer.MAX_VALUE);
  static final IntegerFormat INT8 = new IntegerFormat("bigint", 8, Long.MIN_VALUE, Long.MAX_VALUE);
  static final IntegerFormat OID = new IntegerFormat("oid", 4, 0, 0xFFFF_FFFFL);
  static final IntegerFormat XID = new IntegerFormat("xid", 4, 0, 0xFFFF_FFFFL);
  static final IntegerFormat CID = new IntegerFormat("cid", 4, 0, 0xFFFF_FFFFL);
  static final IntegerFormat XID8 = new IntegerFormat("xid8", 8, 0, Long.MAX_VALUE);

  private final String name;
  private final int width;
  private final long min;
  private final long max;

  private IntegerFormat(String name, int width, long min, long max) {
    this.name = name;
    this.width = width;
    this.min = min;
    this.max = max;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return parseLong(text);
  }

  /** Reads decimal, 0x, 0o and 0b forms with single underscores between digits. */
  long parseLong(String text) {
    int i = 0;
    int end = text.length();
    while (i < end && Text.isSpace(text.charAt(i))) {
      i++;
    }
    while (end > i && Text.isSpace(text.charAt(end - 1))) {
      end--;
    }
    boolean negative = false;
    if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      negative = text.charAt(i) == '-';
      i++;
    }
    int radix = 10;
    boolean mayUnderscore = false;
    if (end - i > 2 && text.charAt(i) == '0') {
      radix =
          switch (text.charAt(i + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
          };
      if (radix != 10) {
        i += 2;
        mayUnderscore = true;
      }
    }
    if (i >= end) {
      throw TypeErrors.invalidText(name, text);
    }
    long value = 0;
    boolean overflow = false;
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (c == '_' && mayUnderscore && i + 1 < end) {
        mayUnderscore = false;
        continue;
      }
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        throw TypeErrors.invalidText(name, text);
      }
      mayUnderscore = true;
      if (value < (Long.MIN_VALUE + digit) / radix) {
        overflow = true;
      } else {
        value = value * radix - digit;
      }
    }
    if (!negative) {
      if (value == Long.MIN_VALUE) {
        overflow = true;
      }
      value = -value;
    } else if (min == 0 && value < 0 && width == 4 && value >= Integer.MIN_VALUE) {
      value &= 0xFFFF_FFFFL;
    }
    if (overflow || value < min || value > max) {
      throw TypeErrors.textOutOfRange(name, text);
    }
    return value;
  }

  @Override
  String format(Object value, TypeContext context) {
    return Long.toString((Long) value);
  }

  @Override
  void formatTo(Object value, ByteWriter out, TypeContext context) {
    out.putDecimal((Long) value);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    long number = (Long) value;
    switch (width) {
      case 2 -> out.putShort((int) number);
      case 4 -> out.putInt((int) number);
      default -> out.putLong(number);
    }
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return switch (width) {
      case 2 -> (long) in.getShort();
      case 4 -> min == 0 ? in.getInt() & 0xFFFF_FFFFL : (long) in.getInt();
      default -> in.getLong();
    };
  }

  @Override
  boolean isComparable() {
    return this != XID && this != CID;
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }
}
