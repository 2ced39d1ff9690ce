package io.shardforge.sql.plan;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.plan.PlanNode.Estimate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cost model: units of one sequentially read row, with the price of a round trip to another
 * shard added to what looks up single keys. Selectivities are PostgreSQL's defaults.
 */
final class Cost {
  static final double ROW = 0.01;
  static final double PREDICATE = 0.0025;
  static final double LOOKUP = 4.0;
  static final double INDEX_ROW = 0.5;
  static final double STARTUP = 0.25;

  /** One of many rows whose keys are known, read in their order. */
  static final double FOUND_ROW = 0.1;

  static final double EQUAL = 0.005;
  static final double RANGE = 1.0 / 3;
  static final double BETWEEN = 0.005;
  static final double OTHER = 0.25;

  /** Of the operators that inverted indexes are for. */
  static final double CONTAINED = 0.005;

  static final double GROUPS = 0.1;

  private Cost() {}

  static double clamp(double rows) {
    return Math.max(1, Math.rint(rows));
  }

  /** A node that passes rows of its input on at a price a row. */
  static Estimate over(Estimate input, double rows, double perRow) {
    return new Estimate(
        clamp(rows), input.startupCost(), input.totalCost() + perRow * input.rows());
  }

  /** A node that reads all of its input before its first row. */
  static Estimate blocking(Estimate input, double rows, double perRow) {
    double total = input.totalCost() + perRow * input.rows();
    return new Estimate(clamp(rows), total, total + ROW * clamp(rows));
  }

  /** What the subqueries of an expression cost for each row that it is evaluated for. */
  static double subPlans(@Nullable Expression expression) {
    if (expression == null) {
      return 0;
    }
    double cost = 0;
    if (expression instanceof SubPlan sub && sub.correlationId() != SubPlan.UNCORRELATED) {
      cost += ((PlanNode) sub.plan()).estimate().totalCost();
    }
    for (Expression child : expression.children()) {
      cost += subPlans(child);
    }
    return cost;
  }

  static double subPlans(List<Expression> expressions) {
    return expressions.stream().mapToDouble(Cost::subPlans).sum();
  }

  static double sortCost(double rows) {
    return rows < 2 ? ROW : 2 * PREDICATE * rows * (Math.log(rows) / Math.log(2));
  }
}
