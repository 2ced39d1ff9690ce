package io.shardforge.sql.type;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Writes dates, times and timestamps in each DateStyle. */
final class DateTimeText {
  private static final String[] DAYS = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private DateTimeText() {}

  static String date(long days, DateStyle style) {
    if (Calendar.isInfiniteDate(days)) {
      return days > 0 ? "infinity" : "-infinity";
    }
    Calendar.Date date = Calendar.dateOf(days);
    StringBuilder out = new StringBuilder(13);
    appendDate(out, date, style);
    if (date.year() <= 0) {
      out.append(" BC");
    }
    return out.toString();
  }

  private static void appendDate(StringBuilder out, Calendar.Date date, DateStyle style) {
    int year = date.year() > 0 ? date.year() : 1 - date.year();
    boolean dayFirst = style.order() == DateStyle.Order.DMY;
    switch (style.format()) {
      case ISO -> {
        pad(out, year, 4);
        out.append('-');
        pad(out, date.month(), 2);
        out.append('-');
        pad(out, date.day(), 2);
      }
      case SQL -> appendThree(out, date, year, dayFirst, '/');
      case GERMAN -> appendThree(out, date, year, true, '.');
      case POSTGRES -> appendThree(out, date, year, dayFirst, '-');
    }
  }

  private static void appendThree(
      StringBuilder out, Calendar.Date date, int year, boolean dayFirst, char separator) {
    pad(out, dayFirst ? date.day() : date.month(), 2);
    out.append(separator);
    pad(out, dayFirst ? date.month() : date.day(), 2);
    out.append(separator);
    pad(out, year, 4);
  }

  static void pad(StringBuilder out, long number, int width) {
    // Nearly all: a string for each of them took longer than the rest of a timestamp.
    if (width == 2 && number >= 0 && number < 100) {
      pair(out, (int) number);
      return;
    }
    if (width == 4 && number >= 0 && number < 10_000) {
      pair(out, (int) number / 100);
      pair(out, (int) number % 100);
      return;
    }
    String digits = Long.toString(number);
    out.repeat('0', Math.max(0, width - digits.length())).append(digits);
  }

  private static void pair(StringBuilder out, int number) {
    out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  static void time(StringBuilder out, long micros) {
    pad(out, micros / Calendar.MICROS_PER_HOUR, 2);
    out.append(':');
    pad(out, micros / Calendar.MICROS_PER_MINUTE % 60, 2);
    out.append(':');
    seconds(out, micros % Calendar.MICROS_PER_MINUTE, 2);
  }

  /** Seconds with as many digits of fraction as needed. */
  static void seconds(StringBuilder out, long micros, int width) {
    pad(out, micros / Calendar.MICROS_PER_SECOND, width);
    long fraction = micros % Calendar.MICROS_PER_SECOND;
    if (fraction != 0) {
      int digits = 6;
      while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
      }
      out.append('.');
      pad(out, fraction, digits);
    }
  }

  /** "+hh", "+hh:mm" or "+hh:mm:ss". */
  static void offset(StringBuilder out, int secondsEast) {
    int rest = Math.abs(secondsEast);
    out.append(secondsEast < 0 ? '-' : '+');
    pad(out, rest / 3600, 2);
    if (rest % 3600 != 0) {
      out.append(':');
      pad(out, rest / 60 % 60, 2);
      if (rest % 60 != 0) {
        out.append(':');
        pad(out, rest % 60, 2);
      }
    }
  }

