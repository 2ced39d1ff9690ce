package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/**
 * A plan made ready to run: kept beside the cached plan, immutable, shared by all executions.
 *
 * <p>A row-mode plan returns at most one row by {@link #executeRow}; any plan can be run by {@link
 * #operator}.
 */
public final class ExecutablePlan {
  private final PlanNode root;
  private final @Nullable RowProgram program;

  public ExecutablePlan(PlanNode root) {
    this.root = root;
    this.program = RowProgram.of(root);
  }

  public PlanNode root() {
    return root;
  }

  /** Whether {@link #executeRow} can be used. */
  public boolean isRowMode() {
    return program != null;
  }

  /**
   * Runs the whole statement; its only row, or null if it returns none. Throws {@link
   * StatementRestart} like operators do.
   */
  public @Nullable Object @Nullable [] executeRow(Execution execution) {
    RowProgram rowProgram = program;
    if (rowProgram == null) {
      throw new IllegalStateException("not a row-mode plan: " + root);
    }
    execution.checkCanceled();
    return rowProgram.run(execution);
  }

  /** The operators of one execution, not yet open. */
  public Operator operator(Execution execution) {
    return Executor.operator(root, execution);
  }
}
