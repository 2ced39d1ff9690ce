package io.shardforge.sql.exec;

import io.shardforge.raft.txn.ReadMeter;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What each node of a plan did in one execution: for EXPLAIN ANALYZE. */
public final class Instrumentation {
  private final LongSupplier nanos;
  private final IdentityHashMap<PlanNode, Counters> byNode = new IdentityHashMap<>();
  private @Nullable ReadMeter current;

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
   * @param reads by the node itself, without its inputs
   */
  public record Actual(
      long rows, long loops, long startupNanos, long totalNanos, ReadMeter.Figures reads) {}

  /** The figures of a node, or null if it never ran. */
  public @Nullable Actual actual(PlanNode node) {
    Counters counters = byNode.get(node);
    return counters == null || counters.loops == 0
        ? null
        : new Actual(
            counters.rows,
            counters.loops,
            counters.startupNanos,
            counters.totalNanos,
            counters.reads.figures());
  }

  Operator around(PlanNode node, Operator operator, Txn txn) {
    return new Counted(operator, byNode.computeIfAbsent(node, _ -> new Counters()), txn);
  }

  /** Counts rows of a node that were used up before they came out of its operator. */
  void addRows(PlanNode node, long rows) {
    Counters counters = byNode.get(node);
    if (counters != null) {
      counters.rows += rows;
    }
  }

  private static final class Counters {
    private final ReadMeter reads = new ReadMeter();
    private long rows;
    private long loops;
    private long startupNanos;
    private long totalNanos;
  }

  /** An operator that counts what another one does. */
  private final class Counted implements Operator {
    private final Operator operator;
    private final Counters counters;
    private final Txn txn;

    Counted(Operator operator, Counters counters, Txn txn) {
      this.operator = operator;
      this.counters = counters;
      this.txn = txn;
    }

    /** Reads count for the innermost operator. */
    private <T extends @Nullable Object> T reading(Supplier<T> work) {
      ReadMeter outer = current;
      current = counters.reads;
      txn.countReads(current);
      try {
        return work.get();
      } finally {
        current = outer;
        txn.countReads(outer);
      }
    }

    @Override
    public void open() {
      long start = nanos.getAsLong();
      counters.loops++;
      var _ =
          reading(() -> {
            operator.open();
            return true;
          });
      long spent = nanos.getAsLong() - start;
      counters.startupNanos += spent;
      counters.totalNanos += spent;
    }

    @Override
    public @Nullable RowBatch next() {
      long start = nanos.getAsLong();
      boolean first = counters.rows == 0;
      RowBatch batch = this.<@Nullable RowBatch>reading(operator::next);
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
