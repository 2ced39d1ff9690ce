package io.shardforge.sql.function;

import io.shardforge.sql.function.DateTimeTemplate.Letters;
import io.shardforge.sql.function.DateTimeTemplate.Node;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** to_char of timestamps and intervals. */
final class DateTimeFormat {
  static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };
  static final String[] DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };
  static final String[] ROMAN = {
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"
  };
  private static final DateTimeFormatter ZONE_NAME = DateTimeFormatter.ofPattern("zzz", Locale.US);

  /** The fields that keywords print. */
  private record Fields(
      boolean interval,
      int year,
      int month,
      int day,
      long hour,
      int minute,
      int second,
      int micros,
      long days,
      @Nullable ZoneId zone,
      long instant) {}

  private DateTimeFormat() {}

  static void register(FunctionTable t) {
    t.of(
        "timestamp_to_char",
        Long.class,
        String.class,
        (_, at, template) ->
            Calendar.isInfinite(at) || template.isEmpty()
                ? null
                : format(fields(at, at, null), template));
    t.of(
        "timestamptz_to_char",
        Long.class,
        String.class,
        (c, at, template) ->
            Calendar.isInfinite(at) || template.isEmpty()
                ? null
                : timestampText(at, c.timeZone(), template));
    t.of(
        "interval_to_char",
        Interval.class,
        String.class,
        (_, span, template) -> template.isEmpty() ? null : format(fields(span), template));
    DateTimeReader.register(t);
  }

  static String timestampText(long at, ZoneId zone, String template) {
    return format(fields(Calendar.toLocal(at, zone), at, zone), template);
  }

  private static Fields fields(long local, long instant, @Nullable ZoneId zone) {
    long days = Math.floorDiv(local, Calendar.MICROS_PER_DAY);
    long time = Math.floorMod(local, Calendar.MICROS_PER_DAY);
    Calendar.Date date = Calendar.dateOf(days);
    return new Fields(
        false,
        date.year(),
        date.month(),
        date.day(),
        time / Calendar.MICROS_PER_HOUR,
        (int) (time / Calendar.MICROS_PER_MINUTE % 60),
        (int) (time / Calendar.MICROS_PER_SECOND % 60),
        (int) (time % Calendar.MICROS_PER_SECOND),
        days,
        zone,
        instant);
  }

  private static Fields fields(Interval span) {
    long time = span.micros();
    return new Fields(
        true,
        span.months() / 12,
        span.months() % 12,
        span.days(),
        time / Calendar.MICROS_PER_HOUR,
        (int) (time / Calendar.MICROS_PER_MINUTE % 60),
        (int) (time / Calendar.MICROS_PER_SECOND % 60),
        (int) (time % Calendar.MICROS_PER_SECOND),
        0,
        null,
        0);
  }

  private static String format(Fields f, String template) {
    StringBuilder out = new StringBuilder();
    for (Node node : DateTimeTemplate.parse(template)) {
      String key = node.key();
      if (key == null) {
        out.append(node.text());
        continue;
      }
      String text = text(f, node, key);
      out.append(text);
      if (node.ordinalUpper() || node.ordinalLower()) {
        String suffix = ordinal(text);
        out.append(node.ordinalUpper() ? suffix.toUpperCase(Locale.ROOT) : suffix);
      }
    }
    return out.toString();
  }

  static String ordinal(String number) {
    int length = number.length();
    char last = number.charAt(length - 1);
    if (length > 1 && number.charAt(length - 2) == '1') {
      return "th";
    }
    return switch (last) {
      case '1' -> "st";
      case '2' -> "nd";
      case '3' -> "rd";
      default -> "th";
    };
  }

  private static String number(Node node, long value, int width) {
    String digits = Long.toString(Math.abs(value));
    int wanted = node.fill() ? 0 : width;
    return (value < 0 ? "-" : "") + "0".repeat(Math.max(0, wanted - digits.length())) + digits;
  }

  private static String word(Node node, String word, int width) {
    String cased =
        switch (node.letters()) {
          case UPPER -> word.toUpperCase(Locale.ROOT);
          case LOWER -> word.toLowerCase(Locale.ROOT);
          case CAPITALIZED -> word;
        };
    return node.fill() ? cased : cased + " ".repeat(Math.max(0, width - cased.length()));
  }

  private static void requireDate(Fields f) {
    if (f.interval) {
      throw TypeErrors.of(
              ErrorCode.INVALID_DATETIME_FORMAT,
              "invalid format specification for an interval value")
          .withHint("Intervals are not tied to specific calendar dates.");
    }
  }

  private static int shownYear(Fields f) {
    return f.interval || f.year > 0 ? f.year : 1 - f.year;
  }

  private static String text(Fields f, Node node, String key) {
    long hour12 = Math.abs(f.hour) % 12 == 0 ? 12 : Math.abs(f.hour) % 12;
    boolean lower = node.letters() == Letters.LOWER;
    return switch (key) {
      case "A.M.", "P.M." -> cased(Math.abs(f.hour) % 24 >= 12 ? "P.M." : "A.M.", lower);
      case "AM", "PM" -> cased(Math.abs(f.hour) % 24 >= 12 ? "PM" : "AM", lower);
      case "HH", "HH12" -> number(node, f.hour < 0 ? -hour12 : hour12, 2);
      case "HH24" -> number(node, f.hour, 2);
      case "MI" -> number(node, f.minute, 2);
      case "SS" -> number(node, f.second, 2);
      case "MS", "FF3" -> number(padded(node), f.micros / 1000, 3);
      case "US", "FF6" -> number(padded(node), f.micros, 6);
      case "FF1" -> number(padded(node), f.micros / 100_000, 1);
      case "FF2" -> number(padded(node), f.micros / 10_000, 2);
      case "FF4" -> number(padded(node), f.micros / 100, 4);
      case "FF5" -> number(padded(node), f.micros / 10, 5);
      case "SSSS", "SSSSS" -> Long.toString((f.hour * 60 + f.minute) * 60 + f.second);
      case "TZ", "OF", "TZH", "TZM" -> zoneText(f, key, lower);
      case "A.D.", "B.C." -> {
        requireDate(f);
        yield cased(f.year <= 0 ? "B.C." : "A.D.", lower);
      }
      case "AD", "BC" -> {
        requireDate(f);
        yield cased(f.year <= 0 ? "BC" : "AD", lower);
      }
      default -> dateText(f, node, key);
    };
  }

  /** Fractions keep their zeros even with FM. */
  private static Node padded(Node node) {
    return new Node(
        node.key(), node.text(), false, node.ordinalUpper(), node.ordinalLower(), node.letters());
  }

  private static String cased(String word, boolean lower) {
    return lower ? word.toLowerCase(Locale.ROOT) : word;
  }

  private static String zoneText(Fields f, String key, boolean lower) {
    requireDate(f);
    ZoneId zone = f.zone;
    if (zone == null) {
      return key.equals("OF") || key.equals("TZH") ? "+00" : key.equals("TZM") ? "00" : "";
    }
    int east = Calendar.offsetAt(f.instant, zone);
    int rest = Math.abs(east);
    String hours = String.format("%s%02d", east < 0 ? "-" : "+", rest / 3600);
    String minutes = String.format("%02d", rest / 60 % 60);
    return switch (key) {
      case "TZH" -> hours;
      case "TZM" -> minutes;
      case "OF" -> rest % 3600 == 0 ? hours : hours + ":" + minutes;
      default -> {
        String name =
            zone.equals(java.time.ZoneOffset.UTC)
                ? "UTC"
                : ZONE_NAME.format(
                    Instant.ofEpochSecond(
                            Math.floorDiv(f.instant, Calendar.MICROS_PER_SECOND)
                                + Calendar.EPOCH_SECONDS)
                        .atZone(zone));
        yield cased(name, lower);
      }
    };
  }

  private static String dateText(Fields f, Node node, String key) {
    int year = shownYear(f);
    return switch (key) {
      case "MONTH" -> monthName(f, node, 9);
      case "MON" -> monthName(f, node, 0);
      case "MM" -> number(node, f.month, 2);
      case "DAY" -> {
        requireDate(f);
        yield word(node, DAYS[Calendar.dayOfWeek(f.days)], 9);
      }
      case "DY" -> {
        requireDate(f);
        yield word(node, DAYS[Calendar.dayOfWeek(f.days)].substring(0, 3), 0);
      }
      case "DDD" ->
          number(
              node,
              f.interval
                  ? f.year * 360L + f.month * 30L + f.day
                  : f.days - Calendar.daysOf(f.year, 1, 1) + 1,
              3);
      case "IDDD" ->
          number(node, f.days - DateTimeParts.isoYearStart(DateTimeParts.isoYear(f.days)) + 1, 3);
      case "DD" -> number(node, f.day, 2);
      case "D" -> {
        requireDate(f);
        yield Integer.toString(Calendar.dayOfWeek(f.days) + 1);
      }
      case "ID" -> {
        requireDate(f);
        yield Integer.toString(Math.floorMod(Calendar.dayOfWeek(f.days) - 1, 7) + 1);
      }
      case "WW" ->
          number(
              node,
              f.interval
                  ? (f.year * 360L + f.month * 30L + f.day - 1) / 7 + 1
                  : (f.days - Calendar.daysOf(f.year, 1, 1)) / 7 + 1,
              2);
      case "IW" -> number(node, DateTimeParts.isoWeek(f.days), 2);
      case "W" -> Integer.toString((f.day - 1) / 7 + 1);
      case "Q" -> f.month == 0 ? "" : Integer.toString((f.month - 1) / 3 + 1);
      case "CC" -> {
        int century =
            f.interval
                ? f.year / 100
                : f.year > 0 ? (f.year + 99) / 100 : -(99 - (f.year - 1)) / 100;
        yield number(node, century, 2);
      }
      case "Y,YYY" -> year / 1000 + "," + String.format("%03d", Math.abs(year % 1000));
      case "YYYY" -> number(node, year, 4);
      case "YYY" -> number(node, year % 1000, 3);
      case "YY" -> number(node, year % 100, 2);
      case "Y" -> number(node, year % 10, 1);
      case "IYYY" -> number(node, isoYear(f), 4);
      case "IYY" -> number(node, isoYear(f) % 1000, 3);
      case "IY" -> number(node, isoYear(f) % 100, 2);
      case "I" -> number(node, isoYear(f) % 10, 1);
      case "RM" -> {
        if (f.month == 0 && f.year == 0) {
          yield "";
        }
        // An interval's months count back from the end of a year where they are negative.
        boolean back = f.month < 0 || (f.month == 0 && f.year < 0);
        int month = f.month == 0 ? (back ? 0 : 11) : back ? 12 + f.month : f.month - 1;
        yield word(node, ROMAN[month], 4);
      }
      case "J" -> Long.toString(f.days + 2_451_545);
      default -> throw new IllegalStateException("template keyword " + key);
    };
  }

  private static int isoYear(Fields f) {
    if (f.interval) {
      return f.year;
    }
    int year = DateTimeParts.isoYear(f.days);
    return year > 0 ? year : 1 - year;
  }

  private static String monthName(Fields f, Node node, int width) {
    requireDate(f);
    String name = MONTHS[f.month - 1];
    return word(node, width == 0 ? name.substring(0, 3) : name, width);
  }
}
