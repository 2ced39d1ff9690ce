package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** A pseudo-type that no value has. */
final class PseudoFormat extends TypeFormat {
  private final String name;

  PseudoFormat(String name) {
    this.name = name;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    throw TypeErrors.unsupported("cannot accept a value of type " + name);
  }

  @Override
  String format(Object value, TypeContext context) {
    throw TypeErrors.unsupported("cannot display a value of type " + name);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    throw TypeErrors.unsupported("cannot display a value of type " + name);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    throw TypeErrors.unsupported("cannot accept a value of type " + name);
  }

  @Override
  boolean isComparable() {
    return false;
  }

  @Override
  int compare(Object a, Object b) {
    throw TypeErrors.unsupported("cannot compare values of type " + name);
  }
}
