package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code (start, end) OVERLAPS (start, length)} for all types of times. */
final class OverlapFunctions {
  private OverlapFunctions() {}

  static void register(FunctionTable t) {
    t.any("overlaps_timestamp", (_, in) -> overlap(in));
    t.any("overlaps_time", (_, in) -> overlap(in));
    t.any("overlaps_timetz", (_, in) -> overlap(in));
    for (String type : List.of("timestamptz", "timestamp", "time")) {
      for (List<String> ends :
          List.of(
              List.of("interval", "interval"),
              List.of(type, "interval"),
              List.of("interval", type))) {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < ends.size(); i++) {
          if (ends.get(i).equals("interval")) {
            lengths.add(2 * i + 1);
          }
        }
        t.typed(
            "overlaps(" + String.join(",", type, ends.getFirst(), type, ends.getLast()) + ")",
            types -> {
              ScalarFunction add = t.required(type + "_pl_interval").create(types);
              return (context, in) -> overlap(withEnds(context, in, lengths, add));
            });
      }
    }
  }

  /** The arguments with an end in the place of each length. */
  private static @Nullable Object[] withEnds(
      EvalContext context, @Nullable Object[] in, List<Integer> lengths, ScalarFunction add) {
    @Nullable Object[] ends = in.clone();
    for (int at : lengths) {
      Object start = in[at - 1];
      Object length = in[at];
      ends[at] =
          start == null || length == null
              ? null
              : add.apply(context, new @Nullable Object[] {start, length});
    }
    return ends;
  }

  /** Ends do not belong to what they end, unless it is a moment; null if it depends on a null. */
  private static @Nullable Boolean overlap(@Nullable Object[] in) {
    List<Comparable<Object>> first = ordered(in[0], in[1]);
    List<Comparable<Object>> second = ordered(in[2], in[3]);
    if (first.isEmpty() || second.isEmpty()) {
      return null;
    }
    int order = first.getFirst().compareTo(second.getFirst());
    List<Comparable<Object>> earlier = order > 0 ? second : first;
    List<Comparable<Object>> later = order > 0 ? first : second;
    if (order == 0) {
      return (first.size() == 2 && second.size() == 2) ? Boolean.TRUE : null;
    }
    if (earlier.size() < 2) {
      return null;
    }
    if (later.getFirst().compareTo(earlier.get(1)) < 0) {
      return true;
    }
    return later.size() < 2 ? null : Boolean.FALSE;
  }

  /** What is known of the two ends, the lower one first. */
  @SuppressWarnings("unchecked")
  private static List<Comparable<Object>> ordered(@Nullable Object a, @Nullable Object b) {
    List<Comparable<Object>> known = new ArrayList<>();
    for (Object each : new @Nullable Object[] {a, b}) {
      if (each != null) {
        known.add((Comparable<Object>) each);
      }
    }
    known.sort(Comparable::compareTo);
    return known;
  }
}
