package io.shardforge.sql.function;

import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Sums and differences of dates, times and intervals. */
final class DateTimeArithmetic {
  private static final int DATE_MIN = -2451545;
  private static final int DATE_END = 2_147_483_494 - 2_451_545;

  private DateTimeArithmetic() {}

  static void register(FunctionTable t) {
    Class<Long> n = Long.class;
    Class<Interval> i = Interval.class;
    t.of("date_pli", n, n, (_, date, days) -> addDays(date, days));
    t.of("date_mii", n, n, (_, date, days) -> addDays(date, -days));
    t.of("integer_pl_date(int4,date)", n, n, (_, days, date) -> addDays(date, days));
    t.of("date_mi", n, n, (_, a, b) -> subtractDates(a, b));
    t.of("date_pl_interval", n, i, (_, date, span) -> addLocal(dateToTimestamp(date), span, 1));
    t.of("date_mi_interval", n, i, (_, date, span) -> addLocal(dateToTimestamp(date), span, -1));
    t.of(
        "interval_pl_date(interval,date)",
        i,
        n,
        (_, span, date) -> addLocal(dateToTimestamp(date), span, 1));
    t.of("timestamp_pl_interval", n, i, (_, at, span) -> addLocal(at, span, 1));
    t.of("timestamp_mi_interval", n, i, (_, at, span) -> addLocal(at, span, -1));
    t.of("interval_pl_timestamp(interval,timestamp)", i, n, (_, span, at) -> addLocal(at, span, 1));
    t.of("timestamptz_pl_interval", n, i, (c, at, span) -> addInstant(at, span, 1, c.timeZone()));
    t.of("timestamptz_mi_interval", n, i, (c, at, span) -> addInstant(at, span, -1, c.timeZone()));
    t.of(
        "interval_pl_timestamptz(interval,timestamptz)",
        i,
        n,
        (c, span, at) -> addInstant(at, span, 1, c.timeZone()));
    t.of("timestamp_mi", n, n, (_, a, b) -> subtractTimestamps(a, b));
    t.of("time_mi_time", n, n, (_, a, b) -> new Interval(0, 0, a - b));
    t.of(
        "time_pl_interval",
        n,
        i,
        (_, time, span) -> Math.floorMod(time + span.micros(), Calendar.MICROS_PER_DAY));
    t.of(
        "time_mi_interval",
        n,
        i,
        (_, time, span) -> Math.floorMod(time - span.micros(), Calendar.MICROS_PER_DAY));
    t.of(
        "interval_pl_time(interval,time)",
        i,
        n,
        (_, span, time) -> Math.floorMod(time + span.micros(), Calendar.MICROS_PER_DAY));
    t.of("timetz_pl_interval", TimeTz.class, i, (_, time, span) -> shift(time, span.micros()));
    t.of("timetz_mi_interval", TimeTz.class, i, (_, time, span) -> shift(time, -span.micros()));
    t.of(
        "interval_pl_timetz(interval,timetz)",
        i,
        TimeTz.class,
        (_, span, time) -> shift(time, span.micros()));
    t.of("datetime_timestamp", n, n, (_, date, time) -> add(dateToTimestamp(date), time));
    t.of("timedate_pl(time,date)", n, n, (_, time, date) -> add(dateToTimestamp(date), time));
    t.of("datetimetz_timestamptz", n, TimeTz.class, (_, date, time) -> addZoned(date, time));
    t.of("timetzdate_pl(timetz,date)", TimeTz.class, n, (_, time, date) -> addZoned(date, time));
    registerIntervals(t);
    t.of("date_finite", n, (_, date) -> !Calendar.isInfiniteDate(date));
    t.of("timestamp_finite", n, (_, at) -> !Calendar.isInfinite(at));
    t.of("interval_finite", i, (_, _) -> true);
  }

  private static void registerIntervals(FunctionTable t) {
    Class<Interval> i = Interval.class;
    t.of("interval_pl", i, i, (_, a, b) -> plus(a, b));
    t.of("interval_mi", i, i, (_, a, b) -> plus(a, negate(b)));
    t.of("interval_um", i, (_, a) -> negate(a));
    t.of("interval_mul", i, Double.class, (_, a, factor) -> multiply(a, factor));
    t.of("mul_d_interval", Double.class, i, (_, factor, a) -> multiply(a, factor));
    t.of("interval_div", i, Double.class, (_, a, divisor) -> divide(a, divisor));
    t.of("interval_justify_hours", i, (_, a) -> justifyHours(a));
    t.of("interval_justify_days", i, (_, a) -> justifyDays(a));
    t.of("interval_justify_interval", i, (_, a) -> justify(a));
  }

  static ShardForgeException outOfRange(String what) {
    return TypeErrors.of(ErrorCode.DATETIME_FIELD_OVERFLOW, what + " out of range");
  }

