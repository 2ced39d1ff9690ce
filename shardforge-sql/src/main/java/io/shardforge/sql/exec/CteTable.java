package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one CTE in one execution, computed when they are first read. While a recursive step
 * runs, readers see the last round's rows instead.
 */
final class CteTable implements AutoCloseable {
  private final PlanNode.Cte cte;
  private final Execution execution;
  private final List<SqlType> types;
  private @Nullable RowSpool all;
  private @Nullable RowSpool round;

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
      compute(result);
    }
    return result;
  }

  RowSpool.Reader reader() {
    return round != null ? round.reader() : rows().reader();
  }

  private void compute(RowSpool target) {
    PlanNode step = cte.step();
    if (step == null) {
      drain(cte.plan(), target, null, null);
      return;
    }
    KeyTable seen = cte.unionAll() ? null : new KeyTable(types);
    long[] seenBytes = new long[1];
    RowSpool working = new RowSpool(execution, types);
    try {
      drain(cte.plan(), target, working, seen == null ? null : new Seen(seen, seenBytes));
      while (working.size() > 0) {
        RowSpool next = new RowSpool(execution, types);
        round = working;
        try {
          drain(step, target, next, seen == null ? null : new Seen(seen, seenBytes));
        } catch (RuntimeException e) {
          next.close();
          throw e;
        }
        working.close();
        working = next;
      }
    } finally {
      round = null;
      working.close();
      execution.memory().release(seenBytes[0]);
    }
  }

  /** The rows that a recursive UNION has produced, with the memory charged for them. */
  private record Seen(KeyTable keys, long[] bytes) {}

  private void drain(
      PlanNode plan, RowSpool target, @Nullable RowSpool second, @Nullable Seen seen) {
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
    if (round != null) {
      round.close();
    }
  }
}
