package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.RowBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Sort}: in memory while the budget allows, then as sorted runs in spill files
 * that are merged. With a small limit it keeps only that many rows.
 */
final class SortOperator implements Operator {
  /** Limits up to this are kept in a heap; beyond it everything is sorted. */
  private static final int HEAP_ROWS_MAX = 10_000;

  /** So many runs are merged into one before more are written. */
  private static final int RUNS_MAX = 32;

  private final PlanNode.Sort node;
  private final Operator input;
  private final Execution execution;
  private final Comparator<@Nullable Object[]> order;
  private final BatchBuilder out;
  private final List<SpillFile> runs = new ArrayList<>();
  private List<@Nullable Object[]> rows = new ArrayList<>();
  private long reservedBytes;
  private long toReturn;
  private int position;
  private @Nullable PriorityQueue<Run> merge;
  private boolean sorted;

  SortOperator(PlanNode.Sort node, Operator input, Execution execution) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.order = new RowOrder(node.keys(), node.types());
    this.out = new BatchBuilder(node.types());
  }

  @Override
  public void open() {
    release();
    sorted = false;
    position = 0;
    toReturn = Long.MAX_VALUE;
    Expression limit = node.limit();
    if (limit != null && limit.eval(NoRow.INSTANCE, execution) instanceof Long count) {
      // A negative limit is the Limit node's to report.
      toReturn = Math.max(0, count);
    }
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    if (!sorted) {
      sorted = true;
      if (toReturn <= HEAP_ROWS_MAX) {
        keepFirst((int) toReturn);
      } else {
        sortAll();
      }
    }
    execution.checkCanceled();
    while (toReturn > 0 && !out.isFull()) {
      @Nullable Object[] row = nextSorted();
      if (row == null) {
        break;
      }
      out.add(row);
      toReturn--;
    }
    return out.take();
  }

  private @Nullable Object @Nullable [] nextSorted() {
    if (merge == null) {
      return position < rows.size() ? rows.get(position++) : null;
    }
    return pollMerged(merge);
  }

  private static @Nullable Object @Nullable [] pollMerged(PriorityQueue<Run> heap) {
    Run run = heap.poll();
    if (run == null) {
      return null;
    }
    @Nullable Object[] row = run.head;
    if (run.advance()) {
      heap.add(run);
    }
    return row;
  }

  private void keepFirst(int count) {
    PriorityQueue<@Nullable Object[]> heap =
        new PriorityQueue<>(Math.max(1, Math.min(count, 64)), order.reversed());
    RowPuller puller = new RowPuller(input, execution);
    @Nullable Object[] row;
    while ((row = puller.next()) != null) {
      if (count == 0) {
        continue;
      }
      if (heap.size() == count) {
        @Nullable Object[] last = heap.element();
        if (order.compare(row, last) >= 0) {
          continue;
        }
        heap.remove();
        release(RowSize.of(last));
      }
      long bytes = RowSize.of(row);
      execution.memory().reserve(bytes);
      reservedBytes += bytes;
      heap.add(row);
    }
    rows = new ArrayList<>(heap);
    rows.sort(order);
  }

  private void sortAll() {
    RowPuller puller = new RowPuller(input, execution);
    @Nullable Object[] row;
    while ((row = puller.next()) != null) {
      long bytes = RowSize.of(row) + 8;
      if (!execution.memory().tryReserve(bytes)) {
        if (rows.isEmpty() || !RowBytes.canHold(node.types())) {
          throw execution.memory().exceeded(bytes);
        }
        writeRun();
        execution.memory().reserve(bytes);
      }
      reservedBytes += bytes;
      rows.add(row);
    }
    rows.sort(order);
    if (!runs.isEmpty()) {
      PriorityQueue<Run> heap = new PriorityQueue<>(runs.size() + 1);
      for (int i = 0; i < runs.size(); i++) {
        addRun(heap, new Run(i, runs.get(i).reader()::next));
      }
      addRun(heap, new Run(runs.size(), new MemoryRun()));
      merge = heap;
    }
  }

  private void writeRun() {
    rows.sort(order);
    SpillFile run = new SpillFile(execution.spillSpace(), node.types());
    runs.add(run);
    for (Object[] row : rows) {
      run.add(row);
    }
    rows = new ArrayList<>();
    release(reservedBytes);
    if (runs.size() == RUNS_MAX) {
      mergeRuns();
    }
  }

  private void mergeRuns() {
    PriorityQueue<Run> heap = new PriorityQueue<>(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      addRun(heap, new Run(i, runs.get(i).reader()::next));
    }
    SpillFile merged = new SpillFile(execution.spillSpace(), node.types());
    List<SpillFile> old = new ArrayList<>(runs);
    runs.add(merged);
    @Nullable Object[] row;
    while ((row = pollMerged(heap)) != null) {
      merged.add(row);
    }
    runs.removeAll(old);
    old.forEach(SpillFile::close);
  }

  private static void addRun(PriorityQueue<Run> heap, Run run) {
    if (run.advance()) {
      heap.add(run);
    }
  }

  private void release(long bytes) {
    execution.memory().release(bytes);
    reservedBytes -= bytes;
  }

  private void release() {
    release(reservedBytes);
    rows = new ArrayList<>();
    runs.forEach(SpillFile::close);
    runs.clear();
    merge = null;
  }

  @Override
  public void close() {
    input.close();
    release();
  }

  /** The rows that are still in memory. */
  private final class MemoryRun implements RowSource {
    private int at;

    @Override
    public @Nullable Object @Nullable [] next() {
      return at < rows.size() ? rows.get(at++) : null;
    }
  }

  /** A sorted run with its next row; equal rows come from the earlier run first. */
  private final class Run implements Comparable<Run> {
    private final int number;
    private final RowSource source;
    private @Nullable Object[] head = ArrayRow.NO_VALUES;

    Run(int number, RowSource source) {
      this.number = number;
      this.source = source;
    }

    boolean advance() {
      @Nullable Object[] row = source.next();
      if (row == null) {
        return false;
      }
      head = row;
      return true;
    }

    @Override
    public int compareTo(Run other) {
      int byRow = order.compare(head, other.head);
      return byRow != 0 ? byRow : Integer.compare(number, other.number);
    }
  }
}
