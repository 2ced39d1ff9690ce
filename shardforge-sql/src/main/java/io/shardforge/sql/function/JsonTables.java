package io.shardforge.sql.function;

import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeErrors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of JSON_TABLE and the variables of its paths. A row has the variables and then, for each
 * path, the item that it found and the number of that; items of a path that is nested in another
 * are looked for in those of that, and where several are nested in one, each has rows of its own.
 */
final class JsonTables {
  private JsonTables() {}

  static void register(FunctionTable t) {
    t.typed(
        "shardforge_json_variables",
        types ->
            (_, in) -> {
              Map<String, JsonValue> variables = new LinkedHashMap<>();
              for (int i = 0; i < in.length; i += 2) {
                variables.put(
                    (String) NullArguments.at(in, i), item(in[i + 1], types.argument(i + 1)));
              }
              return new JsonObject(variables);
            });
    t.set("shardforge_json_table", (c, in) -> rows(new JsonPathMoments(c, true), in));
  }

  /** A value as an item of a path. */
  private static JsonValue item(@Nullable Object value, int type) {
    if (value == null) {
      return JsonNull.INSTANCE;
    }
    return switch (type) {
      case PgOid.BOOL -> JsonValue.of((Boolean) value);
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 ->
          new JsonValue.JsonNumber(Numeric.of((long) (Long) value));
      case PgOid.FLOAT4, PgOid.FLOAT8 ->
          new JsonValue.JsonNumber(Numeric.of(((Number) value).doubleValue()));
      case PgOid.NUMERIC -> new JsonValue.JsonNumber((Numeric) value);
      case PgOid.TEXT, PgOid.VARCHAR -> new JsonValue.JsonString((String) value);
      case PgOid.JSONB -> (JsonValue) value;
      case PgOid.DATE, PgOid.TIME, PgOid.TIMETZ, PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          new JsonValue.JsonMoment(type, value, 0);
      default ->
          throw TypeErrors.invalidParameter(
              "could not convert value of type "
                  + PgTypes.byOid(type).displayName()
                  + " to jsonpath");
    };
  }

  private static Iterator<@Nullable Object[]> rows(JsonPathMoments moments, @Nullable Object[] in) {
    JsonObject variables = (JsonObject) NullArguments.at(in, 1);
    ArrayValue paths = (ArrayValue) NullArguments.at(in, 2);
    ArrayValue parents = (ArrayValue) NullArguments.at(in, 3);
    Table table =
        new Table(
            variables,
            moments,
            paths,
            parents,
            (Boolean) NullArguments.at(in, 4),
            new ArrayList<>());
    @Nullable Object[] row = new @Nullable Object[1 + 2 * paths.size()];
    row[0] = variables;
    table.add(0, (JsonValue) NullArguments.at(in, 0), row);
    return table.rows.iterator();
  }

  /** A table on its way. */
  private record Table(
      JsonObject variables,
      JsonPathMoments moments,
      ArrayValue paths,
      ArrayValue parents,
      boolean fails,
      List<@Nullable Object[]> rows) {
    /** Adds a path's rows for an item of the path around it; false if there are none. */
    boolean add(int path, JsonValue document, @Nullable Object[] outer) {
      List<JsonValue> found = items((JsonPath) Objects.requireNonNull(paths.get(path)), document);
      long number = 0;
      for (JsonValue item : found) {
        @Nullable Object[] row = outer.clone();
        row[1 + 2 * path] = item.stored();
        row[2 + 2 * path] = ++number;
        boolean any = false;
        for (int inner = path + 1; inner < paths.size(); inner++) {
          if (Objects.equals(parents.get(inner), (long) path)) {
            any |= add(inner, item, row);
          }
        }
        if (!any) {
          rows.add(row);
        }
      }
      return !found.isEmpty();
    }

    private List<JsonValue> items(JsonPath path, JsonValue document) {
      try {
        return JsonPathFunctions.items(document, path, variables, moments);
      } catch (JsonPathEvaluation.PathError e) {
        if (fails) {
          throw e.error();
        }
        return List.of();
      }
    }
  }
}
