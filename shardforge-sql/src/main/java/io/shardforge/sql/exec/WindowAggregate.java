package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.AggregateFunction;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.function.CallTypes;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.plan.PlanNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over the frame of each row. A frame that only grew adds its new rows to the state of
 * the last one, a frame that moved takes rows out again where the aggregate can; else the state is
 * built anew.
 */
final class WindowAggregate implements WindowRun {
  /** So many rows of one frame are added between two looks at cancellation. */
  private static final int CHECK_ROWS = 4096;

  private final PlanNode.WindowCall call;
  private final WindowFrame frame;
  private final WindowPartition partition;
  private final Execution execution;
  private final AggregateFunction function;
  private final @Nullable Object[] arguments;
  private final ArrayRow row = new ArrayRow();
  private final long[] from = new long[WindowFrame.PARTS];
  private final long[] to = new long[WindowFrame.PARTS];
  private @Nullable Accumulator state;
  private @Nullable Object result;
  private long reservedBytes;
  private int sinceCheck;

  WindowAggregate(
      PlanNode.WindowCall call, WindowFrame frame, WindowPartition partition, Execution execution) {
    this.call = call;
    this.frame = frame;
    this.partition = partition;
    this.execution = execution;
    this.arguments = new @Nullable Object[call.arguments().size()];
    this.function =
        FunctionRegistry.aggregate(
            call.functionOid(),
            new CallTypes(call.arguments().stream().map(Expression::type).toList(), call.type()));
  }

  @Override
  public void open() {
    frame.open();
  }

  @Override
  public void startPartition() {
    frame.startPartition();
    release();
  }

  @Override
  public boolean looksBack() {
    return !frame.growsForward();
  }

  @Override
  public @Nullable Object value() {
    Accumulator current = state;
    boolean same = current != null;
    boolean grown = current != null;
    for (int i = 0; i < WindowFrame.PARTS; i++) {
      boolean bothEmpty = frame.from(i) >= frame.to(i) && from[i] >= to[i];
      same &= bothEmpty || (frame.from(i) == from[i] && frame.to(i) == to[i]);
      grown &= i == 0 || bothEmpty;
    }
    if (same) {
      return result;
    }
    grown &= frame.from(0) >= from[0] && frame.from(0) <= to[0] && frame.to(0) >= to[0];
    if (current == null || !grown || !removeTo(current, frame.from(0))) {
      current = restart();
      for (int i = 0; i < WindowFrame.PARTS; i++) {
        add(current, frame.from(i), frame.to(i));
      }
    } else {
      add(current, to[0], frame.to(0));
    }
    for (int i = 0; i < WindowFrame.PARTS; i++) {
      from[i] = frame.from(i);
      to[i] = frame.to(i);
    }
    result = current.result(execution);
    return result;
  }

  private Accumulator restart() {
    release();
    Accumulator fresh = function.create();
    state = fresh;
    return fresh;
  }

  private boolean removeTo(Accumulator accumulator, long end) {
    for (long i = from[0]; i < end; i++) {
      if (counts(i) && !accumulator.remove(execution, arguments)) {
        return false;
      }
    }
    return true;
  }

  private void add(Accumulator accumulator, long start, long end) {
    for (long i = start; i < end; i++) {
      if (++sinceCheck >= CHECK_ROWS) {
        sinceCheck = 0;
        execution.checkCanceled();
      }
      if (counts(i)) {
        accumulator.add(execution, arguments);
      }
    }
    long grown = accumulator.memoryBytes() - reservedBytes;
    if (grown > 0) {
      execution.memory().reserve(grown);
      reservedBytes += grown;
    }
  }

  /** Computes the arguments of a row; false if the filter leaves it out. */
  private boolean counts(long number) {
    row.with(partition.row(number));
    Expression filter = call.filter();
    if (filter != null && !Boolean.TRUE.equals(filter.eval(row, execution))) {
      return false;
    }
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = call.arguments().get(i).eval(row, execution);
    }
    return true;
  }

  private void release() {
    state = null;
    result = null;
    Arrays.fill(from, 0);
    Arrays.fill(to, 0);
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }

  @Override
  public void close() {
    release();
  }
}
