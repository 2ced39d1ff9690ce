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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.FunctionScan}; a function that returns no set gives one row. Rows of several
 * functions stand side by side, with nulls for those that have run out.
 */
final class FunctionScanOperator implements Operator {
  private final PlanNode.FunctionScan node;
  private final Execution execution;
  private final BatchBuilder out;
  private final int width;
  private List<Iterator<@Nullable Object[]>> sources = List.of();
  private long ordinality;

  FunctionScanOperator(PlanNode.FunctionScan node, Execution execution) {
    this.node = node;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.width = node.types().size();
  }

  @Override
  public void open() {
    ordinality = 0;
    sources = new ArrayList<>();
    for (PlanNode.FunctionCall call : node.calls()) {
      sources.add(rows(call));
    }
  }

  private Iterator<@Nullable Object[]> rows(PlanNode.FunctionCall call) {
    int oid = call.functionOid();
    PgFunction function = FunctionRegistry.function(oid);
    if (function == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FUNCTION, "function with OID " + oid + " does not exist");
    }
    @Nullable Object[] arguments =
        ValuesOperator.evaluate(call.arguments(), NoRow.INSTANCE, execution);
    SqlType result =
        call.types().size() == 1 ? call.types().getFirst() : SqlType.of(function.returnType());
    CallTypes types =
        new CallTypes(call.arguments().stream().map(Expression::type).toList(), result);
    boolean isNull = function.strict() && ArrayRow.hasNull(arguments);
    if (function.returnsSet()) {
      return isNull
          ? Collections.emptyIterator()
          : FunctionRegistry.set(oid, types).rows(execution, arguments);
    }
    Object value = isNull ? null : FunctionRegistry.scalar(oid, types).apply(execution, arguments);
    return List.<@Nullable Object[]>of(spread(value, call.types().size())).iterator();
  }

  private static @Nullable Object[] spread(@Nullable Object value, int columns) {
    if (!(value instanceof RowValue row) || columns == 1) {
      @Nullable Object[] alone = new @Nullable Object[columns];
      alone[0] = value;
      return alone;
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
    boolean alone = sources.size() == 1 && !node.withOrdinality();
    while (!out.isFull() && hasNext()) {
      out.add(alone ? sources.getFirst().next() : row());
    }
    return out.take();
  }

  private boolean hasNext() {
    for (Iterator<@Nullable Object[]> source : sources) {
      if (source.hasNext()) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Object[] row() {
    @Nullable Object[] row = new @Nullable Object[width];
    int at = 0;
    for (int i = 0; i < sources.size(); i++) {
      int columns = node.calls().get(i).types().size();
      if (sources.get(i).hasNext()) {
        System.arraycopy(sources.get(i).next(), 0, row, at, columns);
      }
      at += columns;
    }
    if (node.withOrdinality()) {
      row[at] = ++ordinality;
    }
    return row;
  }

  @Override
  public void close() {
    sources = List.of();
  }
}
