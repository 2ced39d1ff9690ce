package io.shardforge.sql.type;

import io.shardforge.sql.type.DateTimeTokens.Kind;
import io.shardforge.sql.type.DateTimeTokens.Token;
import io.shardforge.storage.error.ShardForgeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates, times and timestamps as PostgreSQL does: fields in nearly any order, decided by
 * their looks and by the DateStyle. One use per value.
 */
final class DateTimeParser {
  private static final int YEAR = 1;
  private static final int MONTH = 2;
  private static final int DAY = 4;
  private static final int DATE = YEAR | MONTH | DAY;
  private static final int DAY_OF_YEAR = 8;
  private static final int TIME = 16;
  private static final int ZONE = 32;
  private static final int DAYLIGHT = 64;
  private static final int MERIDIEM = 128;
  private static final int ERA = 256;
  private static final int WEEKDAY = 512;
  private static final int DISPLACEMENT_HOURS_MAX = 15;

  private final String type;
  private final String text;
  private final TypeContext context;
  private final boolean timeOnly;

  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
  int micros;

  /** Set for 'infinity' (1) and '-infinity' (-1). */
  int infinity;

  /** Seconds east of Greenwich, if the input names an offset. */
  @Nullable Integer offset;

  private @Nullable ZoneId zone;
  private int seen;
  private int dayOfYear;
  private boolean textMonth;
  private boolean twoDigitYear;
  private boolean julian;
  private boolean beforeChrist;
  private int meridiem;

  private DateTimeParser(String type, String text, TypeContext context, boolean timeOnly) {
    this.type = type;
    this.text = text;
    this.context = context;
    this.timeOnly = timeOnly;
  }

  /** Reads a date or timestamp. */
  static DateTimeParser readDate(String type, String text, TypeContext context) {
    DateTimeParser parser = new DateTimeParser(type, text, context, false);
    parser.run();
    return parser;
  }

  /** Reads a time of day. */
  static DateTimeParser readTime(String type, String text, TypeContext context) {
    DateTimeParser parser = new DateTimeParser(type, text, context, true);
    parser.run();
    return parser;
  }

  long days() {
    return Calendar.daysOf(year, month, day);
  }

  long timeOfDay() {
    return ((hour * 60L + minute) * 60 + second) * Calendar.MICROS_PER_SECOND + micros;
  }

  /** The same of a value without a date, for which a leap second must not go beyond the day. */
  long checkedTimeOfDay() {
    long time = timeOfDay();
    if (time > Calendar.MICROS_PER_DAY) {
      throw DateTimeErrors.fieldOverflow(text);
    }
    return time;
  }

  /** Local microseconds since 2000-01-01; 22008 beyond the range. */
  long localMicros() {
    long days = days();
    long local;
    try {
      local = Math.addExact(Math.multiplyExact(days, Calendar.MICROS_PER_DAY), timeOfDay());
    } catch (ArithmeticException e) {
      throw DateTimeErrors.outOfRange("timestamp", text);
    }
    return local;
  }

  /** Seconds east of Greenwich of the value that was read: given, of a zone, or the session's. */
  int effectiveOffset() {
    if (offset != null) {
      return offset;
    }
    ZoneId used = zone != null ? zone : context.zone();
    long local =
        (seen & DATE) == DATE ? localMicros() : Calendar.toLocal(context.transactionMicros(), used);
    return Calendar.offsetOfLocal(local, used);
  }

  private ShardForgeException bad() {
    return DateTimeErrors.badFormat(type, text);
  }

