package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.plan.PlanNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The question whether a statement that writes a table might read its own writes: scans overlay the
 * transaction's writes, so such an input is read to its end first. Named for the day on which the
 * problem was found at System R.
 */
final class Halloween {
  private Halloween() {}

  static boolean mayRead(PlanNode node, TableDescriptor table) {
    return switch (node) {
      case PlanNode.Values values -> values.rows().stream().anyMatch(row -> mayRead(row, table));
      case PlanNode.VirtualScan _ -> false;
      case PlanNode.FunctionScan scan -> mayRead(scan.arguments(), table);
      case PlanNode.IndexScan scan ->
          scan.table().id() == table.id() || mayRead(scan.filter(), table);
      case PlanNode.InvertedScan scan -> mayRead(scan.rows(), table);
      case PlanNode.KeyLookup lookup ->
          lookup.table().id() == table.id() || mayRead(lookup.filter(), table);
      case PlanNode.IndexLookupJoin join ->
          join.table().id() == table.id()
              || mayRead(join.input(), table)
              || mayRead(join.condition(), table);
      case PlanNode.Filter filter ->
          mayRead(filter.input(), table) || mayRead(filter.condition(), table);
      case PlanNode.Project project ->
          mayRead(project.input(), table) || mayRead(project.expressions(), table);
      case PlanNode.HashJoin join ->
          mayRead(join.left(), table)
              || mayRead(join.right(), table)
              || mayRead(join.residual(), table);
      case PlanNode.NestedLoopJoin join ->
          mayRead(join.left(), table)
              || mayRead(join.right(), table)
              || mayRead(join.condition(), table);
      case PlanNode.Correlate join -> mayRead(join.left(), table) || mayRead(join.right(), table);
      // These read their input to its end before the first row comes out.
      case PlanNode.Aggregate _, PlanNode.Sort _ -> false;
      case PlanNode.Window window ->
          mayRead(window.input(), table)
              || window.calls().stream()
                  .anyMatch(
                      call -> mayRead(call.arguments(), table) || mayRead(call.filter(), table));
      case PlanNode.DistinctOn distinct -> mayRead(distinct.input(), table);
      case PlanNode.Limit limit -> mayRead(limit.input(), table);
      case PlanNode.SetOperation set ->
          set.inputs().stream().anyMatch(input -> mayRead(input, table));
      // A CTE is read lazily, perhaps only by the rows that are being written.
      case PlanNode.With _, PlanNode.CteScan _ -> true;
      case PlanNode.LockRows lock -> mayRead(lock.input(), table);
      case PlanNode.Insert _, PlanNode.Update _, PlanNode.Delete _, PlanNode.Merge _ -> true;
    };
  }

  static boolean mayRead(List<Expression> expressions, TableDescriptor table) {
    return expressions.stream().anyMatch(expression -> mayRead(expression, table));
  }

  private static boolean mayRead(@Nullable Expression expression, TableDescriptor table) {
    if (expression == null) {
      return false;
    }
    if (expression instanceof SubPlan sub
        && (!(sub.plan() instanceof PlanNode plan) || readsAnything(plan, table))) {
      return true;
    }
    return mayRead(expression.children(), table);
  }

  /** A subquery may run while rows are written, whatever it does with its input. */
  private static boolean readsAnything(PlanNode plan, TableDescriptor table) {
    return switch (plan) {
      case PlanNode.Aggregate aggregate -> readsAnything(aggregate.input(), table);
      case PlanNode.Sort sort -> readsAnything(sort.input(), table);
      case PlanNode.Limit limit -> readsAnything(limit.input(), table);
      case PlanNode.Project project ->
          readsAnything(project.input(), table) || mayRead(project.expressions(), table);
      case PlanNode.Filter filter ->
          readsAnything(filter.input(), table) || mayRead(filter.condition(), table);
      case PlanNode.Values _,
          PlanNode.VirtualScan _,
          PlanNode.FunctionScan _,
          PlanNode.IndexScan _,
          PlanNode.InvertedScan _,
          PlanNode.KeyLookup _ ->
          mayRead(plan, table);
      default -> true;
    };
  }
}
