package io.shardforge.sql.function;

import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.TimeZones;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.time.ZoneId;

/** date_trunc, date_bin, age, OVERLAPS and the make_* functions. */
final class DateTimeTruncation {
  private DateTimeTruncation() {}

  static void register(FunctionTable t) {
    Class<String> s = String.class;
    Class<Long> n = Long.class;
    Class<Interval> i = Interval.class;
    t.of("timestamp_trunc", s, n, (_, unit, at) -> truncate(unit, at, PgOid.TIMESTAMP));
    t.of("timestamptz_trunc", s, n, (c, unit, at) -> truncateIn(unit, at, c.timeZone()));
    t.of(
        "timestamptz_trunc_zone",
        s,
        n,
        s,
        (_, unit, at, zone) -> truncateIn(unit, at, TimeZones.require(zone)));
    t.of("interval_trunc", s, i, (_, unit, span) -> truncate(unit, span));
    t.of("timestamp_bin", i, n, n, (_, stride, at, origin) -> bin(stride, at, origin));
    t.of("timestamptz_bin", i, n, n, (_, stride, at, origin) -> bin(stride, at, origin));
    t.of("timestamp_age", n, n, (_, a, b) -> age(a, b));
    t.of(
        "timestamptz_age",
        n,
        n,
        (c, a, b) -> age(Calendar.toLocal(a, c.timeZone()), Calendar.toLocal(b, c.timeZone())));
    t.of("age(timestamp)", n, (c, a) -> age(today(c.transactionMicros(), c.timeZone()), a));
    t.of(
        "age(timestamptz)",
        n,
        (c, a) ->
            age(today(c.transactionMicros(), c.timeZone()), Calendar.toLocal(a, c.timeZone())));
    registerMakers(t);
  }

  private static long today(long now, ZoneId zone) {
    long local = Calendar.toLocal(now, zone);
    return local - Math.floorMod(local, Calendar.MICROS_PER_DAY);
  }

  private static long truncateIn(String unit, long at, ZoneId zone) {
    if (Calendar.isInfinite(at)) {
      return at;
    }
    long local = truncate(unit, Calendar.toLocal(at, zone), PgOid.TIMESTAMPTZ);
    return switch (DateTimeParts.unit(unit)) {
      // Below a day the offset stays, so that both runs of a repeated hour keep apart.
      case "microseconds", "milliseconds", "second", "minute", "hour" ->
          local - Calendar.offsetAt(at, zone) * Calendar.MICROS_PER_SECOND;
      default -> Calendar.toInstant(local, zone);
    };
  }

  private static long truncate(String unit, long at, int type) {
    if (Calendar.isInfinite(at)) {
      return at;
    }
    String name = DateTimeParts.unit(unit);
    long step =
        switch (name) {
          case "microseconds" -> 1;
          case "milliseconds" -> 1000;
          case "second" -> Calendar.MICROS_PER_SECOND;
          case "minute" -> Calendar.MICROS_PER_MINUTE;
          case "hour" -> Calendar.MICROS_PER_HOUR;
          case "day" -> Calendar.MICROS_PER_DAY;
          default -> 0;
        };
    if (step > 0) {
      return at - Math.floorMod(at, step);
    }
    long days = Math.floorDiv(at, Calendar.MICROS_PER_DAY);
    Calendar.Date date = Calendar.dateOf(days);
    int year = date.year();
    long start =
        switch (name) {
          case "week" -> days - Math.floorMod(Calendar.dayOfWeek(days) - 1, 7);
          case "month" -> Calendar.daysOf(year, date.month(), 1);
          case "quarter" -> Calendar.daysOf(year, (date.month() - 1) / 3 * 3 + 1, 1);
          case "year" -> Calendar.daysOf(year, 1, 1);
          case "decade" ->
              Calendar.daysOf(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10, 1, 1);
          case "century" ->
              Calendar.daysOf(
                  year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1,
                  1,
                  1);
          case "millennium" ->
              Calendar.daysOf(
                  year > 0
                      ? (year + 999) / 1000 * 1000 - 999
                      : -((999 - (year - 1)) / 1000) * 1000 + 1,
                  1,
                  1);
          case "timezone", "timezone_hour", "timezone_minute" ->
              throw DateTimeParts.notSupported(unit, type);
          default -> throw DateTimeParts.notRecognized(unit, type);
        };
    return start * Calendar.MICROS_PER_DAY;
  }

