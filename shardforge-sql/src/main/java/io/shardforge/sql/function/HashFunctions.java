package io.shardforge.sql.function;

import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's hashes of values, bit by bit: applications make keys of advisory locks of them, and
 * those must be the same wherever they are made.
 */
final class HashFunctions {
  /** What PostgreSQL's variant of Jenkins' hash begins with, besides the length. */
  private static final int START = 0x9e3779b9 + 3923095;

  private static final long NAN_BITS = 0x7ff8000000000000L;

  private static final int DIGITS_IN_ONE = 4;

  private static final BigInteger BASE = BigInteger.valueOf(10_000);

  private HashFunctions() {}

  static void register(FunctionTable t) {
    for (String source : List.of("hashint2", "hashint4", "hashoid")) {
      register(t, source, source + "extended", value -> bytes((int) (long) (Long) value));
    }
    for (String source : List.of("hashint8", "timestamp_hash", "time_hash")) {
      String seeded = source.equals("hashint8") ? "hashint8extended" : source + "_extended";
      register(t, source, seeded, value -> bytes(folded((Long) value)));
    }
    for (String source : List.of("hashfloat4", "hashfloat8")) {
      register(t, source, source + "extended", value -> bytes((Double) value));
    }
    register(t, "hashname", "hashnameextended", value -> bytes((String) value));
    register(t, "hashbpchar", "hashbpcharextended", value -> bytes(unpadded((String) value)));
    register(t, "uuid_hash", "uuid_hash_extended", value -> bytes((UUID) value));
    register(t, "hashinet", "hashinetextended", value -> bytes((NetworkAddress) value));
    register(
        t,
        "hashchar",
        "hashcharextended",
        value -> {
          byte[] text = bytes((String) value);
          return bytes(text.length == 0 ? 0 : (int) text[0]);
        });
    register(t, "hashtext", "hashtextextended", value -> bytes((String) value));
    for (String source : List.of("hashtext", "hashtextextended")) {
      t.wrap(
          source,
          factory ->
              types -> {
                if (Collation.INDETERMINATE.equals(types.collation())) {
                  throw Collation.indeterminate("string hashing");
                }
                return factory.create(types);
              });
    }
    t.of("hash_numeric", Numeric.class, (_, value) -> (long) (int) numeric(value, null));
    t.of("hash_numeric_extended", Numeric.class, Long.class, (_, value, s) -> numeric(value, s));
  }

  /**
   * Registers a hash, and the one with a seed.
   *
   * @param bytes what is hashed of a value; nothing of what is the seed itself, or 0
   */
  private static void register(
      FunctionTable t, String source, String seeded, Function<Object, byte @Nullable []> bytes) {
    t.any(
        source,
        (_, in) -> {
          byte[] hashed = bytes.apply(NullArguments.at(in, 0));
          return hashed == null ? 0L : (long) (int) hash(hashed, 0);
        });
    t.any(
        seeded,
        (_, in) -> {
          long seed = (Long) NullArguments.at(in, 1);
          byte[] hashed = bytes.apply(NullArguments.at(in, 0));
          return hashed == null ? seed : hash(hashed, seed);
        });
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** Of a value that an int has the same as of that. */
  private static int folded(long value) {
    int high = (int) (value >>> 32);
    return (int) value ^ (value >= 0 ? high : ~high);
  }

  /** Zeros of both signs are alike, and so are all NaN. */
  private static byte @Nullable [] bytes(double value) {
    if (value == 0) {
      return null;
    }
    long bits = Double.isNaN(value) ? NAN_BITS : Double.doubleToRawLongBits(value);
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String unpadded(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static byte[] bytes(UUID value) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }

  private static byte[] bytes(NetworkAddress value) {
    byte[] address = value.address();
    return ByteBuffer.allocate(2 + address.length)
        .put((byte) value.family())
        .put((byte) value.bits())
        .put(address)
        .array();
  }

  /** Of PostgreSQL's digits to the base 10,000, without zeros at the ends, and their weight. */
  private static long numeric(Numeric value, @Nullable Long seed) {
    long plain = seed == null ? 0 : seed;
    BigDecimal number = value.isFinite() ? value.decimal().abs() : null;
    if (number == null) {
      return plain;
    }
    if (number.signum() == 0) {
      return plain - 1;
    }
    int ones = Math.ceilDiv(number.scale(), DIGITS_IN_ONE);
    BigInteger rest = number.setScale(ones * DIGITS_IN_ONE).unscaledValue();
    int weight = -ones;
    while (rest.mod(BASE).signum() == 0) {
      rest = rest.divide(BASE);
      weight++;
    }
    int count = 0;
    for (BigInteger left = rest; left.signum() > 0; left = left.divide(BASE)) {
      count++;
    }
    ByteBuffer digits = ByteBuffer.allocate(count * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = count - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      digits.putShort(i * Short.BYTES, parts[1].shortValueExact());
      rest = parts[0];
    }
    return hash(digits.array(), plain) ^ (weight + count - 1);
  }

  /** The hash of 64 bits; without a seed its lower half is the one of 32 bits. */
  private static long hash(byte[] in, long seed) {
    State s = new State(START + in.length);
    if (seed != 0) {
      s.a += (int) (seed >>> 32);
      s.b += (int) seed;
      s.mix();
    }
    int at = 0;
    for (; in.length - at >= 12; at += 12) {
      s.a += word(in, at, 4);
      s.b += word(in, at + 4, 4);
      s.c += word(in, at + 8, 4);
      s.mix();
    }
    int left = in.length - at;
    s.a += word(in, at, Math.min(left, 4));
    s.b += word(in, at + 4, Math.min(left - 4, 4));
    // The lowest byte of the last one is left to the length.
    s.c += word(in, at + 8, left - 8) << 8;
    s.finish();
    return (long) s.b << 32 | Integer.toUnsignedLong(s.c);
  }

  private static int word(byte[] in, int from, int count) {
    int word = 0;
    for (int i = count - 1; i >= 0; i--) {
      word = word << 8 | (in[from + i] & 0xFF);
    }
    return word;
  }

  /** The three words of Jenkins' hash. */
  private static final class State {
    int a;
    int b;
    int c;

    State(int start) {
      a = start;
      b = start;
      c = start;
    }

    void mix() {
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }

    void finish() {
      c = (c ^ b) - Integer.rotateLeft(b, 14);
      a = (a ^ c) - Integer.rotateLeft(c, 11);
      b = (b ^ a) - Integer.rotateLeft(a, 25);
      c = (c ^ b) - Integer.rotateLeft(b, 16);
      a = (a ^ c) - Integer.rotateLeft(c, 4);
      b = (b ^ a) - Integer.rotateLeft(a, 14);
      c = (c ^ b) - Integer.rotateLeft(b, 24);
    }
  }
}
