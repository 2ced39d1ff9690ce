package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.FrameShape;
import io.shardforge.sql.function.FrameShape.Edge;
import io.shardforge.sql.function.FrameShape.Exclusion;
import io.shardforge.sql.function.RangeOffset;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.SortKey;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of the current row: the rows from {@code start} to before {@code end} without those
 * excluded, as up to {@link #PARTS} runs of rows in order.
 */
final class WindowFrame {
  static final int PARTS = 3;

  private final PlanNode.WindowCall call;
  private final WindowPartition partition;
  private final Execution execution;
  private final FrameShape shape;
  private final @Nullable SortKey rangeKey;
  private final @Nullable RangeOffset range;
  private final long[] from = new long[PARTS];
  private final long[] to = new long[PARTS];
  private @Nullable Object startOffset;
  private @Nullable Object endOffset;
  private long computedFor = -1;
  private long rangeStart;
  private long rangeEnd;

  WindowFrame(
      PlanNode.Window node,
      PlanNode.WindowCall call,
      WindowPartition partition,
      Execution execution) {
    this.call = call;
    this.partition = partition;
    this.execution = execution;
    this.shape = call.frame();
    boolean byValue = shape.mode() == FrameShape.Mode.RANGE && shape.hasOffset();
    this.rangeKey = byValue ? node.order().getFirst() : null;
    this.range =
        rangeKey == null ? null : RangeOffset.of(node.input().types().get(rangeKey.column()).oid());
  }

  /** Computes the offsets, once an execution. */
  void open() {
    startOffset = offset(call.startOffset(), "starting");
    endOffset = offset(call.endOffset(), "ending");
  }

  private @Nullable Object offset(@Nullable Expression expression, String which) {
    if (expression == null) {
      return null;
    }
    Object value = expression.eval(NoRow.INSTANCE, execution);
    if (value == null) {
      throw new ShardForgeException(
          ErrorCode.NULL_VALUE_NOT_ALLOWED, "frame " + which + " offset must not be null");
    }
    if (range != null) {
      range.check(value);
    } else if ((Long) value < 0) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
          "frame " + which + " offset must not be negative");
    }
    return value;
  }

  void startPartition() {
    computedFor = -1;
    rangeStart = 0;
    rangeEnd = 0;
  }

  /** Whether each frame is that of the row before with rows from the current one on added. */
  boolean growsForward() {
    return shape.start() == Edge.UNBOUNDED_PRECEDING
        && shape.end() != Edge.OFFSET_PRECEDING
        && shape.exclusion() == Exclusion.NO_OTHERS;
  }

  long from(int part) {
    compute();
    return from[part];
  }

  long to(int part) {
    compute();
    return to[part];
  }

  /** The row number {@code n} of the frame, or -1. */
  long row(long n) {
    compute();
    long rest = n;
    for (int i = 0; i < PARTS; i++) {
      long length = Math.max(0, to[i] - from[i]);
      if (rest < length) {
        return from[i] + rest;
      }
      rest -= length;
    }
    return -1;
  }

  /** The frame's last row, or -1. */
  long last() {
    compute();
    for (int i = PARTS - 1; i >= 0; i--) {
      if (to[i] > from[i]) {
        return to[i] - 1;
      }
    }
    return -1;
  }

  private void compute() {
    long position = partition.position();
    if (computedFor == position) {
      return;
    }
    computedFor = position;
    long start = Math.max(0, start());
    long end = Math.max(start, end());
    switch (shape.exclusion()) {
      case NO_OTHERS -> parts(start, end, end, end, end, end);
      case CURRENT_ROW ->
          parts(start, Math.min(end, position), Math.max(start, position + 1), end, end, end);
      case GROUP ->
          parts(
              start,
              Math.min(end, partition.peersStart()),
              Math.max(start, partition.peersEnd()),
              end,
              end,
              end);
      case TIES -> {
        boolean inside = position >= start && position < end;
        parts(
            start,
            Math.min(end, partition.peersStart()),
            position,
            inside ? position + 1 : position,
            Math.max(start, partition.peersEnd()),
            end);
      }
    }
  }

  private void parts(long from0, long to0, long from1, long to1, long from2, long to2) {
    from[0] = from0;
    to[0] = Math.max(from0, to0);
    from[1] = from1;
    to[1] = Math.max(from1, to1);
    from[2] = from2;
    to[2] = Math.max(from2, to2);
  }

  private long start() {
    long position = partition.position();
    return switch (shape.start()) {
      case UNBOUNDED_PRECEDING -> 0;
      case CURRENT_ROW -> shape.mode() == FrameShape.Mode.ROWS ? position : partition.peersStart();
      case OFFSET_PRECEDING, OFFSET_FOLLOWING -> {
        int sign = shape.start() == Edge.OFFSET_PRECEDING ? -1 : 1;
        yield switch (shape.mode()) {
          case ROWS -> clamp(position, sign, startOffset);
          case GROUPS -> {
            long group = moved(partition.peerGroup(), sign, startOffset);
            yield group < 0 ? 0 : partition.groupStart(group);
          }
          case RANGE -> rangeStart();
        };
      }
      case UNBOUNDED_FOLLOWING -> partition.size();
    };
  }

  /** The row behind the frame. */
  private long end() {
    long position = partition.position();
    return switch (shape.end()) {
      case UNBOUNDED_PRECEDING -> 0;
      case CURRENT_ROW ->
          shape.mode() == FrameShape.Mode.ROWS ? position + 1 : partition.peersEnd();
      case OFFSET_PRECEDING, OFFSET_FOLLOWING -> {
        int sign = shape.end() == Edge.OFFSET_PRECEDING ? -1 : 1;
        yield switch (shape.mode()) {
          case ROWS -> clamp(position + 1, sign, endOffset);
          case GROUPS -> {
            long group = moved(partition.peerGroup(), sign, endOffset);
            yield group < 0 ? 0 : partition.groupStart(group + 1);
          }
          case RANGE -> rangeEnd();
        };
      }
      case UNBOUNDED_FOLLOWING -> partition.size();
    };
  }

  /** A number moved by an offset that may be as large as bigint, without overflow. */
  private static long moved(long number, int sign, @Nullable Object offset) {
    long by = offset instanceof Long given ? given : 0;
    if (sign < 0) {
      return number - Math.min(by, number + 1);
    }
    return number + Math.min(by, Integer.MAX_VALUE);
  }

  private long clamp(long row, int sign, @Nullable Object offset) {
    long target = moved(row, sign, offset);
    if (target <= 0) {
      return 0;
    }
    return partition.exists(target - 1) ? target : partition.size();
  }

  private long rangeStart() {
    boolean before = shape.start() == Edge.OFFSET_PRECEDING;
    while (partition.exists(rangeStart) && !startsAt(rangeStart, before)) {
      rangeStart++;
    }
    return rangeStart;
  }

  private boolean startsAt(long row, boolean before) {
    SortKey key = Objects.requireNonNull(rangeKey);
    Object value = partition.row(row)[key.column()];
    Object current = partition.row(partition.position())[key.column()];
    if (value == null || current == null) {
      return key.nullsFirst() ? value != null || current == null : value == null || current != null;
    }
    return inRange(value, current, startOffset, before != key.descending(), key.descending());
  }

  private long rangeEnd() {
    boolean before = shape.end() == Edge.OFFSET_PRECEDING;
    while (partition.exists(rangeEnd) && !endsAt(rangeEnd, before)) {
      rangeEnd++;
    }
    return rangeEnd;
  }

  private boolean endsAt(long row, boolean before) {
    SortKey key = Objects.requireNonNull(rangeKey);
    Object value = partition.row(row)[key.column()];
    Object current = partition.row(partition.position())[key.column()];
    if (value == null || current == null) {
      return key.nullsFirst() ? value != null && current == null : value == null && current != null;
    }
    return !inRange(value, current, endOffset, before != key.descending(), !key.descending());
  }

  private boolean inRange(
      Object value, Object current, @Nullable Object offset, boolean subtract, boolean less) {
    return Objects.requireNonNull(range)
        .inRange(execution, value, current, Objects.requireNonNull(offset), subtract, less);
  }
}
