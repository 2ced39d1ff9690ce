package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one CTE in one execution, computed as far as they are asked for; those of a recursive
 * one round by round, each from the rows of the one before.
 */
final class CteTable implements AutoCloseable {
  private final PlanNode.Cte cte;
  private final Execution execution;
  private final List<SqlType> types;
  private final RowSpool all;

  /** The last whole round's rows, which the step reads; null before the first, and at the end. */
  private @Nullable RowSpool working;

  /** The rows of this round so far; null if there is no step that would read them. */
  private @Nullable RowSpool next;

  /** What this round's rows come from; null before the first and when all rows are there. */
  private @Nullable Operator round;

  private @Nullable Seen seen;
  private boolean started;

  CteTable(PlanNode.Cte cte, Execution execution) {
    this.cte = cte;
    this.execution = execution;
    this.types = cte.plan().types();
    this.all = new RowSpool(execution, types);
  }

  /** Computes all rows: those of a data-modifying one, whoever reads them. */
  void complete() {
    while (advance()) {}
  }

  /** A reader of the rows there are: more may come by {@link #advance}. */
  RowSpool.Reader reader() {
    return all.reader();
  }

  /** A reader of the last round's rows, for the recursive step. */
  RowSpool.Reader workingReader() {
    RowSpool last = working;
    if (last == null) {
      throw new IllegalStateException("no round of " + cte.name() + " has ended");
    }
    return last.reader();
  }

  /** Computes more rows; false when all are there. */
  boolean advance() {
    if (!started) {
      started = true;
      if (cte.step() != null && !cte.unionAll()) {
        seen = new Seen(new KeyTable(types), new long[1]);
      }
      start(cte.plan());
    }
    long before = all.size();
    while (round != null && all.size() == before) {
      execution.checkCanceled();
      RowBatch batch = round.next();
      if (batch == null) {
        end(round);
      } else {
        add(batch);
      }
    }
    return all.size() > before;
  }

  private void start(PlanNode plan) {
    if (cte.step() != null) {
      next = new RowSpool(execution, types);
    }
    Operator operator = OperatorBuilder.build(plan, execution);
    round = operator;
    operator.open();
  }

  /** Ends a round, and starts another if it had rows. */
  private void end(Operator ended) {
    round = null;
    ended.close();
    if (working != null) {
      working.close();
    }
    working = next;
    next = null;
    PlanNode step = cte.step();
    if (step != null && working != null && working.size() > 0) {
      start(step);
    } else {
      close(working);
      working = null;
      forget();
    }
  }

  /** The rows that a recursive UNION has produced, with the memory charged for them. */
  private record Seen(KeyTable keys, long[] bytes) {}

  private void add(RowBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      @Nullable Object[] row = BatchBuilder.row(batch, i);
      if (seen != null) {
        int before = seen.keys.size();
        seen.keys.findOrAdd(row);
        if (seen.keys.size() == before) {
          continue;
        }
        execution.memory().reserve(KeyTable.OVERHEAD_BYTES + RowSize.of(row));
        seen.bytes[0] += KeyTable.OVERHEAD_BYTES + RowSize.of(row);
      }
      all.add(row);
      if (next != null) {
        next.add(row);
      }
    }
  }

  @Override
  public void close() {
    Operator open = round;
    round = null;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      all.close();
      close(working);
      close(next);
      forget();
    }
  }

  private static void close(@Nullable RowSpool spool) {
    if (spool != null) {
      spool.close();
    }
  }

  private void forget() {
    if (seen != null) {
      execution.memory().release(seen.bytes[0]);
      seen = null;
    }
  }
}
