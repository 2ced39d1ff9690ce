package io.shardforge.storage.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** For every type and order: keys compare as values do, and decode to what was encoded. */
class KeyOrderProperties {
  private static final long SEED = 42;
  private static final int PAIRS = 4_000;

  private final Randomness random = Randomness.seeded(SEED);

  /** How one type is made up, ordered, written and read. */
  private record Column<T>(
      Supplier<T> values,
      Comparator<T> order,
      Encoding<T> encoding,
      @Nullable Decoding<T> decoding) {}

  private interface Encoding<T> {
    void encode(KeyEncoder encoder, T value, KeyOrder order);
  }

  private interface Decoding<T> {
    T decode(KeyDecoder decoder, KeyOrder order);
  }

  @Test
  void ordersBooleans() {
    check(
        new Column<>(
            () -> random.nextInt(2) == 0,
            Comparator.naturalOrder(),
            KeyEncoder::putBool,
            KeyDecoder::getBool));
  }

  @Test
  void ordersIntegers() {
    check(
        new Column<>(
            () -> (short) extreme(Short.MIN_VALUE, Short.MAX_VALUE),
            Comparator.naturalOrder(),
            KeyEncoder::putInt2,
            KeyDecoder::getInt2));
    check(
        new Column<>(
            () -> (int) extreme(Integer.MIN_VALUE, Integer.MAX_VALUE),
            Comparator.naturalOrder(),
            KeyEncoder::putInt4,
            KeyDecoder::getInt4));
    check(
        new Column<>(
            () -> extreme(Long.MIN_VALUE, Long.MAX_VALUE),
            Comparator.naturalOrder(),
            KeyEncoder::putInt8,
            KeyDecoder::getInt8));
  }

  @Test
  void ordersFloatsAsPostgresDoes() {
    float[] floats = {
      0f,
      -0f,
      1f,
      -1f,
      Float.NaN,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0xFFC00001)
    };
    check(
        new Column<Float>(
            () ->
                random.nextInt(2) == 0
                    ? floats[random.nextInt(floats.length)]
                    : Float.intBitsToFloat(random.nextInt(Integer.MAX_VALUE) * 2 + 1),
            (a, b) -> Float.compare(a == 0 ? 0f : a, b == 0 ? 0f : b),
            KeyEncoder::putFloat4,
            KeyDecoder::getFloat4));
    double[] doubles = {
      0d,
      -0d,
      1d,
      -1d,
      Double.NaN,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    check(
        new Column<Double>(
            () ->
                random.nextInt(2) == 0
                    ? doubles[random.nextInt(doubles.length)]
                    : Double.longBitsToDouble(random.nextLong()),
            (a, b) -> Double.compare(a == 0 ? 0d : a, b == 0 ? 0d : b),
            KeyEncoder::putFloat8,
            KeyDecoder::getFloat8));
  }

  @Test
  void ordersNumericsOfAnyScale() {
    check(
        new Column<>(
            this::randomNumeric,
            Comparator.naturalOrder(),
            KeyEncoder::putNumeric,
            KeyDecoder::getNumeric));
  }

  @Test
  void givesEqualNumericsEqualKeys() {
    for (KeyOrder order : KeyOrder.values()) {
      byte[] plain = new KeyEncoder().putNumeric(new BigDecimal("1500"), order).toByteArray();
      for (String same : new String[] {"1500.00", "1.5E3", "15E2", "1500.0000000000000000000"}) {
        assertThat(new KeyEncoder().putNumeric(new BigDecimal(same), order).toByteArray())
            .isEqualTo(plain);
      }
      assertThat(new KeyEncoder().putNumeric(new BigDecimal("0.000"), order).toByteArray())
          .isEqualTo(new KeyEncoder().putNumeric(BigDecimal.ZERO, order).toByteArray());
    }
  }

