package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.CombinedStatistics.Common;
import io.shardforge.sql.catalog.CombinedStatistics.Dependency;
import io.shardforge.sql.catalog.CombinedStatistics.Distinct;
import io.shardforge.sql.catalog.CombinedStatistics.Kind;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.ValueCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Works out the statistics of several columns of a sample together. Sets of columns are bits. */
final class CombinationSurvey {
  /** Common combinations that are kept. */
  private static final int COMMON_MAX = 100;

  private static final byte[] NULL = {};

  private final CombinedStatistics statistics;
  private final long tableRows;
  private final int width;
  private final int all;
  private final List<byte[][]> rows = new ArrayList<>();
  private boolean isLong;

  CombinationSurvey(CombinedStatistics statistics, TableDescriptor table, TableSample sample) {
    this.statistics = statistics;
    this.tableRows = sample.tableRows();
    this.width = statistics.columns().size();
    this.all = (1 << width) - 1;
    int[] ordinals = new int[width];
    ValueCodec[] codecs = new ValueCodec[width];
    for (int i = 0; i < width; i++) {
      ordinals[i] = table.ordinalOfNumber(statistics.columns().get(i));
      codecs[i] = ValueCodec.of(table.columns().get(ordinals[i]).type());
    }
    for (@Nullable Object[] row : sample.rows()) {
      byte[][] keys = new byte[width][];
      for (int i = 0; i < width; i++) {
        Object value = row[ordinals[i]];
        keys[i] = value == null ? NULL : codecs[i].key(value);
        isLong |= keys[i].length > ColumnSurvey.VALUE_BYTES_MAX;
      }
      rows.add(keys);
    }
  }

  /** The statistics with what the sample says. */
  CombinedStatistics result() {
    if (rows.isEmpty()) {
      return statistics.with(List.of(), List.of(), List.of());
    }
    return statistics.with(
        statistics.has(Kind.NDISTINCT) ? distinct() : List.of(),
        statistics.has(Kind.DEPENDENCIES) ? dependencies() : List.of(),
        // Long values are not kept: they would fill the catalog.
        statistics.has(Kind.MCV) && !isLong ? common() : List.of());
  }

  private static boolean has(int columns, int column) {
    return (columns & (1 << column)) != 0;
  }

  private List<Integer> numbers(int columns) {
    return IntStream.range(0, width)
        .filter(i -> has(columns, i))
        .mapToObj(i -> statistics.columns().get(i))
        .toList();
  }

  private ByteBuffer combination(byte[][] row, int columns) {
    int length = 0;
    for (int i = 0; i < width; i++) {
      length += has(columns, i) ? Integer.BYTES + row[i].length : 0;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (int i = 0; i < width; i++) {
      if (has(columns, i)) {
        all.putInt(row[i].length).put(row[i]);
      }
    }
    return all.flip();
  }

  /** How often there is each combination of values of some columns. */
  private Map<ByteBuffer, Integer> counts(int columns) {
    Map<ByteBuffer, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(combination(row, columns), 1, Integer::sum));
    return counts;
  }

  private List<Distinct> distinct() {
    List<Distinct> distinct = new ArrayList<>();
    for (int columns = 1; columns <= all; columns++) {
      if (Integer.bitCount(columns) > 1) {
        Map<ByteBuffer, Integer> counts = counts(columns);
        long once = counts.values().stream().filter(count -> count == 1).count();
        distinct.add(
            new Distinct(
                numbers(columns),
                ColumnSurvey.distinctIn(
                    (double) tableRows, rows.size(), counts.size(), (double) once)));
      }
    }
    distinct.sort(Comparator.comparingInt(d -> d.columns().size()));
    return distinct;
  }

  private List<Dependency> dependencies() {
    List<Dependency> dependencies = new ArrayList<>();
    for (int from = 1; from <= all; from++) {
      for (int to = 0; to < width; to++) {
        double degree = has(from, to) ? 0 : degree(from, to);
        if (degree > 0) {
          dependencies.add(new Dependency(numbers(from), statistics.columns().get(to), degree));
        }
      }
    }
    dependencies.sort(Comparator.comparingInt(d -> d.from().size()));
    return dependencies;
  }

  private double degree(int from, int to) {
    Map<ByteBuffer, Integer> counts = counts(from);
    Map<ByteBuffer, ByteBuffer> seen = new HashMap<>();
    for (byte[][] row : rows) {
      ByteBuffer known = combination(row, from);
      ByteBuffer value = ByteBuffer.wrap(row[to]);
      ByteBuffer before = seen.putIfAbsent(known, value);
      if (before != null && !before.equals(value)) {
        counts.remove(known);
      }
    }
    return counts.values().stream().mapToInt(Integer::intValue).sum() / (double) rows.size();
  }

  private List<Common> common() {
    List<Map<ByteBuffer, Integer>> ofColumns =
        IntStream.range(0, width).mapToObj(i -> counts(1 << i)).toList();
    Map<ByteBuffer, byte[][]> examples = new HashMap<>();
    rows.forEach(row -> examples.putIfAbsent(combination(row, all), row));
    return counts(all).entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .sorted(
            Map.Entry.<ByteBuffer, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(COMMON_MAX)
        .map(entry -> {
          byte[][] row = examples.getOrDefault(entry.getKey(), new byte[width][0]);
          double expected = 1;
          for (int i = 0; i < width; i++) {
            int count = ofColumns.get(i).getOrDefault(combination(row, 1 << i), 0);
            expected *= (double) count / rows.size();
          }
          return new Common(List.of(row), (double) entry.getValue() / rows.size(), expected);
        })
        .toList();
  }
}
