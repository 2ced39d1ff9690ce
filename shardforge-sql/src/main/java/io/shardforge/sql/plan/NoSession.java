package io.shardforge.sql.plan;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.type.TypeContext;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates while there is no session and no execution: what depends on one throws {@link
 * NotConstant}.
 */
final class NoSession implements EvalContext {
  static final NoSession INSTANCE = new NoSession();

  /** The row of an expression without columns. */
  static final Row NO_ROW =
      _ -> {
        throw new NotConstant();
      };

  /** Something was asked for that only an execution has. */
  static final class NotConstant extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotConstant() {
      super(null, null, false, false);
    }
  }

  private NoSession() {}

  @Override
  public @Nullable Object parameter(int number) {
    throw new NotConstant();
  }

  @Override
  public long transactionMicros() {
    throw new NotConstant();
  }

  @Override
  public long statementMicros() {
    throw new NotConstant();
  }

  @Override
  public ZoneId timeZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public TypeContext typeContext() {
    return TypeContext.UTC;
  }

  @Override
  public @Nullable String setting(String name) {
    throw new NotConstant();
  }

  @Override
  public Row outerRow(int correlationId) {
    throw new NotConstant();
  }

  @Override
  public void bindOuterRow(int correlationId, Row row) {
    throw new NotConstant();
  }

  @Override
  public SubPlanRunner subPlans() {
    throw new NotConstant();
  }

  @Override
  public FunctionServices services() {
    throw new NotConstant();
  }

  /** A value that is large enough to ask is made when it is needed. */
  @Override
  public void admitLarge(long bytes) {
    throw new NotConstant();
  }

  @Override
  public void countLarge(Object value, long bytes) {
    throw new NotConstant();
  }
}