  private static Interval truncate(String unit, Interval span) {
    int months = span.months();
    long micros = span.micros();
    return switch (DateTimeParts.unit(unit)) {
      case "microseconds" -> span;
      case "milliseconds" -> withMicros(span, micros - micros % 1000);
      case "second" -> withMicros(span, micros - micros % Calendar.MICROS_PER_SECOND);
      case "minute" -> withMicros(span, micros - micros % Calendar.MICROS_PER_MINUTE);
      case "hour" -> withMicros(span, micros - micros % Calendar.MICROS_PER_HOUR);
      case "day" -> withMicros(span, 0);
      case "month" -> new Interval(months, 0, 0);
      case "quarter" -> new Interval(months - months % 3, 0, 0);
      case "year" -> new Interval(months - months % 12, 0, 0);
      case "decade" -> new Interval(months - months % 120, 0, 0);
      case "century" -> new Interval(months - months % 1200, 0, 0);
      case "millennium" -> new Interval(months - months % 12000, 0, 0);
      case "timezone", "timezone_hour", "timezone_minute" ->
          throw DateTimeParts.notSupported(unit, PgOid.INTERVAL);
      case "week" ->
          throw DateTimeParts.notSupported(unit, PgOid.INTERVAL)
              .withDetail("Months usually have fractional weeks.");
      default -> throw DateTimeParts.notRecognized(unit, PgOid.INTERVAL);
    };
  }

  private static Interval withMicros(Interval span, long micros) {
    return new Interval(span.months(), span.days(), micros);
  }

