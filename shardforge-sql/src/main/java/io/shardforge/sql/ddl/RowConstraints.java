package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Constraints that rows which are there already are held to, each row by itself. */
public final class RowConstraints {
  private final TableDescriptor table;
  private final String schema;
  private final List<CheckDescriptor> checks;
  private final List<Expression> expressions;
  private final int[] notNull;

  /**
   * Constraints on the rows of a table.
   *
   * @param schema the name of the table's schema
   * @param expressions those of the checks, over the table's columns
   * @param notNullNumbers the numbers of columns without nulls
   */
  public RowConstraints(
      TableDescriptor table,
      String schema,
      List<CheckDescriptor> checks,
      List<Expression> expressions,
      List<Integer> notNullNumbers) {
    this.table = table;
    this.schema = schema;
    this.checks = checks;
    this.expressions = expressions;
    this.notNull = notNullNumbers.stream().mapToInt(table::ordinalOfNumber).toArray();
  }

  /** Fails if the row violates one of them. */
  public void require(@Nullable Object[] row, EvalContext evaluation) {
    for (int ordinal : notNull) {
      if (row[ordinal] == null) {
        String column = table.columns().get(ordinal).name();
        throw DdlErrors.of(
                ErrorCode.NOT_NULL_VIOLATION,
                "column \""
                    + column
                    + "\" of relation \""
                    + table.name()
                    + "\" contains null values")
            .withTable(schema, table.name())
            .withColumn(column);
      }
    }
    Row values = ordinal -> row[ordinal];
    for (int i = 0; i < expressions.size(); i++) {
      // A check that is null holds.
      if (Boolean.FALSE.equals(expressions.get(i).eval(values, evaluation))) {
        throw DdlErrors.of(
                ErrorCode.CHECK_VIOLATION,
                "check constraint \""
                    + checks.get(i).name()
                    + "\" of relation \""
                    + table.name()
                    + "\" is violated by some row")
            .withTable(schema, table.name())
            .withConstraint(checks.get(i).name());
      }
    }
  }
}
