package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reading json and jsonb: operators, paths, sets of members; and building them from SQL values. */
final class JsonFunctions {
  private JsonFunctions() {}

  static void register(FunctionTable t) {
    registerAccess(t);
    registerSets(t);
    registerBuilders(t);
    JsonbChanges.register(t);
    JsonPathFunctions.register(t);
    JsonTables.register(t);
    JsonRecords.register(t);
  }

  /** One form of JSON: json is read from text and keeps it, jsonb is parsed already. */
  private static @Nullable Object element(boolean binary, Object json, Object step) {
    if (!binary) {
      JsonText text = new JsonText((String) json);
      return step instanceof Long index ? text.element(index) : text.member((String) step);
    }
    JsonValue value = (JsonValue) json;
    if (step instanceof Long index) {
      return switch (value) {
        case JsonArray array -> array.at(index);
        case JsonObject _ -> null;
        // A scalar is kept as an array of one element.
        default -> index == 0 || index == -1 ? value : null;
      };
    }
    return value instanceof JsonObject object ? object.get((String) step) : null;
  }

  /** What ->> makes of a found part. */
  private static @Nullable String unquoted(@Nullable Object part) {
    return switch (part) {
      case null -> null;
      case JsonValue value -> value.unquoted();
      case String text -> JsonText.unquoted(text);
      default -> throw new IllegalArgumentException(part.toString());
    };
  }

  private static @Nullable Object path(boolean binary, Object json, ArrayValue path) {
    Object current = json;
    for (int i = 0; i < path.size(); i++) {
      if (!(path.get(i) instanceof String key)) {
        return null;
      }
      if (binary) {
        current = ((JsonValue) current).step(key);
      } else {
        current = new JsonText((String) current).step(key);
      }
      if (current == null) {
        return null;
      }
    }
    return current;
  }

  private static void registerAccess(FunctionTable t) {
    for (String prefix : List.of("json", "jsonb")) {
      boolean binary = prefix.equals("jsonb");
      Class<?> json = binary ? JsonValue.class : String.class;
      for (String kind : List.of("_object_field", "_array_element")) {
        Class<?> step = kind.equals("_array_element") ? Long.class : String.class;
        t.of(prefix + kind, json, step, (_, a, key) -> element(binary, a, key));
        t.of(prefix + kind + "_text", json, step, (_, a, key) -> unquoted(element(binary, a, key)));
      }
      t.of(prefix + "_extract_path", json, ArrayValue.class, (_, a, path) -> path(binary, a, path));
      t.of(
          prefix + "_extract_path_text",
          json,
          ArrayValue.class,
          (_, a, path) -> unquoted(path(binary, a, path)));
      t.of(prefix + "_typeof", json, (_, a) -> parsed(a).typeName());
      t.of(prefix + "_array_length", json, (_, a) -> arrayLength(parsed(a)));
      t.of(
          prefix + "_strip_nulls",
          json,
          (_, a) ->
              binary
                  ? (Object) withoutNulls((JsonValue) a)
                  : new JsonText((String) a).withoutNulls());
    }
  }

  static JsonValue parsed(Object json) {
    return json instanceof JsonValue value ? value : JsonValue.parse((String) json);
  }

  private static long arrayLength(JsonValue value) {
    if (value instanceof JsonArray array) {
      return array.elements().size();
    }
    throw TypeErrors.invalidParameter(
        value instanceof JsonObject
            ? "cannot get array length of a non-array"
            : "cannot get array length of a scalar");
  }

  static JsonValue withoutNulls(JsonValue value) {
    return switch (value) {
      case JsonObject object -> {
        Map<String, JsonValue> kept = new LinkedHashMap<>();
        object
            .members()
            .forEach((key, member) -> {
              if (!(member instanceof JsonValue.JsonNull)) {
                kept.put(key, withoutNulls(member));
              }
            });
        yield new JsonObject(kept);
      }
      case JsonArray array ->
          new JsonArray(array.elements().stream().map(JsonFunctions::withoutNulls).toList());
      case JsonValue.JsonNull _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNumber _,
          JsonValue.JsonString _,
          JsonValue.JsonMoment _ ->
          value;
    };
  }

  private static void registerSets(FunctionTable t) {
    for (String prefix : List.of("json", "jsonb")) {
      boolean binary = prefix.equals("jsonb");
      t.set(prefix + "_array_elements", (_, in) -> elements(binary, in, false, prefix));
      t.set(prefix + "_array_elements_text", (_, in) -> elements(binary, in, true, prefix));
      t.set(prefix + "_each", (_, in) -> members(binary, in, false, prefix));
      t.set(prefix + "_each_text", (_, in) -> members(binary, in, true, prefix));
      t.set(prefix + "_object_keys", (_, in) -> keys(binary, in, prefix));
    }
  }

