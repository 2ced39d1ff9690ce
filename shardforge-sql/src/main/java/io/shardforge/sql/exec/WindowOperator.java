package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Window}: row by row through one partition after another. */
final class WindowOperator implements Operator {
  private final Operator input;
  private final Execution execution;
  private final int inputWidth;
  private final WindowPartition partition;
  private final List<WindowRun> runs = new ArrayList<>();
  private final BatchBuilder out;
  private boolean opened;
  private boolean inPartition;
  private boolean keepsRows;

  WindowOperator(PlanNode.Window node, Operator input, Execution execution) {
    this.input = input;
    this.execution = execution;
    this.inputWidth = node.input().types().size();
    this.partition = new WindowPartition(node, input, execution);
    this.out = new BatchBuilder(node.types());
    for (PlanNode.WindowCall call : node.calls()) {
      WindowRun run = WindowRun.of(node, call, partition, execution);
      runs.add(run);
      keepsRows |= run.looksBack();
    }
  }

  @Override
  public void open() {
    release();
    opened = false;
    inPartition = false;
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    if (!opened) {
      opened = true;
      runs.forEach(WindowRun::open);
    }
    while (!out.isFull()) {
      if (!inPartition) {
        if (!partition.nextPartition()) {
          break;
        }
        inPartition = true;
        runs.forEach(WindowRun::startPartition);
      } else if (!partition.exists(partition.position())) {
        inPartition = false;
        continue;
      }
      out.add(row());
      partition.advance();
      if (!keepsRows) {
        partition.trim();
      }
    }
    return out.take();
  }

  private @Nullable Object[] row() {
    @Nullable Object[] row =
        Arrays.copyOf(partition.row(partition.position()), inputWidth + runs.size());
    for (int i = 0; i < runs.size(); i++) {
      row[inputWidth + i] = runs.get(i).value();
    }
    return row;
  }

  private void release() {
    runs.forEach(WindowRun::close);
    partition.reset();
  }

  @Override
  public void close() {
    input.close();
    release();
  }
}
