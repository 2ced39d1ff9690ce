package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.type.TypeContext;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A context in New York at a fixed instant, without parameters, plans and services. */
public final class FixedContext implements EvalContext {
  /** 2024-07-01 12:00:00 UTC. */
  static final long NOW = 773_150_400_000_000L;

  private final TypeContext types =
      new TypeContext(
          ZoneId.of("America/New_York"),
          TypeContext.UTC.dateStyle(),
          TypeContext.UTC.intervalStyle(),
          false,
          1,
          TypeContext.UTC.encoding(),
          NOW,
          TypeContext.UTC.names());
  private final Map<Integer, Row> outerRows = new HashMap<>();

  @Override
  public void admitLarge(long bytes) {}

  @Override
  public void countLarge(Object value, long bytes) {}

  @Override
  public @Nullable Object parameter(int number) {
    throw new IllegalArgumentException("no parameter $" + number);
  }

  @Override
  public long transactionMicros() {
    return NOW;
  }

  @Override
  public long statementMicros() {
    return NOW;
  }

  @Override
  public ZoneId timeZone() {
    return types.zone();
  }

  @Override
  public TypeContext typeContext() {
    return types;
  }

  @Override
  public @Nullable String setting(String name) {
    return null;
  }

  @Override
  public Row outerRow(int correlationId) {
    Row row = outerRows.get(correlationId);
    if (row == null) {
      throw new IllegalArgumentException("no outer row " + correlationId);
    }
    return row;
  }

  @Override
  public void bindOuterRow(int correlationId, Row row) {
    outerRows.put(correlationId, row);
  }

  @Override
  public SubPlanRunner subPlans() {
    throw new IllegalStateException("no plans here");
  }

  @Override
  public FunctionServices services() {
    throw new IllegalStateException("no services here");
  }
}
