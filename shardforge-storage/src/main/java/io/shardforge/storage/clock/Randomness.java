package io.shardforge.storage.clock;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A source of random numbers: secure in a server, seeded in a simulation. */
public interface Randomness {
  long nextLong();

  /** A number in [0, bound). */
  int nextInt(int bound);

  void nextBytes(byte[] target);

  /** A number in [0, 1). */
  double nextDouble();

  /** Numbers that nobody can foretell. */
  static Randomness secure() {
    return of(new SecureRandom());
  }

  /** The same numbers for the same seed. */
  static Randomness seeded(long seed) {
    return of(new SplittableRandom(seed));
  }

  private static Randomness of(RandomGenerator generator) {
    return new Randomness() {
      @Override
      public synchronized long nextLong() {
        return generator.nextLong();
      }

      @Override
      public synchronized int nextInt(int bound) {
        return generator.nextInt(bound);
      }

      @Override
      public synchronized void nextBytes(byte[] target) {
        generator.nextBytes(target);
      }

      @Override
      public synchronized double nextDouble() {
        return generator.nextDouble();
      }
    };
  }
}
