package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.Plan.QueryPlan;
import org.jspecify.annotations.Nullable;

/** All rows of a query, kept to be read in any order after it ended. */
public final class StoredRows implements AutoCloseable {
  private final Execution execution;
  private final RowSpool spool;
  private RowSpool.@Nullable Reader reader;
  private long nextIndex;

  private StoredRows(Execution execution, RowSpool spool) {
    this.execution = execution;
    this.spool = spool;
  }

  /** Runs a query to its end; the execution is closed with the rows. */
  public static StoredRows of(QueryPlan plan, Execution execution) {
    StoredRows rows = new StoredRows(execution, new RowSpool(execution, plan.root().types()));
    boolean done = false;
    try (Operator operator = Executor.open(plan, execution)) {
      for (RowBatch batch = operator.next(); batch != null; batch = operator.next()) {
        execution.checkCanceled();
        for (int i = 0; i < batch.size(); i++) {
          rows.spool.add(BatchBuilder.row(batch, i));
        }
      }
      execution.finish();
      done = true;
    } finally {
      if (!done) {
        rows.close();
      }
    }
    return rows;
  }

  public long size() {
    return spool.size();
  }

  /** The row at an index from 0; going back reads from the first row on. */
  public @Nullable Object[] row(long index) {
    RowSpool.Reader from = reader;
    if (from == null || index < nextIndex) {
      from = spool.reader();
      reader = from;
      nextIndex = 0;
    }
    while (true) {
      @Nullable Object[] row = from.next();
      if (row == null) {
        throw new IndexOutOfBoundsException("row " + index + " of " + size());
      }
      if (nextIndex++ == index) {
        return row;
      }
    }
  }

  @Override
  public void close() {
    try {
      spool.close();
    } finally {
      execution.close();
    }
  }
}
