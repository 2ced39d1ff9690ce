package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.DerivedValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.KeyLookup} as part of a larger plan. */
final class KeyLookupOperator implements Operator {
  private final KeyAccess access;
  private final Execution execution;
  private final BatchBuilder out;
  private List<@Nullable Object[]> rows = List.of();
  private boolean found;
  private int position;

  KeyLookupOperator(PlanNode.KeyLookup node, Execution execution) {
    this.access = new KeyAccess(node, TableCodecs.of(node.table(), DerivedValues.NONE));
    this.execution = execution;
    this.out =
        new BatchBuilder(
            node.types(), Math.max(1, Math.min(node.keys().size(), RowBatch.CAPACITY)));
  }

  @Override
  public void open() {
    found = false;
    position = 0;
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    if (!found) {
      found = true;
      rows = access.rows(execution);
    }
    while (position < rows.size() && !out.isFull()) {
      out.add(rows.get(position++));
    }
    return out.take();
  }

  @Override
  public void close() {
    rows = List.of();
  }
}
