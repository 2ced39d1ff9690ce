package io.shardforge.sql.catalog;

import java.util.List;

/**
 * What ANALYZE found out about the values of a column, from a sample. Values are in their form in
 * keys, so that the order of the bytes is the order of the values.
 *
 * @param column the column's number
 * @param nullFraction share of rows where it is null
 * @param distinct how many different values there are if positive, their share of the rows if not
 * @param averageBytes a value's bytes in a row, on average
 * @param common the most common values, the most common first
 * @param bounds values that cut those that are not among the common ones into parts of equal size,
 *     the least and the greatest among them; empty if there are no others
 * @param parts of arrays and documents, the most common keys that inverted indexes have for them
 */
public record ColumnStatistics(
    int column,
    double nullFraction,
    double distinct,
    int averageBytes,
    List<Common> common,
    List<byte[]> bounds,
    List<Common> parts) {

  /** A value and the share of rows that have it. */
  public record Common(byte[] value, double fraction) {}

  public ColumnStatistics {
    common = List.copyOf(common);
    bounds = List.copyOf(bounds);
    parts = List.copyOf(parts);
  }

  ColumnStatistics withParts(List<Common> newParts) {
    return new ColumnStatistics(
        column, nullFraction, distinct, averageBytes, common, bounds, newParts);
  }

  /** How many different values there are in so many rows, at least 1. */
  public double distinctIn(double rows) {
    return Math.max(1, distinct > 0 ? Math.min(distinct, rows) : -distinct * rows);
  }

  /** The share of rows that have one of the common values. */
  public double commonFraction() {
    double sum = 0;
    for (Common value : common) {
      sum += value.fraction;
    }
    return sum;
  }
}
