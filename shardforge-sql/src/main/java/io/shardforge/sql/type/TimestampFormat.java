package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** timestamp and timestamptz: microseconds since 2000-01-01, the latter in UTC. */
final class TimestampFormat extends TypeFormat {
  private final boolean zoned;

  TimestampFormat(boolean zoned) {
    this.zoned = zoned;
  }

  private String name() {
    return zoned ? "timestamp with time zone" : "timestamp";
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    DateTimeParser in = DateTimeParser.readDate(name(), text, context);
    if (in.infinity != 0) {
      return in.infinity > 0 ? Calendar.TIMESTAMP_INFINITY : Calendar.TIMESTAMP_MINUS_INFINITY;
    }
    if (!in.isCalendarDate()) {
      throw DateTimeErrors.outOfRange("timestamp", text);
    }
    long micros = in.localMicros();
    if (zoned) {
      micros -= in.effectiveOffset() * Calendar.MICROS_PER_SECOND;
    }
    if (!Calendar.isValidTimestamp(micros)) {
      throw DateTimeErrors.outOfRange("timestamp", text);
    }
    return Calendar.round(micros, typmod);
  }

  @Override
  String format(Object value, TypeContext context) {
    return DateTimeText.timestamp((Long) value, zoned ? context.zone() : null, context.dateStyle());
  }

  @Override
  void formatTo(Object value, ByteWriter out, TypeContext context) {
    DateTimeText.putTimestamp(
        (Long) value, zoned ? context.zone() : null, context.dateStyle(), out);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putLong((Long) value);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    long micros = in.getLong();
    if (!Calendar.isInfinite(micros) && !Calendar.isValidTimestamp(micros)) {
      throw Calendar.timestampOutOfRange();
    }
    return Calendar.round(micros, typmod);
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
    return Calendar.precisionTypmod(arguments, "TIMESTAMP");
  }

  @Override
  String typmodText(int typmod) {
    return "(" + typmod + ")";
  }
}
