package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowIds;
import io.shardforge.storage.key.KeyEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a row of a table is made one of the form that the table is to have.
 *
 * @param from the form of today
 * @param to that form, at the version of the table
 * @param sources by ordinal there, the ordinal of the column that is copied, -1 for none
 * @param computed by ordinal there, over the table's columns
 * @param kept the ordinals there of values that a row keeps once it is there
 * @param rules the values of generated columns there, then the checks
 * @param derived what indexes there hold beyond columns
 */
public record RowConversion(
    RowCodec from,
    TableDescriptor to,
    int[] sources,
    Map<Integer, Expression> computed,
    List<Integer> kept,
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
    kept = List.copyOf(kept);
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
    int hidden = hidden();
    return hidden >= 0 && to.columns().get(hidden).number() != ColumnDescriptor.ROW_ID_NUMBER
        ? hidden
        : -1;
  }

  private int hidden() {
    for (int i = 0; i < to.columns().size(); i++) {
      if (to.columns().get(i).hidden()) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the ids of rows are made of the keys that these had so far. */
  public boolean makesRowIds() {
    int hidden = hidden();
    return hidden >= 0 && origin() < 0 && sources[hidden] < 0;
  }

  /** Gives a row what it has already, where that is not to change. */
  public void keep(@Nullable Object[] there, @Nullable Object[] converted) {
    for (int ordinal : kept) {
      converted[ordinal] = there[ordinal];
    }
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
      } else if (to.columns().get(i).hidden()) {
        converted[i] = idOf(row);
      }
    }
    return converted;
  }

  /** What tells a row from all others that has no row id. */
  private UUID idOf(@Nullable Object[] row) {
    byte[] key = from.key(row, new KeyEncoder());
    int prefix = RowCodec.prefix(from.table(), from.table().primaryIndex()).length;
    return RowIds.of(Arrays.copyOfRange(key, prefix, key.length));
  }
}
