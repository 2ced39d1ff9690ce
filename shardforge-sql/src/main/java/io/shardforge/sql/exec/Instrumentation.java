package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What each node of a plan did in one execution: for EXPLAIN ANALYZE. */
public final class Instrumentation {
  private final LongSupplier nanos;
  private final IdentityHashMap<PlanNode, Counters> byNode = new IdentityHashMap<>();

  /**
   * @param nanos a monotonic time in nanoseconds
   */
  public Instrumentation(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * The actual figures of a node.
   *
   * @param rows over all loops
   * @param startupNanos until the first row, over all loops, the node's inputs included
   * @param totalNanos until the end, over all loops, the node's inputs included
   */
  public record Actual(long rows, long loops, long startupNanos, long totalNanos) {}

  /** The figures of a node, or null if it never ran. */
  public @Nullable Actual actual(PlanNode node) {
    Counters counters = byNode.get(node);
    return counters == null || counters.loops == 0
        ? null
        : new Actual(counters.rows, counters.loops, counters.startupNanos, counters.totalNanos);
  }

  Operator around(PlanNode node, Operator operator) {
    return new Counted(operator, byNode.computeIfAbsent(node, _ -> new Counters()), nanos);
  }

  private static final class Counters {
    private long rows;
    private long loops;
    private long startupNanos;
    private long totalNanos;
  }

  /** An operator that counts what another one does. */
  private record Counted(Operator operator, Counters counters, LongSupplier nanos)
      implements Operator {
    @Override
    public void open() {
      long start = nanos.getAsLong();
      counters.loops++;
      operator.open();
      long spent = nanos.getAsLong() - start;
      counters.startupNanos += spent;
      counters.totalNanos += spent;
    }

    @Override
    public @Nullable RowBatch next() {
      long start = nanos.getAsLong();
      boolean first = counters.rows == 0;
      RowBatch batch = operator.next();
      long spent = nanos.getAsLong() - start;
      counters.totalNanos += spent;
      if (first) {
        counters.startupNanos += spent;
      }
      if (batch != null) {
        counters.rows += batch.size();
      }
      return batch;
    }

    @Override
    public void close() {
      operator.close();
    }
  }
}
