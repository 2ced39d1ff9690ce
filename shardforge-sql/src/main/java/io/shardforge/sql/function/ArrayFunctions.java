package io.shardforge.sql.function;

import io.shardforge.sql.expr.LargeValues;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Building, searching and measuring arrays. */
final class ArrayFunctions {
  private ArrayFunctions() {}

  static void register(FunctionTable t) {
    Class<ArrayValue> a = ArrayValue.class;
    Class<Long> n = Long.class;
    t.typed("array_append", types -> (_, in) -> append(elementOf(types, 0), in[0], in[1]));
    t.typed("array_prepend", types -> (_, in) -> prepend(elementOf(types, 1), in[0], in[1]));
    t.any("array_cat", (_, in) -> concatenate((ArrayValue) in[0], (ArrayValue) in[1]));
    t.of("arrayoverlap", a, a, (_, x, y) -> overlap(x, y));
    t.of("arraycontains", a, a, (_, x, y) -> contains(x, y));
    t.of("arraycontained", a, a, (_, x, y) -> contains(y, x));
    t.of(
        "array_length",
        a,
        n,
        (_, x, d) -> inRange(x, d) ? (Long) (long) x.length((int) (d - 1)) : null);
    t.of(
        "array_lower",
        a,
        n,
        (_, x, d) -> inRange(x, d) ? (Long) (long) x.lowerBound((int) (d - 1)) : null);
    t.of(
        "array_upper",
        a,
        n,
        (_, x, d) ->
            inRange(x, d)
                ? (Long) ((long) x.lowerBound((int) (d - 1)) + x.length((int) (d - 1)) - 1)
                : null);
    t.of(
        "array_ndims",
        a,
        (_, x) -> x.dimensionCount() == 0 ? null : (Long) (long) x.dimensionCount());
    t.of("array_cardinality", a, (_, x) -> (long) x.size());
    t.of("array_dims", a, (_, x) -> dimensions(x));
    t.any("array_position", (_, in) -> position(in[0], in[1], null));
    t.any("array_position_start", (_, in) -> position(in[0], in[1], in[2]));
    t.any("array_positions", (_, in) -> positions(in[0], in[1]));
    t.any("array_remove", (_, in) -> remove(in[0], in[1]));
    t.any("array_replace", (_, in) -> replace(in[0], in[1], in[2]));
    t.of("trim_array", a, n, (_, x, count) -> trim(x, count));
    t.typed("array_fill", ArrayFunctions::fill);
    t.typed("array_fill_with_lower_bounds", ArrayFunctions::fill);
    t.typed("width_bucket_array", ArrayFunctions::bucket);
    t.typed("array_larger", types -> extreme(types, 1));
    t.typed("array_smaller", types -> extreme(types, -1));
  }

  private static ScalarFunction extreme(CallTypes types, int sign) {
    PgType type = types.ordered(types.argument(0));
    return (_, in) -> {
      Object x = NullArguments.at(in, 0);
      Object y = NullArguments.at(in, 1);
      return type.compare(x, y) * sign >= 0 ? x : y;
    };
  }

  private static boolean inRange(ArrayValue array, long dimension) {
    return dimension >= 1 && dimension <= array.dimensionCount();
  }

  /** The element type of the call's array argument. */
  private static int elementOf(CallTypes types, int index) {
    return PgTypes.byOid(types.argument(index)).elementOid();
  }

  private static ArrayValue append(
      int elementOid, @Nullable Object array, @Nullable Object element) {
    ArrayValue x = array == null ? ArrayValue.empty(elementOid) : (ArrayValue) array;
    requireOneDimension(x);
    @Nullable Object[] elements = Arrays.copyOf(x.toArray(), x.size() + 1);
    elements[x.size()] = element;
    return oneDimension(x.elementOid(), elements, x.dimensionCount() == 0 ? 1 : x.lowerBound(0));
  }

  private static ArrayValue prepend(
      int elementOid, @Nullable Object element, @Nullable Object array) {
    ArrayValue x = array == null ? ArrayValue.empty(elementOid) : (ArrayValue) array;
    requireOneDimension(x);
    @Nullable Object[] elements = new @Nullable Object[x.size() + 1];
    elements[0] = element;
    for (int i = 0; i < x.size(); i++) {
      elements[i + 1] = x.get(i);
    }
    return oneDimension(x.elementOid(), elements, x.dimensionCount() == 0 ? 1 : x.lowerBound(0));
  }

  private static ArrayValue oneDimension(int oid, @Nullable Object[] elements, int lower) {
    return new ArrayValue(oid, new int[] {elements.length}, new int[] {lower}, elements);
  }

  private static void requireOneDimension(ArrayValue array) {
    if (array.dimensionCount() > 1) {
      throw TypeErrors.of(
          ErrorCode.DATA_EXCEPTION, "argument must be empty or one-dimensional array");
    }
  }

