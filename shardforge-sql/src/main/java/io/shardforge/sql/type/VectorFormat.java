package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** int2vector and oidvector: numbers with spaces between, an array from subscript 0. */
final class VectorFormat extends TypeFormat {
  private final int elementOid;

  VectorFormat(int elementOid) {
    this.elementOid = elementOid;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    String stripped = Text.stripSpace(text);
    if (stripped.isEmpty()) {
      return vector(new Object[0]);
    }
    PgType type = PgTypes.byOid(elementOid);
    String[] words = stripped.split("[ \\t\\n\\r\\f\\x0B]+", -1);
    Object[] values = new Object[words.length];
    for (int i = 0; i < words.length; i++) {
      values[i] = type.parse(words[i], -1, context);
    }
    return vector(values);
  }

  private ArrayValue vector(Object[] values) {
    return new ArrayValue(elementOid, new int[] {values.length}, new int[] {0}, values);
  }

  @Override
  String format(Object value, TypeContext context) {
    ArrayValue array = (ArrayValue) value;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < array.size(); i++) {
      if (i > 0) {
        out.append(' ');
      }
      out.append(array.get(i));
    }
    return out.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    ArrayFormat.write((ArrayValue) value, ((ArrayValue) value).elementOid(), out, context);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return ArrayFormat.read(elementOid, in, typmod, context);
  }

  @Override
  int compare(Object a, Object b) {
    ArrayValue x = (ArrayValue) a;
    ArrayValue y = (ArrayValue) b;
    return x.size() != y.size() || x.size() == 0
        ? Integer.compare(x.size(), y.size())
        : ArrayFormat.compareArrays(x, y, PgTypes.byOid(x.elementOid()));
  }

  @Override
  int hash(Object value) {
    return java.util.Arrays.hashCode(((ArrayValue) value).toArray());
  }
}
