package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** interval: months, days and microseconds. */
final class IntervalFormat extends TypeFormat {
  static final int FULL_RANGE = 0x7FFF;
  static final int FULL_PRECISION = 0xFFFF;
  static final int MONTH = 1 << 1;
  static final int YEAR = 1 << 2;
  static final int DAY = 1 << 3;
  static final int HOUR = 1 << 10;
  static final int MINUTE = 1 << 11;
  static final int SECOND = 1 << 12;

  static int rangeOf(int typmod) {
    return typmod < 0 ? FULL_RANGE : typmod >> 16 & FULL_RANGE;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    Interval interval = IntervalParser.parse(text, rangeOf(typmod), context);
    return typmod < 0 ? interval : coerce(interval, typmod, false);
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    Interval interval = (Interval) value;
    int months = interval.months();
    int days = interval.days();
    long micros = interval.micros();
    int range = rangeOf(typmod);
    if (range == YEAR) {
      months = months / 12 * 12;
      days = 0;
      micros = 0;
    } else if (range == MONTH || range == (YEAR | MONTH)) {
      days = 0;
      micros = 0;
    } else if (range == DAY) {
      micros = 0;
    } else if ((range & HOUR) != 0 && (range & (MINUTE | SECOND)) == 0) {
      micros = micros / Calendar.MICROS_PER_HOUR * Calendar.MICROS_PER_HOUR;
    } else if ((range & MINUTE) != 0 && (range & SECOND) == 0 && range != FULL_RANGE) {
      micros = micros / Calendar.MICROS_PER_MINUTE * Calendar.MICROS_PER_MINUTE;
    }
    int precision = typmod & FULL_PRECISION;
    return new Interval(
        months, days, precision == FULL_PRECISION ? micros : Calendar.round(micros, precision));
  }

  @Override
  String format(Object value, TypeContext context) {
    return IntervalText.format((Interval) value, context.intervalStyle());
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    Interval interval = (Interval) value;
    out.putLong(interval.micros());
    out.putInt(interval.days());
    out.putInt(interval.months());
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    long micros = in.getLong();
    int days = in.getInt();
    int months = in.getInt();
    Interval interval = new Interval(months, days, micros);
    return typmod < 0 ? interval : coerce(interval, typmod, false);
  }

  @Override
  int compare(Object a, Object b) {
    return ((Interval) a).compareTo((Interval) b);
  }

  /** Arguments are the range mask and the precision, as the grammar makes them. */
  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    if (arguments.length < 1 || arguments.length > 2) {
      throw TypeErrors.invalidParameter("invalid INTERVAL type modifier");
    }
    int range = (int) arguments[0];
    if (arguments.length == 1) {
      return range == FULL_RANGE ? -1 : range << 16 | FULL_PRECISION;
    }
    if (arguments[1] < 0) {
      throw TypeErrors.invalidParameter(
          "INTERVAL(" + arguments[1] + ") precision must not be negative");
    }
    return range << 16 | (int) Math.min(6, arguments[1]);
  }

  @Override
  String typmodText(int typmod) {
    int range = rangeOf(typmod);
    StringBuilder out = new StringBuilder();
    if (range != FULL_RANGE) {
      String[] names = {"year", "month", "day", "hour", "minute", "second"};
      int[] masks = {YEAR, MONTH, DAY, HOUR, MINUTE, SECOND};
      String first = null;
      String last = null;
      for (int i = 0; i < masks.length; i++) {
        if ((range & masks[i]) != 0) {
          first = first == null ? names[i] : first;
          last = names[i];
        }
      }
      out.append(' ').append(first);
      if (first != null && !first.equals(last)) {
        out.append(" to ").append(last);
      }
    }
    int precision = typmod & FULL_PRECISION;
    if (precision != FULL_PRECISION) {
      out.append('(').append(precision).append(')');
    }
    return out.toString();
  }
}
