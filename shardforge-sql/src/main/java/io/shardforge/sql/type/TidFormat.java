package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** tid: (block,offset), held as block times 65536 plus offset. */
final class TidFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    int comma = text.indexOf(',');
    if (!text.startsWith("(") || !text.endsWith(")") || comma < 0) {
      throw TypeErrors.invalidText("tid", text);
    }
    try {
      long block = Long.parseLong(text, 1, comma, 10);
      long offset = Long.parseLong(text, comma + 1, text.length() - 1, 10);
      if (block >= 0 && block <= 0xFFFF_FFFFL && offset >= 0 && offset <= 0xFFFF) {
        return block << 16 | offset;
      }
    } catch (NumberFormatException e) {
      throw TypeErrors.invalidText("tid", text);
    }
    throw TypeErrors.invalidText("tid", text);
  }

  @Override
  String format(Object value, TypeContext context) {
    long tid = (Long) value;
    return "(" + (tid >>> 16) + "," + (tid & 0xFFFF) + ")";
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    long tid = (Long) value;
    out.putInt((int) (tid >>> 16));
    out.putShort((int) tid);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return (in.getInt() & 0xFFFF_FFFFL) << 16 | (in.getShort() & 0xFFFF);
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }
}