  private static long bin(Interval stride, long at, long origin) {
    if (Calendar.isInfinite(at)) {
      return at;
    }
    if (Calendar.isInfinite(origin)) {
      throw DateTimeArithmetic.outOfRange("origin");
    }
    if (stride.months() != 0) {
      throw TypeErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "timestamps cannot be binned into intervals containing months or years");
    }
    long step;
    long distance;
    try {
      step =
          Math.addExact(
              Math.multiplyExact(stride.days(), Calendar.MICROS_PER_DAY), stride.micros());
      distance = Math.subtractExact(at, origin);
    } catch (ArithmeticException e) {
      throw DateTimeArithmetic.outOfRange("interval");
    }
    if (step <= 0) {
      throw TypeErrors.of(ErrorCode.DATETIME_FIELD_OVERFLOW, "stride must be greater than zero");
    }
    return DateTimeArithmetic.checkTimestamp(origin + Math.floorDiv(distance, step) * step);
  }

  /** The difference in years, months, days and time, with the borrows that a calendar needs. */
  private static Interval age(long a, long b) {
    if (Calendar.isInfinite(a) || Calendar.isInfinite(b)) {
      throw Calendar.timestampOutOfRange();
    }
    boolean negative = a < b;
    long late = negative ? b : a;
    long early = negative ? a : b;
    long lateDays = Math.floorDiv(late, Calendar.MICROS_PER_DAY);
    long earlyDays = Math.floorDiv(early, Calendar.MICROS_PER_DAY);
    Calendar.Date x = Calendar.dateOf(lateDays);
    Calendar.Date y = Calendar.dateOf(earlyDays);
    long micros =
        Math.floorMod(late, Calendar.MICROS_PER_DAY)
            - Math.floorMod(early, Calendar.MICROS_PER_DAY);
    int days = x.day() - y.day();
    int months = (x.year() - y.year()) * 12 + x.month() - y.month();
    if (micros < 0) {
      micros += Calendar.MICROS_PER_DAY;
      days--;
    }
    while (days < 0) {
      // The borrowed month is that of the earlier timestamp as given second, else of the first.
      Calendar.Date from = negative ? x : y;
      days +=
          negative
              ? Calendar.daysInMonth(y.year(), y.month())
              : Calendar.daysInMonth(from.year(), from.month());
      months--;
    }
    Interval result = new Interval(months, days, micros);
    return negative ? DateTimeArithmetic.negate(result) : result;
  }

  private static long date(long year, long month, long day) {
    long astronomical = year < 0 ? year + 1 : year;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || astronomical < -4713
        || astronomical > 5_874_897
        || day > Calendar.daysInMonth((int) astronomical, (int) month)) {
      throw TypeErrors.of(
          ErrorCode.DATETIME_FIELD_OVERFLOW,
          String.format("date field value out of range: %d-%02d-%02d", year, month, day));
    }
    return DateTimeArithmetic.checkDate(
        Calendar.daysOf((int) astronomical, (int) month, (int) day));
  }

  private static long time(long hour, long minute, double seconds) {
    long micros = Math.round(seconds * Calendar.MICROS_PER_SECOND);
    if (hour < 0
        || minute < 0
        || minute > 59
        || Double.isNaN(seconds)
        || seconds < 0
        || seconds > 60
        || hour > 24
        || (hour == 24 && (minute > 0 || micros > 0))) {
      throw TypeErrors.of(
          ErrorCode.DATETIME_FIELD_OVERFLOW,
          String.format(
              java.util.Locale.ROOT,
              "time field value out of range: %d:%02d:%s",
              hour,
              minute,
              twoWide(
                  io.shardforge.sql.type.PgTypes.byOid(PgOid.FLOAT8)
                      .format(seconds, io.shardforge.sql.type.TypeContext.UTC))));
    }
    return (hour * 60 + minute) * Calendar.MICROS_PER_MINUTE + micros;
  }

  private static String twoWide(String number) {
    return number.length() < 2 ? "0" + number : number;
  }

  private static long timestamp(@org.jspecify.annotations.Nullable Object[] in) {
    long date =
        date(SetFunctions.longAt(in, 0), SetFunctions.longAt(in, 1), SetFunctions.longAt(in, 2));
    double seconds = (Double) io.shardforge.sql.expr.NullArguments.at(in, 5);
    long time = time(SetFunctions.longAt(in, 3), SetFunctions.longAt(in, 4), seconds);
    return DateTimeArithmetic.checkTimestamp(DateTimeArithmetic.dateToTimestamp(date) + time);
  }

  private static void registerMakers(FunctionTable t) {
    Class<Long> n = Long.class;
    t.of("make_date", n, n, n, (_, year, month, day) -> date(year, month, day));
    t.of("make_time", n, n, Double.class, (_, hour, minute, second) -> time(hour, minute, second));
    t.any("make_timestamp", (_, in) -> timestamp(in));
    t.any("make_timestamptz", (c, in) -> Calendar.toInstant(timestamp(in), c.timeZone()));
    t.any(
        "make_timestamptz_at_timezone",
        (_, in) ->
            Calendar.toInstant(
                timestamp(in),
                TimeZones.requireEastward(
                    (String) io.shardforge.sql.expr.NullArguments.at(in, 6))));
    t.any(
        "make_interval",
        (_, in) -> {
          try {
            long months =
                Math.addExact(
                    Math.multiplyExact(SetFunctions.longAt(in, 0), 12L),
                    SetFunctions.longAt(in, 1));
            long days =
                Math.addExact(
                    Math.multiplyExact(SetFunctions.longAt(in, 2), 7L), SetFunctions.longAt(in, 3));
            double seconds = (Double) io.shardforge.sql.expr.NullArguments.at(in, 6);
            if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
              throw DateTimeArithmetic.outOfRange("interval");
            }
            long micros =
                Math.addExact(
                    Math.addExact(
                        Math.multiplyExact(SetFunctions.longAt(in, 4), Calendar.MICROS_PER_HOUR),
                        Math.multiplyExact(SetFunctions.longAt(in, 5), Calendar.MICROS_PER_MINUTE)),
                    Math.round(seconds * Calendar.MICROS_PER_SECOND));
            return new Interval(Math.toIntExact(months), Math.toIntExact(days), micros);
          } catch (ArithmeticException e) {
            throw DateTimeArithmetic.outOfRange("interval");
          }
        });
    t.of(
        "float8_timestamptz",
        Double.class,
        (_, seconds) -> {
          if (Double.isNaN(seconds)) {
            throw TypeErrors.of(ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN");
          }
          if (Double.isInfinite(seconds)) {
            return seconds > 0 ? Calendar.TIMESTAMP_INFINITY : Calendar.TIMESTAMP_MINUS_INFINITY;
          }
          double micros =
              Math.rint((seconds - Calendar.EPOCH_SECONDS) * Calendar.MICROS_PER_SECOND);
          if (Math.abs(micros) > Long.MAX_VALUE) {
            throw Calendar.timestampOutOfRange();
          }
          return DateTimeArithmetic.checkTimestamp((long) micros);
        });
  }
}
