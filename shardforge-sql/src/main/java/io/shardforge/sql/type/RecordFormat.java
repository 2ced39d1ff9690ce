package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** record: (a,"b c",) in text; typed fields in binary. */
final class RecordFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    throw TypeErrors.unsupported("input of anonymous composite types is not implemented");
  }

  @Override
  String format(Object value, TypeContext context) {
    RowValue row = (RowValue) value;
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < row.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      Object field = row.get(i);
      if (field != null) {
        appendField(out, PgTypes.byOid(row.types().get(i).oid()).format(field, context));
      }
    }
    return out.append(')').toString();
  }

  private static void appendField(StringBuilder out, String text) {
    boolean quote = text.isEmpty();
    for (int i = 0; i < text.length() && !quote; i++) {
      char c = text.charAt(i);
      quote = c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || Text.isSpace(c);
    }
    if (!quote) {
      out.append(text);
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append(c);
      }
      out.append(c);
    }
    out.append('"');
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    RowValue row = (RowValue) value;
    out.putInt(row.size());
    for (int i = 0; i < row.size(); i++) {
      int oid = row.types().get(i).oid();
      out.putInt(oid);
      ArrayFormat.writeElement(PgTypes.byOid(oid), row.get(i), out, context);
    }
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    throw TypeErrors.unsupported("input of anonymous composite types is not implemented");
  }

  @Override
  int compare(Object a, Object b) {
    RowValue x = (RowValue) a;
    RowValue y = (RowValue) b;
    for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
      int order = ArrayFormat.compareNullsLast(PgTypes.of(x.types().get(i)), x.get(i), y.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(x.size(), y.size());
  }

  @Override
  int hash(Object value) {
    RowValue row = (RowValue) value;
    int hash = 1;
    for (int i = 0; i < row.size(); i++) {
      Object field = row.get(i);
      hash = hash * 31 + (field == null ? 0 : PgTypes.of(row.types().get(i)).hash(field));
    }
    return hash;
  }
}
