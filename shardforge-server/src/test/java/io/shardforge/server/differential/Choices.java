package io.shardforge.server.differential;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The decisions that make a statement. They are kept, so that the statement can be made again from
 * fewer or smaller ones: 0 is the simplest of every decision, and what follows the last is 0.
 */
final class Choices {
  private final @Nullable SplittableRandom random;
  private final int[] given;
  private int[] made = new int[64];
  private int count;

  private Choices(@Nullable SplittableRandom random, int[] given) {
    this.random = random;
    this.given = given;
  }

  static Choices random(long seed) {
    return new Choices(new SplittableRandom(seed), new int[0]);
  }

  static Choices again(int[] made) {
    return new Choices(null, made);
  }

  int[] made() {
    return Arrays.copyOf(made, count);
  }

  int below(int bound) {
    int value;
    if (random != null) {
      value = random.nextInt(bound);
    } else {
      value = count < given.length ? given[count] % bound : 0;
    }
    if (count == made.length) {
      made = Arrays.copyOf(made, 2 * count);
    }
    made[count++] = value;
    return value;
  }

  /** From one up to and with a bound. */
  int upTo(int bound) {
    return 1 + below(bound);
  }

  boolean oneIn(int n) {
    return below(n) == n - 1;
  }

  String of(String... options) {
    return options[below(options.length)];
  }

  <T> T of(List<T> options) {
    return options.get(below(options.size()));
  }
}
