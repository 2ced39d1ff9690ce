package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import java.nio.ByteBuffer;

/** jsonpath: parsed paths. */
final class JsonPathFormat extends TypeFormat {
  private static final int VERSION = 1;

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return JsonPath.parse(TypeErrors.withoutNul(text));
  }

  @Override
  String format(Object value, TypeContext context) {
    return value.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putByte(VERSION);
    context.encoding().write(value.toString(), out);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    int version = in.get();
    if (version != VERSION) {
      throw TypeErrors.of(
          ErrorCode.INTERNAL_ERROR, "unsupported jsonpath version number: " + version);
    }
    return JsonPath.parse(context.encoding().decode(in));
  }

  @Override
  boolean isComparable() {
    return false;
  }

  @Override
  int compare(Object a, Object b) {
    throw new UnsupportedOperationException("jsonpath has no order");
  }
}
