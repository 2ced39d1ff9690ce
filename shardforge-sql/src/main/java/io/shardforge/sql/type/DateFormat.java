package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** date: days since 2000-01-01. */
final class DateFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    DateTimeParser in = DateTimeParser.readDate("date", text, context);
    if (in.infinity != 0) {
      return in.infinity > 0 ? Calendar.DATE_INFINITY : Calendar.DATE_MINUS_INFINITY;
    }
    if (!in.isCalendarDate()) {
      throw DateTimeErrors.outOfRange("date", text);
    }
    long days = in.days();
    if (days < Calendar.DATE_MIN || days >= Calendar.DATE_END) {
      throw DateTimeErrors.outOfRange("date", text);
    }
    return days;
  }

  @Override
  String format(Object value, TypeContext context) {
    return DateTimeText.date((Long) value, context.dateStyle());
  }

  @Override
  void formatTo(Object value, ByteWriter out, TypeContext context) {
    DateTimeText.putDate((Long) value, context.dateStyle(), out);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putInt((int) (long) (Long) value);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    long days = in.getInt();
    if (!Calendar.isInfiniteDate(days) && (days < Calendar.DATE_MIN || days >= Calendar.DATE_END)) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range");
    }
    return days;
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }
}
