package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonBoolean;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** jsonb_path_exists, _match and _query in their forms, and the operators of the first two. */
final class JsonPathFunctions {
  private static final JsonObject NO_VARIABLES = new JsonObject(Map.of());

  private JsonPathFunctions() {}

  static void register(FunctionTable t) {
    Class<JsonValue> json = JsonValue.class;
    Class<JsonPath> path = JsonPath.class;
    t.of(
        "jsonb_path_exists_opr",
        json,
        path,
        (c, a, p) -> exists(a, p, NO_VARIABLES, unzoned(c), true));
    t.of(
        "jsonb_path_match_opr",
        json,
        path,
        (c, a, p) -> match(a, p, NO_VARIABLES, unzoned(c), true));
    for (String zone : List.of("", "_tz")) {
      boolean zoned = !zone.isEmpty();
      t.of(
          "jsonb_path_exists" + zone,
          json,
          path,
          json,
          Boolean.class,
          (c, a, p, vars, silent) ->
              exists(a, p, variables(vars), new JsonPathMoments(c, zoned), silent));
      t.of(
          "jsonb_path_match" + zone,
          json,
          path,
          json,
          Boolean.class,
          (c, a, p, vars, silent) ->
              match(a, p, variables(vars), new JsonPathMoments(c, zoned), silent));
      t.of(
          "jsonb_path_query_array" + zone,
          json,
          path,
          json,
          Boolean.class,
          (c, a, p, vars, silent) ->
              new JsonArray(query(a, p, variables(vars), new JsonPathMoments(c, zoned), silent)));
      t.of(
          "jsonb_path_query_first" + zone,
          json,
          path,
          json,
          Boolean.class,
          (c, a, p, vars, silent) -> {
            List<JsonValue> found =
                query(a, p, variables(vars), new JsonPathMoments(c, zoned), silent);
            return found.isEmpty() ? null : found.getFirst();
          });
      t.set(
          "jsonb_path_query" + zone,
          (c, in) ->
              SetFunctions.single(
                  query(
                      (JsonValue) NullArguments.at(in, 0),
                      (JsonPath) NullArguments.at(in, 1),
                      variables((JsonValue) NullArguments.at(in, 2)),
                      new JsonPathMoments(c, zoned),
                      (Boolean) NullArguments.at(in, 3))));
    }
  }

  private static JsonPathMoments unzoned(EvalContext context) {
    return new JsonPathMoments(context, false);
  }

  private static JsonObject variables(JsonValue value) {
    if (value instanceof JsonObject variables) {
      return variables;
    }
    throw TypeErrors.invalidParameter("\"vars\" argument is not an object")
        .withDetail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
  }

  private static @Nullable Boolean exists(
      JsonValue document,
      JsonPath path,
      JsonObject variables,
      JsonPathMoments moments,
      boolean silent) {
    try {
      return exists(document, path, variables, moments);
    } catch (JsonPathEvaluation.PathError e) {
      if (silent) {
        return null;
      }
      throw e.error();
    }
  }

  /** Whether there is an item; errors of the path as such. */
  static boolean exists(
      JsonValue document, JsonPath path, JsonObject variables, JsonPathMoments moments) {
    boolean[] any = new boolean[1];
    var _ =
        new JsonPathEvaluation(path, document, variables, moments)
            .run(
                path.root(),
                document,
                _ -> {
                  any[0] = true;
                  return path.strict();
                });
    return any[0];
  }

  private static List<JsonValue> query(
      JsonValue document,
      JsonPath path,
      JsonObject variables,
      JsonPathMoments moments,
      boolean silent) {
    List<JsonValue> found = new ArrayList<>();
    try {
      find(document, path, variables, moments, item -> found.add(item.stored()));
    } catch (JsonPathEvaluation.PathError e) {
      // What came before the error counts all the same.
      if (!silent) {
        throw e.error();
      }
    }
    return found;
  }

  /** All items, moments as such; errors of the path as such. */
  static List<JsonValue> items(
      JsonValue document, JsonPath path, JsonObject variables, JsonPathMoments moments) {
    List<JsonValue> found = new ArrayList<>();
    find(document, path, variables, moments, found::add);
    return found;
  }

  private static void find(
      JsonValue document,
      JsonPath path,
      JsonObject variables,
      JsonPathMoments moments,
      JsonPathEvaluation.Sink sink) {
    var _ =
        new JsonPathEvaluation(path, document, variables, moments).run(path.root(), document, sink);
  }

  private static @Nullable Boolean match(
      JsonValue document,
      JsonPath path,
      JsonObject variables,
      JsonPathMoments moments,
      boolean silent) {
    List<JsonValue> found = query(document, path, variables, moments, silent);
    if (found.size() == 1) {
      if (found.getFirst() instanceof JsonBoolean verdict) {
        return verdict.value();
      }
      if (found.getFirst() instanceof JsonNull) {
        return null;
      }
    }
    if (silent) {
      return null;
    }
    throw TypeErrors.of(
        ErrorCode.SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected");
  }
}