  private static Iterator<@Nullable Object[]> elements(
      boolean binary, @Nullable Object[] in, boolean text, String prefix) {
    Object json = NullArguments.at(in, 0);
    List<? extends Object> parts;
    if (binary) {
      if (!(json instanceof JsonArray array)) {
        throw TypeErrors.invalidParameter(
            json instanceof JsonObject
                ? "cannot extract elements from an object"
                : "cannot extract elements from a scalar");
      }
      parts = array.elements();
    } else {
      parts =
          new JsonText((String) json)
              .elements(prefix + (text ? "_array_elements_text" : "_array_elements"));
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Object part : parts) {
      values.add(text ? unquoted(part) : part);
    }
    return SetFunctions.single(values);
  }

  private static Iterator<@Nullable Object[]> members(
      boolean binary, @Nullable Object[] in, boolean text, String prefix) {
    Object json = NullArguments.at(in, 0);
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (binary) {
      if (!(json instanceof JsonObject object)) {
        throw TypeErrors.invalidParameter(
            "cannot call " + prefix + "_each" + (text ? "_text" : "") + " on a non-object");
      }
      object
          .members()
          .forEach((key, value) ->
              rows.add(new @Nullable Object[] {key, text ? unquoted(value) : value}));
    } else {
      for (JsonText.Member member : new JsonText((String) json).members()) {
        rows.add(
            new @Nullable Object[] {
              member.key(), text ? unquoted(member.value()) : member.value()
            });
      }
    }
    return rows.iterator();
  }

  private static Iterator<@Nullable Object[]> keys(
      boolean binary, @Nullable Object[] in, String prefix) {
    Object json = NullArguments.at(in, 0);
    JsonValue value = parsed(json);
    if (!(value instanceof JsonObject object)) {
      throw TypeErrors.invalidParameter(
          "cannot call "
              + prefix
              + "_object_keys on "
              + (value instanceof JsonArray ? "an array" : "a scalar"));
    }
    if (binary) {
      return SetFunctions.single(new ArrayList<>(object.members().keySet()));
    }
    return SetFunctions.single(
        new JsonText((String) json).members().stream().map(JsonText.Member::key).toList());
  }

  private static void registerBuilders(FunctionTable t) {
    t.typed(
        "to_json",
        types -> {
          int oid = JsonConversion.argumentType(types.arguments(), 0);
          return (c, in) -> JsonConversion.toText(in[0], oid, c, false);
        });
    t.typed(
        "to_jsonb",
        types -> {
          int oid = JsonConversion.argumentType(types.arguments(), 0);
          return (c, in) -> JsonConversion.toJsonb(in[0], oid, c);
        });
    for (String source : List.of("array_to_json", "row_to_json")) {
      t.typed(source, types -> toJson(types, false));
      t.typed(source + "_pretty", types -> toJson(types, true));
    }
    t.of("json_build_array_noargs", _ -> "[]");
    t.of("json_build_object_noargs", _ -> "{}");
    t.of("jsonb_build_array_noargs", _ -> new JsonArray(List.of()));
    t.of("jsonb_build_object_noargs", _ -> new JsonObject(Map.of()));
    t.typed("json_build_array", types -> built(types, JsonFunctions::buildArray));
    t.typed("json_build_object", types -> built(types, JsonFunctions::buildObject));
    t.typed("jsonb_build_array", types -> built(types, JsonFunctions::buildJsonbArray));
    t.typed("jsonb_build_object", types -> built(types, JsonFunctions::buildJsonbObject));
    for (String prefix : List.of("json", "jsonb")) {
      boolean binary = prefix.equals("jsonb");
      t.of(prefix + "_object", ArrayValue.class, (_, pairs) -> fromPairs(binary, pairs));
      t.of(
          prefix + "_object_two_arg",
          ArrayValue.class,
          ArrayValue.class,
          (_, keys, values) -> fromColumns(binary, keys, values));
    }
  }

  /** JSON made of the arguments; null of an array of them that is null. */
  private static ScalarFunction built(
      CallTypes types, BiFunction<Arguments, EvalContext, Object> build) {
    return (c, in) ->
        types.variadicArray() && in[0] == null ? null : build.apply(Arguments.of(types, in), c);
  }

  private static ScalarFunction toJson(CallTypes types, boolean prettyPossible) {
    int oid = types.argument(0);
    return (c, in) ->
        JsonConversion.toText(
            NullArguments.at(in, 0), oid, c, prettyPossible && Boolean.TRUE.equals(in[1]));
  }

