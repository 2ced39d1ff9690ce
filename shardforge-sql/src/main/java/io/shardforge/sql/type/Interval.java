package io.shardforge.sql.type;

/**
 * An interval. Equality and order are SQL's: a month counts as 30 days and a day as 24 hours, so
 * that '1 mon' equals '30 days' although they print differently.
 */
public record Interval(int months, int days, long micros) implements Comparable<Interval> {
  public static final Interval ZERO = new Interval(0, 0, 0);

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private long wholeDays() {
    return months * 30L + days + Math.floorDiv(micros, MICROS_PER_DAY);
  }

  @Override
  public int compareTo(Interval other) {
    int byDays = Long.compare(wholeDays(), other.wholeDays());
    return byDays != 0
        ? byDays
        : Long.compare(
            Math.floorMod(micros, MICROS_PER_DAY), Math.floorMod(other.micros, MICROS_PER_DAY));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Interval interval && compareTo(interval) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(wholeDays() * 31 + Math.floorMod(micros, MICROS_PER_DAY));
  }
}
