package io.shardforge.sql.exec;

import io.shardforge.sql.plan.Plan.QueryPlan;
import io.shardforge.sql.plan.PlanNode;

/** The way from plans to running operators. */
public final class Executor {
  private Executor() {}

  /** A plan made ready for any number of executions. */
  public static ExecutablePlan prepare(QueryPlan plan) {
    return new ExecutablePlan(plan.root());
  }

  /** Opens the operators of a plan; closed by the caller, also after a failure of theirs. */
  public static Operator open(QueryPlan plan, Execution execution) {
    Operator operator = operator(plan.root(), execution);
    try {
      operator.open();
    } catch (RuntimeException e) {
      operator.close();
      throw e;
    }
    return operator;
  }

  static Operator operator(PlanNode root, Execution execution) {
    return OperatorBuilder.buildRoot(root, execution);
  }
}
