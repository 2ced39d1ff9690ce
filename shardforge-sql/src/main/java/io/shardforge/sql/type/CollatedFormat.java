package io.shardforge.sql.type;

/** A type of text that is compared as a collation says, and all else as it is anyway. */
final class CollatedFormat extends TextFormat {
  private final TypeFormat format;
  private final TextOrder order;
  private final boolean padded;

  CollatedFormat(TypeFormat format, TextOrder order) {
    this.format = format;
    this.order = order;
    this.padded = format instanceof BpcharFormat;
  }

  private String compared(Object value) {
    return padded ? BpcharFormat.withoutPadding((String) value) : (String) value;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return format.parse(text, typmod, context);
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    return format.coerce(value, typmod, explicit);
  }

  @Override
  int compare(Object a, Object b) {
    return order.compare(compared(a), compared(b));
  }

  @Override
  int hash(Object value) {
    return order.hash(compared(value));
  }
}
