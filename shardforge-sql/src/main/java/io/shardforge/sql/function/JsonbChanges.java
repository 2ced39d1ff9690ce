package io.shardforge.sql.function;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Containment and existence tests of jsonb, and functions that make changed copies. */
final class JsonbChanges {
  private JsonbChanges() {}

  static void register(FunctionTable t) {
    Class<JsonValue> j = JsonValue.class;
    Class<String> s = String.class;
    Class<ArrayValue> a = ArrayValue.class;
    t.of("jsonb_contains", j, j, (_, x, y) -> containsAtTop(x, y));
    t.of("jsonb_contained", j, j, (_, x, y) -> containsAtTop(y, x));
    t.of("jsonb_exists", j, s, (_, x, key) -> exists(x, key));
    t.of("jsonb_exists_any", j, a, (_, x, keys) -> existing(x, keys, true));
    t.of("jsonb_exists_all", j, a, (_, x, keys) -> existing(x, keys, false));
    t.of("jsonb_concat", j, j, (_, x, y) -> concatenate(x, y));
    t.of("jsonb_delete", j, s, (_, x, key) -> delete(x, List.of(key)));
    t.of("jsonb_delete_idx", j, Long.class, (_, x, index) -> deleteAt(x, index));
    t.of("jsonb_delete_array", j, a, (_, x, keys) -> delete(x, texts(keys)));
    t.of("jsonb_delete_path", j, a, (_, x, path) -> isEmpty(x) ? x : deletePath(x, steps(path), 0));
    t.of(
        "jsonb_set",
        j,
        a,
        j,
        Boolean.class,
        (_, x, path, value, create) -> set(x, steps(path), 0, value, create));
    t.any("jsonb_set_lax", (_, in) -> setLax(in));
    t.of(
        "jsonb_insert",
        j,
        a,
        j,
        Boolean.class,
        (_, x, path, value, after) -> insert(x, steps(path), 0, value, after));
    t.of("jsonb_pretty", j, (_, x) -> pretty(x));
  }

  private static boolean containsAtTop(JsonValue x, JsonValue y) {
    // At the top an array also contains a scalar.
    if (x instanceof JsonArray array && y.isScalar()) {
      return array.elements().stream().anyMatch(element -> element.compareTo(y) == 0);
    }
    return contains(x, y);
  }

  private static boolean contains(JsonValue x, JsonValue y) {
    return switch (y) {
      case JsonObject wanted -> {
        if (!(x instanceof JsonObject object)) {
          yield false;
        }
        for (Map.Entry<String, JsonValue> member : wanted.members().entrySet()) {
          JsonValue value = object.get(member.getKey());
          if (value == null || !contains(value, member.getValue())) {
            yield false;
          }
        }
        yield true;
      }
      case JsonArray wanted -> {
        if (!(x instanceof JsonArray array)) {
          yield false;
        }
        for (JsonValue element : wanted.elements()) {
          if (array.elements().stream().noneMatch(candidate -> contains(candidate, element))) {
            yield false;
          }
        }
        yield true;
      }
      case JsonValue.JsonNull _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNumber _,
          JsonValue.JsonString _,
          JsonValue.JsonMoment _ ->
          x.isScalar() && x.compareTo(y) == 0;
    };
  }

  private static boolean exists(JsonValue x, String key) {
    return switch (x) {
      case JsonObject object -> object.has(key);
      case JsonArray array ->
          array.elements().stream()
              .anyMatch(element ->
                  element instanceof JsonValue.JsonString string && string.value().equals(key));
      case JsonValue.JsonString string -> string.value().equals(key);
      case JsonValue.JsonNull _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNumber _,
          JsonValue.JsonMoment _ ->
          false;
    };
  }

  private static boolean existing(JsonValue x, ArrayValue keys, boolean any) {
    for (String key : texts(keys)) {
      if (exists(x, key) == any) {
        return any;
      }
    }
    return !any;
  }

  private static List<String> texts(ArrayValue array) {
    if (array.dimensionCount() > 1) {
      throw TypeErrors.of(ErrorCode.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof String text) {
        texts.add(text);
      }
    }
    return texts;
  }

