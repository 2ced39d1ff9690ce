package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.JoinKind;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.HashJoin}: a table of the right side's rows is probed with the left side's,
 * which gives pairs of row numbers; when there are enough of them their columns are copied together
 * into a batch. A right side too large for memory is set aside by hash together with the left side,
 * and the parts are joined one after the other (Shapiro's grace join), as deep as it takes.
 */
final class HashJoinOperator implements Operator {
  private static final int NONE = -1;

  private final PlanNode.HashJoin node;
  private final Operator left;
  private final Operator right;
  private final Execution execution;
  private final JoinKind kind;
  private final int leftWidth;
  private final JoinKeys leftKeys;
  private final JoinKeys rightKeys;
  private final RowBatch out;
  private final int[] leftAt = new int[RowBatch.CAPACITY];
  private final int[] rightAt = new int[RowBatch.CAPACITY];
  private final Deque<Part> parts = new ArrayDeque<>();
  private final @Nullable NullAwareness nullAwareness;

  /** The residual of an inner join, which needs no other row than the pair's. */
  private final @Nullable BatchFilter pairFilter;

  /** The residual of the others, which have to know of each left row whether any pair passes. */
  private final @Nullable Expression residual;

  private final Pair pair = new Pair();

  private boolean started;
  private @Nullable Part current;
  private @Nullable JoinTable table;
  private @Nullable BatchSource probe;
  private @Nullable RowBatch leftBatch;
  private @Nullable RowBatch keys;
  private int leftRow;
  private int candidate;
  private boolean leftMatched;
  private boolean leftDone;
  private int pairs;
  private int unmatchedAt = NONE;

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
    this.kind = node.kind();
    this.leftWidth = node.left().types().size();
    this.leftKeys = new JoinKeys(node.leftKeys(), execution);
    this.rightKeys = new JoinKeys(node.rightKeys(), execution);
    this.out = BatchBuilder.newBatch(node.types(), RowBatch.CAPACITY);
    boolean inner = kind == JoinKind.INNER;
    this.residual = inner ? null : node.residual();
    this.pairFilter =
        inner && node.residual() != null
            ? new BatchFilter(node.residual(), node.types(), execution)
            : null;
    this.nullAwareness =
        node.nullAware() && kind == JoinKind.ANTI ? new NullAwareness(node, execution) : null;
  }

  @Override
  public void open() {
    release();
    started = false;
    if (pairFilter != null) {
      pairFilter.open();
    }
  }

  @Override
  public @Nullable RowBatch next() {
    if (pairFilter != null) {
      pairFilter.checkFailure();
    }
    if (!started) {
      started = true;
      right.open();
      left.open();
      begin(right::next, left::next, 0);
      right.close();
    }
    while (true) {
      execution.checkCanceled();
      pairs = 0;
      fill();
      if (pairs == 0) {
        return null;
      }
      RowBatch batch = copied();
      if (pairFilter != null) {
        batch = pairFilter.apply(batch);
      }
      if (batch != null) {
        return batch;
      }
    }
  }

  // ---- Building ----

  /** Builds the table of a right side, or sets both sides aside if it is too large. */
  private void begin(BatchSource rightRows, BatchSource leftRows, int level) {
    JoinTable built =
        new JoinTable(
            GroupTable.ofKeys(keyTypes(node.leftKeys()), keyTypes(node.rightKeys())),
            node.right().types(),
            keepsRight(),
            execution);
    table = built;
    RowBatch batch;
    while ((batch = rightRows.next()) != null) {
      execution.checkCanceled();
      RowBatch batchKeys = rightKeys.of(batch);
      for (int i = 0; i < batch.size(); i++) {
        if (nullAwareness != null) {
          nullAwareness.addRight(BatchBuilder.row(batchKeys, i), BatchBuilder.row(batch, i));
        }
        if (!built.add(batchKeys, batch, i)) {
          setAside(built, batch, i, rightRows, leftRows, level);
          return;
        }
      }
    }
    probe = leftRows;
  }

  /** Sets aside what a table holds, the rest of the batch that found no room, and what follows. */
  private void setAside(
      JoinTable built,
      RowBatch overflowing,
      int from,
      BatchSource rightRows,
      BatchSource leftRows,
      int level) {
    if (nullAwareness != null) {
      throw execution.memory().exceeded(ColumnStore.bytesOf(overflowing, from));
    }
    try (SpillPartitions rightParts = new SpillPartitions(execution, node.right().types(), level);
        SpillPartitions leftParts = new SpillPartitions(execution, node.left().types(), level)) {
      for (RowBatch chunk : built.rows().chunks()) {
        setAside(built, chunk, 0, rightKeys, rightParts);
      }
      setAside(built, overflowing, from, rightKeys, rightParts);
      RowBatch batch;
      while ((batch = rightRows.next()) != null) {
        setAside(built, batch, 0, rightKeys, rightParts);
      }
      built.close();
      table = null;
      while ((batch = leftRows.next()) != null) {
        setAside(built, batch, 0, leftKeys, leftParts);
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

  private void setAside(
      JoinTable hasher, RowBatch batch, int from, JoinKeys side, SpillPartitions target) {
    execution.checkCanceled();
    RowBatch batchKeys = side.of(batch);
    for (int i = from; i < batch.size(); i++) {
      target.add(hasher.hash(batchKeys, i), BatchBuilder.row(batch, i));
    }
  }

  private boolean nextPart() {
    closePart();
    Part part = parts.poll();
    if (part == null) {
      return false;
    }
    current = part;
    begin(
        part.right == null ? () -> null : part.right.batches(node.right().types()),
        part.left == null ? () -> null : part.left.batches(node.left().types()),
        part.level);
    return true;
  }

  private void closePart() {
    leftBatch = null;
    if (table != null) {
      table.close();
      table = null;
    }
    if (current != null) {
      current.close();
      current = null;
    }
  }

  // ---- Probing ----

  /** Finds pairs until there are as many as a batch holds, or a left batch is used up. */
  private void fill() {
    while (pairs < RowBatch.CAPACITY) {
      BatchSource source = probe;
      JoinTable built = table;
      if (unmatchedAt >= 0 && built != null) {
        addUnmatchedRight(built);
      } else if (leftBatch != null && keys != null && built != null && !leftDone) {
        probe(built, leftBatch, keys);
      } else if (pairs > 0) {
        // They name rows of a batch or of a table that what comes next replaces.
        return;
      } else if (source != null && built != null) {
        nextLeft(source);
      } else if (!nextPart()) {
        return;
      }
    }
  }

  private void nextLeft(BatchSource source) {
    RowBatch batch = source.next();
    leftBatch = batch;
    if (batch == null) {
      if (keepsRight()) {
        unmatchedAt = 0;
      } else {
        probe = null;
      }
      return;
    }
    execution.checkCanceled();
    keys = leftKeys.of(batch);
    leftRow = NONE;
    candidate = NONE;
    leftMatched = true;
    leftDone = false;
  }

  /** Goes on with the candidates of a left row, then with the rows after it. */
  private void probe(JoinTable built, RowBatch batch, RowBatch batchKeys) {
    while (pairs < RowBatch.CAPACITY) {
      if (candidate >= 0) {
        int at = candidate;
        candidate = built.following(at);
        if (residual == null || pair.passes(residual, batch, leftRow, built.rows(), at)) {
          match(built, at);
        }
      } else if (!leftMatched) {
        leftMatched = true;
        if (kind == JoinKind.LEFT || kind == JoinKind.FULL || kind == JoinKind.ANTI) {
          add(leftRow, NONE);
        }
      } else if (++leftRow < batch.size()) {
        candidate = built.first(batchKeys, leftRow);
        leftMatched =
            nullAwareness != null
                && nullAwareness.excludes(
                    BatchBuilder.row(batchKeys, leftRow),
                    JoinKeys.hasNull(batchKeys, leftRow),
                    BatchBuilder.row(batch, leftRow));
        if (leftMatched) {
          candidate = NONE;
        }
      } else {
        leftDone = true;
        return;
      }
    }
  }

  private void match(JoinTable built, int at) {
    leftMatched = true;
    switch (kind) {
      case INNER, LEFT -> add(leftRow, at);
      case RIGHT, FULL -> {
        built.setMatched(at);
        add(leftRow, at);
      }
      case SEMI -> {
        candidate = NONE;
        add(leftRow, NONE);
      }
      case ANTI -> candidate = NONE;
    }
  }

  private void addUnmatchedRight(JoinTable built) {
    int at = built.nextUnmatched(unmatchedAt);
    if (at < 0) {
      unmatchedAt = NONE;
      probe = null;
      return;
    }
    unmatchedAt = at + 1;
    add(NONE, at);
  }

  private void add(int leftIndex, int rightIndex) {
    leftAt[pairs] = leftIndex;
    rightAt[pairs] = rightIndex;
    pairs++;
  }

  /** The columns of the pairs found. */
  private RowBatch copied() {
    RowBatch batch = leftBatch;
    JoinTable built = table;
    for (int i = 0; i < out.width(); i++) {
      ColumnVector column = out.column(i);
      column.clear();
      if (i >= leftWidth && built != null) {
        built.rows().gather(i - leftWidth, rightAt, pairs, column);
      } else if (batch != null) {
        BatchBuilder.gather(batch.column(i), leftAt, pairs, column);
      } else {
        column.setNulls(pairs);
      }
    }
    out.setSize(pairs);
    return out;
  }

  /** A left and a right row as the residual sees them. */
  private final class Pair implements Row {
    private @Nullable RowBatch batch;
    private @Nullable ColumnStore rows;
    private int leftIndex;
    private int rightIndex;

    boolean passes(
        Expression condition, RowBatch leftRows, int leftPosition, ColumnStore rightRows, int at) {
      batch = leftRows;
      rows = rightRows;
      leftIndex = leftPosition;
      rightIndex = at;
      return Boolean.TRUE.equals(condition.eval(this, execution));
    }

    @Override
    public @Nullable Object get(int column) {
      if (column < leftWidth) {
        return batch == null ? null : batch.get(leftIndex, column);
      }
      return rows == null ? null : rows.get(rightIndex, column - leftWidth);
    }
  }

  private boolean keepsRight() {
    return kind == JoinKind.RIGHT || kind == JoinKind.FULL;
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
    unmatchedAt = NONE;
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
