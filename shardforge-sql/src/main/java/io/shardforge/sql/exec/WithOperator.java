package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.With}: a CTE is computed as it is read, a data-modifying one always, to its
 * end and before the body.
 */
final class WithOperator implements Operator {
  private final PlanNode.With node;
  private final Operator body;
  private final Execution execution;
  private final List<CteTable> tables = new ArrayList<>();

  WithOperator(PlanNode.With node, Operator body, Execution execution) {
    this.node = node;
    this.body = body;
    this.execution = execution;
  }

  @Override
  public void open() {
    closeTables();
    for (PlanNode.Cte cte : node.ctes()) {
      CteTable table = new CteTable(cte, execution);
      tables.add(table);
      execution.putCte(cte.id(), table);
    }
    if (node.ctes().stream().anyMatch(cte -> isModifying(cte.plan()))) {
      execution.deferWrites();
    }
    for (int i = 0; i < tables.size(); i++) {
      if (isModifying(node.ctes().get(i).plan())) {
        tables.get(i).complete();
      }
    }
    body.open();
  }

  private static boolean isModifying(PlanNode plan) {
    return plan instanceof PlanNode.Insert
        || plan instanceof PlanNode.Update
        || plan instanceof PlanNode.Delete
        || plan instanceof PlanNode.Merge
        || (plan instanceof PlanNode.Project project && isModifying(project.input()))
        || (plan instanceof PlanNode.With with && isModifying(with.body()));
  }

  @Override
  public @Nullable RowBatch next() {
    return body.next();
  }

  private void closeTables() {
    for (PlanNode.Cte cte : node.ctes()) {
      execution.removeCte(cte.id());
    }
    tables.forEach(CteTable::close);
    tables.clear();
  }

  @Override
  public void close() {
    body.close();
    closeTables();
  }
}
