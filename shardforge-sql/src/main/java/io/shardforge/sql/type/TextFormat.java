package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** text, and what is text underneath. */
class TextFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return TypeErrors.withoutNul(text);
  }

  @Override
  String format(Object value, TypeContext context) {
    return (String) value;
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    context.encoding().write((String) value, out);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return parse(context.encoding().decode(in), typmod, context);
  }

  @Override
  TypeFormat under(TextOrder order) {
    return new CollatedFormat(this, order);
  }

  @Override
  int compare(Object a, Object b) {
    return Text.compare((String) a, (String) b);
  }
}
