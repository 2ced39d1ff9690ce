package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.VirtualScan}. */
final class VirtualScanOperator implements Operator {
  private final PlanNode.VirtualScan node;
  private final Execution execution;
  private final BatchBuilder out;
  private final @Nullable BatchFilter filter;
  private @Nullable Stream<@Nullable Object[]> stream;
  private @Nullable Iterator<@Nullable Object[]> rows;

  VirtualScanOperator(PlanNode.VirtualScan node, Execution execution) {
    this.node = node;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.filter =
        node.filter() == null ? null : new BatchFilter(node.filter(), node.types(), execution);
  }

  @Override
  public void open() {
    close();
    Stream<@Nullable Object[]> opened = node.table().rows(execution.catalog(), execution);
    stream = opened;
    rows = opened.iterator();
    if (filter != null) {
      filter.open();
    }
  }

  @Override
  public @Nullable RowBatch next() {
    if (filter != null) {
      filter.checkFailure();
    }
    Iterator<@Nullable Object[]> source = rows;
    while (source != null && source.hasNext()) {
      execution.checkCanceled();
      while (!out.isFull() && source.hasNext()) {
        @Nullable Object[] row = source.next();
        @Nullable Object[] picked = new @Nullable Object[node.columns().size()];
        for (int i = 0; i < picked.length; i++) {
          picked[i] = row[node.columns().get(i)];
        }
        out.add(picked);
      }
      RowBatch batch = out.take();
      if (batch != null && filter != null) {
        batch = filter.apply(batch);
      }
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  @Override
  public void close() {
    rows = null;
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }
}