  private static List<String> steps(ArrayValue path) {
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i) == null) {
        throw TypeErrors.of(
            ErrorCode.NULL_VALUE_NOT_ALLOWED, "path element at position " + (i + 1) + " is null");
      }
    }
    return texts(path);
  }

  private static JsonValue concatenate(JsonValue x, JsonValue y) {
    if (x instanceof JsonObject left && y instanceof JsonObject right) {
      Map<String, JsonValue> members = new LinkedHashMap<>(left.members());
      members.putAll(right.members());
      return new JsonObject(members);
    }
    List<JsonValue> elements = new ArrayList<>(elementsOf(x));
    elements.addAll(elementsOf(y));
    return new JsonArray(elements);
  }

  private static List<JsonValue> elementsOf(JsonValue value) {
    return value instanceof JsonArray array ? array.elements() : List.of(value);
  }

  private static JsonValue delete(JsonValue x, List<String> keys) {
    return switch (x) {
      case JsonObject object -> {
        Map<String, JsonValue> kept = new LinkedHashMap<>(object.members());
        keys.forEach(kept::remove);
        yield new JsonObject(kept);
      }
      case JsonArray array ->
          new JsonArray(
              array.elements().stream()
                  .filter(element ->
                      !(element instanceof JsonValue.JsonString string
                          && keys.contains(string.value())))
                  .toList());
      case JsonValue.JsonNull _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNumber _,
          JsonValue.JsonString _,
          JsonValue.JsonMoment _ ->
          throw TypeErrors.invalidParameter("cannot delete from scalar");
    };
  }

  private static JsonValue deleteAt(JsonValue x, long index) {
    if (x instanceof JsonObject) {
      throw TypeErrors.invalidParameter("cannot delete from object using integer index");
    }
    if (!(x instanceof JsonArray array)) {
      throw TypeErrors.invalidParameter("cannot delete from scalar");
    }
    List<JsonValue> elements = new ArrayList<>(array.elements());
    long position = index < 0 ? elements.size() + index : index;
    if (position >= 0 && position < elements.size()) {
      elements.remove((int) position);
    }
    return new JsonArray(elements);
  }

  private static int index(String step, int depth) {
    try {
      return Integer.parseInt(step.strip());
    } catch (NumberFormatException e) {
      throw TypeErrors.of(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "path element at position " + (depth + 1) + " is not an integer: \"" + step + "\"");
    }
  }

  private static boolean isEmpty(JsonValue value) {
    return switch (value) {
      case JsonArray array -> array.elements().isEmpty();
      case JsonObject object -> object.size() == 0;
      default -> false;
    };
  }

  private static JsonValue deletePath(JsonValue x, List<String> path, int depth) {
    if (depth == 0 && x.isScalar()) {
      throw TypeErrors.invalidParameter("cannot delete path in scalar");
    }
    if (depth == path.size()) {
      return x;
    }
    boolean last = depth == path.size() - 1;
    String step = path.get(depth);
    if (x instanceof JsonObject object) {
      JsonValue member = object.get(step);
      if (member == null) {
        return x;
      }
      Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
      if (last) {
        members.remove(step);
      } else {
        members.put(step, deletePath(member, path, depth + 1));
      }
      return new JsonObject(members);
    }
    if (x instanceof JsonArray array) {
      int index = index(step, depth);
      int position = index < 0 ? array.elements().size() + index : index;
      if (position < 0 || position >= array.elements().size()) {
        return x;
      }
      List<JsonValue> elements = new ArrayList<>(array.elements());
      if (last) {
        elements.remove(position);
      } else {
        elements.set(position, deletePath(elements.get(position), path, depth + 1));
      }
      return new JsonArray(elements);
    }
    return x;
  }

  private static JsonValue set(
      JsonValue x, List<String> path, int depth, JsonValue value, boolean create) {
    if (depth == 0 && x.isScalar()) {
      throw TypeErrors.invalidParameter("cannot set path in scalar");
    }
    if (depth == path.size()) {
      return x;
    }
    boolean last = depth == path.size() - 1;
    String step = path.get(depth);
    if (x instanceof JsonObject object) {
      JsonValue member = object.get(step);
      if (member == null && !(last && create)) {
        return x;
      }
      Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
      members.put(
          step, last || member == null ? value : set(member, path, depth + 1, value, create));
      return new JsonObject(members);
    }
    if (x instanceof JsonArray array) {
      int index = index(step, depth);
      List<JsonValue> elements = new ArrayList<>(array.elements());
      int position = index < 0 ? elements.size() + index : index;
      if (position < 0 || position >= elements.size()) {
        if (last && create) {
          elements.add(position < 0 ? 0 : elements.size(), value);
          return new JsonArray(elements);
        }
        return x;
      }
      elements.set(
          position, last ? value : set(elements.get(position), path, depth + 1, value, create));
      return new JsonArray(elements);
    }
    return x;
  }

  private static JsonValue insert(
      JsonValue x, List<String> path, int depth, JsonValue value, boolean after) {
    if (depth == 0 && x.isScalar()) {
      throw TypeErrors.invalidParameter("cannot set path in scalar");
    }
    if (depth == path.size()) {
      return x;
    }
    boolean last = depth == path.size() - 1;
    String step = path.get(depth);
    if (x instanceof JsonObject object) {
      JsonValue member = object.get(step);
      if (last && member != null) {
        throw TypeErrors.invalidParameter("cannot replace existing key")
            .withHint("Try using the function jsonb_set to replace key value.");
      }
      if (member == null && !last) {
        return x;
      }
      Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
      members.put(step, member == null ? value : insert(member, path, depth + 1, value, after));
      return new JsonObject(members);
    }
    if (x instanceof JsonArray array) {
      int index = index(step, depth);
      List<JsonValue> elements = new ArrayList<>(array.elements());
      int position = index < 0 ? elements.size() + index : index;
      if (!last) {
        if (position < 0 || position >= elements.size()) {
          return x;
        }
        elements.set(position, insert(elements.get(position), path, depth + 1, value, after));
        return new JsonArray(elements);
      }
      boolean outside = position < 0 || position >= elements.size();
      int target = position < 0 ? 0 : outside ? elements.size() : after ? position + 1 : position;
      elements.add(target, value);
      return new JsonArray(elements);
    }
    return x;
  }

  private static @Nullable Object setLax(@Nullable Object[] in) {
    if (!(in[0] instanceof JsonValue x)
        || !(in[1] instanceof ArrayValue path)
        || !(in[3] instanceof Boolean create)) {
      return null;
    }
    if (in[2] instanceof JsonValue value) {
      return set(x, steps(path), 0, value, create);
    }
    if (!(in[4] instanceof String treatment)) {
      throw TypeErrors.invalidParameter(
          "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or"
              + " \"raise_exception\"");
    }
    return switch (treatment) {
      case "raise_exception" ->
          throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, "JSON value must not be null")
              .withDetail(
                  "Exception was raised because null_value_treatment is \"raise_exception\".")
              .withHint(
                  "To avoid, either change the null_value_treatment argument or ensure that an SQL"
                      + " NULL is not passed.");
      case "use_json_null" -> set(x, steps(path), 0, JsonValue.JsonNull.INSTANCE, create);
      case "delete_key" -> deletePath(x, steps(path), 0);
      case "return_target" -> x;
      default ->
          throw TypeErrors.invalidParameter(
              "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\","
                  + " or \"raise_exception\"");
    };
  }

  private static String pretty(JsonValue x) {
    StringBuilder out = new StringBuilder();
    appendPretty(out, x, 0);
    return out.toString();
  }

  private static void appendPretty(StringBuilder out, JsonValue x, int depth) {
    switch (x) {
      case JsonObject object -> {
        out.append('{');
        String separator = "\n";
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          out.append(separator).repeat(' ', depth * 4 + 4);
          JsonValue.appendQuoted(out, member.getKey());
          out.append(": ");
          appendPretty(out, member.getValue(), depth + 1);
          separator = ",\n";
        }
        out.append('\n').repeat(' ', depth * 4).append('}');
      }
      case JsonArray array -> {
        out.append('[');
        String separator = "\n";
        for (JsonValue element : array.elements()) {
          out.append(separator).repeat(' ', depth * 4 + 4);
          appendPretty(out, element, depth + 1);
          separator = ",\n";
        }
        out.append('\n').repeat(' ', depth * 4).append(']');
      }
      case JsonValue.JsonNull _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNumber _,
          JsonValue.JsonString _,
          JsonValue.JsonMoment _ ->
          out.append(JsonValue.text(x));
    }
  }
}