  @Test
  void putsSpecialNumericsAroundTheFiniteOnes() {
    for (KeyOrder order : KeyOrder.values()) {
      byte[] minus = special(NumericKind.NEGATIVE_INFINITY, order);
      byte[] plus = special(NumericKind.POSITIVE_INFINITY, order);
      byte[] nan = special(NumericKind.NAN, order);
      int sign = order.isDescending() ? -1 : 1;
      for (int i = 0; i < 200; i++) {
        byte[] finite = new KeyEncoder().putNumeric(randomNumeric(), order).toByteArray();
        assertThat(Integer.signum(Bytes.compare(minus, finite))).isEqualTo(-sign);
        assertThat(Integer.signum(Bytes.compare(finite, plus))).isEqualTo(-sign);
        assertThat(new KeyDecoder(finite).peekNumericKind(order)).isEqualTo(NumericKind.FINITE);
      }
      assertThat(Integer.signum(Bytes.compare(plus, nan))).isEqualTo(-sign);
      assertThat(new KeyDecoder(nan).getNumericSpecial(order)).isEqualTo(NumericKind.NAN);
    }
  }

  @Test
  void ordersTextByItsUtf8Bytes() {
    check(
        new Column<>(
            this::randomText,
            (a, b) ->
                Bytes.compare(
                    a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)),
            KeyEncoder::putText,
            KeyDecoder::getText));
  }

  @Test
  void ordersByteStrings() {
    check(
        new Column<>(
            this::randomBytes, Bytes::compare, KeyEncoder::putBytea, KeyDecoder::getBytea));
  }

  @Test
  void ordersUuidsByTheirBytes() {
    check(
        new Column<>(
            () -> new UUID(random.nextLong(), random.nextLong()),
            (a, b) -> {
              int high =
                  Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
              return high != 0
                  ? high
                  : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
            },
            (encoder, uuid, order) ->
                encoder.putUuid(
                    uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), order),
            KeyDecoder::getUuid));
  }

  /** Months, days and microseconds. */
  private record Interval(int months, int days, long micros) {
    BigInteger comparable() {
      return BigInteger.valueOf(months)
          .multiply(BigInteger.valueOf(30))
          .add(BigInteger.valueOf(days))
          .multiply(BigInteger.valueOf(86_400_000_000L))
          .add(BigInteger.valueOf(micros));
    }
  }

  @Test
  void ordersIntervalsAsPostgresDoes() {
    check(
        new Column<>(
            () ->
                random.nextInt(2) == 0
                    ? new Interval(
                        random.nextInt(3) - 1,
                        random.nextInt(61) - 30,
                        (random.nextInt(5) - 2) * 86_400_000_000L + random.nextInt(3) - 1)
                    : new Interval(
                        (int) extreme(Integer.MIN_VALUE, Integer.MAX_VALUE),
                        (int) extreme(Integer.MIN_VALUE, Integer.MAX_VALUE),
                        extreme(Long.MIN_VALUE, Long.MAX_VALUE)),
            Comparator.comparing(Interval::comparable),
            (encoder, value, order) ->
                encoder.putInterval(value.months, value.days, value.micros, order),
            null));
  }

  @Test
  void ordersVarints() {
    for (int i = 0; i < PAIRS; i++) {
      long a = random.nextLong() >>> (1 + random.nextInt(63));
      long b = random.nextInt(3) == 0 ? a + 1 : random.nextLong() >>> (1 + random.nextInt(63));
      b = Math.max(b, 0);
      byte[] keyA = new KeyEncoder().putVarint(a).toByteArray();
      byte[] keyB = new KeyEncoder().putVarint(b).toByteArray();
      assertThat(Integer.signum(Bytes.compare(keyA, keyB))).isEqualTo(Long.compare(a, b));
      assertThat(new KeyDecoder(keyA).getVarint()).isEqualTo(a);
    }
  }

  @Test
  void boundsTextsByTheirPrefix() {
    for (int i = 0; i < PAIRS; i++) {
      String prefix = randomText();
      String text = random.nextInt(2) == 0 ? prefix + randomText() : randomText();
      KeySpan span = KeySpan.ofPrefix(new KeyEncoder().putTextPrefix(prefix).toByteArray());
      byte[] key = new KeyEncoder().putText(text, KeyOrder.ASC_NULLS_LAST).toByteArray();
      assertThat(span.contains(key)).isEqualTo(text.startsWith(prefix));
    }
  }

  @Test
  void refusesGarbageInPlainWords() {
    for (int i = 0; i < 50_000; i++) {
      byte[] garbage = new byte[random.nextInt(24)];
      random.nextBytes(garbage);
      if (garbage.length > 0) {
        garbage[0] = KeyEncoder.VALUE;
      }
      KeyOrder order = KeyOrder.of(random.nextInt(2) == 0, random.nextInt(2) == 0);
      Consumer<KeyDecoder> read =
          switch (random.nextInt(8)) {
            case 0 -> decoder -> decoder.getNumeric(order);
            case 1 -> decoder -> decoder.getText(order);
            case 2 -> decoder -> decoder.getInt8(order);
            case 3 -> decoder -> decoder.getBool(order);
            case 4 -> decoder -> decoder.getVarint();
            case 5 -> decoder -> decoder.getUuid(order);
            case 6 -> decoder -> decoder.peekNumericKind(order);
            default -> decoder -> decoder.tryNull(order);
          };
      try {
        read.accept(new KeyDecoder(garbage));
      } catch (ShardForgeException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED);
      }
    }
  }

  private <T> void check(Column<T> column) {
    for (KeyOrder order : KeyOrder.values()) {
      byte[] nullKey = new KeyEncoder().putNull(order).toByteArray();
      for (int i = 0; i < PAIRS / 4; i++) {
        T a = column.values.get();
        T b = random.nextInt(8) == 0 ? a : column.values.get();
        byte[] keyA = key(column, a, order);
        byte[] keyB = key(column, b, order);
        int expected = Integer.signum(column.order.compare(a, b));
        String what = "seed %d: %s against %s, %s".formatted(SEED, a, b, order);
        assertThat(Integer.signum(Bytes.compare(keyA, keyB)))
            .as(what)
            .isEqualTo(order.isDescending() ? -expected : expected);
        assertThat(Bytes.compare(nullKey, keyA) < 0).as(what).isEqualTo(order.isNullsFirst());
        if (expected != 0) {
          assertThat(Bytes.startsWith(keyA, keyB)).as(what).isFalse();
        }
        checkRoundTrip(column, a, keyA, order, what);
      }
    }
  }

  private <T> void checkRoundTrip(
      Column<T> column, T value, byte[] key, KeyOrder order, String what) {
    Decoding<T> decoding = column.decoding;
    if (decoding != null) {
      KeyDecoder decoder = new KeyDecoder(key);
      assertThat(decoder.tryNull(order)).isFalse();
      assertThat(column.order.compare(decoding.decode(decoder, order), value)).as(what).isZero();
      assertThat(decoder.hasRemaining()).isFalse();
    }
  }

  private static <T> byte[] key(Column<T> column, T value, KeyOrder order) {
    KeyEncoder encoder = new KeyEncoder(1);
    column.encoding.encode(encoder, value, order);
    return encoder.toByteArray();
  }

  private static byte[] special(NumericKind kind, KeyOrder order) {
    return new KeyEncoder().putNumericSpecial(kind, order).toByteArray();
  }

  /** Uniform numbers seldom lie near the borders where encodings break. */
  private long extreme(long min, long max) {
    return switch (random.nextInt(6)) {
      case 0 -> min + random.nextInt(3);
      case 1 -> max - random.nextInt(3);
      case 2 -> random.nextInt(5) - 2;
      default -> Math.clamp(random.nextLong() >> random.nextInt(64), min, max);
    };
  }

  private BigDecimal randomNumeric() {
    BigInteger unscaled =
        switch (random.nextInt(4)) {
          case 0 -> BigInteger.valueOf(random.nextInt(300) - 150L);
          case 1 -> BigInteger.valueOf(random.nextLong());
          case 2 -> BigInteger.TEN.pow(random.nextInt(40)).negate();
          default -> new BigInteger(randomBytes()).multiply(BigInteger.TEN.pow(random.nextInt(9)));
        };
    int scale = random.nextInt(10) == 0 ? random.nextInt(600) - 300 : random.nextInt(12) - 6;
    return new BigDecimal(unscaled, scale);
  }

  private String randomText() {
    String alphabet = "\0a\u0001bé€\uFFFF";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      if (random.nextInt(8) == 0) {
        text.appendCodePoint(0x1F600);
      } else {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
    }
    return text.toString();
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[1 + random.nextInt(20)];
    random.nextBytes(bytes);
    if (random.nextInt(2) == 0) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) new int[] {0, 1, 0xFE, 0xFF}[random.nextInt(4)];
      }
    }
    return bytes;
  }
}
