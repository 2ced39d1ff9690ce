package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** regclass, regtype and their kin: an OID that reads and prints as the object's name. */
final class ObjectNameFormat extends TypeFormat {
  private final int typeOid;

  ObjectNameFormat(int typeOid) {
    this.typeOid = typeOid;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    if (text.equals("-")) {
      return 0L;
    }
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return IntegerFormat.OID.parseLong(text);
    }
    return context.names().resolve(typeOid, text);
  }

  @Override
  String format(Object value, TypeContext context) {
    long oid = (Long) value;
    return oid == 0 ? "-" : context.names().describe(typeOid, oid);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putInt((int) (long) (Long) value);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return in.getInt() & 0xFFFF_FFFFL;
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }
}
