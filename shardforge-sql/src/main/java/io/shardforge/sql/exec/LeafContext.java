package io.shardforge.sql.exec;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.type.TypeContext;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What an expression may ask for on a thread that is not the statement's: all that does not change
 * while the statement runs, and on a node that is not the statement's nothing. Anything else is
 * {@link NeedsStatement}. Immutable.
 */
final class LeafContext implements EvalContext {
  private static final LeafContext NO_STATEMENT = new LeafContext();

  private final @Nullable Execution execution;
  private final long transactionMicros;
  private final long statementMicros;
  private final @Nullable ZoneId timeZone;
  private final @Nullable TypeContext typeContext;

  /** The expression has to be computed on the statement's own thread. */
  static final class NeedsStatement extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NeedsStatement() {
      super(null, null, false, false);
    }
  }

  LeafContext(Execution execution) {
    this.execution = execution;
    this.transactionMicros = execution.transactionMicros();
    this.statementMicros = execution.statementMicros();
    this.timeZone = execution.timeZone();
    this.typeContext = execution.typeContext();
  }

  private LeafContext() {
    this.execution = null;
    this.transactionMicros = 0;
    this.statementMicros = 0;
    this.timeZone = null;
    this.typeContext = null;
  }

  /** The context of another node's statement. */
  static LeafContext ofNoStatement() {
    return NO_STATEMENT;
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new NeedsStatement();
    }
    return value;
  }

  @Override
  public @Nullable Object parameter(int number) {
    return known(execution).parameter(number);
  }

  @Override
  public long transactionMicros() {
    var _ = known(execution);
    return transactionMicros;
  }

  @Override
  public long statementMicros() {
    var _ = known(execution);
    return statementMicros;
  }

  @Override
  public ZoneId timeZone() {
    return known(timeZone);
  }

  @Override
  public TypeContext typeContext() {
    return known(typeContext);
  }

  @Override
  public @Nullable String setting(String name) {
    throw new NeedsStatement();
  }

  @Override
  public Row outerRow(int correlationId) {
    throw new NeedsStatement();
  }

  @Override
  public void bindOuterRow(int correlationId, Row row) {
    throw new NeedsStatement();
  }

  @Override
  public SubPlanRunner subPlans() {
    throw new NeedsStatement();
  }

  @Override
  public FunctionServices services() {
    throw new NeedsStatement();
  }

  @Override
  public void admitLarge(long bytes) {
    throw new NeedsStatement();
  }

  @Override
  public void countLarge(Object value, long bytes) {
    throw new NeedsStatement();
  }
}
