package io.shardforge.sql.bind;

import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replaces window calls of a query by columns that are computed over its (grouped) rows. */
final class Windowing {
  private final Map<Bound.WindowCall, Integer> columns = new LinkedHashMap<>();

  void collect(Bound expression) {
    if (expression instanceof Bound.WindowCall call) {
      columns.putIfAbsent(call, -1);
      return;
    }
    for (Bound operand : expression.operands()) {
      collect(operand);
    }
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }

  /** Calls that share partitions and order, with these as columns. */
  private static final class Pass {
    private final List<Integer> partition = new ArrayList<>();
    private final List<Rel.Key> order = new ArrayList<>();
    private final List<Bound.WindowCall> calls = new ArrayList<>();

    List<Rel.Key> sortKeys() {
      List<Rel.Key> keys = new ArrayList<>();
      for (int column : partition) {
        keys.add(new Rel.Key(column, false, false));
      }
      for (Rel.Key key : order) {
        if (!partition.contains(key.column())) {
          keys.add(key);
        }
      }
      return keys;
    }

    boolean isOver(Pass other) {
      return partition.equals(other.partition) && order.equals(other.order);
    }
  }

  /** The rows with the calls' values behind their columns. */
  Rel compute(Rel input) {
    List<Bound> projected = new ArrayList<>();
    for (int i = 0; i < input.types().size(); i++) {
      projected.add(new Bound.Column(i, input.types().get(i), "", -1));
    }
    List<Pass> passes = new ArrayList<>();
    for (Bound.WindowCall call : columns.keySet()) {
      addCall(passes, call, projected);
    }
    // One sort serves all passes whose keys begin those of the longest.
    passes.sort((a, b) -> Integer.compare(b.sortKeys().size(), a.sortKeys().size()));
    Rel rel = projected.size() == input.types().size() ? input : Rel.Project.of(input, projected);
    List<Rel.Key> sorted = List.of();
    while (!passes.isEmpty()) {
      Pass pass = next(passes, sorted);
      List<Rel.Key> keys = pass.sortKeys();
      if (!startsWith(sorted, keys)) {
        rel = new Rel.Sort(rel, keys);
        sorted = keys;
      }
      List<SqlType> types = new ArrayList<>(rel.types());
      for (Bound.WindowCall call : pass.calls) {
        columns.put(call, types.size());
        types.add(call.type());
      }
      rel = new Rel.Window(rel, pass.partition, pass.order, pass.calls, types);
    }
    return rel;
  }

  private static Pass next(List<Pass> passes, List<Rel.Key> sorted) {
    for (Pass pass : passes) {
      if (startsWith(sorted, pass.sortKeys())) {
        passes.remove(pass);
        return pass;
      }
    }
    return passes.removeFirst();
  }

  private static boolean startsWith(List<Rel.Key> sorted, List<Rel.Key> keys) {
    return sorted.size() >= keys.size() && sorted.subList(0, keys.size()).equals(keys);
  }

  private static void addCall(List<Pass> passes, Bound.WindowCall call, List<Bound> projected) {
    Pass wanted = new Pass();
    for (Bound key : call.window().partition()) {
      int column = column(key, projected);
      if (!wanted.partition.contains(column)) {
        wanted.partition.add(column);
      }
    }
    for (Bound.Order key : call.window().order()) {
      wanted.order.add(
          new Rel.Key(column(key.expression(), projected), key.descending(), key.nullsFirst()));
    }
    Pass pass = passes.stream().filter(p -> p.isOver(wanted)).findFirst().orElse(wanted);
    if (pass == wanted) {
      passes.add(wanted);
    }
    pass.calls.add(call);
  }

  private static int column(Bound expression, List<Bound> projected) {
    for (int i = 0; i < projected.size(); i++) {
      if (Normal.same(projected.get(i), expression)) {
        return i;
      }
    }
    projected.add(expression);
    return projected.size() - 1;
  }

  /** The expression with the calls replaced, once they were computed. */
  Bound replaced(Bound expression) {
    if (expression instanceof Bound.WindowCall call) {
      return new Bound.Column(columns.getOrDefault(call, -1), call.type(), "", -1);
    }
    List<Bound> operands = expression.operands();
    if (operands.isEmpty()) {
      return expression;
    }
    List<Bound> mapped = new ArrayList<>(operands.size());
    for (Bound operand : operands) {
      mapped.add(replaced(operand));
    }
    return expression.withOperands(mapped);
  }
}
