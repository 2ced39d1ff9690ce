package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** void: the empty result of functions called for what they do. */
final class VoidFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return "";
  }

  @Override
  String format(Object value, TypeContext context) {
    return "";
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {}

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return "";
  }

  @Override
  boolean isComparable() {
    return false;
  }

  @Override
  int compare(Object a, Object b) {
    return 0;
  }
}