  private static @Nullable ArrayValue concatenate(@Nullable ArrayValue x, @Nullable ArrayValue y) {
    if (x == null || x.dimensionCount() == 0) {
      return y == null ? x : y;
    }
    if (y == null || y.dimensionCount() == 0) {
      return x;
    }
    int dx = x.dimensionCount();
    int dy = y.dimensionCount();
    if (Math.abs(dx - dy) > 1) {
      throw incompatible()
          .withDetail(
              "Arrays of "
                  + dx
                  + " and "
                  + dy
                  + " dimensions are not compatible for concatenation.");
    }
    int dimensions = Math.max(dx, dy);
    int[] lengths = dx >= dy ? x.dimensions() : y.dimensions();
    int[] bounds = dx >= dy ? x.lowerBounds() : y.lowerBounds();
    int[] inner = dx <= dy ? y.dimensions() : x.dimensions();
    for (int i = 1; i < dimensions; i++) {
      int left = dx == dimensions ? x.length(i) : x.length(i - 1);
      int right = dy == dimensions ? y.length(i) : y.length(i - 1);
      if (left != right || inner[i] != left) {
        throw incompatible()
            .withDetail(
                dx == dy
                    ? "Arrays with differing element dimensions are not compatible for"
                        + " concatenation."
                    : "Arrays with differing dimensions are not compatible for concatenation.");
      }
    }
    lengths[0] = (dx == dimensions ? x.length(0) : 1) + (dy == dimensions ? y.length(0) : 1);
    @Nullable Object[] elements = Arrays.copyOf(x.toArray(), x.size() + y.size());
    for (int i = 0; i < y.size(); i++) {
      elements[x.size() + i] = y.get(i);
    }
    return new ArrayValue(x.elementOid(), lengths, bounds, elements);
  }

  private static ShardForgeException incompatible() {
    return TypeErrors.of(ErrorCode.ARRAY_SUBSCRIPT_ERROR, "cannot concatenate incompatible arrays");
  }

