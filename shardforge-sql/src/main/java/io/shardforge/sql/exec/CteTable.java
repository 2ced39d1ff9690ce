package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one CTE in one execution, computed when they are first read; those of a recursive one
 * round by round, as far as they are asked for. While a recursive step runs, readers see the last
 * round's rows instead.
 */
final class CteTable implements AutoCloseable {
  private final PlanNode.Cte cte;
  private final Execution execution;
  private final List<SqlType> types;
  private @Nullable RowSpool all;

  /** The last round's rows, which the next round starts from; null when there is no next one. */
  private @Nullable RowSpool working;

  private @Nullable Seen seen;
  private boolean inRound;

  CteTable(PlanNode.Cte cte, Execution execution) {
    this.cte = cte;
    this.execution = execution;
    this.types = cte.plan().types();
  }

  /** Runs the CTE unless it has run: a data-modifying one runs to its end whoever reads it. */
  RowSpool rows() {
    RowSpool result = all;
    if (result == null) {
      result = new RowSpool(execution, types);
      all = result;
      if (cte.step() == null) {
        drain(cte.plan(), result, null);
      } else {
        seen = cte.unionAll() ? null : new Seen(new KeyTable(types), new long[1]);
        RowSpool first = new RowSpool(execution, types);
        working = first;
        drain(cte.plan(), result, first);
      }
    }
    return result;
  }

  /** A reader of the rows there are: more may come by {@link #advance}. */
  RowSpool.Reader reader() {
    RowSpool last = working;
    return inRound && last != null ? last.reader() : rows().reader();
  }

  /** Whether a reader that is made now is one of the recursive step. */
  boolean inRound() {
    return inRound;
  }

  /** Computes one more round of a recursive CTE; false when all rows are there. */
  boolean advance() {
    RowSpool last = working;
    PlanNode step = cte.step();
    if (last == null || step == null) {
      return false;
    }
    RowSpool next = new RowSpool(execution, types);
    boolean done = false;
    inRound = true;
    try {
      drain(step, rows(), next);
      done = true;
    } finally {
      inRound = false;
      if (!done) {
        next.close();
      }
    }
    last.close();
    if (next.size() == 0) {
      next.close();
      working = null;
      forget();
      return false;
    }
    working = next;
    return true;
  }

  /** The rows that a recursive UNION has produced, with the memory charged for them. */
  private record Seen(KeyTable keys, long[] bytes) {}

  private void drain(PlanNode plan, RowSpool target, @Nullable RowSpool second) {
    Seen seen = this.seen;
    Operator operator = OperatorBuilder.build(plan, execution);
    try {
      operator.open();
      RowPuller puller = new RowPuller(operator, execution);
      @Nullable Object[] row;
      while ((row = puller.next()) != null) {
        if (seen != null) {
          int before = seen.keys.size();
          seen.keys.findOrAdd(row);
          if (seen.keys.size() == before) {
            continue;
          }
          execution.memory().reserve(KeyTable.OVERHEAD_BYTES + RowSize.of(row));
          seen.bytes[0] += KeyTable.OVERHEAD_BYTES + RowSize.of(row);
        }
        target.add(row);
        if (second != null) {
          second.add(row);
        }
      }
    } finally {
      operator.close();
    }
  }

  @Override
  public void close() {
    if (all != null) {
      all.close();
    }
    if (working != null) {
      working.close();
    }
    forget();
  }

  private void forget() {
    if (seen != null) {
      execution.memory().release(seen.bytes[0]);
      seen = null;
    }
  }
}
