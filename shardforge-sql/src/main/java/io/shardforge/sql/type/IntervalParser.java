package io.shardforge.sql.type;

import io.shardforge.sql.type.DateTimeTokens.Kind;
import io.shardforge.sql.type.DateTimeTokens.Token;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads intervals in PostgreSQL's verbose, SQL-standard and ISO 8601 forms. One use per value. */
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

  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("us", Unit.MICROSECOND),
          Map.entry("usec", Unit.MICROSECOND),
          Map.entry("usecs", Unit.MICROSECOND),
          Map.entry("usecond", Unit.MICROSECOND),
          Map.entry("useconds", Unit.MICROSECOND),
          Map.entry("microsecon", Unit.MICROSECOND),
          Map.entry("microsecond", Unit.MICROSECOND),
          Map.entry("microseconds", Unit.MICROSECOND),
          Map.entry("ms", Unit.MILLISECOND),
          Map.entry("msec", Unit.MILLISECOND),
          Map.entry("msecs", Unit.MILLISECOND),
          Map.entry("msecond", Unit.MILLISECOND),
          Map.entry("mseconds", Unit.MILLISECOND),
          Map.entry("millisecond", Unit.MILLISECOND),
          Map.entry("milliseconds", Unit.MILLISECOND),
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

  private final String text;
  private final TypeContext context;
  private long months;
  private long days;
  private long micros;

  private IntervalParser(String text, TypeContext context) {
    this.text = text;
    this.context = context;
  }

  static Interval parse(String text, int range, TypeContext context) {
    IntervalParser parser = new IntervalParser(text, context);
    try {
      String stripped = Text.stripSpace(text);
      if (stripped.startsWith("P")) {
        parser.readIso(stripped);
      } else {
        parser.readFields(range);
      }
    } catch (ArithmeticException e) {
      throw DateTimeErrors.intervalOverflow(text);
    }
    return parser.result();
  }

  static @Nullable Unit unit(String word) {
    return UNITS.get(word);
  }

  private Interval result() {
    if (months != (int) months || days != (int) days) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.DATETIME_FIELD_OVERFLOW, "interval out of range");
    }
    return new Interval((int) months, (int) days, micros);
  }

  private ShardForgeException bad() {
    return DateTimeErrors.badFormat("interval", text);
  }

  private void readFields(int range) {
    List<Token> tokens = DateTimeTokens.split(text);
    if (tokens == null || tokens.isEmpty()) {
      throw bad();
    }
    boolean ago = false;
    boolean any = false;
    boolean pendingUnit = false;
    Unit unit = null;
    java.util.EnumSet<Unit> seen = java.util.EnumSet.noneOf(Unit.class);
    boolean allNegative = leadingSignRules(tokens);
    for (int i = tokens.size() - 1; i >= 0; i--) {
      Token token = tokens.get(i);
      String field = token.text();
      switch (token.kind()) {
        case TIME -> {
          if (pendingUnit) {
            throw bad();
          }
          claimTime(seen);
          micros = Math.addExact(micros, signed(time(field, range), allNegative));
          unit = Unit.DAY;
          any = true;
        }
        case ZONE, DATE, NUMBER -> {
          if (token.kind() == Kind.ZONE && field.indexOf(':') > 0) {
            if (pendingUnit) {
              throw bad();
            }
            claimTime(seen);
            long time = time(field.substring(1), range);
            micros = Math.addExact(micros, field.charAt(0) == '-' ? -time : time);
            unit = Unit.DAY;
            any = true;
            break;
          }
          Unit used = unit == null ? defaultUnit(range) : unit;
          Unit claimed = readNumber(field, used, allNegative);
          if (!seen.add(claimed)) {
            throw bad();
          }
          pendingUnit = false;
          any = true;
        }
        case STRING, SPECIAL -> {
          if (field.equals("ago")) {
            if (i != tokens.size() - 1) {
              throw bad();
            }
            ago = true;
            break;
          }
          if (field.equals("at") || field.equals("on")) {
            break;
          }
          Unit named = UNITS.get(field);
          if (named == null || pendingUnit) {
            throw bad();
          }
          unit = named;
          pendingUnit = true;
        }
      }
    }
    if (!any || pendingUnit) {
      throw bad();
    }
    if (ago) {
      months = Math.negateExact(months);
      days = Math.negateExact(days);
      micros = Math.negateExact(micros);
    }
  }

  private void claimTime(java.util.EnumSet<Unit> seen) {
    for (Unit unit : List.of(Unit.HOUR, Unit.MINUTE, Unit.SECOND)) {
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

  private static long signed(long value, boolean negative) {
    return negative && value > 0 ? -value : value;
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
  private Unit readNumber(String field, Unit unit, boolean allNegative) {
    boolean negative = field.charAt(0) == '-';
    String digits = negative || field.charAt(0) == '+' ? field.substring(1) : field;
    int dash = digits.indexOf('-');
    if (dash >= 0) {
      long years = integer(digits.substring(0, dash));
      long part = integer(digits.substring(dash + 1));
      if (part >= 12) {
        throw DateTimeErrors.intervalOverflow(text);
      }
      long total = Math.addExact(Math.multiplyExact(years, 12L), part);
      months = Math.addExact(months, negative || allNegative ? -total : total);
      return Unit.MONTH;
    }
    int point = digits.indexOf('.');
    long whole = point == 0 ? 0 : integer(point < 0 ? digits : digits.substring(0, point));
    double fraction = 0;
    if (point >= 0 && point + 1 < digits.length()) {
      requireDigits(digits.substring(point + 1));
      fraction = Double.parseDouble("0" + digits.substring(point));
    } else if (point == 0) {
      throw bad();
    }
    if (negative || allNegative) {
      whole = -whole;
      fraction = -fraction;
    }
    add(whole, fraction, unit);
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

  private long integer(String digits) {
    requireDigits(digits);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw DateTimeErrors.intervalOverflow(text);
    }
  }

  private void add(long whole, double fraction, Unit unit) {
    if (unit.compareTo(Unit.DAY) >= 0) {
      Math.toIntExact(whole);
    }
    switch (unit) {
      case MICROSECOND -> addMicros(whole, fraction, 1);
      case MILLISECOND -> addMicros(whole, fraction, 1000);
      case SECOND -> addMicros(whole, fraction, Calendar.MICROS_PER_SECOND);
      case MINUTE -> addMicros(whole, fraction, Calendar.MICROS_PER_MINUTE);
      case HOUR -> addMicros(whole, fraction, Calendar.MICROS_PER_HOUR);
      case DAY -> {
        days = Math.addExact(days, whole);
        addMicros(0, fraction, Calendar.MICROS_PER_DAY);
      }
      case WEEK -> {
        days = Math.addExact(days, Math.multiplyExact(whole, 7L));
        addDays(fraction, 7);
      }
      case MONTH -> {
        months = Math.addExact(months, whole);
        addDays(fraction, 30);
      }
      case YEAR -> addMonths(whole, fraction, 12);
      case DECADE -> addMonths(whole, fraction, 120);
      case CENTURY -> addMonths(whole, fraction, 1200);
      case MILLENNIUM -> addMonths(whole, fraction, 12000);
    }
  }

  private void addMicros(long whole, double fraction, long unit) {
    micros =
        Math.addExact(
            micros,
            Math.addExact(Math.multiplyExact(whole, unit), (long) Math.rint(fraction * unit)));
  }

  private void addDays(double fraction, int daysPerUnit) {
    double part = fraction * daysPerUnit;
    long wholeDays = (long) part;
    days = Math.addExact(days, wholeDays);
    addMicros(0, part - wholeDays, Calendar.MICROS_PER_DAY);
  }

  private void addMonths(long whole, double fraction, int monthsPerUnit) {
    months =
        Math.addExact(
            months,
            Math.addExact(
                Math.multiplyExact(whole, (long) monthsPerUnit),
                (long) Math.rint(fraction * monthsPerUnit)));
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
    long hours = integer(parts[0]);
    long minutes;
    long seconds;
    if (parts.length == 3) {
      minutes = integer(parts[1]);
      seconds = integer(last);
    } else if (point >= 0 || range == (IntervalFormat.MINUTE | IntervalFormat.SECOND)) {
      seconds = integer(last);
      minutes = hours;
      hours = 0;
    } else {
      minutes = integer(last);
      seconds = 0;
    }
    if (minutes > 59 || seconds > 60) {
      throw DateTimeErrors.intervalOverflow(text);
    }
    return Math.addExact(
        Math.multiplyExact(hours, Calendar.MICROS_PER_HOUR),
        (minutes * 60 + seconds) * Calendar.MICROS_PER_SECOND
            + (long) Math.rint(fraction * Calendar.MICROS_PER_SECOND));
  }

  /** Reads P1Y2M3DT4H5M6S, P1W, and the alternative P0001-02-03T04:05:06. */
  private void readIso(String in) {
    int i = 1;
    boolean timePart = false;
    boolean any = false;
    if (in.length() < 2) {
      throw bad();
    }
    while (i < in.length()) {
      char c = in.charAt(i);
      if (c == 'T') {
        if (timePart) {
          throw bad();
        }
        timePart = true;
        i++;
        any = true;
        continue;
      }
      int start = i;
      if (c == '-' || c == '+') {
        i++;
      }
      while (i < in.length() && (DateTimeTokens.isDigit(in.charAt(i)) || in.charAt(i) == '.')) {
        i++;
      }
      String number = in.substring(start, i);
      if (number.isEmpty() || i > start + 20) {
        throw bad();
      }
      if (i == in.length() || "-:T".indexOf(in.charAt(i)) >= 0) {
        i = readIsoAlternative(in, start, timePart);
        any = true;
        continue;
      }
      Unit unit =
          switch (in.charAt(i++)) {
            case 'Y' -> timePart ? null : Unit.YEAR;
            case 'M' -> timePart ? Unit.MINUTE : Unit.MONTH;
            case 'W' -> timePart ? null : Unit.WEEK;
            case 'D' -> timePart ? null : Unit.DAY;
            case 'H' -> timePart ? Unit.HOUR : null;
            case 'S' -> timePart ? Unit.SECOND : null;
            default -> null;
          };
      if (unit == null) {
        throw bad();
      }
      readNumber(number, unit, false);
      any = true;
    }
    if (!any) {
      throw bad();
    }
  }

  private int readIsoAlternative(String in, int start, boolean timePart) {
    int end = timePart ? in.length() : in.indexOf('T', start);
    if (end < 0) {
      end = in.length();
    }
    String part = in.substring(start, end);
    boolean negative = part.startsWith("-");
    String body = negative ? part.substring(1) : part;
    if (timePart) {
      if (body.indexOf(':') < 0) {
        if (body.length() == 6) {
          body = body.substring(0, 2) + ":" + body.substring(2, 4) + ":" + body.substring(4);
        } else {
          throw bad();
        }
      }
      long time = time(body, IntervalFormat.FULL_RANGE);
      micros = Math.addExact(micros, negative ? -time : time);
      return end;
    }
    String[] fields = body.split("-", -1);
    if (fields.length == 1 && body.length() == 8) {
      fields = new String[] {body.substring(0, 4), body.substring(4, 6), body.substring(6)};
    }
    long sign = negative ? -1 : 1;
    months = Math.addExact(months, sign * integer(fields[0]) * 12);
    if (fields.length > 1) {
      months = Math.addExact(months, sign * integer(fields[1]));
    }
    if (fields.length > 2) {
      days = Math.addExact(days, sign * integer(fields[2]));
    }
    if (fields.length > 3) {
      throw bad();
    }
    return end;
  }
}
