package io.shardforge.sql.function;

import io.shardforge.sql.type.Numeric;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** to_char of numbers and to_number, in the C locale. */
final class NumberFormat {
  private static final int ROMAN_WIDTH = 15;

  /** Where a number has fewer digits than its template has places: PostgreSQL's text ends there. */
  private static final char NO_DIGIT = '\0';

  private final NumberTemplate template;

  /** The digits, with a point if the template has one; # where they do not fit. */
  private final String number;

  private final char sign;

  /** Places before the point that the number has no digit for. */
  private final int spaces;

  private final boolean brackets;
  private final NumberTemplate.Anchor anchor;

  /** The last digit that is written without trailing zeros; -1 if all are. */
  private final int lastRelevant;

  private final StringBuilder out = new StringBuilder();
  private final int end;
  private boolean signWritten;
  private boolean inNumber;
  private int place;
  private int digit;

  private NumberFormat(
      NumberTemplate template, int before, int after, String number, char sign, int spaces) {
    this.template = template;
    this.number = number;
    this.sign = sign;
    this.spaces = spaces;
    boolean plus = template.hasPlus();
    boolean minus = template.hasMinus();
    boolean fill = template.isFill();
    if (plus || minus) {
      // MI and SG are written where they stand, not before the digits.
      signWritten = minus;
      brackets = template.hasBrackets();
      anchor = template.anchor();
    } else {
      brackets = template.hasBrackets() && (sign == '-' || !fill);
      signWritten = sign == '+' && fill && !template.isAnchored();
      anchor =
          template.anchor() == NumberTemplate.Anchor.BEFORE && before == template.signAt()
              ? NumberTemplate.Anchor.BEHIND
              : template.anchor();
    }
    this.lastRelevant = fill && template.hasPoint() ? lastRelevant() : -1;
    int count = after + before - 1 + (!signWritten && spaces == 0 ? 1 : 0);
    this.end = count + (spaces > 0 ? 1 : 0) + (template.hasPoint() ? 1 : 0);
  }

  static void register(FunctionTable t) {
    for (String source : List.of("int4_to_char", "int8_to_char")) {
      t.of(
          source,
          Long.class,
          String.class,
          (_, a, pattern) -> format(Numeric.of(BigDecimal.valueOf(a)), pattern));
    }
    for (String source : List.of("float4_to_char", "float8_to_char")) {
      int digits = source.startsWith("float4") ? 6 : 15;
      t.of(source, Double.class, String.class, (_, a, pattern) -> format(a, digits, pattern));
    }
    t.of("numeric_to_char", Numeric.class, String.class, (_, a, pattern) -> format(a, pattern));
    t.of(
        "numeric_to_number",
        String.class,
        String.class,
        (_, text, pattern) -> pattern.isEmpty() ? null : NumberReader.read(text, pattern));
  }

  private static String format(Numeric number, String pattern) {
    NumberTemplate template = new NumberTemplate(pattern);
    if (!number.isFinite()) {
      String text = number.isNan() ? "NaN" : "Infinity";
      return notFinite(template, text, template.after(), number.signum() < 0);
    }
    BigDecimal value = number.decimal();
    if (template.isRoman()) {
      return roman(template, value.setScale(0, RoundingMode.HALF_UP));
    }
    if (template.isScientific()) {
      return scientific(value, template.after(), RoundingMode.HALF_UP);
    }
    BigDecimal shifted =
        value.scaleByPowerOfTen(template.shift()).setScale(template.after(), RoundingMode.HALF_UP);
    String text = shifted.abs().toPlainString();
    return lay(template, text, template.after(), shifted.signum() < 0 ? '-' : '+');
  }

  private static String format(double number, int digits, String pattern) {
    NumberTemplate template = new NumberTemplate(pattern);
    if (!Double.isFinite(number)) {
      String text = Double.isNaN(number) ? "NaN" : "Infinity";
      int after = text.length() >= digits ? 0 : Math.min(template.after(), digits - text.length());
      return notFinite(template, text, after, number < 0);
    }
    BigDecimal value = new BigDecimal(number);
    if (template.isRoman()) {
      return roman(template, value.setScale(0, RoundingMode.HALF_EVEN));
    }
    if (template.isScientific()) {
      String text = scientific(value, template.after(), RoundingMode.HALF_EVEN);
      // What is less than any digit keeps its sign, as -0 has one.
      return Double.doubleToRawLongBits(number) < 0 ? "-" + text.substring(1) : text;
    }
    BigDecimal shifted =
        template.shift() == 0 ? value : new BigDecimal(number * Math.pow(10, template.shift()));
    int whole = shifted.abs().setScale(0, RoundingMode.HALF_EVEN).toPlainString().length();
    int after = whole >= digits ? 0 : Math.min(template.after(), digits - whole);
    String text = shifted.abs().setScale(after, RoundingMode.HALF_EVEN).toPlainString();
    boolean negative = Double.doubleToRawLongBits(number) < 0;
    return lay(template, text, after, negative ? '-' : '+');
  }

  private static String notFinite(
      NumberTemplate template, String text, int after, boolean negative) {
    if (template.isRoman()) {
      return roman(template, BigDecimal.ZERO);
    }
    if (template.isScientific()) {
      int before = template.before();
      return " " + "#".repeat(before) + "." + "#".repeat(template.after() + 4);
    }
    return lay(template, text, after, negative ? '-' : '+');
  }

  private static String lay(NumberTemplate template, String text, int after, char sign) {
    int before = template.before() + template.shift();
    int point = text.indexOf('.');
    int whole = point < 0 ? text.length() : point;
    String number = whole > before ? "#".repeat(before) + "." + "#".repeat(after) : text;
    return new NumberFormat(template, before, after, number, sign, Math.max(0, before - whole))
        .write();
  }

