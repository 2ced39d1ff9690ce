package io.shardforge.sql.function;

import io.shardforge.sql.expr.LongFunction;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;

/** Arithmetic and bits of smallint, integer and bigint, with overflow as an error. */
final class IntegerFunctions {
  private IntegerFunctions() {}

  /** The range of a result type. */
  private enum Width {
    INT2("smallint", Short.MIN_VALUE, Short.MAX_VALUE),
    INT4("integer", Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT8("bigint", Long.MIN_VALUE, Long.MAX_VALUE);

    private final String type;
    private final long min;
    private final long max;

    Width(String type, long min, long max) {
      this.type = type;
      this.min = min;
      this.max = max;
    }

    long check(long value) {
      if (value < min || value > max) {
        throw TypeErrors.outOfRange(type);
      }
      return value;
    }
  }

  static void register(FunctionTable t) {
    arithmetic(t, "int2", Width.INT2);
    arithmetic(t, "int4", Width.INT4);
    arithmetic(t, "int24", Width.INT4);
    arithmetic(t, "int42", Width.INT4);
    for (String prefix : List.of("int8", "int28", "int82", "int48", "int84")) {
      arithmeticLong(t, prefix);
    }
    oneSided(t, "int2", Width.INT2);
    oneSided(t, "int4", Width.INT4);
    oneSided(t, "int8", Width.INT8);
    t.longs("int2shl", (a, b) -> (short) ((int) a << (int) b));
    t.longs("int2shr", (a, b) -> (short) ((int) a >> (int) b));
    t.longs("int4shl", (a, b) -> (int) a << (int) b);
    t.longs("int4shr", (a, b) -> (int) a >> (int) b);
    t.longs("int8shl", (a, b) -> a << b);
    t.longs("int8shr", (a, b) -> a >> b);
    t.longs("int4gcd", (a, b) -> Width.INT4.check(gcd(a, b)));
    t.longs("int8gcd", IntegerFunctions::gcd);
    t.longs("int4lcm", (a, b) -> Width.INT4.check(lcm(a, b)));
    t.longs("int8lcm", IntegerFunctions::lcm);
    t.of("int4inc", Long.class, (_, a) -> Width.INT4.check(a + 1));
    t.of("to_hex32", Long.class, (_, a) -> Integer.toHexString((int) (long) a));
    t.of("to_hex64", Long.class, (_, a) -> Long.toHexString(a));
    t.of("to_oct32", Long.class, (_, a) -> Integer.toOctalString((int) (long) a));
    t.of("to_oct64", Long.class, (_, a) -> Long.toOctalString(a));
    t.of("to_bin32", Long.class, (_, a) -> Integer.toBinaryString((int) (long) a));
    t.of("to_bin64", Long.class, (_, a) -> Long.toBinaryString(a));
  }

  private static void arithmetic(FunctionTable t, String prefix, Width width) {
    t.longs(prefix + "pl", (a, b) -> width.check(a + b));
    t.longs(prefix + "mi", (a, b) -> width.check(a - b));
    t.longs(prefix + "mul", (a, b) -> width.check(a * b));
    t.longs(prefix + "div", (a, b) -> width.check(divide(a, b)));
  }

  private static void arithmeticLong(FunctionTable t, String prefix) {
    t.longs(prefix + "pl", IntegerFunctions::add);
    t.longs(prefix + "mi", IntegerFunctions::subtract);
    t.longs(prefix + "mul", IntegerFunctions::multiply);
    t.longs(
        prefix + "div",
        (a, b) -> {
          if (b == -1) {
            return subtract(0, a);
          }
          return divide(a, b);
        });
  }

  private static void oneSided(FunctionTable t, String prefix, Width width) {
    LongFunction modulo =
        (a, b) -> {
          if (b == 0) {
            throw TypeErrors.divisionByZero();
          }
          return a % b;
        };
    t.longs(prefix + "mod", modulo);
    t.longs(prefix + "and", (a, b) -> a & b);
    t.longs(prefix + "or", (a, b) -> a | b);
    t.longs(prefix + "xor", (a, b) -> a ^ b);
    t.of(prefix + "not", Long.class, (_, a) -> ~a);
    t.of(prefix + "up", Long.class, (_, a) -> a);
    t.of(prefix + "um", Long.class, (_, a) -> negate(a, width));
    t.of(prefix + "abs", Long.class, (_, a) -> a < 0 ? negate(a, width) : a);
  }

  private static long negate(long a, Width width) {
    if (a == width.min) {
      throw TypeErrors.outOfRange(width.type);
    }
    return -a;
  }

  static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw TypeErrors.outOfRange("bigint");
    }
    return sum;
  }

  static long subtract(long a, long b) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw TypeErrors.outOfRange("bigint");
    }
    return difference;
  }

  static long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high != low >> 63) {
      throw TypeErrors.outOfRange("bigint");
    }
    return low;
  }

  private static long divide(long a, long b) {
    if (b == 0) {
      throw TypeErrors.divisionByZero();
    }
    return a / b;
  }

  private static long gcd(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = y == -1 ? 0 : x % y;
      x = y;
      y = rest;
    }
    if (x == Long.MIN_VALUE) {
      throw TypeErrors.outOfRange("bigint");
    }
    return Math.abs(x);
  }

  private static long lcm(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    long product = multiply(a / gcd(a, b), b);
    if (product == Long.MIN_VALUE) {
      throw TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
    }
    return Math.abs(product);
  }
}
