package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.JoinKind;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.NestedLoopJoin}: the right side is read once and kept. */
final class NestedLoopJoinOperator implements Operator {
  private final PlanNode.NestedLoopJoin node;
  private final Operator left;
  private final Operator right;
  private final Execution execution;
  private final BatchBuilder out;
  private final int leftWidth;
  private final JoinedRow joined;
  private final BitSet matchedRight = new BitSet();
  private @Nullable RowSpool rightRows;
  private @Nullable RowPuller leftRows;
  private @Nullable Object @Nullable [] leftRow;
  private boolean leftMatched;
  private RowSpool.@Nullable Reader reader;
  private int rightIndex;
  private boolean leftDone;

  NestedLoopJoinOperator(
      PlanNode.NestedLoopJoin node, Operator left, Operator right, Execution execution) {
    this.node = node;
    this.left = left;
    this.right = right;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.leftWidth = node.left().types().size();
    this.joined = new JoinedRow(leftWidth);
  }

  @Override
  public void open() {
    release();
    left.open();
    leftRows = new RowPuller(left, execution);
    leftRow = null;
    reader = null;
    leftDone = false;
    matchedRight.clear();
  }

  @Override
  public @Nullable RowBatch next() {
    RowSpool kept = rightRows;
    if (kept == null) {
      kept = readRight();
    }
    while (!out.isFull()) {
      if (leftDone) {
        if (!emitUnmatchedRight()) {
          break;
        }
        continue;
      }
      @Nullable Object[] current = leftRow;
      RowSpool.Reader rest = reader;
      if (current == null || rest == null) {
        if (!nextLeft(kept)) {
          leftDone = true;
          reader = keepsRight() ? kept.reader() : null;
          rightIndex = 0;
        }
        continue;
      }
      advance(current, rest);
    }
    return out.take();
  }

  private boolean keepsRight() {
    return node.kind() == JoinKind.RIGHT || node.kind() == JoinKind.FULL;
  }

  private RowSpool readRight() {
    RowSpool kept = new RowSpool(execution, node.right().types());
    rightRows = kept;
    right.open();
    RowPuller puller = new RowPuller(right, execution);
    @Nullable Object[] row;
    while ((row = puller.next()) != null) {
      kept.add(row);
    }
    right.close();
    return kept;
  }

  private boolean nextLeft(RowSpool kept) {
    RowPuller source = leftRows;
    @Nullable Object[] row = source == null ? null : source.next();
    leftRow = row;
    if (row == null) {
      return false;
    }
    execution.checkCanceled();
    leftMatched = false;
    reader = kept.reader();
    rightIndex = 0;
    return true;
  }

  /** Compares the left row with the next right rows until one is put out or there are none. */
  private void advance(@Nullable Object[] current, RowSpool.Reader rest) {
    @Nullable Object[] candidate;
    while ((candidate = rest.next()) != null) {
      int index = rightIndex++;
      if ((index & 0xFFF) == 0xFFF) {
        execution.checkCanceled();
      }
      if (!matches(current, candidate)) {
        continue;
      }
      leftMatched = true;
      switch (node.kind()) {
        case INNER, LEFT -> {
          out.add(current, leftWidth, candidate);
          return;
        }
        case RIGHT, FULL -> {
          matchedRight.set(index);
          out.add(current, leftWidth, candidate);
          return;
        }
        case SEMI -> {
          out.add(current);
          leftRow = null;
          return;
        }
        case ANTI -> {
          leftRow = null;
          return;
        }
      }
    }
    if (!leftMatched) {
      switch (node.kind()) {
        case LEFT, FULL -> out.add(current, leftWidth, null);
        case ANTI -> out.add(current);
        case INNER, RIGHT, SEMI -> {}
      }
    }
    leftRow = null;
  }

  private boolean matches(@Nullable Object[] current, @Nullable Object[] candidate) {
    Expression condition = node.condition();
    return condition == null
        || Boolean.TRUE.equals(condition.eval(joined.with(current, candidate), execution));
  }

  private boolean emitUnmatchedRight() {
    RowSpool.Reader rest = reader;
    if (rest == null) {
      return false;
    }
    @Nullable Object[] row;
    while ((row = rest.next()) != null) {
      if (!matchedRight.get(rightIndex++)) {
        out.add(null, leftWidth, row);
        return true;
      }
    }
    reader = null;
    return false;
  }

  private void release() {
    if (rightRows != null) {
      rightRows.close();
      rightRows = null;
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
    release();
  }
}
