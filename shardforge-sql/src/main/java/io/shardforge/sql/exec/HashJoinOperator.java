package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.JoinKind;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.HashJoin}: a table of the right side's rows is probed with the left side's.
 * A right side too large for memory is set aside by hash together with the left side, and the parts
 * are joined one after the other (Shapiro's grace join), as deep as it takes.
 */
final class HashJoinOperator implements Operator {
  private final PlanNode.HashJoin node;
  private final Operator left;
  private final Operator right;
  private final Execution execution;
  private final BatchBuilder out;
  private final int leftWidth;
  private final JoinedRow joined;
  private final ArrayRow keyRow = new ArrayRow();
  private final Deque<Part> parts = new ArrayDeque<>();
  private final @Nullable NullAwareness nullAwareness;
  private final @Nullable Object[] probeKey;
  private boolean started;
  private @Nullable Part current;
  private @Nullable JoinTable table;
  private @Nullable RowSource probe;
  private @Nullable Object @Nullable [] leftRow;
  private boolean leftMatched;
  private int candidate = -1;
  private int unmatchedAt = -1;

  /** Rows of both sides with the same bits of hash; a side without rows has no file. */
  private record Part(@Nullable SpillFile left, @Nullable SpillFile right, int level) {
    void close() {
      if (left != null) {
        left.close();
      }
      if (right != null) {
        right.close();
      }
    }
  }

  HashJoinOperator(PlanNode.HashJoin node, Operator left, Operator right, Execution execution) {
    this.node = node;
    this.left = left;
    this.right = right;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.leftWidth = node.left().types().size();
    this.joined = new JoinedRow(leftWidth);
    this.probeKey = new @Nullable Object[node.leftKeys().size()];
    this.nullAwareness =
        node.nullAware() && node.kind() == JoinKind.ANTI
            ? new NullAwareness(node, execution)
            : null;
  }

  @Override
  public void open() {
    release();
    started = false;
    leftRow = null;
    candidate = -1;
    unmatchedAt = -1;
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    if (!started) {
      started = true;
      right.open();
      RowPuller rightRows = new RowPuller(right, execution);
      left.open();
      RowPuller leftRows = new RowPuller(left, execution);
      begin(rightRows::next, leftRows::next, 0);
      right.close();
    }
    while (!out.isFull()) {
      RowSource source = probe;
      if (source == null) {
        if (!nextPart()) {
          break;
        }
      } else if (unmatchedAt >= 0) {
        emitUnmatchedRight();
      } else if (leftRow == null) {
        nextLeft(source);
      } else {
        advance(leftRow);
      }
    }
    return out.take();
  }

  /** Builds the table of a right side, or sets both sides aside if it is too large. */
  private void begin(RowSource rightRows, RowSource leftRows, int level) {
    JoinTable built = new JoinTable(keyTypes(node.rightKeys()), keepsRight(), execution);
    table = built;
    @Nullable Object[] row;
    while ((row = rightRows.next()) != null) {
      @Nullable Object[] key = keyOf(node.rightKeys(), row);
      if (nullAwareness != null) {
        nullAwareness.addRight(key, row);
      }
      if (!built.add(key, row)) {
        setAside(built, key, row, rightRows, leftRows, level);
        return;
      }
    }
    probe = leftRows;
  }

  private void setAside(
      JoinTable built,
      @Nullable Object[] overflowKey,
      @Nullable Object[] overflowRow,
      RowSource rightRows,
      RowSource leftRows,
      int level) {
    if (nullAwareness != null) {
      throw execution.memory().exceeded(RowSize.of(overflowRow));
    }
    try (SpillPartitions rightParts = new SpillPartitions(execution, node.right().types(), level);
        SpillPartitions leftParts = new SpillPartitions(execution, node.left().types(), level)) {
      KeyTable hasher = built.keys();
      built.drainTo(row -> rightParts.add(hasher.hash(keyOf(node.rightKeys(), row)), row));
      rightParts.add(hasher.hash(overflowKey), overflowRow);
      @Nullable Object[] row;
      while ((row = rightRows.next()) != null) {
        execution.checkCanceled();
        rightParts.add(hasher.hash(keyOf(node.rightKeys(), row)), row);
      }
      built.close();
      table = null;
      while ((row = leftRows.next()) != null) {
        leftParts.add(hasher.hash(keyOf(node.leftKeys(), row)), row);
      }
      for (int i = 0; i < SpillPartitions.FANOUT; i++) {
        Part part = new Part(leftParts.take(i), rightParts.take(i), level + 1);
        if (part.left != null || part.right != null) {
          parts.add(part);
        }
      }
    }
    probe = null;
  }

  private boolean nextPart() {
    closePart();
    Part part = parts.poll();
    if (part == null) {
      return false;
    }
    current = part;
    execution.checkCanceled();
    begin(
        part.right == null ? () -> null : part.right.reader()::next,
        part.left == null ? () -> null : part.left.reader()::next,
        part.level);
    return true;
  }

  private void closePart() {
    if (table != null) {
      table.close();
      table = null;
    }
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private void nextLeft(RowSource source) {
    @Nullable Object[] row = source.next();
    JoinTable built = table;
    if (row == null || built == null) {
      if (keepsRight() && built != null) {
        unmatchedAt = 0;
      } else {
        probe = null;
      }
      return;
    }
    leftRow = row;
    leftMatched = false;
    candidate = -1;
    boolean hasNull = false;
    for (int i = 0; i < probeKey.length; i++) {
      probeKey[i] = node.leftKeys().get(i).eval(keyRow.with(row), execution);
      hasNull |= probeKey[i] == null;
    }
    if (nullAwareness != null && nullAwareness.excludes(probeKey, hasNull, row)) {
      leftRow = null;
    } else if (!hasNull) {
      candidate = built.first(probeKey);
    }
  }

  private void advance(@Nullable Object[] current) {
    JoinTable built = table;
    while (candidate >= 0 && built != null) {
      int at = candidate;
      candidate = built.following(at);
      @Nullable Object[] other = built.row(at);
      if (!passesResidual(current, other)) {
        continue;
      }
      leftMatched = true;
      switch (node.kind()) {
        case INNER, LEFT -> {
          out.add(current, leftWidth, other);
          if (candidate < 0) {
            leftRow = null;
          }
          return;
        }
        case RIGHT, FULL -> {
          built.setMatched(at);
          out.add(current, leftWidth, other);
          if (candidate < 0) {
            leftRow = null;
          }
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

  private void emitUnmatchedRight() {
    JoinTable built = table;
    int at = built == null ? -1 : built.nextUnmatched(unmatchedAt);
    if (at < 0 || built == null) {
      unmatchedAt = -1;
      probe = null;
      return;
    }
    out.add(null, leftWidth, built.row(at));
    unmatchedAt = at + 1;
  }

  private boolean passesResidual(@Nullable Object[] a, @Nullable Object[] b) {
    Expression residual = node.residual();
    return residual == null || Boolean.TRUE.equals(residual.eval(joined.with(a, b), execution));
  }

  private boolean keepsRight() {
    return node.kind() == JoinKind.RIGHT || node.kind() == JoinKind.FULL;
  }

  private @Nullable Object[] keyOf(List<Expression> expressions, @Nullable Object[] row) {
    return ValuesOperator.evaluate(expressions, keyRow.with(row), execution);
  }

  static List<SqlType> keyTypes(List<Expression> keys) {
    return keys.stream().map(Expression::type).toList();
  }

  private void release() {
    closePart();
    if (nullAwareness != null) {
      nullAwareness.close();
    }
    probe = null;
    Part part;
    while ((part = parts.poll()) != null) {
      part.close();
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
    release();
  }
}
