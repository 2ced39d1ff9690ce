package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** timetz: a time of day with an offset. */
final class TimeTzFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    DateTimeParser in = DateTimeParser.readTime("time with time zone", text, context);
    return new TimeTz(Calendar.round(in.checkedTimeOfDay(), typmod), -in.effectiveOffset());
  }

  @Override
  String format(Object value, TypeContext context) {
    TimeTz time = (TimeTz) value;
    StringBuilder out = new StringBuilder(24);
    DateTimeText.time(out, time.micros());
    DateTimeText.offset(out, -time.zoneSeconds());
    return out.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    TimeTz time = (TimeTz) value;
    out.putLong(time.micros());
    out.putInt(time.zoneSeconds());
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    long micros = TimeFormat.checkRange(in.getLong());
    int zone = in.getInt();
    if (Math.abs((long) zone) >= 16 * 3600) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
          "time zone displacement out of range");
    }
    return new TimeTz(Calendar.round(micros, typmod), zone);
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    TimeTz time = (TimeTz) value;
    return new TimeTz(Calendar.round(time.micros(), typmod), time.zoneSeconds());
  }

  @Override
  int compare(Object a, Object b) {
    return ((TimeTz) a).compareTo((TimeTz) b);
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
