package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.row.DerivedValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a row of a table is made one of the form that the table is to have.
 *
 * @param to that form, at the version of the table
 * @param sources by ordinal there, the ordinal of the column that is copied, -1 for none
 * @param computed by ordinal there, over the table's columns
 * @param rules the values of generated columns there, then the checks
 * @param derived what indexes there hold beyond columns
 */
public record RowConversion(
    TableDescriptor to,
    int[] sources,
    Map<Integer, Expression> computed,
    List<Expression> rules,
    DerivedValues derived) {
  /** Finds out about conversions. From EvalContext.services(). */
  public interface Source {
    /** The conversion of a table's rows, whose successor is this. */
    RowConversion of(
        TableDescriptor table, TableDescriptor.Successor successor, CatalogSnapshot catalog);
  }

  public RowConversion {
    sources = sources.clone();
    computed = Map.copyOf(computed);
    rules = List.copyOf(rules);
  }

  @Override
  public int[] sources() {
    return sources.clone();
  }

  /** For each column of a successor, the ordinal of the column in the table that it is. */
  public static int[] sources(TableDescriptor table, TableDescriptor to) {
    int[] sources = new int[to.columns().size()];
    for (int i = 0; i < sources.length; i++) {
      ColumnDescriptor column = to.columns().get(i);
      sources[i] = -1;
      for (int j = 0; j < table.columns().size(); j++) {
        ColumnDescriptor candidate = table.columns().get(j);
        // What was the row id has become a column like others.
        if (candidate.hidden() ? column.hidden() : candidate.number() == column.number()) {
          sources[i] = j;
        }
      }
    }
    return sources;
  }

  /** The ordinal of the column that tells rows of one key apart; -1 if no two have the same. */
  public int origin() {
    for (int i = 0; i < to.columns().size(); i++) {
      ColumnDescriptor column = to.columns().get(i);
      if (column.hidden() && column.number() != ColumnDescriptor.ROW_ID_NUMBER) {
        return i;
      }
    }
    return -1;
  }

  public @Nullable Object[] convert(@Nullable Object[] row, EvalContext evaluation) {
    @Nullable Object[] converted = new @Nullable Object[sources.length];
    Row values = ordinal -> row[ordinal];
    for (int i = 0; i < converted.length; i++) {
      Expression expression = computed.get(i);
      if (expression != null) {
        converted[i] = expression.eval(values, evaluation);
      } else if (sources[i] >= 0) {
        converted[i] = row[sources[i]];
      }
    }
    return converted;
  }
}
