package io.shardforge.sql.type;

import io.shardforge.sql.type.DateTimeTokens.Kind;
import io.shardforge.sql.type.DateTimeTokens.Token;
import io.shardforge.storage.error.ShardForgeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads intervals in PostgreSQL's verbose, SQL-standard and ISO 8601 forms. One use per value. A
 * sum beyond its field's size is an {@link ArithmeticException} within, 22015 without.
 */
final class IntervalParser {
  /** A unit of an interval. */
  enum Unit {
    MICROSECOND,
    MILLISECOND,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR,
    DECADE,
    CENTURY,
    MILLENNIUM
  }

  /** Words count by their first ten letters. */
  private static final int WORD_LENGTH = 10;

  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("us", Unit.MICROSECOND),
          Map.entry("usec", Unit.MICROSECOND),
          Map.entry("usecs", Unit.MICROSECOND),
          Map.entry("usecond", Unit.MICROSECOND),
          Map.entry("useconds", Unit.MICROSECOND),
          Map.entry("microsecon", Unit.MICROSECOND),
          Map.entry("ms", Unit.MILLISECOND),
          Map.entry("msec", Unit.MILLISECOND),
          Map.entry("msecs", Unit.MILLISECOND),
          Map.entry("msecond", Unit.MILLISECOND),
          Map.entry("mseconds", Unit.MILLISECOND),
          Map.entry("millisecon", Unit.MILLISECOND),
          Map.entry("s", Unit.SECOND),
          Map.entry("sec", Unit.SECOND),
          Map.entry("secs", Unit.SECOND),
          Map.entry("second", Unit.SECOND),
          Map.entry("seconds", Unit.SECOND),
          Map.entry("m", Unit.MINUTE),
          Map.entry("min", Unit.MINUTE),
          Map.entry("mins", Unit.MINUTE),
          Map.entry("minute", Unit.MINUTE),
          Map.entry("minutes", Unit.MINUTE),
          Map.entry("h", Unit.HOUR),
          Map.entry("hr", Unit.HOUR),
          Map.entry("hrs", Unit.HOUR),
          Map.entry("hour", Unit.HOUR),
          Map.entry("hours", Unit.HOUR),
          Map.entry("d", Unit.DAY),
          Map.entry("day", Unit.DAY),
          Map.entry("days", Unit.DAY),
          Map.entry("w", Unit.WEEK),
          Map.entry("week", Unit.WEEK),
          Map.entry("weeks", Unit.WEEK),
          Map.entry("mon", Unit.MONTH),
          Map.entry("mons", Unit.MONTH),
          Map.entry("month", Unit.MONTH),
          Map.entry("months", Unit.MONTH),
          Map.entry("y", Unit.YEAR),
          Map.entry("yr", Unit.YEAR),
          Map.entry("yrs", Unit.YEAR),
          Map.entry("year", Unit.YEAR),
          Map.entry("years", Unit.YEAR),
          Map.entry("dec", Unit.DECADE),
          Map.entry("decs", Unit.DECADE),
          Map.entry("decade", Unit.DECADE),
          Map.entry("decades", Unit.DECADE),
          Map.entry("c", Unit.CENTURY),
          Map.entry("cent", Unit.CENTURY),
          Map.entry("century", Unit.CENTURY),
          Map.entry("centuries", Unit.CENTURY),
          Map.entry("mil", Unit.MILLENNIUM),
          Map.entry("mils", Unit.MILLENNIUM),
          Map.entry("millennium", Unit.MILLENNIUM),
          Map.entry("millennia", Unit.MILLENNIUM));

  private static final Set<Unit> SECONDS =
      EnumSet.of(Unit.SECOND, Unit.MILLISECOND, Unit.MICROSECOND);
  private static final Set<Unit> TIME =
      EnumSet.of(Unit.HOUR, Unit.MINUTE, Unit.SECOND, Unit.MILLISECOND, Unit.MICROSECOND);

  /** A number as C reads it; ISO 8601 fields may have an exponent. */
  private static final Pattern ISO_NUMBER =
      Pattern.compile("-?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  private static final double ISO_NUMBER_MAX = 1e15;

  private final String text;
  private final TypeContext context;
  private final Set<Unit> seen = EnumSet.noneOf(Unit.class);
  private int years;
  private int months;
  private int days;
  private long micros;

  /** The place behind the last number of an ISO 8601 interval. */
  private int position;

  private IntervalParser(String text, TypeContext context) {
    this.text = text;
    this.context = context;
  }

  static Interval parse(String text, int range, TypeContext context) {
    IntervalParser parser = new IntervalParser(text, context);
    try {
      if (text.startsWith("P")) {
        parser.readIso();
      } else {
        parser.readFields(range);
      }
    } catch (ArithmeticException e) {
      throw DateTimeErrors.intervalOverflow(text);
    }
    return parser.result();
  }

  static @Nullable Unit unit(String word) {
    return UNITS.get(word.length() > WORD_LENGTH ? word.substring(0, WORD_LENGTH) : word);
  }

  private Interval result() {
    long total = years * 12L + months;
    if (total != (int) total) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.DATETIME_FIELD_OVERFLOW, "interval out of range");
    }
    return new Interval((int) total, days, micros);
  }

  private ShardForgeException bad() {
    return DateTimeErrors.badFormat("interval", text);
  }

  private static ArithmeticException overflow() {
    return new ArithmeticException("interval field");
  }

  /** Reads the fields from the last to the first, for a unit stands behind its number. */
  private void readFields(int range) {
    List<Token> tokens = DateTimeTokens.split(text);
    if (tokens == null || tokens.isEmpty()) {
      throw bad();
    }
    boolean ago = false;
    boolean negative = leadingSignRules(tokens);
    Unit unit = defaultUnit(range);
    for (Token token : tokens.reversed()) {
      String field = token.text();
      switch (token.kind()) {
        case TIME -> {
          readTime(field, range, false, negative);
          unit = Unit.DAY;
        }
        case ZONE, DATE, NUMBER -> {
          if (token.kind() == Kind.ZONE && field.indexOf(':') > 0) {
            readTime(field.substring(1), range, field.charAt(0) == '-', negative);
            unit = Unit.DAY;
          } else {
            Unit read = readNumber(field, unit, negative);
            unit = read == Unit.HOUR ? Unit.DAY : read;
          }
        }
        case STRING, SPECIAL -> {
          if (field.equals("ago")) {
            ago = true;
            unit = null;
          } else {
            unit = unit(field);
            if (unit == null) {
              throw bad();
            }
          }
        }
      }
    }
    if (seen.isEmpty()) {
      throw bad();
    }
    if (ago) {
      years = Math.negateExact(years);
      months = Math.negateExact(months);
      days = Math.negateExact(days);
      micros = Math.negateExact(micros);
    }
  }

  private void claim(Set<Unit> units) {
    for (Unit unit : units) {
      if (!seen.add(unit)) {
        throw bad();
      }
    }
  }

  /** In the SQL standard's style a leading minus applies to all fields if no other has a sign. */
  private boolean leadingSignRules(List<Token> tokens) {
    if (context.intervalStyle() != IntervalStyle.SQL_STANDARD
        || tokens.getFirst().text().charAt(0) != '-') {
      return false;
    }
    for (int i = 1; i < tokens.size(); i++) {
      char first = tokens.get(i).text().charAt(0);
      if (first == '-' || first == '+') {
        return false;
      }
    }
    return true;
  }

  private void readTime(String field, int range, boolean minus, boolean negative) {
    long time;
    try {
      time = time(field, range);
    } catch (ArithmeticException e) {
      throw minus ? bad() : e;
    }
    claim(TIME);
    micros = minus || negative ? -time : time;
  }

  private static Unit defaultUnit(int range) {
    if (range == IntervalFormat.FULL_RANGE) {
      return Unit.SECOND;
    }
    if ((range & IntervalFormat.SECOND) != 0) {
      return Unit.SECOND;
    }
    if ((range & IntervalFormat.MINUTE) != 0) {
      return Unit.MINUTE;
    }
    if ((range & IntervalFormat.HOUR) != 0) {
      return Unit.HOUR;
    }
    if ((range & IntervalFormat.DAY) != 0) {
      return Unit.DAY;
    }
    if ((range & IntervalFormat.MONTH) != 0) {
      return Unit.MONTH;
    }
    return Unit.YEAR;
  }

  /** Reads a number (or SQL's years-months) of a unit; returns the unit that it used up. */
  private Unit readNumber(String field, @Nullable Unit unit, boolean allNegative) {
    boolean minus = field.charAt(0) == '-';
    boolean negative = minus || allNegative;
    String digits = minus || field.charAt(0) == '+' ? field.substring(1) : field;
    int dash = digits.indexOf('-');
    if (dash >= 0) {
      long wholeYears = integer(digits.substring(0, dash), negative);
      long part = integer(digits.substring(dash + 1), negative);
      if (Math.abs(part) >= 12) {
        throw overflow();
      }
      claim(EnumSet.of(Unit.MONTH));
      addMonths(Math.addExact(Math.multiplyExact(wholeYears, 12L), part));
      return Unit.MONTH;
    }
    int point = digits.indexOf('.');
    long whole =
        point == 0 ? 0 : integer(point < 0 ? digits : digits.substring(0, point), negative);
    double fraction = 0;
    if (point >= 0 && point + 1 < digits.length()) {
      requireDigits(digits.substring(point + 1));
      fraction = Double.parseDouble("0" + digits.substring(point));
    } else if (point == 0) {
      throw bad();
    }
    if (unit == null) {
      throw bad();
    }
    add(whole, negative ? -fraction : fraction, unit);
    claim(unit == Unit.SECOND && fraction != 0 ? SECONDS : EnumSet.of(unit));
    return unit;
  }

  private void requireDigits(String digits) {
    if (digits.isEmpty()) {
      throw bad();
    }
    for (int i = 0; i < digits.length(); i++) {
      if (!DateTimeTokens.isDigit(digits.charAt(i))) {
        throw bad();
      }
    }
  }

  private long integer(String digits, boolean negative) {
    requireDigits(digits);
    try {
      return Long.parseLong(negative ? "-" + digits : digits);
    } catch (NumberFormatException e) {
      throw overflow();
    }
  }

  private void add(long whole, double fraction, Unit unit) {
    switch (unit) {
      case MICROSECOND -> addMicros(whole, fraction, 1);
      case MILLISECOND -> addMicros(whole, fraction, 1000);
      case SECOND -> addMicros(whole, fraction, Calendar.MICROS_PER_SECOND);
      case MINUTE -> addMicros(whole, fraction, Calendar.MICROS_PER_MINUTE);
      case HOUR -> addMicros(whole, fraction, Calendar.MICROS_PER_HOUR);
      case DAY -> {
        addDays(whole, 1);
        addMicros(0, fraction, Calendar.MICROS_PER_DAY);
      }
      case WEEK -> {
        addDays(whole, 7);
        addPartOfDays(fraction * 7);
      }
      case MONTH -> {
        addMonths(whole);
        addPartOfDays(fraction * 30);
      }
      case YEAR -> addYears(whole, fraction, 1);
      case DECADE -> addYears(whole, fraction, 10);
      case CENTURY -> addYears(whole, fraction, 100);
      case MILLENNIUM -> addYears(whole, fraction, 1000);
    }
  }

  /** Adds whole units and the fraction of one; half a microsecond counts for nothing. */
  private void addMicros(long whole, double fraction, long unit) {
    micros = Math.addExact(micros, Math.multiplyExact(whole, unit));
    double part = fraction * unit;
    long more = (long) part;
    double rest = part - more;
    if (rest > 0.5) {
      more++;
    } else if (rest < -0.5) {
      more--;
    }
    micros = Math.addExact(micros, more);
  }

  private void addDays(long whole, int daysPerUnit) {
    days = Math.addExact(days, Math.multiplyExact(Math.toIntExact(whole), daysPerUnit));
  }

  private void addPartOfDays(double part) {
    int wholeDays = (int) part;
    days = Math.addExact(days, wholeDays);
    addMicros(0, part - wholeDays, Calendar.MICROS_PER_DAY);
  }

  private void addMonths(long whole) {
    months = Math.addExact(months, Math.toIntExact(whole));
  }

  private void addYears(long whole, double fraction, int yearsPerUnit) {
    years = Math.addExact(years, Math.multiplyExact(Math.toIntExact(whole), yearsPerUnit));
    months = Math.addExact(months, (int) Math.rint(fraction * yearsPerUnit * 12));
  }

  private long time(String field, int range) {
    String[] parts = field.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw bad();
    }
    String last = parts[parts.length - 1];
    double fraction = 0;
    int point = last.indexOf('.');
    if (point >= 0) {
      if (point + 1 < last.length()) {
        requireDigits(last.substring(point + 1));
        fraction = Double.parseDouble("0" + last.substring(point));
      }
      last = last.substring(0, point);
    }
    long hours = integer(parts[0], false);
    long minutes;
    long seconds;
    if (parts.length == 3) {
      minutes = integer(parts[1], false);
      seconds = integer(last, false);
    } else if (point >= 0 || range == (IntervalFormat.MINUTE | IntervalFormat.SECOND)) {
      seconds = integer(last, false);
      minutes = hours;
      hours = 0;
    } else {
      minutes = integer(last, false);
      seconds = 0;
    }
    if (minutes > 59 || seconds > 60) {
      throw overflow();
    }
    return Math.addExact(
        Math.multiplyExact(hours, Calendar.MICROS_PER_HOUR),
        (minutes * 60 + seconds) * Calendar.MICROS_PER_SECOND
            + (long) Math.rint(fraction * Calendar.MICROS_PER_SECOND));
  }

  /** Reads P1Y2M3DT4H5M6S, P1W, and the alternatives P0001-02-03T04:05:06 and P00010203T040506. */
  private void readIso() {
    position = 1;
    boolean timePart = false;
    boolean any = false;
    if (text.length() < 2) {
      throw bad();
    }
    while (position < text.length()) {
      if (isoChar() == 'T') {
        timePart = true;
        any = false;
        position++;
        continue;
      }
      int start = position;
      double number = isoNumber();
      char designator = isoChar();
      Unit unit = timePart ? isoTimeUnit(designator) : isoDateUnit(designator);
      if (unit != null) {
        position++;
        addIso(number, unit);
        any = true;
        continue;
      }
      if (any) {
        throw bad();
      }
      int width = isoWidth(start);
      if (timePart) {
        readIsoTime(number, width);
      } else {
        readIsoDate(number, width);
      }
    }
  }

  /** The character at the position; NUL behind the end. */
  private char isoChar() {
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private static @Nullable Unit isoDateUnit(char designator) {
    return switch (designator) {
      case 'Y' -> Unit.YEAR;
      case 'M' -> Unit.MONTH;
      case 'W' -> Unit.WEEK;
      case 'D' -> Unit.DAY;
      default -> null;
    };
  }

  private static @Nullable Unit isoTimeUnit(char designator) {
    return switch (designator) {
      case 'H' -> Unit.HOUR;
      case 'M' -> Unit.MINUTE;
      case 'S' -> Unit.SECOND;
      default -> null;
    };
  }

  private double isoNumber() {
    Matcher matcher = ISO_NUMBER.matcher(text).region(position, text.length());
    if (!matcher.lookingAt()) {
      throw bad();
    }
    position = matcher.end();
    double number = Double.parseDouble(matcher.group());
    if (Math.abs(number) > ISO_NUMBER_MAX) {
      throw overflow();
    }
    return number;
  }

  /** How many digits follow at a number's start. */
  private int isoWidth(int start) {
    int from = text.charAt(start) == '-' ? start + 1 : start;
    int end = from;
    while (end < text.length() && DateTimeTokens.isDigit(text.charAt(end))) {
      end++;
    }
    return end - from;
  }

  private void addIso(double number, Unit unit) {
    add((long) number, number - (long) number, unit);
  }

  /** The date of an alternative form up to its T or the end. */
  private void readIsoDate(double number, int width) {
    char next = isoChar();
    if (width == 8 && (next == 'T' || next == '\0')) {
      long whole = (long) number;
      add(whole / 10000, 0, Unit.YEAR);
      add(whole / 100 % 100, 0, Unit.MONTH);
      add(whole % 100, number - whole, Unit.DAY);
      return;
    }
    addIso(number, Unit.YEAR);
    for (Unit unit : List.of(Unit.MONTH, Unit.DAY)) {
      if (isoChar() != '-') {
        break;
      }
      position++;
      addIso(isoNumber(), unit);
    }
    requireIsoEnd(true);
  }

  private void readIsoTime(double number, int width) {
    if (width == 6 && isoChar() == '\0') {
      long whole = (long) number;
      add(whole / 10000, 0, Unit.HOUR);
      add(whole / 100 % 100, 0, Unit.MINUTE);
      add(whole % 100, 0, Unit.SECOND);
      addMicros(0, number - whole, 1);
      return;
    }
    addIso(number, Unit.HOUR);
    for (Unit unit : List.of(Unit.MINUTE, Unit.SECOND)) {
      if (isoChar() != ':') {
        break;
      }
      position++;
      addIso(isoNumber(), unit);
    }
    requireIsoEnd(false);
  }

  private void requireIsoEnd(boolean timeMayFollow) {
    char next = isoChar();
    if (next != '\0' && !(timeMayFollow && next == 'T')) {
      throw bad();
    }
  }
}
