package io.shardforge.sql.type;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The proleptic Gregorian calendar on PostgreSQL's scales: days and microseconds since 2000-01-01.
 */
public final class Calendar {
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  public static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  public static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  /** Seconds from 1970-01-01 to 2000-01-01. */
  public static final long EPOCH_SECONDS = 946_684_800L;

  static final int EPOCH_JULIAN = 2_451_545;

  /** 4714-11-24 BC, the first day of the Julian count. */
  static final int DATE_MIN = -EPOCH_JULIAN;

  /** 5874897-12-31, the last date. */
  static final int DATE_END = 2_147_483_494 - EPOCH_JULIAN;

  public static final long TIMESTAMP_MIN = -211_813_488_000_000_000L;
  public static final long TIMESTAMP_END = 9_223_371_331_200_000_000L;
  public static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;
  public static final long TIMESTAMP_MINUS_INFINITY = Long.MIN_VALUE;
  public static final long DATE_INFINITY = Integer.MAX_VALUE;
  public static final long DATE_MINUS_INFINITY = Integer.MIN_VALUE;

  private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private Calendar() {}

  public static boolean isInfinite(long timestamp) {
    return timestamp == Long.MAX_VALUE || timestamp == Long.MIN_VALUE;
  }

  public static boolean isInfiniteDate(long date) {
    return date == DATE_INFINITY || date == DATE_MINUS_INFINITY;
  }

  static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  public static int daysInMonth(int year, int month) {
    return month == 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1];
  }

  /** The Julian day number; year 0 is 1 BC. */
  public static int julianDay(int year, int month, int day) {
    long y = year;
    int m = month;
    if (m > 2) {
      m += 1;
      y += 4800;
    } else {
      m += 13;
      y += 4799;
    }
    long century = y / 100;
    long julian = y * 365 - 32167;
    julian += y / 4 - century + century / 4;
    julian += 7834L * m / 256 + day;
    return (int) julian;
  }

  /** Days since 2000-01-01. */
  public static int daysOf(int year, int month, int day) {
    return julianDay(year, month, day) - EPOCH_JULIAN;
  }

  /** A date's parts; year 0 is 1 BC. */
  public record Date(int year, int month, int day) {}

  public static Date dateOf(long days) {
    long julian = days + EPOCH_JULIAN + 32044;
    long quad = julian / 146097;
    long extra = (julian - quad * 146097) * 4 + 3;
    julian += 60 + quad * 3 + extra / 146097;
    quad = julian / 1461;
    julian -= quad * 1461;
    long y = julian * 4 / 1461;
    julian = (y != 0 ? (julian + 305) % 365 : (julian + 306) % 366) + 123;
    y += quad * 4;
    long year = y - 4800;
    long part = julian * 2141 / 65536;
    long day = julian - 7834 * part / 256;
    long month = (part + 10) % 12 + 1;
    return new Date((int) year, (int) month, (int) day);
  }

  /** 0 = Sunday. */
  public static int dayOfWeek(long days) {
    return Math.floorMod(days + EPOCH_JULIAN + 1, 7);
  }

  public static boolean isValidTimestamp(long micros) {
    return micros >= TIMESTAMP_MIN && micros < TIMESTAMP_END;
  }

  /** Whether a date fits a timestamp's range of years. */
  static boolean isTimestampDay(long days) {
    return days >= DATE_MIN && days < TIMESTAMP_END / MICROS_PER_DAY + 1;
  }

  /** Seconds east of Greenwich at an instant. */
  public static int offsetAt(long micros, ZoneId zone) {
    if (zone instanceof ZoneOffset fixed) {
      return fixed.getTotalSeconds();
    }
    ZoneRules rules = zone.getRules();
    return rules
        .getOffset(Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND) + EPOCH_SECONDS))
        .getTotalSeconds();
  }

  /** The local time in a zone of an instant. */
  public static long toLocal(long micros, ZoneId zone) {
    return isInfinite(micros) ? micros : micros + offsetAt(micros, zone) * MICROS_PER_SECOND;
  }

  /**
   * Seconds east of Greenwich of a local time: before the change where the local time is skipped,
   * after it where it comes twice.
   */
  public static int offsetOfLocal(long localMicros, ZoneId zone) {
    if (zone instanceof ZoneOffset fixed) {
      return fixed.getTotalSeconds();
    }
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, MICROS_PER_SECOND) + EPOCH_SECONDS, 0, ZoneOffset.UTC);
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition transition = rules.getTransition(local);
    ZoneOffset offset =
        transition == null
            ? rules.getOffset(local)
            : transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter();
    return offset.getTotalSeconds();
  }

  /** The instant of a local time in a zone; 22008 beyond the range. */
  public static long toInstant(long localMicros, ZoneId zone) {
    if (isInfinite(localMicros)) {
      return localMicros;
    }
    long micros = localMicros - offsetOfLocal(localMicros, zone) * MICROS_PER_SECOND;
    if (!isValidTimestamp(micros)) {
      throw timestampOutOfRange();
    }
    return micros;
  }

  public static RuntimeException timestampOutOfRange() {
    return TypeErrors.of(
        io.shardforge.storage.error.ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
  }

  /** Rounds to {@code precision} digits of a second, half away from zero. */
  static long round(long micros, int precision) {
    if (precision < 0 || precision >= 6 || isInfinite(micros)) {
      return micros;
    }
    long unit = 1;
    for (int i = precision; i < 6; i++) {
      unit *= 10;
    }
    long half = unit / 2;
    return micros >= 0 ? (micros + half) / unit * unit : -((-micros + half) / unit * unit);
  }

  /** The modifier of a type with seconds precision. */
  static int precisionTypmod(long[] arguments, String type) {
    if (arguments.length != 1) {
      throw TypeErrors.invalidParameter("invalid type modifier");
    }
    if (arguments[0] < 0) {
      throw TypeErrors.invalidParameter(
          type + "(" + arguments[0] + ") precision must not be negative");
    }
    return (int) Math.min(6, arguments[0]);
  }
}
