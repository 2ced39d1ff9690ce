package io.shardforge.sql.type;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Randomness;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numerics kept as longs against the decimals that they stand for, at random around the limits. */
class NumericTest {
  private static final int ROUNDS = 50_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void countsAsDecimalsDo(long seed) {
    Randomness random = Randomness.seeded(seed);
    for (int i = 0; i < ROUNDS; i++) {
      BigDecimal a = decimal(random);
      BigDecimal b = random.nextInt(4) == 0 ? other(a, random) : decimal(random);
      Numeric x = numeric(a, random);
      Numeric y = numeric(b, random);
      String what = a + " and " + b + ", seed " + seed + " round " + i;
      assertSame(x.add(y), a.add(b), what);
      assertSame(x.subtract(y), a.subtract(b), what);
      assertSame(x.multiply(y), a.multiply(b), what);
      assertSame(x.negate(), a.negate(), what);
      assertSame(x.abs(), a.abs(), what);
      assertThat(x.compareTo(y)).as(what).isEqualTo(a.compareTo(b));
      assertThat(x.signum()).as(what).isEqualTo(a.signum());
      assertThat(x.equals(y)).as(what).isEqualTo(a.compareTo(b) == 0);
      if (a.compareTo(b) == 0) {
        assertThat(x.hashCode()).as(what).isEqualTo(y.hashCode());
      }
    }
  }

  private static void assertSame(Numeric actual, BigDecimal expected, String what) {
    assertThat(actual.toString()).as(what).isEqualTo(expected.toPlainString());
    assertThat(actual.scale()).as(what).isEqualTo(expected.scale());
    assertThat(actual.decimal()).as(what).isEqualTo(expected);
  }

  /** Numbers of few digits, of as many as a long has, and of more. */
  private static BigDecimal decimal(Randomness random) {
    long number = random.nextLong() >> random.nextInt(Long.SIZE);
    BigInteger unscaled =
        switch (random.nextInt(8)) {
          case 0 -> BigInteger.valueOf(Long.MIN_VALUE + random.nextInt(3));
          case 1 -> BigInteger.valueOf(Long.MAX_VALUE - random.nextInt(3));
          case 2 -> BigInteger.valueOf(number).multiply(BigInteger.valueOf(random.nextLong()));
          case 3 -> BigInteger.TEN.pow(random.nextInt(25)).multiply(BigInteger.valueOf(number & 7));
          default -> BigInteger.valueOf(number);
        };
    return new BigDecimal(
        unscaled, random.nextInt(4) == 0 ? random.nextInt(40) : random.nextInt(6));
  }

  /** The same number with more digits after its point, or one next to it. */
  private static BigDecimal other(BigDecimal number, Randomness random) {
    BigDecimal longer = number.setScale(number.scale() + random.nextInt(4));
    return random.nextInt(3) == 0
        ? longer.add(new BigDecimal(BigInteger.ONE, longer.scale()))
        : longer;
  }

  /** Made of a decimal or, if it fits, of a long: these may be kept in different ways. */
  private static Numeric numeric(BigDecimal decimal, Randomness random) {
    BigInteger unscaled = decimal.unscaledValue();
    return unscaled.bitLength() < Long.SIZE && random.nextInt(2) == 0
        ? Numeric.of(unscaled.longValue(), decimal.scale())
        : Numeric.of(decimal);
  }
}
