package io.shardforge.sql.type;

/** Writes intervals in each IntervalStyle. */
final class IntervalText {
  private IntervalText() {}

  static String format(Interval interval, IntervalStyle style) {
    return switch (style) {
      case POSTGRES -> postgres(interval);
      case POSTGRES_VERBOSE -> verbose(interval);
      case SQL_STANDARD -> standard(interval);
      case ISO_8601 -> iso(interval);
    };
  }

  private static String postgres(Interval interval) {
    StringBuilder out = new StringBuilder();
    int[] values = {interval.months() / 12, interval.months() % 12, interval.days()};
    String[] units = {"year", "mon", "day"};
    boolean before = false;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        if (!out.isEmpty()) {
          out.append(' ');
        }
        out.append(before && values[i] > 0 ? "+" : "").append(values[i]).append(' ');
        out.append(units[i]).append(values[i] != 1 ? "s" : "");
        before = values[i] < 0;
      }
    }
    long micros = interval.micros();
    if (out.isEmpty() || micros != 0) {
      if (!out.isEmpty()) {
        out.append(' ');
      }
      out.append(micros < 0 ? "-" : before ? "+" : "");
      appendTime(out, micros, 2);
    }
    return out.toString();
  }

  /** hh:mm:ss without a sign; {@code hourWidth} is the least number of digits of the hours. */
  private static void appendTime(StringBuilder out, long signedMicros, int hourWidth) {
    long hours = Math.abs(signedMicros / Calendar.MICROS_PER_HOUR);
    long rest = Math.abs(signedMicros % Calendar.MICROS_PER_HOUR);
    DateTimeText.pad(out, hours, hourWidth);
    out.append(':');
    DateTimeText.pad(out, rest / Calendar.MICROS_PER_MINUTE, 2);
    out.append(':');
    DateTimeText.seconds(out, rest % Calendar.MICROS_PER_MINUTE, 2);
  }

  private static String verbose(Interval interval) {
    StringBuilder out = new StringBuilder("@");
    long micros = interval.micros();
    long[] values = {
      interval.months() / 12,
      interval.months() % 12,
      interval.days(),
      micros / Calendar.MICROS_PER_HOUR,
      micros / Calendar.MICROS_PER_MINUTE % 60
    };
    String[] units = {"year", "mon", "day", "hour", "min"};
    boolean before = false;
    boolean zero = true;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        if (zero) {
          before = values[i] < 0;
          zero = false;
        }
        long shown = before ? -values[i] : values[i];
        out.append(' ').append(shown).append(' ').append(units[i]).append(shown != 1 ? "s" : "");
      }
    }
    long secondMicros = micros % Calendar.MICROS_PER_MINUTE;
    if (secondMicros != 0) {
      out.append(' ');
      if (zero) {
        before = secondMicros < 0;
        zero = false;
      } else if ((secondMicros < 0) != before) {
        out.append('-');
      }
      DateTimeText.seconds(out, Math.abs(secondMicros), 1);
      out.append(" sec").append(Math.abs(secondMicros) == Calendar.MICROS_PER_SECOND ? "" : "s");
    }
    if (zero) {
      return "@ 0";
    }
    return out.append(before ? " ago" : "").toString();
  }

  private static String standard(Interval interval) {
    int year = interval.months() / 12;
    int month = interval.months() % 12;
    int day = interval.days();
    long micros = interval.micros();
    boolean hasNegative = interval.months() < 0 || day < 0 || micros < 0;
    boolean hasPositive = interval.months() > 0 || day > 0 || micros > 0;
    boolean hasYearMonth = interval.months() != 0;
    boolean hasDayTime = day != 0 || micros != 0;
    StringBuilder out = new StringBuilder();
    if (!hasNegative && !hasPositive) {
      return "0";
    }
    if ((hasNegative && hasPositive) || (hasYearMonth && hasDayTime)) {
      out.append(interval.months() < 0 ? '-' : '+').append(Math.abs(year)).append('-');
      out.append(Math.abs(month)).append(' ').append(day < 0 ? '-' : '+');
      out.append(Math.abs((long) day));
      out.append(' ').append(micros < 0 ? '-' : '+');
      appendTime(out, micros, 1);
      return out.toString();
    }
    if (hasNegative) {
      out.append('-');
    }
    if (hasYearMonth) {
      return out.append(Math.abs(year)).append('-').append(Math.abs(month)).toString();
    }
    if (day != 0) {
      out.append(Math.abs((long) day)).append(' ');
    }
    appendTime(out, micros, 1);
    return out.toString();
  }

  private static String iso(Interval interval) {
    StringBuilder out = new StringBuilder("P");
    appendUnit(out, interval.months() / 12, 'Y');
    appendUnit(out, interval.months() % 12, 'M');
    appendUnit(out, interval.days(), 'D');
    long micros = interval.micros();
    if (micros != 0) {
      out.append('T');
      appendUnit(out, micros / Calendar.MICROS_PER_HOUR, 'H');
      appendUnit(out, micros / Calendar.MICROS_PER_MINUTE % 60, 'M');
      long seconds = micros % Calendar.MICROS_PER_MINUTE;
      if (seconds != 0) {
        out.append(seconds < 0 ? "-" : "");
        DateTimeText.seconds(out, Math.abs(seconds), 1);
        out.append('S');
      }
    }
    return out.length() == 1 ? "PT0S" : out.toString();
  }

  private static void appendUnit(StringBuilder out, long value, char unit) {
    if (value != 0) {
      out.append(value).append(unit);
    }
  }
}
