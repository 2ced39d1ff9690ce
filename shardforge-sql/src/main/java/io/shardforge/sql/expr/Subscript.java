package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** array[i], array[i:j], jsonb[key] and name[i]. */
public final class Subscript extends Expression {
  /**
   * One pair of brackets. For an element {@code upper} is the index and {@code lower} is null; in a
   * slice either may be left out.
   */
  public record Bracket(@Nullable Expression lower, @Nullable Expression upper) {}

  private static final int NAME_BYTES = 64;

  private final Expression container;
  private final List<Bracket> brackets;
  private final boolean slice;

  public Subscript(SqlType type, Expression container, List<Bracket> brackets, boolean slice) {
    super(type);
    this.container = container;
    this.brackets = List.copyOf(brackets);
    this.slice = slice;
  }

  @Override
  public List<Expression> children() {
    return children(container, brackets);
  }

  static List<Expression> children(Expression container, List<Bracket> brackets) {
    List<Expression> children = new ArrayList<>();
    children.add(container);
    for (Bracket bracket : brackets) {
      if (bracket.lower != null) {
        children.add(bracket.lower);
      }
      if (bracket.upper != null) {
        children.add(bracket.upper);
      }
    }
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object value = container.eval(row, context);
    if (value instanceof JsonValue json) {
      return jsonElement(json, row, context);
    }
    if (value instanceof String name) {
      return character(name, index(brackets.getFirst().upper, row, context));
    }
    if (!(value instanceof ArrayValue array)) {
      return null;
    }
    return slice ? sliceOf(array, row, context) : element(array, row, context);
  }

  private @Nullable Object element(ArrayValue array, Row row, EvalContext context) {
    boolean outside = brackets.size() != array.dimensionCount();
    int position = 0;
    for (int i = 0; i < brackets.size(); i++) {
      Long index = index(brackets.get(i).upper, row, context);
      if (index == null) {
        return null;
      }
      if (!outside) {
        long offset = index - array.lowerBound(i);
        outside = offset < 0 || offset >= array.length(i);
        position = position * array.length(i) + (int) offset;
      }
    }
    return outside ? null : array.get(position);
  }

  /** A name is an array of bytes that begins at 0; those after its end are zero. */
  private static @Nullable Object character(String name, @Nullable Long index) {
    if (index == null || index < 0 || index >= NAME_BYTES) {
      return null;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return index < bytes.length
        ? new String(bytes, (int) (long) index, 1, StandardCharsets.ISO_8859_1)
        : "";
  }

  private static @Nullable Long index(@Nullable Expression bound, Row row, EvalContext context) {
    return bound == null ? null : (Long) bound.eval(row, context);
  }

  private @Nullable Object sliceOf(ArrayValue array, Row row, EvalContext context) {
    int dimensions = array.dimensionCount();
    int[] from = new int[dimensions];
    int[] to = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      from[i] = array.lowerBound(i);
      to[i] = from[i] + array.length(i) - 1;
    }
    boolean empty = dimensions < brackets.size();
    for (int i = 0; i < brackets.size(); i++) {
      Bracket bracket = brackets.get(i);
      Long lower = null;
      Long upper = null;
      if (bracket.lower != null) {
        lower = index(bracket.lower, row, context);
        if (lower == null) {
          return null;
        }
      }
      if (bracket.upper != null) {
        upper = index(bracket.upper, row, context);
        if (upper == null) {
          return null;
        }
      }
      if (i < dimensions) {
        from[i] = (int) Math.max(from[i], lower == null ? from[i] : lower);
        to[i] = (int) Math.min(to[i], upper == null ? to[i] : upper);
        empty |= from[i] > to[i];
      }
    }
    if (empty || dimensions == 0) {
      return ArrayValue.empty(array.elementOid());
    }
    int[] lengths = new int[dimensions];
    int[] bounds = new int[dimensions];
    int total = 1;
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = to[i] - from[i] + 1;
      bounds[i] = 1;
      total *= lengths[i];
    }
    @Nullable Object[] result = new @Nullable Object[total];
    for (int n = 0; n < total; n++) {
      int rest = n;
      int position = 0;
      int stride = 1;
      for (int i = dimensions - 1; i >= 0; i--) {
        position += (rest % lengths[i] + from[i] - array.lowerBound(i)) * stride;
        rest /= lengths[i];
        stride *= array.length(i);
      }
      result[n] = array.get(position);
    }
    return new ArrayValue(array.elementOid(), lengths, bounds, result);
  }

  private @Nullable Object jsonElement(JsonValue json, Row row, EvalContext context) {
    JsonValue current = json;
    for (Bracket bracket : brackets) {
      Object key = bracket.upper == null ? null : bracket.upper.eval(row, context);
      if (key == null) {
        return null;
      }
      JsonValue next = current.step(key.toString());
      if (next == null) {
        return null;
      }
      current = next;
    }
    return current;
  }

  @Override
  public String toString() {
    return container + brackets.toString();
  }
}
