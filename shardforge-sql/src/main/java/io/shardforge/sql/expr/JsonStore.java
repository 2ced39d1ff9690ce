package io.shardforge.sql.expr;

import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a document in which what a path leads to is another value. Members and elements that
 * the path misses are made, with nulls before an element that lies after the end of its array.
 */
final class JsonStore {
  private static final int ELEMENTS_MAX = 33_554_431;

  private final List<String> path;
  private final JsonValue value;

  JsonStore(List<String> path, JsonValue value) {
    this.path = path;
    this.value = value;
  }

  JsonValue in(JsonValue document) {
    return in(document, 0);
  }

  private JsonValue in(JsonValue at, int depth) {
    if (depth == path.size()) {
      return value;
    }
    String step = path.get(depth);
    return switch (at) {
      case JsonObject object -> {
        Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
        JsonValue member = object.get(step);
        members.put(step, member == null ? made(depth + 1) : in(member, depth + 1));
        yield new JsonObject(members);
      }
      case JsonArray array -> {
        List<JsonValue> elements = new ArrayList<>(array.elements());
        int index = position(step, depth, elements.size());
        if (index < elements.size()) {
          elements.set(index, in(elements.get(index), depth + 1));
        } else {
          append(elements, index, made(depth + 1));
        }
        yield new JsonArray(elements);
      }
      case JsonNull _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNumber _,
          JsonValue.JsonString _,
          JsonValue.JsonMoment _ ->
          throw TypeErrors.invalidParameter("cannot replace existing key")
              .withDetail("The path assumes key is a composite object, but it is a scalar value.");
    };
  }

  /** What the rest of the path leads through where there is nothing yet. */
  private JsonValue made(int depth) {
    if (depth == path.size()) {
      return value;
    }
    String step = path.get(depth);
    Integer index = integer(step);
    if (index == null) {
      return new JsonObject(Map.of(step, made(depth + 1)));
    }
    List<JsonValue> elements = new ArrayList<>();
    append(elements, index, made(depth + 1));
    return new JsonArray(elements);
  }

  private static void append(List<JsonValue> elements, int index, JsonValue element) {
    if (index >= ELEMENTS_MAX) {
      throw TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "number of jsonb array elements exceeds the maximum allowed (" + ELEMENTS_MAX + ")");
    }
    while (elements.size() < index) {
      elements.add(JsonNull.INSTANCE);
    }
    elements.add(element);
  }

  private static int position(String step, int depth, int size) {
    Integer index = integer(step);
    if (index == null) {
      throw TypeErrors.of(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "path element at position " + (depth + 1) + " is not an integer: \"" + step + "\"");
    }
    if (index < -size) {
      throw TypeErrors.invalidParameter(
          "path element at position " + (depth + 1) + " is out of range: " + index);
    }
    return index < 0 ? size + index : index;
  }

  private static @Nullable Integer integer(String step) {
    try {
      return Integer.valueOf(step.stripLeading());
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
