package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Normal;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans set-returning calls in a select list: for each input row the functions' rows side by side,
 * then the expressions around the calls.
 */
final class SetProjection {
  private static final int CORRELATION_BASE = 1_000_000;

  private final PhysicalPlanner planner;

  SetProjection(PhysicalPlanner planner) {
    this.planner = planner;
  }

  /** A call and the place of its first column behind those of the input. */
  private record Part(Bound.Call call, int offset, List<SqlType> types) {}

  Planned plan(Rel.ProjectSet project, Env env) {
    int width = project.input().types().size();
    List<Part> parts = parts(project.expressions(), width);
    List<Bound.Call> calls = parts.stream().map(Part::call).toList();
    List<SqlType> outTypes = parts.stream().flatMap(part -> part.types.stream()).toList();
    Planned input =
        planner.plan(
            project.input(),
            PhysicalPlanner.with(new java.util.BitSet(), project.expressions()),
            env);
    int inputWidth = input.node().types().size();
    boolean oneRow =
        input.node() instanceof PlanNode.Values values
            && values.types().isEmpty()
            && values.rows().size() == 1;
    // One number a select list is enough: such nodes never nest in one row.
    int correlation = CORRELATION_BASE + calls.getFirst().location() + 1;
    Env argumentEnv =
        oneRow ? env.with(new int[0]) : new Env(input.columns(), env.outer(), correlation);
    PlanNode scan = planner.functionScan(calls, false, outTypes, argumentEnv);
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
      out.add(planner.expressions().build(replace(e, parts), outEnv));
    }
    return new Planned(
        new PlanNode.Project(
            rows,
            out,
            project.types(),
            Cost.over(rows.estimate(), rows.estimate().rows(), Cost.ROW)),
        Planned.identity(out.size()));
  }

  /** The different calls, in their order, with their columns side by side. */
  private static List<Part> parts(List<Bound> expressions, int width) {
    List<Bound.Call> calls = new ArrayList<>();
    for (Bound e : expressions) {
      collect(e, calls);
    }
    List<Part> parts = new ArrayList<>();
    int offset = width;
    for (Bound.Call call : calls) {
      if (parts.stream().noneMatch(part -> Normal.same(part.call, call))) {
        List<SqlType> types = PhysicalPlanner.resultTypes(call);
        parts.add(new Part(call, offset, types));
        offset += types.size();
      }
    }
    return parts;
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

  private static Bound replace(Bound e, List<Part> parts) {
    if (e instanceof Bound.Field field && isSet(field.row())) {
      return column(partOf(field.row(), parts), field.index());
    }
    if (isSet(e)) {
      Part part = partOf(e, parts);
      if (part.types.size() == 1) {
        return column(part, 0);
      }
      List<Bound> fields = new ArrayList<>();
      for (int i = 0; i < part.types.size(); i++) {
        fields.add(column(part, i));
      }
      return new Bound.RowOf(fields, List.of(), e.type(), -1);
    }
    List<Bound> operands = new ArrayList<>();
    for (Bound operand : e.operands()) {
      operands.add(replace(operand, parts));
    }
    return operands.isEmpty() ? e : e.withOperands(operands);
  }

  private static Part partOf(Bound call, List<Part> parts) {
    return parts.stream().filter(part -> Normal.same(part.call, call)).findFirst().orElseThrow();
  }

  private static Bound column(Part part, int index) {
    return new Bound.Column(part.offset + index, part.types.get(index), "", -1);
  }
}
