package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound, typed, executable expression: immutable, shared by every execution of a cached plan.
 * What belongs to one execution (parameters, settings, timestamps, outer rows) is in the {@link
 * EvalContext}.
 */
public abstract class Expression {
  private final SqlType type;

  protected Expression(SqlType type) {
    this.type = type;
  }

  public final SqlType type() {
    return type;
  }

  /** The expressions directly below. */
  public List<Expression> children() {
    return List.of();
  }

  /**
   * Evaluates for one row; null is SQL NULL. Errors are ShardForgeException with PostgreSQL's
   * SQLSTATE and text.
   */
  public abstract @Nullable Object eval(Row row, EvalContext context);

  /**
   * Evaluates for every selected row of a batch into {@code out} at the same positions. The default
   * calls {@link #eval} row by row; hot expressions override it.
   */
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    RowBatch.Cursor cursor = in.cursor();
    for (int i = 0; i < in.size(); i++) {
      cursor.moveTo(i);
      out.set(i, eval(cursor, context));
    }
  }
}
