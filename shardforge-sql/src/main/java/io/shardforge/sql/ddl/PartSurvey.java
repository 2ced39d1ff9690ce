package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnStatistics.Common;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.row.InvertedKeys;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Works out which parts the arrays or documents of one column of a sample have in common. */
final class PartSurvey {
  /** Values that are looked at: some have very many parts. */
  private static final int VALUES_MAX = 3_000;

  /** Different parts that are counted, and those that are kept. */
  private static final int COUNTED_MAX = 200_000;

  private static final int COMMON_MAX = 60;

  private final SqlType type;
  private final TableSample sample;
  private final int ordinal;

  PartSurvey(SqlType type, TableSample sample, int ordinal) {
    this.type = type;
    this.sample = sample;
    this.ordinal = ordinal;
  }

  /** The common parts as all operator classes for the type see them. */
  List<Common> parts() {
    List<Common> parts = new ArrayList<>();
    for (InvertedClass by : InvertedClass.values()) {
      if (by.accepts(type) && InvertedColumns.hasKeys(by, type)) {
        parts.addAll(parts(new InvertedKeys(by, type, 0)));
      }
    }
    return parts;
  }

  private List<Common> parts(InvertedKeys by) {
    Map<byte[], Integer> counts = new TreeMap<>(Bytes::compare);
    int step = Math.max(1, sample.rows().size() / VALUES_MAX);
    int rows = 0;
    for (int i = 0; i < sample.rows().size() && counts.size() < COUNTED_MAX; i += step) {
      rows++;
      Object value = sample.rows().get(i)[ordinal];
      if (value != null) {
        TreeSet<byte[]> keys = new TreeSet<>(Bytes::compare);
        by.addKeys(value, keys);
        keys.forEach(key -> counts.merge(key, 1, Integer::sum));
      }
    }
    double all = rows;
    return counts.entrySet().stream()
        .filter(part -> part.getValue() > 1)
        .sorted(Map.Entry.<byte[], Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(COMMON_MAX)
        .map(part -> new Common(part.getKey(), part.getValue() / all))
        .toList();
  }
}
