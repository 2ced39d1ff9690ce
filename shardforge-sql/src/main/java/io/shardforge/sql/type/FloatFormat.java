package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.Locale;

/** float4 and float8: shortest decimal that reads back exactly; NaN is equal to itself and last. */
final class FloatFormat extends TypeFormat {
  private static final double BOUNDARY_CHECK_FROM = 1e7;

  private final boolean single;

  FloatFormat(boolean single) {
    this.single = single;
  }

  private String name() {
    return single ? "real" : "double precision";
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    String word = Text.stripSpace(text);
    String unsigned =
        !word.isEmpty() && (word.charAt(0) == '-' || word.charAt(0) == '+')
            ? word.substring(1)
            : word;
    switch (unsigned.toLowerCase(Locale.ROOT)) {
      case "nan" -> {
        return Double.NaN;
      }
      case "infinity", "inf" -> {
        return word.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      default -> {}
    }
    if (!isDecimal(unsigned)) {
      throw TypeErrors.invalidText(name(), text);
    }
    double value = single ? Float.parseFloat(word) : Double.parseDouble(word);
    if (Double.isInfinite(value) || (value == 0 && hasNonZeroDigit(unsigned))) {
      throw new ShardForgeException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + word + "\" is out of range for type " + name());
    }
    return value;
  }

  /** Java also reads hexadecimal floats and type suffixes, which are not SQL. */
  private static boolean isDecimal(String text) {
    boolean digits = false;
    int i = 0;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
      digits = true;
    }
    if (i < text.length() && text.charAt(i) == '.') {
      i++;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
        digits = true;
      }
    }
    if (!digits) {
      return false;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int start = i;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
      }
      if (i == start) {
        return false;
      }
    }
    return i == text.length();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean hasNonZeroDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'e' || c == 'E') {
        return false;
      }
      if (c >= '1' && c <= '9') {
        return true;
      }
    }
    return false;
  }

  @Override
  String format(Object value, TypeContext context) {
    double number = (Double) value;
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "Infinity" : "-Infinity";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    if (context.extraFloatDigits() > 0) {
      if (!single && number == Math.rint(number) && Math.abs(number) < 1e15) {
        return Long.toString((long) number);
      }
      return layOut(shortest(number), single ? 6 : 15);
    }
    int digits = Math.max(1, (single ? 6 : 15) + context.extraFloatDigits());
    return layOut(new BigDecimal(number).round(new MathContext(digits)), digits);
  }

  private BigDecimal shortest(double number) {
    BigDecimal decimal =
        new BigDecimal(single ? Float.toString((float) number) : Double.toString(number))
            .stripTrailingZeros();
    if (decimal.precision() == 2) {
      // Java prints at least two digits, PostgreSQL the one digit that suffices.
      BigDecimal one = decimal.round(new MathContext(1));
      double back = single ? one.floatValue() : one.doubleValue();
      if (back == number) {
        return one.stripTrailingZeros();
      }
    }
    if (Math.abs(number) >= BOUNDARY_CHECK_FROM) {
      return withinBounds(decimal, number);
    }
    return decimal;
  }

  /**
   * Java accepts a decimal that lies exactly half way to the next float, PostgreSQL does not and
   * prints one digit more. Only numbers beyond 2^54 have such decimals among their shortest.
   */
  private BigDecimal withinBounds(BigDecimal decimal, double number) {
    if (!isHalfWay(decimal, number)) {
      return decimal;
    }
    BigDecimal exact = new BigDecimal(number);
    for (int digits = decimal.precision() + 1; digits <= 17; digits++) {
      BigDecimal candidate = exact.round(new MathContext(digits));
      double back = single ? candidate.floatValue() : candidate.doubleValue();
      if (back == number && !isHalfWay(candidate, number)) {
        return candidate;
      }
    }
    return exact;
  }

  private boolean isHalfWay(BigDecimal decimal, double number) {
    BigDecimal exact = new BigDecimal(number);
    double next =
        decimal.compareTo(exact) > 0
            ? (single ? Math.nextUp((float) number) : Math.nextUp(number))
            : (single ? Math.nextDown((float) number) : Math.nextDown(number));
    if (Double.isInfinite(next)) {
      return false;
    }
    return exact.add(new BigDecimal(next)).compareTo(decimal.add(decimal)) == 0;
  }

  /** Fixed notation for exponents from -4 below {@code fixedBelow}, else scientific. */
  private static String layOut(BigDecimal value, int fixedBelow) {
    BigDecimal decimal = value.stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < fixedBelow) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder();
    if (decimal.signum() < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10) {
      out.append('0');
    }
    return out.append(Math.abs(exponent)).toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    if (single) {
      out.putFloat((float) (double) (Double) value);
    } else {
      out.putDouble((Double) value);
    }
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return single ? (double) in.getFloat() : in.getDouble();
  }

  @Override
  int compare(Object a, Object b) {
    return compare((double) (Double) a, (double) (Double) b);
  }

  static int compare(double a, double b) {
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
    if (a == b) {
      return 0;
    }
    return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
  }

  @Override
  int hash(Object value) {
    double number = (Double) value;
    return number == 0 ? 0 : Double.hashCode(number);
  }
}
