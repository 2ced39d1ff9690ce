package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies of an array in which an element or a slice is another. An array of one dimension grows
 * where the subscripts lie outside of it, and an empty one gets their dimensions; others do not
 * grow.
 */
final class ArrayStore {
  /** The subscripts of one dimension; a bound that is not given is null. */
  record Range(@Nullable Integer lower, @Nullable Integer upper) {}

  private ArrayStore() {}

  static ArrayValue element(ArrayValue array, int[] index, @Nullable Object value) {
    ArrayValue one =
        new ArrayValue(
            array.elementOid(), filled(1, 1), filled(1, 1), new @Nullable Object[] {value});
    return array.dimensionCount() == 0
        ? new ArrayValue(array.elementOid(), filled(index.length, 1), index, one.toArray())
        : array.dimensionCount() == index.length ? stored(array, index, index, one) : wrongNumber();
  }

  /** A slice takes as many values as it has room for, in row-major order, and ignores others. */
  static ArrayValue slice(ArrayValue array, List<Range> ranges, ArrayValue values) {
    int dimensions = array.dimensionCount();
    if (dimensions == 0) {
      return made(array.elementOid(), ranges, values);
    }
    if (dimensions < ranges.size()) {
      return wrongNumber();
    }
    int[] from = array.lowerBounds();
    int[] to = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      to[i] = from[i] + array.length(i) - 1;
      if (i < ranges.size()) {
        Range range = ranges.get(i);
        from[i] = range.lower == null ? from[i] : range.lower;
        to[i] = range.upper == null ? to[i] : range.upper;
        if (from[i] > to[i]) {
          throw error("upper bound cannot be less than lower bound");
        }
      }
    }
    return stored(array, from, to, values);
  }

  private static ArrayValue made(int elementOid, List<Range> ranges, ArrayValue values) {
    int[] lengths = new int[ranges.size()];
    int[] bounds = new int[ranges.size()];
    for (int i = 0; i < lengths.length; i++) {
      Integer lower = ranges.get(i).lower;
      Integer upper = ranges.get(i).upper;
      if (lower == null || upper == null) {
        throw error("array slice subscript must provide both boundaries")
            .withDetail(
                "When assigning to a slice of an empty array value, slice boundaries must be"
                    + " fully specified.");
      }
      lengths[i] = length(lower, upper);
      bounds[i] = lower;
    }
    int size = size(lengths);
    if (values.size() < size) {
      throw error("source array too small");
    }
    return size == 0
        ? ArrayValue.empty(elementOid)
        : new ArrayValue(elementOid, lengths, bounds, Arrays.copyOf(values.toArray(), size));
  }

  private static ArrayValue stored(ArrayValue array, int[] from, int[] to, ArrayValue values) {
    int dimensions = array.dimensionCount();
    int[] bounds = array.lowerBounds();
    int[] lengths = array.dimensions();
    int before = 0;
    int[] span = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      int last = bounds[i] + lengths[i] - 1;
      span[i] = length(from[i], to[i]);
      if (from[i] < bounds[i] || to[i] > last) {
        if (dimensions > 1) {
          throw error("array subscript out of range");
        }
        int first = Math.min(bounds[i], from[i]);
        before = bounds[i] - first;
        lengths[i] = length(first, Math.max(last, to[i]));
        bounds[i] = first;
      }
    }
    int total = size(span);
    if (total > values.size()) {
      throw error("source array too small");
    }
    @Nullable Object[] elements = new @Nullable Object[size(lengths)];
    System.arraycopy(array.toArray(), 0, elements, before, array.size());
    for (int n = 0; n < total; n++) {
      int rest = n;
      int position = 0;
      int stride = 1;
      for (int i = dimensions - 1; i >= 0; i--) {
        position += (rest % span[i] + from[i] - bounds[i]) * stride;
        rest /= span[i];
        stride *= lengths[i];
      }
      elements[position] = values.get(n);
    }
    return new ArrayValue(array.elementOid(), lengths, bounds, elements);
  }

  private static int length(int lower, int upper) {
    long length = (long) upper - lower + 1;
    if (length < 0 || length > ArrayValue.ELEMENTS_MAX) {
      throw tooLarge();
    }
    return (int) length;
  }

  private static int size(int[] lengths) {
    long size = 1;
    for (int length : lengths) {
      size *= length;
      if (size > ArrayValue.ELEMENTS_MAX) {
        throw tooLarge();
      }
    }
    return (int) size;
  }

  private static int[] filled(int length, int value) {
    int[] all = new int[length];
    Arrays.fill(all, value);
    return all;
  }

  private static ArrayValue wrongNumber() {
    throw error("wrong number of array subscripts");
  }

  private static ShardForgeException tooLarge() {
    return TypeErrors.of(
        ErrorCode.PROGRAM_LIMIT_EXCEEDED,
        "array size exceeds the maximum allowed (" + ArrayValue.ELEMENTS_MAX + ")");
  }

  private static ShardForgeException error(String message) {
    return TypeErrors.of(ErrorCode.ARRAY_SUBSCRIPT_ERROR, message);
  }
}
