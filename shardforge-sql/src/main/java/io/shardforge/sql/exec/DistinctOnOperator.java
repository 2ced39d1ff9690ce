package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.DistinctOn}. */
final class DistinctOnOperator implements Operator {
  private final Operator input;
  private final Execution execution;
  private final BatchBuilder out;
  private final int[] columns;
  private final PgType[] types;
  private @Nullable Object @Nullable [] last;

  DistinctOnOperator(PlanNode.DistinctOn node, Operator input, Execution execution) {
    this.input = input;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.columns = node.columns().stream().mapToInt(Integer::intValue).toArray();
    this.types = new PgType[columns.length];
    for (int i = 0; i < columns.length; i++) {
      types[i] = PgTypes.of(node.types().get(columns[i]));
    }
  }

  @Override
  public void open() {
    last = null;
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    while (true) {
      execution.checkCanceled();
      RowBatch in = input.next();
      if (in == null) {
        return null;
      }
      for (int i = 0; i < in.size(); i++) {
        if (startsRun(in, i)) {
          out.add(in, i);
        }
      }
      RowBatch result = out.take();
      if (result != null) {
        return result;
      }
    }
  }

  private boolean startsRun(RowBatch in, int row) {
    @Nullable Object[] before = last;
    boolean starts = before == null;
    for (int i = 0; !starts && i < columns.length; i++) {
      Object a = before == null ? null : before[i];
      Object b = in.get(row, columns[i]);
      starts = (a == null || b == null) ? (a != null || b != null) : !types[i].equal(a, b);
    }
    if (starts) {
      @Nullable Object[] now = new @Nullable Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        now[i] = in.get(row, columns[i]);
      }
      last = now;
    }
    return starts;
  }

  @Override
  public void close() {
    input.close();
  }
}
