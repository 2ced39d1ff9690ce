package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** time: microseconds of the day, 24:00:00 included. */
final class TimeFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    DateTimeParser in = DateTimeParser.readTime("time", text, context);
    return Calendar.round(in.checkedTimeOfDay(), typmod);
  }

  @Override
  String format(Object value, TypeContext context) {
    StringBuilder out = new StringBuilder(15);
    DateTimeText.time(out, (Long) value);
    return out.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putLong((Long) value);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return Calendar.round(checkRange(in.getLong()), typmod);
  }

  static long checkRange(long micros) {
    if (micros < 0 || micros > Calendar.MICROS_PER_DAY) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.DATETIME_FIELD_OVERFLOW, "time out of range");
    }
    return micros;
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    return Calendar.round((Long) value, typmod);
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }

  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    return Calendar.precisionTypmod(arguments, "TIME");
  }

  @Override
  String typmodText(int typmod) {
    return "(" + typmod + ")";
  }
}
