package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.function.CallTypes;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.FunctionScan}; a function that returns no set gives one row. */
final class FunctionScanOperator implements Operator {
  private final PlanNode.FunctionScan node;
  private final Execution execution;
  private final BatchBuilder out;
  private final int width;
  private Iterator<@Nullable Object[]> rows = Collections.emptyIterator();
  private long ordinality;

  FunctionScanOperator(PlanNode.FunctionScan node, Execution execution) {
    this.node = node;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.width = node.types().size() - (node.withOrdinality() ? 1 : 0);
  }

  @Override
  public void open() {
    ordinality = 0;
    PgFunction function = FunctionRegistry.function(node.functionOid());
    if (function == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FUNCTION,
          "function with OID " + node.functionOid() + " does not exist");
    }
    @Nullable Object[] arguments =
        ValuesOperator.evaluate(node.arguments(), NoRow.INSTANCE, execution);
    SqlType result = width == 1 ? node.types().getFirst() : SqlType.of(function.returnType());
    CallTypes types =
        new CallTypes(node.arguments().stream().map(Expression::type).toList(), result);
    boolean isNull = function.strict() && JoinTable.hasNull(arguments);
    if (function.returnsSet()) {
      rows =
          isNull
              ? Collections.emptyIterator()
              : FunctionRegistry.set(node.functionOid(), types).rows(execution, arguments);
    } else {
      Object value =
          isNull
              ? null
              : FunctionRegistry.scalar(node.functionOid(), types).apply(execution, arguments);
      rows = List.<@Nullable Object[]>of(spread(value)).iterator();
    }
  }

  private @Nullable Object[] spread(@Nullable Object value) {
    if (!(value instanceof RowValue row) || width == 1) {
      return new @Nullable Object[] {value};
    }
    @Nullable Object[] fields = new @Nullable Object[row.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = row.get(i);
    }
    return fields;
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    while (!out.isFull() && rows.hasNext()) {
      @Nullable Object[] row = rows.next();
      if (node.withOrdinality()) {
        @Nullable Object[] numbered = Arrays.copyOf(row, width + 1);
        numbered[width] = ++ordinality;
        row = numbered;
      }
      out.add(row);
    }
    return out.take();
  }

  @Override
  public void close() {
    rows = Collections.emptyIterator();
  }
}
