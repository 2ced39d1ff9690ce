package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the values of one type are read, written, compared and fitted to a modifier. */
abstract class TypeFormat {
  abstract Object parse(String text, int typmod, TypeContext context);

  abstract String format(Object value, TypeContext context);

  /** The text form as bytes; overridden where a String can be saved. */
  void formatTo(Object value, ByteWriter out, TypeContext context) {
    out.putUtf8(format(value, context));
  }

  abstract void writeBinary(Object value, ByteWriter out, TypeContext context);

  abstract Object readBinary(ByteBuffer in, int typmod, TypeContext context);

  /** The value fitted to a modifier as a cast to that type does it. */
  Object coerce(Object value, int typmod, boolean explicit) {
    return value;
  }

  /** False for types without a default btree order, such as json. */
  boolean isComparable() {
    return true;
  }

  abstract int compare(Object a, Object b);

  int hash(Object value) {
    return value.hashCode();
  }

  /** The same values, compared as an order of text says if they are text or made of it. */
  TypeFormat under(TextOrder order) {
    return this;
  }

  /** The values of a type that has a list of them, from one to another, null for an open end. */
  List<Object> range(@Nullable Object first, @Nullable Object last) {
    throw new UnsupportedOperationException("not an enum");
  }

  /** The modifier for a list of modifier arguments, or null if the type takes none. */
  @Nullable Integer typmodOf(long[] arguments) {
    return null;
  }

  /** The modifier as format_type prints it after the type's name. */
  String typmodText(int typmod) {
    return "";
  }

  /** The next bytes as an int16, checking the length. */
  static void requireLength(ByteBuffer in, int length) {
    if (in.remaining() != length) {
      throw TypeErrors.invalidBinary("incorrect binary data format");
    }
  }
}
