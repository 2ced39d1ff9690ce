package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator that changes rows of a table: all of them at the first pull, after which it gives
 * what RETURNING asks for. The statement's own counts the rows.
 */
abstract class ChangeOperator implements Operator {
  final Operator input;
  final Execution execution;
  final @Nullable Returning returning;
  private final boolean isRoot;
  private final List<RowSpool> spools = new ArrayList<>();
  private boolean done;

  /**
   * @param returned the expressions of RETURNING, null without one
   * @param isRoot whether it is the statement itself
   */
  ChangeOperator(
      Operator input,
      Execution execution,
      @Nullable List<Expression> returned,
      List<SqlType> types,
      boolean isRoot) {
    this.input = input;
    this.execution = execution;
    this.returning = returned == null ? null : new Returning(returned, types, execution);
    this.isRoot = isRoot;
  }

  /** Changes all rows; returns how many. */
  abstract long write();

  /** A spool that is closed with the operator at the latest. */
  final RowSpool newSpool(List<SqlType> types) {
    RowSpool spool = new RowSpool(execution, types);
    spools.add(spool);
    return spool;
  }

  /** The input, read to its end. */
  final RowSpool wholeInput(List<SqlType> types) {
    RowSpool kept = newSpool(types);
    kept.addAll(new RowPuller(input, execution)::next);
    return kept;
  }

  @Override
  public final void open() {
    input.open();
  }

  @Override
  public final @Nullable RowBatch next() {
    if (!done) {
      done = true;
      long count = write();
      if (isRoot) {
        execution.addAffectedRows(count);
      }
    }
    return returning == null ? null : returning.next();
  }

  @Override
  public final void close() {
    input.close();
    spools.forEach(RowSpool::close);
    if (returning != null) {
      returning.close();
    }
  }
}
