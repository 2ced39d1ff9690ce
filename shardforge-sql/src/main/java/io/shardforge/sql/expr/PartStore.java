package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An array or jsonb with another value at its subscripts, as assigning to a part of one gives. */
public final class PartStore extends Expression {
  private final Expression container;
  private final List<Subscript.Bracket> brackets;
  private final boolean slice;
  private final Expression value;

  public PartStore(
      SqlType type,
      Expression container,
      List<Subscript.Bracket> brackets,
      boolean slice,
      Expression value) {
    super(type);
    this.container = container;
    this.brackets = List.copyOf(brackets);
    this.slice = slice;
    this.value = value;
  }

  @Override
  public List<Expression> children() {
    List<Expression> children = new ArrayList<>(Subscript.children(container, brackets));
    children.add(value);
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object before = container.eval(row, context);
    return type().oid() == PgOid.JSONB
        ? json((JsonValue) before, row, context)
        : array((ArrayValue) before, row, context);
  }

  private ArrayValue array(@Nullable ArrayValue before, Row row, EvalContext context) {
    ArrayValue array =
        before == null ? ArrayValue.empty(PgTypes.byOid(type().oid()).elementOid()) : before;
    List<ArrayStore.Range> ranges = new ArrayList<>();
    for (Subscript.Bracket bracket : brackets) {
      ranges.add(
          new ArrayStore.Range(
              index(bracket.lower(), row, context), index(bracket.upper(), row, context)));
    }
    Object stored = value.eval(row, context);
    if (slice) {
      // A slice of null changes nothing, as in PostgreSQL.
      return stored == null ? array : ArrayStore.slice(array, ranges, (ArrayValue) stored);
    }
    int[] indexes = new int[ranges.size()];
    for (int i = 0; i < indexes.length; i++) {
      Integer index = ranges.get(i).upper();
      indexes[i] = index == null ? 0 : index;
    }
    return ArrayStore.element(array, indexes, stored);
  }

  private static @Nullable Integer index(@Nullable Expression bound, Row row, EvalContext context) {
    if (bound == null) {
      return null;
    }
    if (!(bound.eval(row, context) instanceof Long index)) {
      throw nullSubscript("array");
    }
    return (int) (long) index;
  }

  private JsonValue json(@Nullable JsonValue before, Row row, EvalContext context) {
    List<String> path = new ArrayList<>();
    boolean intoArray = false;
    for (Subscript.Bracket bracket : brackets) {
      Object key = bracket.upper() == null ? null : bracket.upper().eval(row, context);
      if (key == null) {
        throw nullSubscript("jsonb");
      }
      intoArray |= path.isEmpty() && key instanceof Long;
      path.add(key.toString());
    }
    JsonValue document =
        before != null
            ? before
            : intoArray ? new JsonValue.JsonArray(List.of()) : new JsonValue.JsonObject(Map.of());
    Object stored = value.eval(row, context);
    return new JsonStore(path, stored == null ? JsonValue.JsonNull.INSTANCE : (JsonValue) stored)
        .in(document);
  }

  private static RuntimeException nullSubscript(String container) {
    return TypeErrors.of(
        ErrorCode.NULL_VALUE_NOT_ALLOWED, container + " subscript in assignment must not be null");
  }

  @Override
  public String toString() {
    return container + brackets.toString() + " := " + value;
  }
}
