package io.shardforge.sql.function;

import io.shardforge.sql.function.DateTimeTemplate.Node;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.JsonValue.JsonMoment;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** to_date, to_timestamp and datetime of paths: reads text by a template. One use per value. */
final class DateTimeReader {
  private static final Set<String> TIMES =
      Set.of(
          "HH24", "HH12", "HH", "MI", "SS", "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6",
          "SSSS", "SSSSS", "AM", "PM", "A.M.", "P.M.");

  private static final Set<String> ZONES = Set.of("TZ", "TZH", "TZM", "OF");

  private final String text;
  private final List<Node> nodes;
  private int at;
  private int year;
  private boolean yearGiven;
  private int month = 1;
  private int day = 1;
  private int dayOfYear;
  private int week;
  private int weekOfMonth;
  private int isoYear;
  private int isoWeek;
  private int isoDay;
  private int century;
  private @Nullable Long julian;
  private int hour;
  private boolean twelveHours;
  private int meridiem;
  private int minute;
  private int second;
  private long micros;
  private boolean beforeChrist;
  private int zoneSign = 1;
  private int zoneHours;
  private int zoneMinutes;
  private boolean zoneGiven;

  private DateTimeReader(String text, String template) {
    this.text = text;
    this.nodes = DateTimeTemplate.parse(template);
  }

  static void register(FunctionTable t) {
    t.of(
        "to_date",
        String.class,
        String.class,
        (_, text, template) -> {
          DateTimeReader reader = new DateTimeReader(text, template);
          reader.run();
          return reader.days();
        });
    t.of(
        "to_timestamp",
        String.class,
        String.class,
        (c, text, template) -> {
          DateTimeReader reader = new DateTimeReader(text, template);
          reader.run();
          long local = reader.days() * Calendar.MICROS_PER_DAY + reader.time();
          if (reader.zoneGiven) {
            long offset = reader.zoneSign * (reader.zoneHours * 3600L + reader.zoneMinutes * 60L);
            return DateTimeArithmetic.checkTimestamp(local - offset * Calendar.MICROS_PER_SECOND);
          }
          return Calendar.toInstant(local, c.timeZone());
        });
  }

  /** The date or time that a text has by a template, whose fields tell the type. */
  static JsonMoment moment(String text, String template) {
    DateTimeReader reader = new DateTimeReader(text, template);
    boolean dated = reader.has(key -> !TIMES.contains(key) && !ZONES.contains(key));
    boolean timed = reader.has(TIMES::contains);
    boolean zoned = reader.has(ZONES::contains);
    reader.runStrictly();
    if (!timed && (zoned || !dated)) {
      throw TypeErrors.of(
          ErrorCode.INVALID_DATETIME_FORMAT,
          dated
              ? "datetime format is zoned but not timed"
              : "datetime format is not dated and not timed");
    }
    int offset = reader.zoneSign * (reader.zoneHours * 3600 + reader.zoneMinutes * 60);
    if (!timed) {
      return new JsonMoment(PgOid.DATE, reader.days(), 0);
    }
    if (!dated) {
      return zoned
          ? new JsonMoment(PgOid.TIMETZ, new TimeTz(reader.time(), -offset), 0)
          : new JsonMoment(PgOid.TIME, reader.time(), 0);
    }
    long local = reader.days() * Calendar.MICROS_PER_DAY + reader.time();
    return zoned
        ? new JsonMoment(
            PgOid.TIMESTAMPTZ,
            DateTimeArithmetic.checkTimestamp(local - offset * Calendar.MICROS_PER_SECOND),
            offset)
        : new JsonMoment(PgOid.TIMESTAMP, DateTimeArithmetic.checkTimestamp(local), 0);
  }

  private boolean has(Predicate<String> kind) {
    return nodes.stream().anyMatch(node -> node.key() != null && kind.test(node.key()));
  }