  /** The values of a VARIADIC "any" call with their types. */
  private record Arguments(List<Integer> types, List<@Nullable Object> values) {
    static Arguments of(CallTypes types, @Nullable Object[] in) {
      if (types.variadicArray() && in[0] instanceof ArrayValue array) {
        List<Integer> oids = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
          oids.add(array.elementOid());
        }
        return new Arguments(oids, Arrays.asList(array.toArray()));
      }
      List<Integer> oids = new ArrayList<>();
      for (int i = 0; i < in.length; i++) {
        oids.add(JsonConversion.argumentType(types.arguments(), i));
      }
      return new Arguments(oids, Arrays.asList(in));
    }

    void requirePairs(String function) {
      if (values.size() % 2 != 0) {
        throw TypeErrors.invalidParameter("argument list must have even number of elements")
            .withHint(
                "The arguments of " + function + "() must consist of alternating keys and values.");
      }
    }
  }

  private static String buildArray(Arguments arguments, EvalContext context) {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < arguments.values.size(); i++) {
      out.append(i > 0 ? ", " : "");
      JsonConversion.append(out, arguments.values.get(i), arguments.types.get(i), context, false);
    }
    return out.append(']').toString();
  }

  private static String buildObject(Arguments arguments, EvalContext context) {
    arguments.requirePairs("json_build_object");
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < arguments.values.size(); i += 2) {
      if (arguments.values.get(i) == null) {
        throw nullKey();
      }
      out.append(i > 0 ? ", " : "");
      JsonValue.appendQuoted(
          out, JsonConversion.key(arguments.values.get(i), arguments.types.get(i), i + 1, context));
      out.append(" : ");
      JsonConversion.append(
          out, arguments.values.get(i + 1), arguments.types.get(i + 1), context, false);
    }
    return out.append('}').toString();
  }

  private static JsonValue buildJsonbArray(Arguments arguments, EvalContext context) {
    List<JsonValue> elements = new ArrayList<>();
    for (int i = 0; i < arguments.values.size(); i++) {
      elements.add(
          JsonConversion.toJsonb(arguments.values.get(i), arguments.types.get(i), context));
    }
    return new JsonArray(elements);
  }

  private static JsonValue buildJsonbObject(Arguments arguments, EvalContext context) {
    arguments.requirePairs("jsonb_build_object");
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (int i = 0; i < arguments.values.size(); i += 2) {
      if (arguments.values.get(i) == null) {
        throw TypeErrors.invalidParameter("argument " + (i + 1) + ": key must not be null");
      }
      members.put(
          JsonConversion.key(arguments.values.get(i), arguments.types.get(i), i + 1, context),
          JsonConversion.toJsonb(arguments.values.get(i + 1), arguments.types.get(i + 1), context));
    }
    return new JsonObject(members);
  }

  private static Object fromPairs(boolean binary, ArrayValue pairs) {
    boolean table = pairs.dimensionCount() == 2;
    if (pairs.dimensionCount() > 2 || (table && pairs.length(1) != 2)) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          table ? "array must have two columns" : "wrong number of array subscripts");
    }
    if (pairs.size() % 2 != 0) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "array must have even number of elements");
    }
    List<@Nullable Object> keys = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      keys.add(pairs.get(i));
      values.add(pairs.get(i + 1));
    }
    return object(binary, keys, values);
  }

  private static Object fromColumns(boolean binary, ArrayValue keys, ArrayValue values) {
    if (keys.dimensionCount() > 1 || values.dimensionCount() > 1) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "wrong number of array subscripts");
    }
    if (keys.size() != values.size()) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "mismatched array dimensions");
    }
    return object(binary, Arrays.asList(keys.toArray()), Arrays.asList(values.toArray()));
  }

  private static ShardForgeException nullKey() {
    return TypeErrors.of(
        io.shardforge.storage.error.ErrorCode.NULL_VALUE_NOT_ALLOWED,
        "null value not allowed for object key");
  }

  private static Object object(
      boolean binary, List<@Nullable Object> keys, List<@Nullable Object> values) {
    StringBuilder text = new StringBuilder("{");
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!(keys.get(i) instanceof String key)) {
        throw nullKey();
      }
      JsonValue value =
          values.get(i) instanceof String string
              ? new JsonValue.JsonString(string)
              : JsonValue.JsonNull.INSTANCE;
      members.put(key, value);
      text.append(i > 0 ? ", " : "");
      JsonValue.appendQuoted(text, key);
      text.append(" : ").append(JsonValue.text(value));
    }
    return binary ? new JsonObject(members) : text.append('}').toString();
  }
}
