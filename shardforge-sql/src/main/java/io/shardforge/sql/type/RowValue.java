package io.shardforge.sql.type;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of values with their types, as ROW(...) makes it. The array is not copied: do not change
 * it.
 */
public final class RowValue {
  private final List<SqlType> types;
  private final List<String> names;
  private final @Nullable Object[] values;

  /** A row whose fields are named f1, f2, and so on. */
  public RowValue(List<SqlType> types, @Nullable Object[] values) {
    this(types, List.of(), values);
  }

  public RowValue(List<SqlType> types, List<String> names, @Nullable Object[] values) {
    this.types = types;
    this.names = names;
    this.values = values;
  }

  public List<SqlType> types() {
    return types;
  }

  public int size() {
    return values.length;
  }

  public @Nullable Object get(int field) {
    return values[field];
  }

  public String name(int field) {
    return field < names.size() ? names.get(field) : "f" + (field + 1);
  }

  /** Whether both are written alike, which is more than SQL's equality asks for. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowValue that
        && types.equals(that.types)
        && Arrays.deepEquals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values);
  }
}
