package io.shardforge.server.differential;

import java.util.Arrays;
import java.util.function.Predicate;

/** Makes the choices behind a statement fewer and smaller while it still fails. */
final class Shrinking {
  private static final int TRIES = 600;

  private final Predicate<int[]> fails;
  private int tries = TRIES;

  private Shrinking(Predicate<int[]> fails) {
    this.fails = fails;
  }

  static int[] of(int[] made, Predicate<int[]> fails) {
    Shrinking shrinking = new Shrinking(fails);
    int[] best = made;
    for (int length = made.length / 2; length > 0; length /= 2) {
      for (int at = 0; at + length <= best.length; ) {
        int[] without = new int[best.length - length];
        System.arraycopy(best, 0, without, 0, at);
        System.arraycopy(best, at + length, without, at, best.length - at - length);
        int[] zeroed = best.clone();
        Arrays.fill(zeroed, at, at + length, 0);
        if (shrinking.stillFails(without)) {
          best = without;
        } else if (!Arrays.equals(zeroed, best) && shrinking.stillFails(zeroed)) {
          best = zeroed;
          at += length;
        } else {
          at += length;
        }
      }
    }
    return best;
  }

  private boolean stillFails(int[] choices) {
    return tries-- > 0 && fails.test(choices);
  }
}
