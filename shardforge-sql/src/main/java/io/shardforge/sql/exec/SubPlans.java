package io.shardforge.sql.exec;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runner of plans inside expressions. A plan that read no row of its surroundings in its first
 * run gives the same result every time, so its result is kept for the rest of the execution.
 */
final class SubPlans implements EvalContext.SubPlanRunner, AutoCloseable {
  private final Execution execution;
  private final IdentityHashMap<Object, SubPlan> plans = new IdentityHashMap<>();
  private @Nullable Frame frame;

  SubPlans(Execution execution) {
    this.execution = execution;
  }

  /** What a plan in its run has bound itself and whether it looked beyond that. */
  private static final class Frame {
    private final @Nullable Frame enclosing;
    private final BitSet bound = new BitSet();
    private boolean readsOuter;

    Frame(@Nullable Frame enclosing) {
      this.enclosing = enclosing;
    }
  }

  /** One plan with its operator, which is opened again for every run. */
  private static final class SubPlan {
    private final Operator operator;
    private boolean hasScalar;
    private @Nullable Object scalar;
    private @Nullable Boolean exists;
    private @Nullable List<@Nullable Object[]> rows;

    SubPlan(Operator operator) {
      this.operator = operator;
    }
  }

  void noteBound(int correlationId) {
    if (frame != null) {
      frame.bound.set(correlationId);
    }
  }

  void noteRead(int correlationId) {
    for (Frame at = frame; at != null && !at.bound.get(correlationId); at = at.enclosing) {
      at.readsOuter = true;
    }
  }

  private SubPlan subPlan(Object plan) {
    if (!(plan instanceof PlanNode node)) {
      throw new ShardForgeException(
          ErrorCode.INTERNAL_ERROR, "not a plan: " + plan.getClass().getName());
    }
    SubPlan known = plans.get(node);
    if (known == null) {
      known = new SubPlan(OperatorBuilder.build(node, execution));
      plans.put(node, known);
    }
    return known;
  }

  @Override
  public @Nullable Object scalar(Object plan, EvalContext context) {
    SubPlan sub = subPlan(plan);
    if (sub.hasScalar) {
      return sub.scalar;
    }
    Frame run = enter();
    Object result = null;
    try {
      sub.operator.open();
      RowBatch batch = sub.operator.next();
      if (batch != null) {
        result = batch.get(0, 0);
        if (batch.size() > 1 || sub.operator.next() != null) {
          throw new ShardForgeException(
              ErrorCode.CARDINALITY_VIOLATION,
              "more than one row returned by a subquery used as an expression");
        }
      }
    } finally {
      leave(run, sub);
    }
    if (!run.readsOuter) {
      sub.hasScalar = true;
      sub.scalar = result;
    }
    return result;
  }

  @Override
  public boolean exists(Object plan, EvalContext context) {
    SubPlan sub = subPlan(plan);
    Boolean known = sub.exists;
    if (known != null) {
      return known;
    }
    Frame run = enter();
    boolean result;
    try {
      sub.operator.open();
      result = sub.operator.next() != null;
    } finally {
      leave(run, sub);
    }
    if (!run.readsOuter) {
      sub.exists = result;
    }
    return result;
  }

  @Override
  public Iterable<@Nullable Object[]> rows(Object plan, EvalContext context) {
    SubPlan sub = subPlan(plan);
    List<@Nullable Object[]> known = sub.rows;
    if (known != null) {
      return known;
    }
    Frame run = enter();
    List<@Nullable Object[]> result = new ArrayList<>();
    long bytes = 0;
    try {
      sub.operator.open();
      RowPuller puller = new RowPuller(sub.operator, execution);
      @Nullable Object[] row;
      while ((row = puller.next()) != null) {
        long size = RowSize.of(row) + 8;
        execution.memory().reserve(size);
        bytes += size;
        result.add(row);
      }
    } finally {
      leave(run, sub);
    }
    if (!run.readsOuter) {
      sub.rows = result;
    } else {
      execution.memory().release(bytes);
    }
    return result;
  }

  private Frame enter() {
    Frame run = new Frame(frame);
    frame = run;
    return run;
  }

  private void leave(Frame run, SubPlan sub) {
    frame = run.enclosing;
    sub.operator.close();
  }

  @Override
  public void close() {
    for (SubPlan sub : plans.values()) {
      sub.operator.close();
    }
    plans.clear();
  }
}
