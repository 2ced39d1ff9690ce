package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Limit}. */
final class LimitOperator implements Operator {
  private final PlanNode.Limit node;
  private final Operator input;
  private final Execution execution;
  private @Nullable BatchBuilder out;
  private long toSkip;
  private long toReturn;

  LimitOperator(PlanNode.Limit node, Operator input, Execution execution) {
    this.node = node;
    this.input = input;
    this.execution = execution;
  }

  @Override
  public void open() {
    toSkip = offset(node, execution);
    toReturn = limit(node, execution);
    input.open();
  }

  /** The number of rows wanted; Long.MAX_VALUE for all. */
  static long limit(PlanNode.Limit node, Execution execution) {
    Object limit = evaluate(node.limit(), execution);
    if (limit == null) {
      return Long.MAX_VALUE;
    }
    if ((Long) limit < 0) {
      throw new ShardForgeException(
          ErrorCode.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT must not be negative");
    }
    return (Long) limit;
  }

  static long offset(PlanNode.Limit node, Execution execution) {
    Object offset = evaluate(node.offset(), execution);
    if (offset == null) {
      return 0;
    }
    if ((Long) offset < 0) {
      throw new ShardForgeException(
          ErrorCode.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET must not be negative");
    }
    return (Long) offset;
  }

  private static @Nullable Object evaluate(@Nullable Expression expression, Execution execution) {
    return expression == null ? null : expression.eval(NoRow.INSTANCE, execution);
  }

  @Override
  public @Nullable RowBatch next() {
    while (toReturn > 0) {
      execution.checkCanceled();
      RowBatch in = input.next();
      if (in == null) {
        toReturn = 0;
        return null;
      }
      int size = in.size();
      if (toSkip >= size) {
        toSkip -= size;
        continue;
      }
      if (toSkip == 0) {
        if (size > toReturn) {
          in.setSize((int) toReturn);
        }
        toReturn -= in.size();
        return in;
      }
      BatchBuilder rest = out;
      if (rest == null) {
        rest = new BatchBuilder(node.types());
        out = rest;
      }
      for (int i = (int) toSkip; i < size && toReturn > 0; i++) {
        rest.add(in, i);
        toReturn--;
      }
      toSkip = 0;
      return rest.take();
    }
    return null;
  }

  @Override
  public void close() {
    input.close();
  }
}