  /** Reads what must be just as the template says. */
  private void runStrictly() {
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String key = node.key();
      if (i == 0 || key != null) {
        skipSpace();
      }
      if (at >= text.length()) {
        throw TypeErrors.of(
            ErrorCode.INVALID_DATETIME_FORMAT, "input string is too short for datetime format");
      }
      if (key == null) {
        if (!text.startsWith(node.text(), at)) {
          boolean letter = Character.isLetterOrDigit(node.text().charAt(0));
          throw TypeErrors.of(
              ErrorCode.INVALID_DATETIME_FORMAT,
              "unmatched format "
                  + (letter ? "character" : "separator")
                  + " \""
                  + node.text().charAt(0)
                  + "\"");
        }
        at += node.text().length();
      } else {
        read(node, key, i + 1 < nodes.size() && !nodes.get(i + 1).isLiteral());
      }
    }
    skipSpace();
    if (at < text.length()) {
      throw TypeErrors.of(
          ErrorCode.INVALID_DATETIME_FORMAT,
          "trailing characters remain in input string after datetime format");
    }
  }

  private void run() {
    skipSpace();
    for (int i = 0; i < nodes.size() && at < text.length(); i++) {
      Node node = nodes.get(i);
      String key = node.key();
      if (key == null) {
        skipLiteral(node.text());
        continue;
      }
      skipSpace();
      read(node, key, i + 1 < nodes.size() && !nodes.get(i + 1).isLiteral());
      if (node.ordinalLower() || node.ordinalUpper()) {
        at = Math.min(text.length(), at + 2);
      }
    }
  }

  private void skipSpace() {
    while (at < text.length() && Text.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private void skipLiteral(String literal) {
    boolean separator = !Character.isLetterOrDigit(literal.charAt(0));
    if (separator) {
      skipSpace();
      if (at < text.length()
          && !Character.isLetterOrDigit(text.charAt(at))
          && !Text.isSpace(text.charAt(at))
          && !((text.charAt(at) == '-' || text.charAt(at) == '+')
              && Text.isSpace(literal.charAt(0)))) {
        at++;
      }
      skipSpace();
      return;
    }
    at = Math.min(text.length(), at + literal.length());
  }

  private ShardForgeException invalid(String value, String key, @Nullable String detail) {
    ShardForgeException error =
        TypeErrors.of(
            ErrorCode.INVALID_DATETIME_FORMAT,
            "invalid value \"" + value + "\" for \"" + key + "\"");
    return detail == null ? error : error.withDetail(detail);
  }

  /** Reads a number of at most {@code width} digits, more if no other field follows at once. */
  private int number(String key, int width, boolean fieldFollows) {
    int start = at;
    int limit = fieldFollows ? width : Integer.MAX_VALUE;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
      limit = limit == Integer.MAX_VALUE ? limit : limit + 1;
    }
    while (at < text.length() && at - start < limit && isDigit(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(start, at);
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      if (!digits.isEmpty() && isDigit(digits.charAt(digits.length() - 1))) {
        throw TypeErrors.of(
                ErrorCode.DATETIME_FIELD_OVERFLOW,
                "value for \"" + key + "\" in source string is out of range")
            .withDetail("Value must be in the range -2147483648 to 2147483647.");
      }
      int end = Math.min(text.length(), start + width);
      throw invalid(text.substring(start, end), key, "Value must be an integer.");
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Reads one of some words, in any case; returns its index. */
  private int word(String key, String[] words, int length) {
    int best = -1;
    int bestLength = 0;
    for (int i = 0; i < words.length; i++) {
      String word = length > 0 ? words[i].substring(0, length) : words[i];
      if (word.length() > bestLength && text.regionMatches(true, at, word, 0, word.length())) {
        best = i;
        bestLength = word.length();
      }
    }
    if (best < 0) {
      int end = at;
      while (end < text.length() && Character.isLetter(text.charAt(end))) {
        end++;
      }
      throw invalid(
          text.substring(at, end),
          key,
          "The given value did not match any of the allowed values for this field.");
    }
    at += bestLength;
    return best;
  }

  private void read(Node node, String key, boolean follows) {
    switch (key) {
      case "YYYY" -> setYear(number(node.text(), 4, follows));
      case "Y,YYY" -> readYearWithComma(node);
      case "YYY" -> readShortYear(node, 3, follows);
      case "YY" -> readShortYear(node, 2, follows);
      case "Y" -> readShortYear(node, 1, follows);
      case "IYYY" -> isoYear = number(node.text(), 4, follows);
      case "IYY", "IY", "I" ->
          isoYear = completed(number(node.text(), key.length(), follows), key.length());
      case "MM" -> month = number(node.text(), 2, follows);
      case "MONTH" -> month = word(node.text(), DateTimeFormat.MONTHS, 0) + 1;
      case "MON" -> month = word(node.text(), DateTimeFormat.MONTHS, 3) + 1;
      case "RM" -> month = word(node.text(), DateTimeFormat.ROMAN, 0) + 1;
      case "DD" -> day = number(node.text(), 2, follows);
      case "DDD" -> dayOfYear = number(node.text(), 3, follows);
      case "DAY" -> word(node.text(), DateTimeFormat.DAYS, 0);
      case "DY" -> word(node.text(), DateTimeFormat.DAYS, 3);
      case "D", "Q" -> number(node.text(), 1, follows);
      case "ID" -> isoDay = number(node.text(), 1, follows);
      case "IDDD" -> {
        int value = number(node.text(), 3, follows);
        isoWeek = (value - 1) / 7 + 1;
        isoDay = (value - 1) % 7 + 1;
      }
      case "WW" -> week = number(node.text(), 2, follows);
      case "IW" -> isoWeek = number(node.text(), 2, follows);
      case "W" -> weekOfMonth = number(node.text(), 1, follows);
      case "CC" -> century = number(node.text(), 2, follows);
      case "J" -> julian = (long) number(node.text(), 9, follows);
      case "HH24" -> hour = number(node.text(), 2, follows);
      case "HH", "HH12" -> {
        hour = number(node.text(), 2, follows);
        twelveHours = true;
      }
      case "MI" -> minute = number(node.text(), 2, follows);
      case "SS" -> second = number(node.text(), 2, follows);
      case "MS" -> micros += fraction(node, 3, follows);
      case "US" -> micros += fraction(node, 6, follows);
      case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6" ->
          micros += fraction(node, key.charAt(2) - '0', follows);
      case "SSSS", "SSSSS" -> {
        int value = number(node.text(), 5, follows);
        hour = value / 3600;
        minute = value / 60 % 60;
        second = value % 60;
      }
      case "AM", "PM", "A.M.", "P.M." ->
          meridiem = word(node.text(), new String[] {"AM", "PM", "A.M.", "P.M."}, 0) % 2 + 1;
      case "AD", "BC", "A.D.", "B.C." ->
          beforeChrist = word(node.text(), new String[] {"AD", "BC", "A.D.", "B.C."}, 0) % 2 == 1;
      case "TZH" -> readZoneHours(node);
      case "TZM" -> {
        zoneMinutes = number(node.text(), 2, follows);
        zoneGiven = true;
      }
      case "OF" -> {
        readZoneHours(node);
        if (at < text.length() && text.charAt(at) == ':') {
          at++;
          zoneMinutes = number(node.text(), 2, false);
        }
      }
      default ->
          throw TypeErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "formatting field \"" + node.text() + "\" is only supported in to_char");
    }
  }

  private void readZoneHours(Node node) {
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      zoneSign = text.charAt(at) == '-' ? -1 : 1;
      at++;
    }
    int start = at;
    while (at < text.length() && at - start < 2 && isDigit(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw invalid(text.substring(start), node.text(), "Value must be an integer.");
    }
    zoneHours = Integer.parseInt(text.substring(start, at));
    zoneGiven = true;
  }

  private long fraction(Node node, int digits, boolean follows) {
    int start = at;
    int value = number(node.text(), digits, follows);
    int length = at - start;
    double scaled = value * Math.pow(10, 6 - length);
    return Math.round(scaled);
  }

  private void setYear(int value) {
    year = value;
    yearGiven = true;
  }

  private void readYearWithComma(Node node) {
    int thousands = number(node.text(), 4, false);
    if (at >= text.length() || text.charAt(at) != ',') {
      throw invalid(text, node.text(), null);
    }
    at++;
    setYear(thousands * 1000 + number(node.text(), 3, true));
  }

  private void readShortYear(Node node, int width, boolean follows) {
    int start = at;
    int value = number(node.text(), width, follows);
    setYear(at - start <= width ? completed(value, at - start) : value);
  }

  /** A year of fewer than four digits, taken to be the nearest to 2020. */
  private static int completed(int value, int digits) {
    if (digits >= 4 || value < 0) {
      return value;
    }
    if (value < 70) {
      return value + 2000;
    }
    if (value < 100) {
      return value + 1900;
    }
    return value < 520 ? value + 2000 : value < 1000 ? value + 1000 : value;
  }

  private ShardForgeException fieldOutOfRange() {
    return TypeErrors.of(
        ErrorCode.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  private long days() {
    if (julian != null) {
      return DateTimeArithmetic.checkDate(julian - 2_451_545);
    }
    if (isoYear != 0 || isoWeek != 0) {
      long start = DateTimeParts.isoYearStart(isoYear == 0 ? 1 : isoYear);
      return start + Math.max(0, isoWeek - 1) * 7L + Math.max(0, isoDay - 1);
    }
    int used = year;
    if (!yearGiven) {
      used = century > 0 ? (century - 1) * 100 + 1 : 0;
    } else if (century > 0 && year < 100) {
      used = (century - 1) * 100 + year;
    }
    if (beforeChrist && used > 0) {
      used = 1 - used;
    } else if (yearGiven && used < 0) {
      used++;
    } else if (used == 0 && !yearGiven) {
      used = 0;
    }
    if (dayOfYear > 0) {
      if (dayOfYear > (Calendar.daysInMonth(used, 2) == 29 ? 366 : 365)) {
        throw fieldOutOfRange();
      }
      return Calendar.daysOf(used, 1, 1) + dayOfYear - 1L;
    }
    if (week > 0) {
      return Calendar.daysOf(used, 1, 1) + (week - 1) * 7L;
    }
    if (weekOfMonth > 0) {
      day = (weekOfMonth - 1) * 7 + 1;
    }
    if (month < 1 || month > 12 || day < 1 || day > Calendar.daysInMonth(used, month)) {
      throw fieldOutOfRange();
    }
    return DateTimeArithmetic.checkDate(Calendar.daysOf(used, month, day));
  }

  private long time() {
    int hours = hour;
    if (twelveHours) {
      if (hours < 1 || hours > 12) {
        throw TypeErrors.of(
                ErrorCode.INVALID_DATETIME_FORMAT,
                "hour \"" + hours + "\" is invalid for the 12-hour clock")
            .withHint("Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      if (meridiem == 2 && hours < 12) {
        hours += 12;
      } else if (meridiem == 1 && hours == 12) {
        hours = 0;
      }
    }
    if (hours > 24 || hours < 0 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      throw fieldOutOfRange();
    }
    return (hours * 60L + minute) * Calendar.MICROS_PER_MINUTE
        + second * Calendar.MICROS_PER_SECOND
        + micros;
  }
}
