package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans window calls over their sorted input. */
final class WindowPlanner {
  private final PhysicalPlanner planner;

  WindowPlanner(PhysicalPlanner planner) {
    this.planner = planner;
  }

  Planned plan(Rel.Window window, BitSet required, Env env) {
    int width = window.input().types().size();
    BitSet below = required.get(0, width);
    window.partition().forEach(below::set);
    window.order().forEach(k -> below.set(k.column()));
    for (Bound.WindowCall call : window.calls()) {
      call.args().forEach(a -> Bound.columns(a, below));
      Bound filter = call.filter();
      if (filter != null) {
        Bound.columns(filter, below);
      }
    }
    Planned input = planner.plan(window.input(), below, env);
    List<Integer> partition = new ArrayList<>();
    for (int column : window.partition()) {
      partition.add(input.columns()[column]);
    }
    List<PlanNode.SortKey> order = new ArrayList<>();
    for (Rel.Key key : window.order()) {
      order.add(
          new PlanNode.SortKey(input.columns()[key.column()], key.descending(), key.nullsFirst()));
    }
    List<SqlType> types = new ArrayList<>(input.node().types());
    int[] columns = Arrays.copyOf(input.columns(), window.types().size());
    List<PlanNode.WindowCall> calls = new ArrayList<>();
    for (int i = 0; i < window.calls().size(); i++) {
      Bound.WindowCall call = window.calls().get(i);
      columns[width + i] = types.size();
      types.add(call.type());
      calls.add(call(call, env.with(input.columns())));
    }
    return new Planned(
        new PlanNode.Window(
            input.node(),
            partition,
            order,
            calls,
            types,
            Cost.over(input.node().estimate(), input.rows(), Cost.PREDICATE * calls.size())),
        columns);
  }

  private PlanNode.WindowCall call(Bound.WindowCall call, Env env) {
    return new PlanNode.WindowCall(
        call.function(),
        call.aggregate(),
        planner.expressions().buildAll(call.args(), env),
        optional(call.filter(), env),
        call.window().frame(),
        optional(call.window().startOffset(), env),
        optional(call.window().endOffset(), env),
        call.type());
  }

  private @Nullable Expression optional(@Nullable Bound expression, Env env) {
    return expression == null ? null : planner.expressions().build(expression, env);
  }
}