  private void run() {
    List<Token> tokens = DateTimeTokens.split(text);
    if (tokens == null || tokens.isEmpty()) {
      throw bad();
    }
    String pending = "";
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      int mask;
      switch (token.kind()) {
        case DATE -> {
          mask = readDateField(token.text(), i, tokens, pending);
          pending = "";
        }
        case TIME -> {
          if (!pending.isEmpty()) {
            if (!pending.equals("t")) {
              throw bad();
            }
            pending = "";
          }
          readTime(token.text());
          mask = TIME;
        }
        case ZONE -> {
          mask = readZone(token.text());
        }
        case NUMBER -> {
          mask = readNumberField(token.text(), i, tokens, pending);
          pending = "";
        }
        case STRING, SPECIAL -> {
          if (isUnit(token.text())) {
            checkUnit(token.text(), i, tokens);
            pending = token.text();
            continue;
          }
          mask = readWord(token.text());
        }
        default -> throw bad();
      }
      if ((seen & mask) != 0) {
        throw bad();
      }
      seen |= mask;
    }
    if (!pending.isEmpty()) {
      throw bad();
    }
    if (infinity == 0) {
      finish();
    }
  }

  private static boolean isUnit(String word) {
    return word.equals("j") || word.equals("jd") || word.equals("julian") || word.equals("t");
  }

  private void checkUnit(String word, int index, List<Token> tokens) {
    if (index + 1 >= tokens.size()) {
      throw bad();
    }
    if (word.equals("t")) {
      Kind next = tokens.get(index + 1).kind();
      if ((!timeOnly && (seen & DATE) != DATE)
          || (next != Kind.NUMBER && next != Kind.TIME && next != Kind.DATE)) {
        throw bad();
      }
    }
  }

  private int readDateField(String field, int index, List<Token> tokens, String pending) {
    if (pending.startsWith("j")) {
      return readJulianWithZone(field);
    }
    boolean dateAllowed =
        !timeOnly
            || (index == 0
                && tokens.size() >= 2
                && (tokens.getLast().kind() == Kind.DATE || tokens.get(1).kind() == Kind.TIME));
    if ((seen & DATE) == DATE || !pending.isEmpty() || !dateAllowed) {
      if (DateTimeTokens.isDigit(field.charAt(0))) {
        if ((seen & TIME) != 0) {
          throw bad();
        }
        int dash = field.indexOf('-');
        if (dash < 0) {
          throw bad();
        }
        offset = displacement(field.substring(dash));
        return ZONE | readRunTogether(field.substring(0, dash), seen | DATE);
      }
      ZoneId named = TimeZones.byName(field);
      if (named == null) {
        throw TypeErrors.invalidParameter("time zone \"" + field + "\" not recognized");
      }
      zone = named;
      return ZONE;
    }
    if (!DateTimeTokens.isDigit(field.charAt(0))) {
      ZoneId named = TimeZones.byName(field);
      if (named != null && (seen & TIME) != 0) {
        zone = named;
        return ZONE;
      }
    }
    return readDate(field);
  }

  /** Reads a day and an offset west of Greenwich, such as 2452271-08. */
  private int readJulianWithZone(String field) {
    int dash = field.indexOf('-');
    if (dash < 0) {
      throw bad();
    }
    offset = displacement(field.substring(dash));
    return readJulian(field.substring(0, dash)) | TIME | ZONE;
  }

  private int readJulian(String field) {
    long number;
    double fraction = 0;
    int point = field.indexOf('.');
    String whole = point < 0 ? field : field.substring(0, point);
    try {
      number = Long.parseLong(whole);
      if (point >= 0) {
        fraction = Double.parseDouble("0" + field.substring(point));
      }
    } catch (NumberFormatException e) {
      throw bad();
    }
    if (number < 0 || number > Calendar.DATE_END + (long) Calendar.EPOCH_JULIAN) {
      throw DateTimeErrors.fieldOverflow(text);
    }
    Calendar.Date date = Calendar.dateOf(number - Calendar.EPOCH_JULIAN);
    year = date.year();
    month = date.month();
    day = date.day();
    julian = true;
    if (point < 0) {
      return DATE;
    }
    long time = Math.round(fraction * Calendar.MICROS_PER_DAY);
    setTime(time);
    return DATE | TIME;
  }

  private void setTime(long time) {
    hour = (int) (time / Calendar.MICROS_PER_HOUR);
    minute = (int) (time / Calendar.MICROS_PER_MINUTE % 60);
    second = (int) (time / Calendar.MICROS_PER_SECOND % 60);
    micros = (int) (time % Calendar.MICROS_PER_SECOND);
  }

  /** Reads a date of three parts with delimiters. */
  private int readDate(String field) {
    List<String> parts = new ArrayList<>();
    int i = 0;
    while (i < field.length()) {
      int start = i;
      if (DateTimeTokens.isDigit(field.charAt(i))) {
        while (i < field.length() && DateTimeTokens.isDigit(field.charAt(i))) {
          i++;
        }
      } else if (DateTimeTokens.isLetter(field.charAt(i))) {
        while (i < field.length() && DateTimeTokens.isLetter(field.charAt(i))) {
          i++;
        }
      } else {
        i++;
        continue;
      }
      parts.add(field.substring(start, i));
    }
    int found = seen;
    for (String part : parts) {
      if (DateTimeTokens.isLetter(part.charAt(0))) {
        int named = DateTimeTokens.month(part);
        if (named == 0 || (found & MONTH) != 0) {
          throw bad();
        }
        month = named;
        textMonth = true;
        found |= MONTH;
      }
    }
    for (String part : parts) {
      if (!DateTimeTokens.isLetter(part.charAt(0))) {
        int mask = readNumber(part, found);
        if ((found & mask) != 0) {
          throw bad();
        }
        found |= mask;
      }
    }
    if ((found & ~(DAY_OF_YEAR | ZONE)) != DATE) {
      throw bad();
    }
    return found & ~seen;
  }

  /** Decides what a number in a date means by what is known so far. */
  private int readNumber(String field, int known) {
    int point = field.indexOf('.');
    String digits = point < 0 ? field : field.substring(0, point);
    if (digits.isEmpty()) {
      throw bad();
    }
    if (point >= 0) {
      if (digits.length() > 2) {
        return readRunTogether(field, known | DATE);
      }
      micros = fraction(field.substring(point));
    }
    int value = number(digits);
    int length = field.length();
    if (length == 3 && (known & DATE) == YEAR && value >= 1 && value <= 366) {
      dayOfYear = value;
      return DAY_OF_YEAR | MONTH | DAY;
    }
    DateStyle.Order order = context.dateStyle().order();
    int mask;
    switch (known & DATE) {
      case 0 ->
          mask =
              length >= 3 || order == DateStyle.Order.YMD
                  ? YEAR
                  : order == DateStyle.Order.DMY ? DAY : MONTH;
      case YEAR -> mask = MONTH;
      case MONTH -> mask = textMonth && (length >= 3 || order == DateStyle.Order.YMD) ? YEAR : DAY;
      case YEAR | MONTH -> {
        mask = DAY;
        if (textMonth && length >= 3 && twoDigitYear) {
          day = year;
          year = value;
          twoDigitYear = false;
          return DAY;
        }
      }
      case DAY -> mask = MONTH;
      case MONTH | DAY -> mask = YEAR;
      case DATE -> {
        return readRunTogether(field, known);
      }
      default -> throw bad();
    }
    switch (mask) {
      case YEAR -> {
        year = value;
        twoDigitYear = length <= 2;
      }
      case MONTH -> month = value;
      default -> day = value;
    }
    return mask;
  }

  private int readNumberField(String field, int index, List<Token> tokens, String pending) {
    if (pending.startsWith("j")) {
      return readJulian(field);
    }
    if (pending.equals("t")) {
      return readRunTogether(field, seen | DATE);
    }
    int point = field.indexOf('.');
    int length = field.length();
    if (timeOnly) {
      if (point >= 0) {
        if (index == 0 && tokens.size() >= 2 && tokens.getLast().kind() == Kind.DATE) {
          return readDate(field);
        }
        if (point > 2) {
          return readRunTogether(field, seen | DATE);
        }
        throw bad();
      }
      return length > 4 ? readRunTogether(field, seen | DATE) : readNumber(field, seen | DATE);
    }
    if (point >= 0 && (seen & DATE) == 0) {
      return readDate(field);
    }
    if (point > 2) {
      return readRunTogether(field, seen);
    }
    if (length >= 6 && ((seen & DATE) == 0 || (seen & TIME) == 0)) {
      return readRunTogether(field, seen);
    }
    return readNumber(field, seen);
  }

  /** Reads yyyymmdd, hhmmss or hhmm, the latter two with fractions. */
  private int readRunTogether(String field, int known) {
    String digits = field;
    int point = field.indexOf('.');
    if (point >= 0) {
      micros = fraction(field.substring(point));
      digits = field.substring(0, point);
    } else if ((known & DATE) != DATE && digits.length() >= 6) {
      int length = digits.length();
      day = number(digits.substring(length - 2));
      month = number(digits.substring(length - 4, length - 2));
      year = number(digits.substring(0, length - 4));
      twoDigitYear = length == 6;
      return DATE;
    }
    if ((known & TIME) == 0) {
      if (digits.length() == 6) {
        second = number(digits.substring(4));
        minute = number(digits.substring(2, 4));
        hour = number(digits.substring(0, 2));
        checkTime();
        return TIME;
      }
      if (digits.length() == 4) {
        second = 0;
        minute = number(digits.substring(2));
        hour = number(digits.substring(0, 2));
        checkTime();
        return TIME;
      }
    }
    throw bad();
  }

  /** Reads hh:mm, hh:mm:ss or mm:ss.ffffff. */
  private void readTime(String field) {
    String[] parts = field.split(":", -1);
    if (parts.length > 3 || parts.length < 2) {
      throw bad();
    }
    hour = number(parts[0]);
    String last = parts[parts.length - 1];
    int point = last.indexOf('.');
    if (point >= 0) {
      micros = fraction(last.substring(point));
      last = last.substring(0, point);
    }
    if (parts.length == 3) {
      minute = timePart(parts[1]);
      second = timePart(last);
    } else if (point >= 0) {
      minute = hour;
      second = timePart(last);
      hour = 0;
    } else {
      minute = timePart(last);
      second = 0;
    }
    if (micros == Calendar.MICROS_PER_SECOND) {
      second++;
      micros = 0;
    }
    checkTime();
  }

  private void checkTime() {
    if (minute > 59
        || second > 60
        || hour > 24
        || (hour == 24 && (minute > 0 || second > 0 || micros > 0))) {
      throw DateTimeErrors.fieldOverflow(text);
    }
  }

  /** An empty part counts as zero, as in "10:". */
  private int timePart(String digits) {
    return digits.isEmpty() ? 0 : number(digits);
  }

  private int number(String digits) {
    if (digits.isEmpty()) {
      throw bad();
    }
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      for (int i = 0; i < digits.length(); i++) {
        if (!DateTimeTokens.isDigit(digits.charAt(i))) {
          throw bad();
        }
      }
      throw DateTimeErrors.fieldOverflow(text);
    }
  }

  /** Microseconds of ".ffffff", rounded. */
  private int fraction(String field) {
    if (field.equals(".")) {
      return 0;
    }
    for (int i = 1; i < field.length(); i++) {
      if (!DateTimeTokens.isDigit(field.charAt(i))) {
        throw bad();
      }
    }
    return (int) Math.rint(Double.parseDouble("0" + field) * Calendar.MICROS_PER_SECOND);
  }

  private int readZone(String field) {
    offset = (offset == null ? 0 : offset) + displacement(field);
    return ZONE;
  }

  private int displacement(String field) {
    try {
      return zoneDisplacement(field);
    } catch (NumberFormatException e) {
      throw bad();
    } catch (java.time.DateTimeException e) {
      throw DateTimeErrors.displacementOverflow(text);
    }
  }

  /**
   * Seconds east of "+hh", "+hhmm", "+hh:mm" or "+hh:mm:ss".
   *
   * @throws NumberFormatException for anything else
   * @throws java.time.DateTimeException beyond 15:59:59
   */
  static int zoneDisplacement(String field) {
    boolean west = field.charAt(0) == '-';
    String[] parts = field.substring(1).split(":", -1);
    if (parts.length > 3 || field.indexOf('-', 1) >= 0 || field.indexOf('+', 1) >= 0) {
      throw new NumberFormatException(field);
    }
    int hours = Integer.parseInt(parts[0]);
    int minutes = 0;
    int seconds = 0;
    if (parts.length == 1 && parts[0].length() > 2) {
      minutes = hours % 100;
      hours /= 100;
    } else if (parts.length > 1) {
      minutes = Integer.parseInt(parts[1]);
      seconds = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
    }
    if (hours > DISPLACEMENT_HOURS_MAX || minutes > 59 || seconds > 59) {
      throw new java.time.DateTimeException(field);
    }
    int total = (hours * 60 + minutes) * 60 + seconds;
    return west ? -total : total;
  }

  private int readWord(String word) {
    int named = DateTimeTokens.month(word);
    if (named != 0) {
      int mask = MONTH;
      if ((seen & MONTH) != 0 && !textMonth && (seen & DAY) == 0 && month >= 1 && month <= 31) {
        day = month;
        mask = DAY;
      }
      textMonth = true;
      month = named;
      return mask;
    }
    if (DateTimeTokens.isDayOfWeek(word)) {
      return WEEKDAY;
    }
    return switch (word) {
      case "at", "on" -> 0;
      case "infinity", "+infinity" -> {
        infinity = 1;
        yield requireDate(DATE | TIME);
      }
      case "-infinity" -> {
        infinity = -1;
        yield requireDate(DATE | TIME);
      }
      case "epoch" -> {
        setDate(Calendar.daysOf(1970, 1, 1));
        offset = 0;
        yield requireDate(DATE | TIME | ZONE);
      }
      case "now" -> {
        long local = Calendar.toLocal(context.transactionMicros(), context.zone());
        setDate(Math.floorDiv(local, Calendar.MICROS_PER_DAY));
        setTime(Math.floorMod(local, Calendar.MICROS_PER_DAY));
        offset = Calendar.offsetAt(context.transactionMicros(), context.zone());
        yield DATE | TIME | ZONE;
      }
      case "today", "tomorrow", "yesterday" -> {
        long local = Calendar.toLocal(context.transactionMicros(), context.zone());
        long days = Math.floorDiv(local, Calendar.MICROS_PER_DAY);
        setDate(days + (word.equals("tomorrow") ? 1 : word.equals("yesterday") ? -1 : 0));
        yield DATE;
      }
      case "allballs" -> {
        offset = 0;
        yield TIME | ZONE;
      }
      case "am", "pm" -> {
        meridiem = word.equals("am") ? 1 : 2;
        yield MERIDIEM;
      }
      case "ad", "bc" -> {
        beforeChrist = word.equals("bc");
        yield ERA;
      }
      case "dst" -> {
        offset = (offset == null ? 0 : offset) + 3600;
        yield DAYLIGHT;
      }
      default -> readZoneName(word);
    };
  }

  private int requireDate(int mask) {
    if (timeOnly) {
      throw bad();
    }
    return mask;
  }

  private int readZoneName(String word) {
    if (word.equals("z")) {
      offset = 0;
      return ZONE;
    }
    Integer seconds = TimeZones.abbreviation(word);
    if (seconds != null) {
      offset = seconds;
      return TimeZones.isDaylight(word) ? ZONE | DAYLIGHT : ZONE;
    }
    ZoneId named = TimeZones.byName(word);
    if (named == null) {
      throw bad();
    }
    zone = named;
    return ZONE;
  }

  private void setDate(long days) {
    Calendar.Date date = Calendar.dateOf(days);
    year = date.year();
    month = date.month();
    day = date.day();
    julian = true;
  }

  private void finish() {
    if ((seen & YEAR) != 0) {
      if (!julian) {
        if (beforeChrist) {
          if (year <= 0) {
            throw DateTimeErrors.fieldOverflow(text);
          }
          year = 1 - year;
        } else if (twoDigitYear) {
          year += year < 70 ? 2000 : year < 100 ? 1900 : 0;
        } else if (year <= 0) {
          throw DateTimeErrors.fieldOverflow(text);
        }
      }
      if ((seen & DAY_OF_YEAR) != 0) {
        Calendar.Date date = Calendar.dateOf(Calendar.daysOf(year, 1, 1) + (long) dayOfYear - 1);
        year = date.year();
        month = date.month();
        day = date.day();
      }
    }
    if ((seen & MONTH) != 0 && (month < 1 || month > 12)) {
      throw DateTimeErrors.monthOrDayOverflow(text);
    }
    if ((seen & DAY) != 0 && (day < 1 || day > 31)) {
      throw DateTimeErrors.monthOrDayOverflow(text);
    }
    if ((seen & DATE) == DATE && day > Calendar.daysInMonth(year, month)) {
      throw DateTimeErrors.fieldOverflow(text);
    }
    if (meridiem != 0) {
      if (hour > 12) {
        throw DateTimeErrors.fieldOverflow(text);
      }
      if (meridiem == 1 && hour == 12) {
        hour = 0;
      } else if (meridiem == 2 && hour != 12) {
        hour += 12;
      }
    }
    if (timeOnly ? (seen & TIME) == 0 : (seen & DATE) != DATE) {
      throw bad();
    }
    if (timeOnly && zone != null && (seen & DATE) != DATE && !zone.getRules().isFixedOffset()) {
      throw bad(); // without a date nobody knows the zone's offset
    }
  }

  boolean hasDate() {
    return (seen & DATE) == DATE;
  }

  /** True if the year is within what the calendar arithmetic covers. */
  boolean isCalendarDate() {
    return (year > -4713 && year < 5874898)
        || (year == -4713 && (month > 11 || (month == 11 && day >= 24)))
        || (year == 5874898 && month < 6);
  }
}
