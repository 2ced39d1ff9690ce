package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** jsonb: parsed JSON. */
final class JsonbFormat extends TypeFormat {
  private static final int VERSION = 1;

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return JsonValue.parse(TypeErrors.withoutNul(text));
  }

  @Override
  String format(Object value, TypeContext context) {
    return JsonValue.text((JsonValue) value);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putByte(VERSION);
    context.encoding().write(JsonValue.text((JsonValue) value), out);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    int version = in.get();
    if (version != VERSION) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.INTERNAL_ERROR,
          "unsupported jsonb version number " + version);
    }
    return JsonValue.parse(context.encoding().decode(in));
  }

  @Override
  int compare(Object a, Object b) {
    return ((JsonValue) a).compareTo((JsonValue) b);
  }
}
