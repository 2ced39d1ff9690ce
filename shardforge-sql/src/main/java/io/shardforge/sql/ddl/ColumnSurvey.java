package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.ColumnStatistics.Common;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.PgOid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Works out the statistics of one column of a sample. */
final class ColumnSurvey {
  /** Common values that are kept. */
  static final int COMMON_MAX = 25;

  /** Parts of equal size that the other values are cut into. */
  static final int PARTS_MAX = 50;

  /** Longer values are counted, but not kept: they would fill the catalog. */
  static final int VALUE_BYTES_MAX = 100;

  /** Above this share of the rows, the number of different values is taken to grow with them. */
  private static final double GROWING = 0.1;

  /** How much more often than the average a value must be there to be a common one. */
  private static final double COMMON_FACTOR = 1.25;

  private final ColumnDescriptor column;
  private final TableSample sample;
  private final int ordinal;

  ColumnSurvey(ColumnDescriptor column, TableSample sample, int ordinal) {
    this.column = column;
    this.sample = sample;
    this.ordinal = ordinal;
  }

  /** A value and how often the sample has it. */
  private record Counted(byte[] value, int count) {}

  ColumnStatistics statistics() {
    ValueCodec codec = ValueCodec.of(column.type());
    boolean kept = codec.isKeyable() && column.type().oid() != PgOid.INTERVAL;
    int nulls = 0;
    int tooLong = 0;
    long bytes = 0;
    List<byte[]> keys = new ArrayList<>();
    for (Object[] row : sample.rows()) {
      Object value = row[ordinal];
      if (value == null) {
        nulls++;
      } else if (kept) {
        byte[] key = codec.key(value);
        bytes += key.length;
        if (key.length > VALUE_BYTES_MAX) {
          tooLong++;
        } else {
          keys.add(key);
        }
      }
    }
    int rows = Math.max(1, sample.rows().size());
    double nullFraction = (double) nulls / rows;
    int present = rows - nulls;
    int averageBytes = present == 0 ? 0 : (int) (bytes / present);
    keys.sort(Arrays::compareUnsigned);
    List<Counted> counted = counted(keys);
    double distinct = kept ? distinct(counted, tooLong, present, nullFraction) : -1;
    if (!codec.isKeyReadable()) {
      // What is common, or between what, is not told by keys that do not say what they were made
      // of.
      keys.clear();
      counted = List.of();
    }
    List<Common> common =
        common(counted, keys.size() + tooLong, rows, tooLong == 0 && distinct > 0);
    return new ColumnStatistics(
        column.number(),
        nullFraction,
        distinct,
        averageBytes,
        common,
        bounds(keys, common),
        new PartSurvey(column.type(), sample, ordinal).parts());
  }

  private static List<Counted> counted(List<byte[]> sorted) {
    List<Counted> counted = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || !Arrays.equals(sorted.get(i), sorted.get(from))) {
        counted.add(new Counted(sorted.get(from), i - from));
        from = i;
      }
    }
    return counted;
  }

  /**
   * How many different values there are in all.
   *
   * @param total how many rows
   * @param rows of these in the sample
   * @param different values of the sample
   * @param once of these that it has only once
   * @see <a href="https://doi.org/10.2307/2669375">Haas and Stokes, Estimating the number of
   *     classes in a finite population, estimator Duj1</a>
   */
  static double distinctIn(double total, double rows, double different, double once) {
    double estimate =
        rows >= total ? different : rows * different / (rows - once + once * rows / total);
    return Math.clamp(Math.rint(estimate), different, Math.max(different, total));
  }

  /**
   * How many different values the table has, by how many the sample has and how many of these only
   * once.
   */
  private double distinct(List<Counted> counted, int tooLong, int present, double nullFraction) {
    double once = tooLong + counted.stream().filter(v -> v.count == 1).count();
    double different = tooLong + counted.size();
    if (present == 0) {
      return 1;
    }
    if (once == present) {
      return -(1 - nullFraction);
    }
    double total = sample.tableRows() * (1 - nullFraction);
    double estimate = distinctIn(total, present, different, once);
    return estimate > GROWING * sample.tableRows() ? -estimate / sample.tableRows() : estimate;
  }

  private List<Common> common(List<Counted> counted, int values, int rows, boolean listable) {
    List<Counted> byCount = new ArrayList<>(counted);
    byCount.sort(Comparator.comparingInt(Counted::count).reversed());
    // All of a few values are worth keeping, of many only those that stand out.
    boolean all = listable && counted.size() <= COMMON_MAX;
    double average = counted.isEmpty() ? 0 : (double) values / counted.size();
    List<Common> common = new ArrayList<>();
    for (Counted value : byCount) {
      boolean standsOut = value.count > 1 && value.count > COMMON_FACTOR * average;
      if (common.size() == COMMON_MAX || !(all || standsOut)) {
        break;
      }
      common.add(new Common(value.value, (double) value.count / rows));
    }
    return common;
  }

  private static List<byte[]> bounds(List<byte[]> sorted, List<Common> common) {
    List<byte[]> others = new ArrayList<>();
    for (byte[] value : sorted) {
      if (common.stream().noneMatch(c -> Arrays.equals(c.value(), value))) {
        others.add(value);
      }
    }
    if (others.size() < 2) {
      return List.of();
    }
    int parts = Math.min(PARTS_MAX, others.size() - 1);
    List<byte[]> bounds = new ArrayList<>();
    for (int i = 0; i <= parts; i++) {
      bounds.add(others.get((int) ((long) i * (others.size() - 1) / parts)));
    }
    return bounds;
  }
}
