package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TimeZones;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** extract and date_part: the fields of dates, times and intervals. */
final class DateTimeParts {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private DateTimeParts() {}

  static void register(FunctionTable t) {
    Class<String> s = String.class;
    Class<Long> n = Long.class;
    t.of("extract_date", s, n, (_, unit, date) -> ofDate(unit, date));
    t.of("extract_timestamp", s, n, (_, unit, at) -> ofTimestamp(unit, at, null));
    t.of("extract_timestamptz", s, n, (c, unit, at) -> ofTimestamp(unit, at, c.timeZone()));
    t.of("extract_time", s, n, (_, unit, time) -> ofTime(unit, time, null));
    t.of(
        "extract_timetz",
        s,
        TimeTz.class,
        (_, unit, time) -> ofTime(unit, time.micros(), time.zoneSeconds()));
    t.of("extract_interval", s, Interval.class, (_, unit, span) -> ofInterval(unit, span));
    // date_part is extract as double precision.
    t.of("timestamp_part", s, n, (_, unit, at) -> toDouble(ofTimestamp(unit, at, null)));
    t.of("timestamptz_part", s, n, (c, unit, at) -> toDouble(ofTimestamp(unit, at, c.timeZone())));
    t.of("time_part", s, n, (_, unit, time) -> toDouble(ofTime(unit, time, null)));
    t.of(
        "timetz_part",
        s,
        TimeTz.class,
        (_, unit, time) -> toDouble(ofTime(unit, time.micros(), time.zoneSeconds())));
    t.of("interval_part", s, Interval.class, (_, unit, span) -> toDouble(ofInterval(unit, span)));
    t.of(
        "date_part(text,date)",
        s,
        n,
        (_, unit, date) ->
            toDouble(ofTimestamp(unit, DateTimeArithmetic.dateToTimestamp(date), null)));
    registerZones(t);
    registerClocks(t);
  }

  private static void registerClocks(FunctionTable t) {
    t.of("now", EvalContext::transactionMicros);
    t.of("statement_timestamp", EvalContext::statementMicros);
    t.of("clock_timestamp", c -> SystemFunctions.session(c).clockMicros());
    t.of(
        "timeofday",
        c ->
            DateTimeFormat.timestampText(
                SystemFunctions.session(c).clockMicros(),
                c.timeZone(),
                "Dy Mon DD HH24:MI:SS.US YYYY TZ"));
  }

  private static void registerZones(FunctionTable t) {
    Class<String> s = String.class;
    Class<Long> n = Long.class;
    t.of("timestamp_zone", s, n, (_, zone, at) -> Calendar.toInstant(at, TimeZones.require(zone)));
    t.of("timestamptz_zone", s, n, (_, zone, at) -> Calendar.toLocal(at, TimeZones.require(zone)));
    t.of(
        "timestamp_izone",
        Interval.class,
        n,
        (_, offset, at) -> Calendar.toInstant(at, DateTimeArithmetic.zoneOf(offset)));
    t.of(
        "timestamptz_izone",
        Interval.class,
        n,
        (_, offset, at) -> Calendar.toLocal(at, DateTimeArithmetic.zoneOf(offset)));
    t.of(
        "timetz_zone",
        s,
        TimeTz.class,
        (c, zone, time) ->
            inZone(time, Calendar.offsetAt(c.transactionMicros(), TimeZones.require(zone))));
    t.of(
        "timetz_izone",
        Interval.class,
        TimeTz.class,
        (c, offset, time) ->
            inZone(
                time, Calendar.offsetAt(c.transactionMicros(), DateTimeArithmetic.zoneOf(offset))));
  }

  private static TimeTz inZone(TimeTz time, int offset) {
    long utc = time.micros() + time.zoneSeconds() * Calendar.MICROS_PER_SECOND;
    return new TimeTz(
        Math.floorMod(utc + offset * Calendar.MICROS_PER_SECOND, Calendar.MICROS_PER_DAY), -offset);
  }

  private static @Nullable Double toDouble(@Nullable Numeric number) {
    return number == null ? null : (Double) number.toDouble();
  }

  static ShardForgeException notSupported(String unit, int type) {
    return TypeErrors.of(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "unit \""
            + unit.toLowerCase(Locale.ROOT)
            + "\" not supported for type "
            + TypeNames.format(type, -1));
  }

