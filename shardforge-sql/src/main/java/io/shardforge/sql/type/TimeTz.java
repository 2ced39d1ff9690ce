package io.shardforge.sql.type;

/**
 * A time of day with its zone. Order is by the instant in UTC, then by zone.
 *
 * @param micros local time of day
 * @param zoneSeconds seconds west of Greenwich, as PostgreSQL stores it
 */
public record TimeTz(long micros, int zoneSeconds) implements Comparable<TimeTz> {
  @Override
  public int compareTo(TimeTz other) {
    int byInstant =
        Long.compare(
            micros + zoneSeconds * 1_000_000L, other.micros + other.zoneSeconds * 1_000_000L);
    return byInstant != 0 ? byInstant : Integer.compare(zoneSeconds, other.zoneSeconds);
  }
}
