package io.shardforge.raft.check.file;

import io.shardforge.raft.check.invariant.MonotonicAction;
import io.shardforge.raft.check.invariant.MonotonicAction.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jepsen's monotonic: {@code :add {:val 1, :sts 17}} and {@code :read [{:val 1, :sts 17}]}. */
public final class MonotonicCodec implements Codec<MonotonicAction> {
  private static final Keyword VALUE = new Keyword("val");
  private static final Keyword TIMESTAMP = new Keyword("sts");

  @Override
  public @Nullable MonotonicAction decode(String function, @Nullable Object value) {
    return switch (function) {
      case "add" -> new MonotonicAction.Add(row(value));
      case "read" -> {
        if (!(value instanceof List<?> list)) {
          yield new MonotonicAction.Read(null);
        }
        List<Row> rows = new ArrayList<>();
        for (Object element : list) {
          Row row = row(element);
          if (row == null) {
            throw new IllegalArgumentException("not a row: " + element);
          }
          rows.add(row);
        }
        yield new MonotonicAction.Read(rows);
      }
      default -> null;
    };
  }

  private static @Nullable Row row(@Nullable Object value) {
    return value instanceof Map<?, ?> map
            && map.get(VALUE) instanceof Long number
            && map.get(TIMESTAMP) instanceof Long timestamp
        ? new Row(number, timestamp)
        : null;
  }

  @Override
  public String function(MonotonicAction action) {
    return switch (action) {
      case MonotonicAction.Read _ -> "read";
      case MonotonicAction.Add _ -> "add";
    };
  }

  @Override
  public @Nullable Object value(MonotonicAction action) {
    return switch (action) {
      case MonotonicAction.Read read ->
          read.rows() == null ? null : read.rows().stream().map(MonotonicCodec::map).toList();
      case MonotonicAction.Add add -> add.row() == null ? null : map(add.row());
    };
  }

  private static Map<Object, Object> map(Row row) {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put(VALUE, row.value());
    map.put(TIMESTAMP, row.timestamp());
    return map;
  }

  @Override
  public @Nullable Object asked(MonotonicAction action) {
    return null;
  }
}
