package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans a set-returning call in a select list: for each input row the function's rows, then the
 * expressions around the call.
 */
final class SetProjection {
  private static final int CORRELATION_BASE = 1_000_000;

  private final PhysicalPlanner planner;

  SetProjection(PhysicalPlanner planner) {
    this.planner = planner;
  }

  Planned plan(Rel.ProjectSet project, Env env) {
    Bound.Call call = theCall(project.expressions());
    int width = project.input().types().size();
    Planned input =
        planner.plan(
            project.input(),
            PhysicalPlanner.with(new java.util.BitSet(), project.expressions()),
            env);
    List<SqlType> outTypes = outTypes(call);
    int inputWidth = input.node().types().size();
    boolean oneRow =
        input.node() instanceof PlanNode.Values values
            && values.types().isEmpty()
            && values.rows().size() == 1;
    // One number a call of this function within the plan is enough: such nodes never nest in one
    // row.
    int correlation = CORRELATION_BASE + call.location() + 1;
    Env argumentEnv =
        oneRow ? env.with(new int[0]) : new Env(input.columns(), env.outer(), correlation);
    PlanNode scan =
        new PlanNode.FunctionScan(
            call.function(),
            planner.expressions().buildAll(call.args(), argumentEnv),
            false,
            outTypes,
            new Estimate(ScanPlanner.FUNCTION_ROWS, 0, Cost.ROW * ScanPlanner.FUNCTION_ROWS));
    PlanNode rows;
    if (oneRow) {
      rows = scan;
    } else {
      List<SqlType> types = new ArrayList<>(input.node().types());
      types.addAll(outTypes);
      double count = input.rows() * ScanPlanner.FUNCTION_ROWS;
      rows =
          new PlanNode.Correlate(
              input.node(),
              scan,
              correlation,
              PlanNode.JoinKind.INNER,
              types,
              new Estimate(count, 0, input.cost() + count * Cost.ROW));
    }
    int[] columns = new int[width + outTypes.size()];
    System.arraycopy(input.columns(), 0, columns, 0, width);
    for (int i = 0; i < outTypes.size(); i++) {
      columns[width + i] = oneRow ? i : inputWidth + i;
    }
    Env outEnv = env.with(columns);
    List<io.shardforge.sql.expr.Expression> out = new ArrayList<>();
    for (Bound e : project.expressions()) {
      out.add(planner.expressions().build(replace(e, call, width, outTypes), outEnv));
    }
    return new Planned(
        new PlanNode.Project(
            rows,
            out,
            project.types(),
            Cost.over(rows.estimate(), rows.estimate().rows(), Cost.ROW)),
        Planned.identity(out.size()));
  }

  private static Bound.Call theCall(List<Bound> expressions) {
    List<Bound.Call> calls = new ArrayList<>();
    for (Bound e : expressions) {
      collect(e, calls);
    }
    Bound.Call first = calls.getFirst();
    for (Bound.Call call : calls) {
      if (!io.shardforge.sql.bind.Normal.same(call, first)) {
        throw PhysicalPlanner.unsupported("more than one set-returning function in a select list");
      }
    }
    if (first.args().stream().anyMatch(a -> Bound.any(a, SetProjection::isSet))) {
      throw PhysicalPlanner.unsupported("a set-returning function as argument of another");
    }
    return first;
  }

  private static boolean isSet(Bound e) {
    return e instanceof Bound.Call call && call.returnsSet();
  }

  private static void collect(Bound e, List<Bound.Call> calls) {
    if (e instanceof Bound.Call call && call.returnsSet()) {
      calls.add(call);
      return;
    }
    e.operands().forEach(o -> collect(o, calls));
  }

  /** Types of the OUT columns, or the one result type. */
  private static List<SqlType> outTypes(Bound.Call call) {
    PgFunction function = FunctionRegistry.function(call.function());
    List<SqlType> types = new ArrayList<>();
    if (function != null && call.type().oid() == PgOid.RECORD) {
      for (int i = 0; i < function.argumentModes().length(); i++) {
        char mode = function.argumentModes().charAt(i);
        if (mode == 'o' || mode == 't' || mode == 'b') {
          types.add(SqlType.of(function.allArgumentTypes().get(i)));
        }
      }
    }
    return types.isEmpty() ? List.of(call.type()) : types;
  }

  private static Bound replace(Bound e, Bound.Call call, int width, List<SqlType> outTypes) {
    Bound field = fieldOf(e, width, outTypes);
    if (field != null) {
      return field;
    }
    if (isSet(e)) {
      if (outTypes.size() == 1) {
        return new Bound.Column(width, outTypes.getFirst(), "", -1);
      }
      List<Bound> fields = new ArrayList<>();
      for (int i = 0; i < outTypes.size(); i++) {
        fields.add(new Bound.Column(width + i, outTypes.get(i), "", -1));
      }
      return new Bound.RowOf(fields, List.of(), call.type(), -1);
    }
    List<Bound> operands = new ArrayList<>();
    for (Bound operand : e.operands()) {
      operands.add(replace(operand, call, width, outTypes));
    }
    return operands.isEmpty() ? e : e.withOperands(operands);
  }

  private static @Nullable Bound fieldOf(Bound e, int width, List<SqlType> outTypes) {
    return e instanceof Bound.Field field && isSet(field.row())
        ? new Bound.Column(width + field.index(), outTypes.get(field.index()), "", -1)
        : null;
  }
}
