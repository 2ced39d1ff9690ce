package io.shardforge.sql.exec;

import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.WindowFunction;
import io.shardforge.sql.function.WindowRow;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** One window call over the partitions of an execution. */
sealed interface WindowRun permits WindowRun.OfFunction, WindowAggregate {
  void open();

  void startPartition();

  /** The value for the partition's current row. */
  @Nullable Object value();

  /** Whether rows before the current one may still be read. */
  boolean looksBack();

  void close();

  static WindowRun of(
      PlanNode.Window node,
      PlanNode.WindowCall call,
      WindowPartition partition,
      Execution execution) {
    WindowFrame frame = new WindowFrame(node, call, partition, execution);
    return call.aggregate()
        ? new WindowAggregate(call, frame, partition, execution)
        : new OfFunction(call, frame, partition, execution);
  }

  /** A call of a window function, which looks at the rows through this. */
  final class OfFunction implements WindowRun, WindowRow {
    private final PlanNode.WindowCall call;
    private final WindowFrame frame;
    private final WindowPartition partition;
    private final Execution execution;
    private final WindowFunction function;
    private final ArrayRow row = new ArrayRow();

    OfFunction(
        PlanNode.WindowCall call,
        WindowFrame frame,
        WindowPartition partition,
        Execution execution) {
      this.call = call;
      this.frame = frame;
      this.partition = partition;
      this.execution = execution;
      this.function = FunctionRegistry.window(call.functionOid());
    }

    @Override
    public void open() {
      frame.open();
    }

    @Override
    public void startPartition() {
      frame.startPartition();
    }

    @Override
    public @Nullable Object value() {
      return function.value(this);
    }

    @Override
    public boolean looksBack() {
      return function.looksBack();
    }

    @Override
    public void close() {}

    @Override
    public long position() {
      return partition.position();
    }

    @Override
    public boolean exists(long number) {
      return partition.exists(number);
    }

    @Override
    public long partitionRows() {
      return partition.size();
    }

    @Override
    public long peersStart() {
      return partition.peersStart();
    }

    @Override
    public long peersEnd() {
      return partition.peersEnd();
    }

    @Override
    public long peerGroup() {
      return partition.peerGroup();
    }

    @Override
    public @Nullable Object argument(int index, long number) {
      return call.arguments().get(index).eval(row.with(partition.row(number)), execution);
    }

    @Override
    public long frameRow(long n) {
      return frame.row(n);
    }

    @Override
    public long frameLast() {
      return frame.last();
    }
  }
}
