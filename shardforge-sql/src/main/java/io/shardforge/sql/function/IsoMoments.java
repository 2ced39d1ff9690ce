package io.shardforge.sql.function;

import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.JsonValue.JsonMoment;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TimeZones;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads dates and times in the forms of ISO 8601 that a path knows without a template. */
final class IsoMoments {
  private static final Pattern FORM =
      Pattern.compile(
          "\\s*(?:(?<year>\\d{1,6})-\\s*(?<month>\\d{1,2})-\\s*(?<day>\\d{1,2}))?(?:(?<between>[T"
              + " ]\\s*)?(?<hour>\\d{1,2}):\\s*(?<minute>\\d{1,2}):\\s*(?<second>\\d{1,2})"
              + "(?:\\.(?<fraction>\\d{1,6}))?"
              + "(?:\\s*(?:(?<sign>[+-])(?<hours>\\d{1,2})(?::(?<minutes>\\d{1,2}))?"
              + "|(?<name>[A-Za-z]+)))?)?\\s*");

  private IsoMoments() {}

  /** The date or time; null if the text is none. */
  static @Nullable JsonMoment read(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    boolean dated = form.group("year") != null;
    boolean timed = form.group("hour") != null;
    if ((!dated && !timed) || (form.group("between") != null) != (dated && timed)) {
      return null;
    }
    Long days = dated ? days(form) : Long.valueOf(0);
    Long time = timed ? time(form) : Long.valueOf(0);
    boolean zoned = form.group("sign") != null || form.group("name") != null;
    Integer offset = zoned ? offset(form) : Integer.valueOf(0);
    if (days == null || time == null || offset == null) {
      return null;
    }
    if (!timed) {
      return new JsonMoment(PgOid.DATE, days, 0);
    }
    if (!dated) {
      return zoned
          ? new JsonMoment(PgOid.TIMETZ, new TimeTz(time, -offset), 0)
          : new JsonMoment(PgOid.TIME, time, 0);
    }
    long local = days * Calendar.MICROS_PER_DAY + time;
    return zoned
        ? new JsonMoment(PgOid.TIMESTAMPTZ, local - offset * Calendar.MICROS_PER_SECOND, offset)
        : new JsonMoment(PgOid.TIMESTAMP, local, 0);
  }

  private static int number(Matcher form, String group) {
    String digits = form.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static @Nullable Long days(Matcher form) {
    int year = number(form, "year");
    int month = number(form, "month");
    int day = number(form, "day");
    boolean exists =
        year <= 294_276
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= Calendar.daysInMonth(year, month);
    return exists ? Long.valueOf(Calendar.daysOf(year, month, day)) : null;
  }

  private static @Nullable Long time(Matcher form) {
    int hour = number(form, "hour");
    int minute = number(form, "minute");
    int second = number(form, "second");
    if (hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    String fraction = form.group("fraction");
    long micros = fraction == null ? 0 : Long.parseLong((fraction + "00000").substring(0, 6));
    return hour * Calendar.MICROS_PER_HOUR
        + minute * Calendar.MICROS_PER_MINUTE
        + second * Calendar.MICROS_PER_SECOND
        + micros;
  }

  private static @Nullable Integer offset(Matcher form) {
    String name = form.group("name");
    if (name != null) {
      return TimeZones.eastOfGreenwich(name);
    }
    int hours = number(form, "hours");
    int minutes = number(form, "minutes");
    if (hours > 15 || minutes > 59) {
      return null;
    }
    int seconds = hours * 3600 + minutes * 60;
    return form.group("sign").equals("-") ? -seconds : seconds;
  }
}
