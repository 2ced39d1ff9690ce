package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.row.RowIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings existing rows in line with a table's new version: writes them anew into another span where
 * their form changes, and checks new constraints on them.
 */
final class TableRebuild {
  private final DdlScope scope;
  private final TableDescriptor old;
  private final TableDescriptor changed;

  /** Values of columns that are not simply copied, by column number, over the old row. */
  private final Map<Integer, Expression> transforms;

  /**
   * @param transforms by column number, what to compute from the old row; other columns are copied
   */
  TableRebuild(
      DdlScope scope,
      TableDescriptor old,
      TableDescriptor changed,
      Map<Integer, Expression> transforms) {
    this.scope = scope;
    this.old = old;
    this.changed = changed;
    this.transforms = new HashMap<>(transforms);
  }

  /** Writes every row anew, with all constraints checked that are valid. */
  void rewrite() {
    TableFill fill = new TableFill(scope, changed);
    @Nullable Expression[] computed = new Expression[changed.columns().size()];
    int[] source = new int[changed.columns().size()];
    for (int i = 0; i < source.length; i++) {
      ColumnDescriptor column = changed.columns().get(i);
      computed[i] = transforms.get(column.number());
      source[i] = ordinalIn(old, column);
    }
    List<CheckDescriptor> checks =
        changed.checks().stream().filter(CheckDescriptor::valid).toList();
    RowConstraints constraints = constraints(checks, numbersOfNotNull());
    @Nullable Object[] row = new Object[source.length];
    ArrayRow view = new ArrayRow();
    EvalContext evaluation = scope.context().evaluation();
    long startTimestamp = scope.txn().startTimestamp();
    new TableScan(scope, old)
        .forEach(oldRow -> {
          view.values = oldRow;
          for (int i = 0; i < row.length; i++) {
            Expression expression = computed[i];
            if (expression != null) {
              row[i] = expression.eval(view, evaluation);
            } else if (source[i] >= 0) {
              row[i] = oldRow[source[i]];
            } else {
              // A row id for a table that loses its primary key.
              row[i] = changed.columns().get(i).hidden() ? RowIds.next(startTimestamp) : null;
            }
          }
          constraints.require(row, evaluation);
          fill.add(row);
        });
    fill.finish();
  }

  /**
   * Checks constraints on the rows as they are.
   *
   * @param rowsAreAlike whether the first row has in it all that there is to see
   */
  void validate(List<CheckDescriptor> checks, List<Integer> notNullNumbers, boolean rowsAreAlike) {
    if (checks.isEmpty() && notNullNumbers.isEmpty()) {
      return;
    }
    RowConstraints constraints = constraints(checks, notNullNumbers);
    EvalContext evaluation = scope.context().evaluation();
    TableScan scan = new TableScan(scope, changed);
    if (rowsAreAlike) {
      scan.first(row -> constraints.require(row, evaluation));
    } else {
      scan.forEach(row -> constraints.require(row, evaluation));
    }
  }

  private RowConstraints constraints(List<CheckDescriptor> checks, List<Integer> notNullNumbers) {
    Definitions definitions = new Definitions(scope);
    return new RowConstraints(
        changed,
        scope.schemaName(changed.schemaId()),
        checks,
        checks.stream().map(check -> definitions.bindCheck(check, changed.columns())).toList(),
        notNullNumbers);
  }

  private List<Integer> numbersOfNotNull() {
    List<Integer> numbers = new ArrayList<>();
    for (ColumnDescriptor column : changed.columns()) {
      if (column.notNull()) {
        numbers.add(column.number());
      }
    }
    return numbers;
  }

  private static int ordinalIn(TableDescriptor table, ColumnDescriptor column) {
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).number() == column.number()) {
        return i;
      }
    }
    return -1;
  }

  /** A row in an array. */
  private static final class ArrayRow implements Row {
    private @Nullable Object[] values = new Object[0];

    @Override
    public @Nullable Object get(int column) {
      return values[column];
    }
  }
}
