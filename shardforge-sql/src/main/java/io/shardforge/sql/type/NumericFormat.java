package io.shardforge.sql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** numeric: text, and PostgreSQL's binary form in base 10000. */
final class NumericFormat extends TypeFormat {
  private static final int NAN = 0xC000;
  private static final int POSITIVE_INFINITY = 0xD000;
  private static final int NEGATIVE_INFINITY = 0xF000;
  private static final int NEGATIVE = 0x4000;
  private static final BigInteger BASE = BigInteger.valueOf(10000);

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return coerce(Numeric.parse(text), typmod, false);
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    return typmod < 4 ? value : ((Numeric) value).fit(typmod);
  }

  @Override
  String format(Object value, TypeContext context) {
    return value.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    Numeric numeric = (Numeric) value;
    if (!numeric.isFinite()) {
      out.putShort(0);
      out.putShort(0);
      out.putShort(
          numeric.isNan() ? NAN : numeric.signum() > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY);
      out.putShort(numeric.isNan() ? 0 : 0x20);
      return;
    }
    BigDecimal decimal = numeric.decimal();
    int scale = decimal.scale();
    int groupsAfterPoint = (scale + 3) / 4;
    BigInteger scaled =
        decimal.unscaledValue().abs().multiply(BigInteger.TEN.pow(groupsAfterPoint * 4 - scale));
    String digits = scaled.signum() == 0 ? "" : scaled.toString();
    int groups = (digits.length() + 3) / 4;
    short[] base = new short[groups];
    int end = digits.length();
    for (int i = groups - 1; i >= 0; i--) {
      base[i] = (short) Integer.parseInt(digits, Math.max(0, end - 4), end, 10);
      end -= 4;
    }
    int used = groups;
    while (used > 0 && base[used - 1] == 0) {
      used--;
    }
    out.putShort(used);
    out.putShort(used == 0 ? 0 : groups - groupsAfterPoint - 1);
    out.putShort(decimal.signum() < 0 ? NEGATIVE : 0);
    out.putShort(scale);
    for (int i = 0; i < used; i++) {
      out.putShort(base[i]);
    }
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    int digits = in.getShort() & 0xFFFF;
    int weight = in.getShort();
    int sign = in.getShort() & 0xFFFF;
    int scale = in.getShort() & 0xFFFF;
    switch (sign) {
      case NAN -> {
        return Numeric.NAN;
      }
      case POSITIVE_INFINITY -> {
        return coerce(Numeric.INFINITY, typmod, false);
      }
      case NEGATIVE_INFINITY -> {
        return coerce(Numeric.NEGATIVE_INFINITY, typmod, false);
      }
      case 0, NEGATIVE -> {}
      default -> throw TypeErrors.invalidBinary("invalid sign in external \"numeric\" value");
    }
    if (scale > Numeric.SCALE_MAX) {
      throw TypeErrors.invalidBinary("invalid scale in external \"numeric\" value");
    }
    if (digits * 2 > in.remaining()) {
      throw new java.nio.BufferUnderflowException();
    }
    StringBuilder decimal = new StringBuilder(digits * 4);
    for (int i = 0; i < digits; i++) {
      int digit = in.getShort();
      if (digit < 0 || digit >= BASE.intValue()) {
        throw TypeErrors.invalidBinary("invalid digit in external \"numeric\" value");
      }
      String text = Integer.toString(digit);
      decimal.repeat('0', 4 - text.length()).append(text);
    }
    BigInteger unscaled = digits == 0 ? BigInteger.ZERO : new BigInteger(decimal.toString());
    BigDecimal magnitude = new BigDecimal(unscaled, (digits - weight - 1) * 4);
    BigDecimal fitted = magnitude.setScale(scale, RoundingMode.DOWN);
    return coerce(Numeric.of(sign == NEGATIVE ? fitted.negate() : fitted), typmod, false);
  }

  @Override
  int compare(Object a, Object b) {
    return ((Numeric) a).compareTo((Numeric) b);
  }

  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    if (arguments.length < 1 || arguments.length > 2) {
      throw TypeErrors.invalidParameter("invalid NUMERIC type modifier");
    }
    long precision = arguments[0];
    long scale = arguments.length == 2 ? arguments[1] : 0;
    if (precision < 1 || precision > Numeric.PRECISION_MAX) {
      throw TypeErrors.invalidParameter(
          "NUMERIC precision " + precision + " must be between 1 and " + Numeric.PRECISION_MAX);
    }
    if (scale < -1000 || scale > 1000) {
      throw TypeErrors.invalidParameter(
          "NUMERIC scale " + scale + " must be between -1000 and 1000");
    }
    return (((int) precision << 16) | ((int) scale & 0x7FF)) + 4;
  }

  @Override
  String typmodText(int typmod) {
    int scale = ((typmod - 4 & 0x7FF) ^ 1024) - 1024;
    return "(" + ((typmod - 4) >> 16 & 0xFFFF) + "," + scale + ")";
  }
}