  /** A timestamp; with a zone, {@code micros} is the instant and the zone is printed. */
  static String timestamp(long micros, @Nullable ZoneId zone, DateStyle style) {
    if (Calendar.isInfinite(micros)) {
      return micros > 0 ? "infinity" : "-infinity";
    }
    int east = zone == null ? 0 : Calendar.offsetAt(micros, zone);
    long local = micros + east * Calendar.MICROS_PER_SECOND;
    long days = Math.floorDiv(local, Calendar.MICROS_PER_DAY);
    long time = Math.floorMod(local, Calendar.MICROS_PER_DAY);
    Calendar.Date date = Calendar.dateOf(days);
    StringBuilder out = new StringBuilder(32);
    if (style.format() == DateStyle.Format.POSTGRES) {
      out.append(DAYS[Calendar.dayOfWeek(days)]).append(' ');
      boolean dayFirst = style.order() == DateStyle.Order.DMY;
      if (dayFirst) {
        pad(out, date.day(), 2);
        out.append(' ').append(MONTHS[date.month() - 1]);
      } else {
        out.append(MONTHS[date.month() - 1]).append(' ');
        pad(out, date.day(), 2);
      }
      out.append(' ');
      time(out, time);
      out.append(' ');
      pad(out, date.year() > 0 ? date.year() : 1 - date.year(), 4);
    } else {
      appendDate(out, date, style);
      out.append(' ');
      time(out, time);
    }
    if (zone != null) {
      appendZone(out, micros, zone, east, style);
    }
    if (date.year() <= 0) {
      out.append(" BC");
    }
    return out.toString();
  }

  /**
   * Writes what {@link #timestamp(long, ZoneId, DateStyle)} says, for the years and the style of
   * nearly all without a String.
   */
  static void putTimestamp(long micros, @Nullable ZoneId zone, DateStyle style, ByteWriter out) {
    if (style.format() != DateStyle.Format.ISO || Calendar.isInfinite(micros)) {
      out.putUtf8(timestamp(micros, zone, style));
      return;
    }
    int east = zone == null ? 0 : Calendar.offsetAt(micros, zone);
    long local = micros + east * Calendar.MICROS_PER_SECOND;
    Calendar.Date date = Calendar.dateOf(Math.floorDiv(local, Calendar.MICROS_PER_DAY));
    if (date.year() < 1 || date.year() > 9_999) {
      out.putUtf8(timestamp(micros, zone, style));
      return;
    }
    putIsoDate(out, date);
    out.putByte(' ');
    putTime(out, Math.floorMod(local, Calendar.MICROS_PER_DAY));
    if (zone != null) {
      StringBuilder text = new StringBuilder("+hh:mm:ss".length());
      offset(text, east);
      out.putUtf8(text.toString());
    }
  }

  /** Writes what {@link #date(long, DateStyle)} says, mostly without a String. */
  static void putDate(long days, DateStyle style, ByteWriter out) {
    if (style.format() == DateStyle.Format.ISO && !Calendar.isInfiniteDate(days)) {
      Calendar.Date date = Calendar.dateOf(days);
      if (date.year() >= 1 && date.year() <= 9_999) {
        putIsoDate(out, date);
        return;
      }
    }
    out.putUtf8(date(days, style));
  }

  private static void putIsoDate(ByteWriter out, Calendar.Date date) {
    out.putDigits(date.year(), 4);
    out.putByte('-');
    out.putDigits(date.month(), 2);
    out.putByte('-');
    out.putDigits(date.day(), 2);
  }

  private static void putTime(ByteWriter out, long micros) {
    int seconds = (int) (micros / Calendar.MICROS_PER_SECOND);
    out.putDigits(seconds / 3600, 2);
    out.putByte(':');
    out.putDigits(seconds / 60 % 60, 2);
    out.putByte(':');
    out.putDigits(seconds % 60, 2);
    int fraction = (int) (micros % Calendar.MICROS_PER_SECOND);
    if (fraction != 0) {
      int digits = 6;
      while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
      }
      out.putByte('.');
      out.putDigits(fraction, digits);
    }
  }

  private static void appendZone(
      StringBuilder out, long micros, ZoneId zone, int east, DateStyle style) {
    String name =
        style.format() == DateStyle.Format.ISO ? null : TimeZones.abbreviationAt(micros, zone);
    if (name != null) {
      out.append(' ').append(name);
      return;
    }
    if (style.format() == DateStyle.Format.POSTGRES) {
      out.append(' ');
    }
    offset(out, east);
  }
}