  static long checkDate(long days) {
    if (days < DATE_MIN || days >= DATE_END) {
      throw outOfRange("date");
    }
    return days;
  }

  private static long addDays(long date, long days) {
    return Calendar.isInfiniteDate(date) ? date : checkDate(date + days);
  }

  private static long subtractDates(long a, long b) {
    if (Calendar.isInfiniteDate(a) || Calendar.isInfiniteDate(b)) {
      throw TypeErrors.of(ErrorCode.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
    }
    return a - b;
  }

  /** A date as a timestamp at midnight; 22008 beyond the timestamps' range. */
  static long dateToTimestamp(long date) {
    if (Calendar.isInfiniteDate(date)) {
      return date > 0 ? Calendar.TIMESTAMP_INFINITY : Calendar.TIMESTAMP_MINUS_INFINITY;
    }
    if (date >= Calendar.TIMESTAMP_END / Calendar.MICROS_PER_DAY) {
      throw TypeErrors.of(ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range for timestamp");
    }
    return date * Calendar.MICROS_PER_DAY;
  }

  /** A local timestamp as an instant, held within the range. */
  static long toInstantClamped(long local, ZoneId zone) {
    if (Calendar.isInfinite(local)) {
      return local;
    }
    if (!Calendar.isValidTimestamp(local)) {
      return local;
    }
    return local - Calendar.offsetOfLocal(local, zone) * Calendar.MICROS_PER_SECOND;
  }

  private static long add(long at, long micros) {
    return Calendar.isInfinite(at) ? at : checkTimestamp(at + micros);
  }

  private static long addZoned(long date, TimeTz time) {
    long at = dateToTimestamp(date);
    return add(at, time.micros() + time.zoneSeconds() * Calendar.MICROS_PER_SECOND);
  }

  static long checkTimestamp(long micros) {
    if (!Calendar.isValidTimestamp(micros)) {
      throw Calendar.timestampOutOfRange();
    }
    return micros;
  }

  private static long addMonths(long local, long months) {
    if (months == 0) {
      return local;
    }
    long days = Math.floorDiv(local, Calendar.MICROS_PER_DAY);
    long time = Math.floorMod(local, Calendar.MICROS_PER_DAY);
    Calendar.Date date = Calendar.dateOf(days);
    long month = date.year() * 12L + (date.month() - 1) + months;
    long newYear = Math.floorDiv(month, 12L);
    int newMonth = (int) Math.floorMod(month, 12L) + 1;
    if (newYear < -4713 || newYear > 294_277) {
      throw Calendar.timestampOutOfRange();
    }
    int day = Math.min(date.day(), Calendar.daysInMonth((int) newYear, newMonth));
    return Calendar.daysOf((int) newYear, newMonth, day) * Calendar.MICROS_PER_DAY + time;
  }

  /** So many days later; more than half the scale's length do not fit as microseconds alone. */
  private static long addLocalDays(long local, long days) {
    long day = Math.floorDiv(local, Calendar.MICROS_PER_DAY) + days;
    long time = Math.floorMod(local, Calendar.MICROS_PER_DAY);
    return Math.addExact(Math.multiplyExact(day, Calendar.MICROS_PER_DAY), time);
  }

  /** A timestamp plus or minus an interval: months first, then days, then time. */
  static long addLocal(long at, Interval span, int sign) {
    if (Calendar.isInfinite(at)) {
      return at;
    }
    try {
      long result = addMonths(at, (long) sign * span.months());
      result = addLocalDays(result, (long) sign * span.days());
      result = Math.addExact(result, Math.multiplyExact(sign, span.micros()));
      return checkTimestamp(result);
    } catch (ArithmeticException e) {
      throw Calendar.timestampOutOfRange();
    }
  }

  /** An instant plus or minus an interval: months and days on the zone's calendar, then time. */
  static long addInstant(long at, Interval span, int sign, ZoneId zone) {
    if (Calendar.isInfinite(at)) {
      return at;
    }
    try {
      long result = at;
      if (span.months() != 0) {
        long local = addMonths(Calendar.toLocal(result, zone), (long) sign * span.months());
        result = Calendar.toInstant(local, zone);
      }
      if (span.days() != 0) {
        long local = addLocalDays(Calendar.toLocal(result, zone), (long) sign * span.days());
        result = Calendar.toInstant(checkTimestamp(local), zone);
      }
      return checkTimestamp(Math.addExact(result, Math.multiplyExact(sign, span.micros())));
    } catch (ArithmeticException e) {
      throw Calendar.timestampOutOfRange();
    }
  }

  private static Interval subtractTimestamps(long a, long b) {
    if (Calendar.isInfinite(a) || Calendar.isInfinite(b)) {
      throw TypeErrors.of(ErrorCode.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
    }
    return justifyHours(new Interval(0, 0, a - b));
  }

  private static TimeTz shift(TimeTz time, long micros) {
    return new TimeTz(
        Math.floorMod(time.micros() + micros, Calendar.MICROS_PER_DAY), time.zoneSeconds());
  }

  static Interval plus(Interval a, Interval b) {
    try {
      return new Interval(
          Math.addExact(a.months(), b.months()),
          Math.addExact(a.days(), b.days()),
          Math.addExact(a.micros(), b.micros()));
    } catch (ArithmeticException e) {
      throw outOfRange("interval");
    }
  }

  static Interval negate(Interval a) {
    try {
      return new Interval(
          Math.negateExact(a.months()), Math.negateExact(a.days()), Math.negateExact(a.micros()));
    } catch (ArithmeticException e) {
      throw outOfRange("interval");
    }
  }

  static Interval multiply(Interval a, double factor) {
    double months = a.months() * factor;
    double days = a.days() * factor;
    return scaled(months, days, a.micros() * factor);
  }

  static Interval divide(Interval a, double divisor) {
    if (divisor == 0) {
      throw TypeErrors.divisionByZero();
    }
    return scaled(a.months() / divisor, a.days() / divisor, a.micros() / divisor);
  }

  /** Spills fractions of months into days and of days into time, as PostgreSQL does. */
  private static Interval scaled(double months, double days, double micros) {
    if (Double.isNaN(months) || Double.isNaN(days) || !fitsInt(months) || !fitsInt(days)) {
      throw outOfRange("interval");
    }
    int wholeMonths = (int) months;
    int wholeDays = (int) days;
    double monthDays = roundToMicros((months - wholeMonths) * 30);
    double seconds = (days - wholeDays + monthDays - (int) monthDays) * 86400;
    seconds = roundToMicros(seconds);
    if (Math.abs(seconds) >= 86400) {
      wholeDays = plus(wholeDays, (int) (seconds / 86400));
      seconds -= ((int) (seconds / 86400)) * 86400.0;
    }
    wholeDays = plus(wholeDays, (int) monthDays);
    double result = Math.rint(micros + seconds * Calendar.MICROS_PER_SECOND);
    if (Double.isNaN(result) || result < -0x1p63 || result >= 0x1p63) {
      throw outOfRange("interval");
    }
    return new Interval(wholeMonths, wholeDays, (long) result);
  }

  private static boolean fitsInt(double value) {
    return value >= -0x1p31 && value < 0x1p31;
  }

  private static int plus(int a, int b) {
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException e) {
      throw outOfRange("interval");
    }
  }

  private static double roundToMicros(double value) {
    return Math.rint(value * 1_000_000.0) / 1_000_000.0;
  }

  static Interval justifyHours(Interval a) {
    long wholeDays = a.micros() / Calendar.MICROS_PER_DAY;
    long micros = a.micros() - wholeDays * Calendar.MICROS_PER_DAY;
    int days = plus(a.days(), (int) wholeDays);
    if (days > 0 && micros < 0) {
      micros += Calendar.MICROS_PER_DAY;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= Calendar.MICROS_PER_DAY;
      days++;
    }
    return interval(a.months(), days, micros);
  }

  private static Interval interval(long months, long days, long micros) {
    if (months != (int) months || days != (int) days) {
      throw outOfRange("interval");
    }
    return new Interval((int) months, (int) days, micros);
  }

  static Interval justifyDays(Interval a) {
    int months = plus(a.months(), a.days() / 30);
    int days = a.days() % 30;
    if (months > 0 && days < 0) {
      days += 30;
      months--;
    } else if (months < 0 && days > 0) {
      days -= 30;
      months++;
    }
    return interval(months, days, a.micros());
  }

  static Interval justify(Interval a) {
    long days = a.days() + a.micros() / Calendar.MICROS_PER_DAY;
    long micros = a.micros() % Calendar.MICROS_PER_DAY;
    int months = plus(a.months(), (int) (days / 30));
    days %= 30;
    if (months > 0 && (days < 0 || (days == 0 && micros < 0))) {
      days += 30;
      months--;
    } else if (months < 0 && (days > 0 || (days == 0 && micros > 0))) {
      days -= 30;
      months++;
    }
    if (days > 0 && micros < 0) {
      micros += Calendar.MICROS_PER_DAY;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= Calendar.MICROS_PER_DAY;
      days++;
    }
    return interval(months, days, micros);
  }

  /** The zone that an interval such as INTERVAL '-08:00' names. */
  static ZoneId zoneOf(Interval offset) {
    if (offset.months() != 0 || offset.days() != 0) {
      throw TypeErrors.invalidParameter("interval time zone must not include months or days");
    }
    long seconds = offset.micros() / Calendar.MICROS_PER_SECOND;
    if (Math.abs(seconds) > 18 * 3600) {
      throw TypeErrors.of(
          ErrorCode.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range");
    }
    return ZoneOffset.ofTotalSeconds((int) seconds);
  }
}