  static ShardForgeException notRecognized(String unit, int type) {
    return TypeErrors.invalidParameter(
        "unit \""
            + unit.toLowerCase(Locale.ROOT)
            + "\" not recognized for type "
            + TypeNames.format(type, -1));
  }

  /** The singular name of a unit, or "" if there is none of that name. */
  static String unit(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds" ->
          "microseconds";
      case "millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds" ->
          "milliseconds";
      case "second", "seconds", "s", "sec", "secs" -> "second";
      case "minute", "minutes", "m", "min", "mins" -> "minute";
      case "hour", "hours", "h", "hr", "hrs" -> "hour";
      case "day", "days", "d" -> "day";
      case "week", "weeks", "w" -> "week";
      case "month", "months", "mon", "mons" -> "month";
      case "quarter", "qtr" -> "quarter";
      case "year", "years", "y", "yr", "yrs" -> "year";
      case "decade", "decades", "dec", "decs" -> "decade";
      case "century", "centuries", "c", "cent" -> "century";
      case "millennium", "millennia", "mil", "mils" -> "millennium";
      case "dow" -> "dow";
      case "isodow" -> "isodow";
      case "doy" -> "doy";
      case "isoyear" -> "isoyear";
      case "epoch" -> "epoch";
      case "julian", "jd", "j" -> "julian";
      case "timezone" -> "timezone";
      case "timezone_hour", "timezone_h" -> "timezone_hour";
      case "timezone_minute", "timezone_m" -> "timezone_minute";
      default -> "";
    };
  }

  private static Numeric number(long value) {
    return Numeric.of(value);
  }

  /** A count of microseconds as seconds with six decimals (or thousandths with three). */
  private static Numeric micros(long value, int scale) {
    return Numeric.of(BigDecimal.valueOf(value, scale));
  }

  private static @Nullable Numeric infinite(String unit, boolean positive, int type) {
    return switch (unit(unit)) {
      case "millennium", "century", "decade", "year", "isoyear", "epoch", "julian" ->
          positive ? Numeric.INFINITY : Numeric.NEGATIVE_INFINITY;
      case "" -> throw notRecognized(unit, type);
      default -> null;
    };
  }

  private static @Nullable Numeric ofDate(String unit, long days) {
    return switch (unit(unit)) {
      case String name when Calendar.isInfiniteDate(days) && !isTimeUnit(name) ->
          infinite(unit, days > 0, PgOid.DATE);
      case "epoch" -> number(days * 86400 + Calendar.EPOCH_SECONDS);
      case "julian" -> number(days + 2_451_545);
      case "microseconds",
          "milliseconds",
          "second",
          "minute",
          "hour",
          "timezone",
          "timezone_hour",
          "timezone_minute" ->
          throw notSupported(unit, PgOid.DATE);
      case "" -> throw notRecognized(unit, PgOid.DATE);
      default -> number(datePart(unit(unit), days));
    };
  }

  private static boolean isTimeUnit(String name) {
    return switch (name) {
      case "microseconds", "milliseconds", "second", "minute", "hour" -> true;
      default -> name.startsWith("timezone");
    };
  }

  /** A part that depends on the date alone. */
  private static long datePart(String unit, long days) {
    Calendar.Date date = Calendar.dateOf(days);
    int year = date.year();
    return switch (unit) {
      case "day" -> date.day();
      case "month" -> date.month();
      case "quarter" -> (date.month() - 1) / 3 + 1;
      case "week" -> isoWeek(days);
      // There is no year 0: 1 BC is -1.
      case "year" -> year > 0 ? year : year - 1;
      case "decade" -> Math.floorDiv(year, 10);
      case "century" -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
      case "millennium" -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
      case "isoyear" -> {
        int isoYear = isoYear(days);
        yield isoYear > 0 ? isoYear : isoYear - 1;
      }
      case "dow" -> Calendar.dayOfWeek(days);
      case "isodow" -> Math.floorMod(Calendar.dayOfWeek(days) - 1, 7) + 1;
      case "doy" -> days - Calendar.daysOf(year, 1, 1) + 1;
      default -> throw new IllegalArgumentException(unit);
    };
  }

  /** The Monday that starts ISO week 1 of a year. */
  static long isoYearStart(int year) {
    long fourth = Calendar.daysOf(year, 1, 4);
    return fourth - Math.floorMod(Calendar.dayOfWeek(fourth) - 1, 7);
  }

  static int isoYear(long days) {
    int year = Calendar.dateOf(days).year();
    if (days < isoYearStart(year)) {
      return year - 1;
    }
    return days >= isoYearStart(year + 1) ? year + 1 : year;
  }

  static long isoWeek(long days) {
    return (days - isoYearStart(isoYear(days))) / 7 + 1;
  }

  private static @Nullable Numeric ofTimestamp(String unit, long at, @Nullable ZoneId zone) {
    int type = zone == null ? PgOid.TIMESTAMP : PgOid.TIMESTAMPTZ;
    if (Calendar.isInfinite(at)) {
      return infinite(unit, at > 0, type);
    }
    long offset = zone == null ? 0 : Calendar.offsetAt(at, zone);
    long local = at + offset * Calendar.MICROS_PER_SECOND;
    long days = Math.floorDiv(local, Calendar.MICROS_PER_DAY);
    long time = Math.floorMod(local, Calendar.MICROS_PER_DAY);
    return switch (unit(unit)) {
      case "epoch" ->
          Numeric.of(BigDecimal.valueOf(at, 6).add(BigDecimal.valueOf(Calendar.EPOCH_SECONDS)));
      case "julian" ->
          Numeric.of(days + 2_451_545L)
              .add(Numeric.of(time).divide(Numeric.of(Calendar.MICROS_PER_DAY)));
      case "timezone", "timezone_hour", "timezone_minute" -> {
        if (zone == null) {
          throw notSupported(unit, type);
        }
        yield zonePart(unit(unit), offset);
      }
      case "" -> throw notRecognized(unit, type);
      case "microseconds", "milliseconds", "second", "minute", "hour" -> timePart(unit(unit), time);
      default -> number(datePart(unit(unit), days));
    };
  }

  private static Numeric zonePart(String unit, long offset) {
    return number(
        switch (unit) {
          case "timezone" -> offset;
          case "timezone_hour" -> offset / 3600;
          default -> offset % 3600 / 60;
        });
  }

  private static Numeric timePart(String unit, long time) {
    long seconds = time % Calendar.MICROS_PER_MINUTE;
    return switch (unit) {
      case "microseconds" -> number(seconds);
      case "milliseconds" -> micros(seconds, 3);
      case "second" -> micros(seconds, 6);
      case "minute" -> number(time / Calendar.MICROS_PER_MINUTE % 60);
      default -> number(time / Calendar.MICROS_PER_HOUR);
    };
  }

  private static Numeric ofTime(String unit, long time, @Nullable Integer zoneSeconds) {
    int type = zoneSeconds == null ? PgOid.TIME : PgOid.TIMETZ;
    return switch (unit(unit)) {
      case "microseconds", "milliseconds", "second", "minute", "hour" -> timePart(unit(unit), time);
      case "epoch" ->
          micros(time + (zoneSeconds == null ? 0 : zoneSeconds * Calendar.MICROS_PER_SECOND), 6);
      case "timezone", "timezone_hour", "timezone_minute" -> {
        if (zoneSeconds == null) {
          throw notSupported(unit, type);
        }
        yield zonePart(unit(unit), -zoneSeconds);
      }
      case "" -> throw notRecognized(unit, type);
      default -> throw notSupported(unit, type);
    };
  }

  private static Numeric ofInterval(String unit, Interval span) {
    int years = span.months() / 12;
    long time = span.micros();
    return switch (unit(unit)) {
      case "microseconds", "milliseconds", "second", "minute", "hour" -> timePart(unit(unit), time);
      case "day" -> number(span.days());
      case "month" -> number(span.months() % 12);
      case "quarter" -> number(span.months() % 12 / 3 + 1);
      case "year" -> number(years);
      case "decade" -> number(years / 10);
      case "century" -> number(years / 100);
      case "millennium" -> number(years / 1000);
      case "epoch" -> {
        // A year counts as 365.25 days.
        BigDecimal seconds =
            BigDecimal.valueOf(years)
                .multiply(BigDecimal.valueOf(31_557_600))
                .add(BigDecimal.valueOf(span.months() % 12 * 2_592_000L))
                .add(BigDecimal.valueOf(span.days() * 86_400L));
        yield Numeric.of(
            seconds.add(BigDecimal.valueOf(time).divide(MILLION, 6, java.math.RoundingMode.DOWN)));
      }
      case "" -> throw notRecognized(unit, PgOid.INTERVAL);
      default -> throw notSupported(unit, PgOid.INTERVAL);
    };
  }
}
