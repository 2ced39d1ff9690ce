package io.shardforge.sql.row;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.DerivedValue;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The computing of what a table's indexes hold of its rows beyond columns: expressions, and whether
 * a row has an entry at all. Immutable.
 */
public final class DerivedValues {
  /** Of a table whose indexes are all plain. */
  public static final DerivedValues NONE = new DerivedValues(0, new int[0], List.of());

  private final int width;
  private final int[] guards;
  private final List<Expression> expressions;

  private DerivedValues(int width, int[] guards, List<Expression> expressions) {
    this.width = width;
    this.guards = guards;
    this.expressions = expressions;
  }

  /**
   * The derived values of a table.
   *
   * @param expressions those of {@link TableDescriptor#derivedValues}, over the table's columns
   */
  public static DerivedValues of(TableDescriptor table, List<Expression> expressions) {
    if (expressions.isEmpty()) {
      return NONE;
    }
    int[] guards = table.derivedValues().stream().mapToInt(DerivedValue::guard).toArray();
    return new DerivedValues(table.columns().size(), guards, List.copyOf(expressions));
  }

  /** The row completed with derived values; itself if there are none. */
  public @Nullable Object[] complete(@Nullable Object[] row, EvalContext context) {
    if (guards.length == 0) {
      return row;
    }
    @Nullable Object[] complete = Arrays.copyOf(row, width + guards.length);
    Row columns = ordinal -> complete[ordinal];
    for (int i = 0; i < guards.length; i++) {
      if (guards[i] < 0 || Boolean.TRUE.equals(complete[guards[i]])) {
        complete[width + i] = expressions.get(i).eval(columns, context);
      }
    }
    return complete;
  }
}
