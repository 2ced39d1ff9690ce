package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ARRAY[a, b, ...]; nested ones give one array of more dimensions. */
public final class ArrayExpression extends Expression {
  private final int elementOid;
  private final List<Expression> elements;
  private final boolean nested;

  /** {@code nested} says that the elements are themselves arrays of this array's type. */
  public ArrayExpression(SqlType type, int elementOid, List<Expression> elements, boolean nested) {
    super(type);
    this.elementOid = elementOid;
    this.elements = List.copyOf(elements);
    this.nested = nested;
  }

  public int elementOid() {
    return elementOid;
  }

  @Override
  public List<Expression> children() {
    return elements;
  }

  @Override
  public Object eval(Row row, EvalContext context) {
    @Nullable Object[] values = new @Nullable Object[elements.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = elements.get(i).eval(row, context);
    }
    return nested ? stack(elementOid, values) : ArrayValue.of(elementOid, values);
  }

  /** Joins arrays of one shape as the slices of an array with one more dimension. */
  public static ArrayValue stack(int elementOid, @Nullable Object[] slices) {
    ArrayValue first = null;
    int present = 0;
    for (Object slice : slices) {
      if (slice instanceof ArrayValue array && array.dimensionCount() > 0) {
        first = first == null ? array : first;
        present++;
      }
    }
    if (first == null) {
      return ArrayValue.empty(elementOid);
    }
    if (present != slices.length) {
      throw mismatch();
    }
    int dimensions = first.dimensionCount() + 1;
    if (dimensions > ArrayValue.DIMENSIONS_MAX) {
      throw TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "number of array dimensions ("
              + dimensions
              + ") exceeds the maximum allowed ("
              + ArrayValue.DIMENSIONS_MAX
              + ")");
    }
    int[] lengths = new int[dimensions];
    int[] bounds = new int[dimensions];
    lengths[0] = slices.length;
    bounds[0] = 1;
    for (int i = 1; i < dimensions; i++) {
      lengths[i] = first.length(i - 1);
      bounds[i] = first.lowerBound(i - 1);
    }
    @Nullable Object[] all = new @Nullable Object[first.size() * slices.length];
    int at = 0;
    for (Object slice : slices) {
      if (!(slice instanceof ArrayValue array)
          || !java.util.Arrays.equals(array.dimensions(), first.dimensions())) {
        throw mismatch();
      }
      for (int i = 0; i < array.size(); i++) {
        all[at++] = array.get(i);
      }
    }
    return new ArrayValue(elementOid, lengths, bounds, all);
  }

  /** As {@link #stack}, for arrays that come one by one: none of them may be null or empty. */
  public static ArrayValue gather(int elementOid, List<? extends @Nullable Object> slices) {
    ArrayValue first = null;
    for (Object slice : slices) {
      if (!(slice instanceof ArrayValue array)) {
        throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays");
      }
      if (array.dimensionCount() == 0) {
        throw TypeErrors.of(ErrorCode.ARRAY_SUBSCRIPT_ERROR, "cannot accumulate empty arrays");
      }
      if (first != null && !java.util.Arrays.equals(array.dimensions(), first.dimensions())) {
        throw TypeErrors.of(
            ErrorCode.ARRAY_SUBSCRIPT_ERROR,
            "cannot accumulate arrays of different dimensionality");
      }
      first = first == null ? array : first;
    }
    return stack(elementOid, slices.toArray());
  }

  private static RuntimeException mismatch() {
    return TypeErrors.of(
        ErrorCode.ARRAY_SUBSCRIPT_ERROR,
        "multidimensional arrays must have array expressions with matching dimensions");
  }

  @Override
  public String toString() {
    return "ARRAY" + elements;
  }
}