  private static String roman(NumberTemplate template, BigDecimal number) {
    boolean fits = number.signum() > 0 && number.compareTo(BigDecimal.valueOf(3999)) <= 0;
    String letters = fits ? letters(number.intValue()) : "#".repeat(ROMAN_WIDTH);
    StringBuilder out = new StringBuilder();
    for (NumberTemplate.Part part : template.parts()) {
      if (part.key() == null) {
        out.append(part.text());
      } else if (part.key() == NumberTemplate.Key.ROMAN) {
        String text = part.lower() ? letters.toLowerCase(Locale.ROOT) : letters;
        out.append(template.isFill() ? "" : " ".repeat(ROMAN_WIDTH - text.length())).append(text);
      }
    }
    return out.toString();
  }

  private static String letters(int number) {
    int[] values = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    String[] letters = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
    StringBuilder out = new StringBuilder();
    int rest = number;
    for (int i = 0; i < values.length; i++) {
      while (rest >= values[i]) {
        out.append(letters[i]);
        rest -= values[i];
      }
    }
    return out.toString();
  }

  private static String scientific(BigDecimal number, int after, RoundingMode rounding) {
    int exponent = number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    BigDecimal mantissa = number.movePointLeft(exponent).setScale(after, rounding);
    if (mantissa.abs().compareTo(BigDecimal.TEN) >= 0) {
      exponent++;
      mantissa = number.movePointLeft(exponent).setScale(after, rounding);
    }
    return (mantissa.signum() < 0 ? "-" : " ")
        + mantissa.abs().toPlainString()
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private int lastRelevant() {
    int last = number.indexOf('.');
    if (last < 0) {
      return -1;
    }
    for (int i = last + 1; i < number.length(); i++) {
      if (number.charAt(i) != '0') {
        last = i;
      }
    }
    if (template.zeroEnd() > spaces) {
      last = Math.max(last, Math.min(number.length() - 1, template.zeroEnd() - spaces));
    }
    return last;
  }

  private String write() {
    for (NumberTemplate.Part part : template.parts()) {
      NumberTemplate.Key key = part.key();
      if (key == null) {
        out.append(part.text());
        continue;
      }
      switch (key) {
        case NINE, ZERO, POINT, DECIMAL -> place(key == NumberTemplate.Key.ZERO);
        case COMMA, GROUP -> {
          if (inNumber) {
            out.append(',');
          } else {
            pad();
          }
        }
        case SYMBOL -> out.append(' ');
        case ORDINAL -> {
          if (!number.startsWith("#") && sign != '-' && !template.hasPoint()) {
            String suffix = DateTimeFormat.ordinal(number);
            out.append(part.lower() ? suffix : suffix.toUpperCase(Locale.ROOT));
          }
        }
        case MINUS -> signOrPad(sign == '-');
        case PLUS -> signOrPad(sign == '+');
        case SIGN -> out.append(sign);
        case BLANK, CURRENCY, EXPONENT, FILL, BRACKETS, ROMAN, SPELLED, ANCHORED, SHIFT -> {}
      }
    }
    int cut = out.indexOf(String.valueOf(NO_DIGIT));
    return cut < 0 ? out.toString() : out.substring(0, cut);
  }

  private void pad() {
    if (!template.isFill()) {
      out.append(' ');
    }
  }

  private void signOrPad(boolean written) {
    if (written) {
      out.append(sign);
    } else {
      pad();
    }
  }

  private char current() {
    return digit < number.length() ? number.charAt(digit) : NO_DIGIT;
  }

  private boolean endsAtPoint() {
    return lastRelevant >= 0 && number.charAt(lastRelevant) == '.';
  }

  /** Whether a zero is next that stands alone before the point, which is not written. */
  private boolean isLoneZero() {
    return !template.hasZero() && digit == 0 && current() == '0' && template.after() != 0;
  }

  /** Writes one digit or the point, with the sign where it belongs. */
  private void place(boolean zero) {
    inNumber = false;
    boolean zeroHere = template.hasZero() && template.zeroStart() <= place;
    if (!signWritten
        && (place >= spaces || (template.hasZero() && template.zeroStart() == place))
        && (!isLoneZero() || endsAtPoint())) {
      leadingSign();
    }
    if (place < spaces) {
      if (zeroHere) {
        out.append('0');
        inNumber = true;
      } else {
        pad();
      }
    } else {
      digitOrPoint(zero);
    }
    int last = lastRelevant >= 0 && lastRelevant == digit ? place : end;
    if (place + 1 == last) {
      if (signWritten && brackets) {
        out.append(sign == '+' ? ' ' : '>');
      } else if (template.isAnchored() && anchor == NumberTemplate.Anchor.BEHIND) {
        out.append(sign);
      }
    }
    place++;
  }

  private void leadingSign() {
    if (template.isAnchored()) {
      if (anchor == NumberTemplate.Anchor.BEFORE) {
        out.append(sign);
        signWritten = true;
      }
    } else if (brackets) {
      out.append(sign == '+' ? ' ' : '<');
      signWritten = true;
    } else {
      if (sign == '-') {
        out.append('-');
      } else {
        pad();
      }
      signWritten = true;
    }
  }

  private void digitOrPoint(boolean zero) {
    char c = current();
    boolean leftOut = lastRelevant >= 0 && digit > lastRelevant && !zero;
    if (c == '.') {
      out.append('.');
    } else if (!leftOut && isLoneZero()) {
      if (!template.isFill()) {
        out.append(' ');
      } else if (endsAtPoint()) {
        out.append('0');
      }
    } else if (!leftOut) {
      out.append(c);
      inNumber = true;
    }
    if (c != NO_DIGIT) {
      digit++;
    }
  }
}