  private static boolean overlap(ArrayValue x, ArrayValue y) {
    PgType type = PgTypes.byOid(x.elementOid());
    for (int i = 0; i < y.size(); i++) {
      Object wanted = y.get(i);
      if (wanted != null && holds(type, x, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(ArrayValue x, ArrayValue y) {
    PgType type = PgTypes.byOid(x.elementOid());
    for (int i = 0; i < y.size(); i++) {
      Object wanted = y.get(i);
      if (wanted == null || !holds(type, x, wanted)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(PgType type, ArrayValue array, Object wanted) {
    for (int i = 0; i < array.size(); i++) {
      Object element = array.get(i);
      if (element != null && type.equal(element, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(PgType type, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return type.equal(a, b);
  }

  private static @Nullable String dimensions(ArrayValue x) {
    if (x.dimensionCount() == 0) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < x.dimensionCount(); i++) {
      int lower = x.lowerBound(i);
      out.append('[').append(lower).append(':').append(lower + x.length(i) - 1).append(']');
    }
    return out.toString();
  }

  private static void requireSearchable(ArrayValue array) {
    if (array.dimensionCount() > 1) {
      throw TypeErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "searching for elements in multidimensional arrays is not supported");
    }
  }

  private static @Nullable Long position(
      @Nullable Object array, @Nullable Object wanted, @Nullable Object start) {
    if (!(array instanceof ArrayValue x)) {
      return null;
    }
    requireSearchable(x);
    PgType type = PgTypes.byOid(x.elementOid());
    long lower = x.dimensionCount() == 0 ? 1 : x.lowerBound(0);
    long from = start == null ? lower : (Long) start;
    for (int i = (int) Math.max(0, from - lower); i < x.size(); i++) {
      if (same(type, x.get(i), wanted)) {
        return lower + i;
      }
    }
    return null;
  }

  private static @Nullable ArrayValue positions(@Nullable Object array, @Nullable Object wanted) {
    if (!(array instanceof ArrayValue x)) {
      return null;
    }
    requireSearchable(x);
    PgType type = PgTypes.byOid(x.elementOid());
    List<Object> found = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      if (same(type, x.get(i), wanted)) {
        found.add((long) x.lowerBound(0) + i);
      }
    }
    return ArrayValue.of(io.shardforge.sql.type.PgOid.INT4, found);
  }

  private static @Nullable ArrayValue remove(@Nullable Object array, @Nullable Object unwanted) {
    if (!(array instanceof ArrayValue x)) {
      return null;
    }
    if (x.dimensionCount() > 1) {
      throw TypeErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "removing elements from multidimensional arrays is not supported");
    }
    PgType type = PgTypes.byOid(x.elementOid());
    List<@Nullable Object> kept = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      if (!same(type, x.get(i), unwanted)) {
        kept.add(x.get(i));
      }
    }
    if (kept.size() == x.size()) {
      return x;
    }
    return kept.isEmpty()
        ? ArrayValue.empty(x.elementOid())
        : oneDimension(x.elementOid(), kept.toArray(), x.lowerBound(0));
  }

  private static @Nullable ArrayValue replace(
      @Nullable Object array, @Nullable Object from, @Nullable Object to) {
    if (!(array instanceof ArrayValue x)) {
      return null;
    }
    PgType type = PgTypes.byOid(x.elementOid());
    @Nullable Object[] elements = x.toArray();
    for (int i = 0; i < elements.length; i++) {
      if (same(type, elements[i], from)) {
        elements[i] = to;
      }
    }
    return x.withElements(x.elementOid(), elements);
  }

  private static ArrayValue trim(ArrayValue x, long count) {
    int length = x.dimensionCount() == 0 ? 0 : x.length(0);
    if (count < 0 || count > length) {
      throw TypeErrors.of(
          ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "number of elements to trim must be between 0 and " + length);
    }
    int kept = (int) (length - count);
    if (kept == 0) {
      return ArrayValue.empty(x.elementOid());
    }
    int[] lengths = x.dimensions();
    int[] bounds = new int[lengths.length];
    Arrays.fill(bounds, 1);
    int slice = x.size() / length;
    lengths[0] = kept;
    return new ArrayValue(
        x.elementOid(), lengths, bounds, Arrays.copyOf(x.toArray(), kept * slice));
  }

  private static ScalarFunction fill(CallTypes types) {
    int elementOid = JsonConversion.argumentType(types.arguments(), 0);
    return (context, in) -> {
      if (!(in[1] instanceof ArrayValue sizes) || (in.length > 2 && in[2] == null)) {
        throw TypeErrors.of(
            ErrorCode.NULL_VALUE_NOT_ALLOWED, "dimension array or low bound array cannot be null");
      }
      requireList(sizes);
      ArrayValue lows = in.length > 2 ? (ArrayValue) in[2] : null;
      if (lows != null) {
        requireList(lows);
      }
      int dimensions = sizes.size();
      if (dimensions > ArrayValue.DIMENSIONS_MAX) {
        throw TypeErrors.of(
            ErrorCode.PROGRAM_LIMIT_EXCEEDED,
            "number of array dimensions ("
                + dimensions
                + ") exceeds the maximum allowed ("
                + ArrayValue.DIMENSIONS_MAX
                + ")");
      }
      if (lows != null && lows.size() != dimensions) {
        throw wrongSubscripts("Low bound array has different size than dimensions array.");
      }
      int[] lengths = new int[dimensions];
      int[] bounds = new int[dimensions];
      long total = dimensions == 0 ? 0 : 1;
      for (int i = 0; i < dimensions; i++) {
        long size = dimensionValue(sizes, i);
        lengths[i] = (int) size;
        bounds[i] = lows == null ? 1 : (int) dimensionValue(lows, i);
        total *= size;
        if (size < 0 || total > ArrayValue.ELEMENTS_MAX) {
          throw TypeErrors.of(
              ErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "array size exceeds the maximum allowed (" + ArrayValue.ELEMENTS_MAX + ")");
        }
      }
      if (total == 0) {
        return ArrayValue.empty(elementOid);
      }
      if (total * Long.BYTES >= LargeValues.BYTES_MIN) {
        context.admitLarge(2 * total * Long.BYTES);
      }
      @Nullable Object[] elements = new @Nullable Object[(int) total];
      Arrays.fill(elements, in[0]);
      return new ArrayValue(elementOid, lengths, bounds, elements);
    };
  }

  private static long dimensionValue(ArrayValue values, int at) {
    if (!(values.get(at) instanceof Long value)) {
      throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, "dimension values cannot be null");
    }
    return value;
  }

  private static void requireList(ArrayValue values) {
    if (values.dimensionCount() > 1) {
      throw wrongSubscripts("Dimension array must be one dimensional.");
    }
  }

  private static ShardForgeException wrongSubscripts(String detail) {
    return TypeErrors.of(ErrorCode.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
        .withDetail(detail);
  }

  /** How many of the thresholds, which ascend, a value has reached. */
  private static ScalarFunction bucket(CallTypes types) {
    PgType type = types.ordered(types.argument(0));
    return (_, in) -> {
      Object value = NullArguments.at(in, 0);
      ArrayValue thresholds = (ArrayValue) NullArguments.at(in, 1);
      if (thresholds.dimensionCount() > 1) {
        throw TypeErrors.of(
            ErrorCode.ARRAY_SUBSCRIPT_ERROR, "thresholds must be one-dimensional array");
      }
      if (Arrays.asList(thresholds.toArray()).contains(null)) {
        throw TypeErrors.of(
            ErrorCode.NULL_VALUE_NOT_ALLOWED, "thresholds array must not contain NULLs");
      }
      int reached = 0;
      int end = thresholds.size();
      while (reached < end) {
        int middle = (reached + end) / 2;
        if (type.compare(value, Objects.requireNonNull(thresholds.get(middle))) < 0) {
          end = middle;
        } else {
          reached = middle + 1;
        }
      }
      return (long) reached;
    };
  }
}
