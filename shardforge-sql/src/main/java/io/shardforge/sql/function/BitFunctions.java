package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.BitString;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.function.BinaryOperator;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions, operators and aggregates of bit strings. */
final class BitFunctions {
  private BitFunctions() {}

  static void register(FunctionTable t) {
    Class<BitString> b = BitString.class;
    Class<Long> n = Long.class;
    t.comparisons("bit", b, b, BitString::compareTo);
    t.of("bitcmp", b, b, (_, x, y) -> (long) Integer.signum(x.compareTo(y)));
    t.of("bit_and", b, b, (_, x, y) -> and(x, y));
    t.of("bit_or", b, b, (_, x, y) -> or(x, y));
    t.of("bitxor", b, b, (_, x, y) -> xor(x, y));
    t.of("bitnot", b, (_, x) -> x.inverted());
    t.of("bitshiftleft", b, n, (_, x, by) -> x.shifted(-by));
    t.of("bitshiftright", b, n, (_, x, by) -> x.shifted(by));
    t.of("bitcat", b, b, (_, x, y) -> x.followedBy(y));
    t.of("bitsubstr", b, n, n, (_, x, from, count) -> part(x, from, count));
    t.of("bitsubstr_no_len", b, n, (_, x, from) -> part(x, from, Integer.MAX_VALUE));
    t.of("bitoverlay", b, b, n, n, (_, x, y, from, count) -> overlay(x, y, from, count));
    t.of("bitoverlay_no_len", b, b, n, (_, x, y, from) -> overlay(x, y, from, y.length()));
    t.of("bitposition", b, b, (_, x, y) -> position(x, y));
    t.of("bitlength", b, (_, x) -> (long) x.length());
    t.of("bit_length(bit)", b, (_, x) -> (long) x.length());
    t.of("bitoctetlength", b, (_, x) -> (long) x.bytes().length);
    t.of("bit_bit_count", b, (_, x) -> x.count());
    t.of("bitgetbit", b, n, (_, x, index) -> x.get(index(x, index)) ? 1L : 0L);
    t.of("bitsetbit", b, n, n, BitFunctions::withBit);
    t.typed("bitfromint4", types -> ofNumber(types, Integer.SIZE));
    t.typed("bitfromint8", types -> ofNumber(types, Long.SIZE));
    t.of("bittoint4", b, (_, x) -> (long) (int) number(x, Integer.SIZE, "integer"));
    t.of("bittoint8", b, (_, x) -> number(x, Long.SIZE, "bigint"));
    t.any("bit", BitFunctions::fitted);
    t.any("varbit", BitFunctions::fitted);
    t.aggregate("bit_and(bit)", () -> new Folded(BitFunctions::and));
    t.aggregate("bit_or(bit)", () -> new Folded(BitFunctions::or));
    t.aggregate("bit_xor(bit)", () -> new Folded(BitFunctions::xor));
  }

  private static BitString and(BitString x, BitString y) {
    return combined(x, y, "AND", (a, b) -> a & b);
  }

  private static BitString or(BitString x, BitString y) {
    return combined(x, y, "OR", (a, b) -> a | b);
  }

  private static BitString xor(BitString x, BitString y) {
    return combined(x, y, "XOR", (a, b) -> a ^ b);
  }

  private static BitString combined(BitString x, BitString y, String verb, IntBinaryOperator each) {
    if (x.length() != y.length()) {
      throw TypeErrors.of(
          ErrorCode.STRING_DATA_LENGTH_MISMATCH,
          "cannot " + verb + " bit strings of different sizes");
    }
    byte[] out = new byte[x.bytes().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) each.applyAsInt(x.bytes()[i], y.bytes()[i]);
    }
    return BitString.of(x.length(), out);
  }

  private static BitString part(BitString x, long from, long count) {
    if (count < 0) {
      throw TypeErrors.of(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long start = Math.clamp(from - 1, 0, x.length());
    long end = Math.clamp(from - 1 + count, start, x.length());
    return x.part((int) start, (int) (end - start));
  }

  private static BitString overlay(BitString x, BitString y, long from, long count) {
    if (from <= 0) {
      throw TypeErrors.of(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return part(x, 1, from - 1).followedBy(y).followedBy(part(x, from + count, Integer.MAX_VALUE));
  }

  private static long position(BitString x, BitString y) {
    if (x.length() == 0) {
      return 0;
    }
    for (int at = 0; at + y.length() <= x.length(); at++) {
      int same = 0;
      while (same < y.length() && x.get(at + same) == y.get(same)) {
        same++;
      }
      if (same == y.length()) {
        return at + 1L;
      }
    }
    return 0;
  }

  private static int index(BitString x, long index) {
    if (index < 0 || index >= x.length()) {
      throw TypeErrors.of(
          ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "bit index " + index + " out of valid range (0.." + (x.length() - 1) + ")");
    }
    return (int) index;
  }

  private static BitString withBit(EvalContext context, BitString x, Long index, Long bit) {
    int place = index(x, index);
    if (bit != 0 && bit != 1) {
      throw TypeErrors.invalidParameter("new bit must be 0 or 1");
    }
    return x.with(place, bit == 1);
  }

  /** The lowest bits of a number; as many as the result's modifier, or a second argument, says. */
  private static ScalarFunction ofNumber(CallTypes types, int width) {
    return (_, in) -> {
      long number = (Long) NullArguments.at(in, 0);
      long wanted = in.length > 1 ? (Long) NullArguments.at(in, 1) : types.result().typmod();
      int length = wanted < 1 || wanted > BitString.LENGTH_MAX ? 1 : (int) wanted;
      BitString bits = BitString.zeros(length);
      for (int i = 0; i < length; i++) {
        // Beyond its width a number goes on with its sign.
        if ((number >> Math.min(i, width - 1) & 1) != 0) {
          bits = bits.with(length - 1 - i, true);
        }
      }
      return bits;
    };
  }

  private static long number(BitString x, int width, String type) {
    if (x.length() > width) {
      throw TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, type + " out of range");
    }
    long number = 0;
    for (int i = 0; i < x.length(); i++) {
      number = number << 1 | (x.get(i) ? 1 : 0);
    }
    return number;
  }

  /** The functions by which a length is given to a value: value, length, whether by a cast. */
  private static Object fitted(EvalContext context, @Nullable Object[] in) {
    BitString bits = (BitString) NullArguments.at(in, 0);
    long length = (Long) NullArguments.at(in, 1);
    return length <= 0 || length > BitString.LENGTH_MAX ? bits : bits.resized((int) length);
  }

  /** All values combined, null if there is none. */
  private static final class Folded implements Accumulator {
    private final BinaryOperator<BitString> operator;
    private @Nullable BitString value;

    Folded(BinaryOperator<BitString> operator) {
      this.operator = operator;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      offer((BitString) arguments[0]);
    }

    private void offer(@Nullable BitString next) {
      if (next != null) {
        value = value == null ? next : operator.apply(value, next);
      }
    }

    @Override
    public void merge(Accumulator other) {
      offer(((Folded) other).value);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return value;
    }

    @Override
    public long memoryBytes() {
      BitString bits = value;
      return 64L + (bits == null ? 0 : bits.bytes().length);
    }
  }
}
