package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pages of a scan are aggregated to. Immutable.
 *
 * @param projection what is computed of the scan's rows first; null for nothing
 * @param types of the rows that are grouped
 */
record GroupWork(
    @Nullable List<Expression> projection,
    List<SqlType> types,
    List<Integer> groupColumns,
    List<AggregateCall> calls) {
  int[] groups() {
    return groupColumns.stream().mapToInt(Integer::intValue).toArray();
  }

  GroupTable newTable() {
    return GroupTable.of(groups(), types);
  }

  List<AggregateRun> newRuns(EvalContext context) {
    List<AggregateRun> runs = new ArrayList<>(calls.size());
    for (AggregateCall call : calls) {
      runs.add(new AggregateRun(call, types, context));
    }
    return runs;
  }

  @Nullable BatchProjection newProjection(EvalContext context) {
    return projection == null ? null : new BatchProjection(projection, types, context);
  }

  /** Room for the keys of some groups, at the places of the group columns. */
  RowBatch newKeys(int groups) {
    ColumnVector[] columns = new ColumnVector[types.size()];
    for (int column : groupColumns) {
      columns[column] = BatchBuilder.newVector(types.get(column), groups);
    }
    return new RowBatch(columns);
  }
}
