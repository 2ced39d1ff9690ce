package io.shardforge.sql.type;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A jsonb value. Immutable; order and equality are PostgreSQL's. */
public sealed interface JsonValue extends Comparable<JsonValue> {
  /** Object keys in the order that jsonb stores: shorter first, then by bytes. */
  Comparator<String> KEY_ORDER =
      Comparator.comparingInt(JsonValue::utf8Length).thenComparing(Text::compare);

  /** The null literal. */
  record JsonNull() implements JsonValue {
    public static final JsonNull INSTANCE = new JsonNull();

    @Override
    public String toString() {
      return text(this);
    }
  }

  /** true or false. */
  record JsonBoolean(boolean value) implements JsonValue {
    public static final JsonBoolean TRUE = new JsonBoolean(true);
    public static final JsonBoolean FALSE = new JsonBoolean(false);

    @Override
    public String toString() {
      return text(this);
    }
  }

  /** A number, exact. */
  record JsonNumber(Numeric value) implements JsonValue {
    @Override
    public String toString() {
      return text(this);
    }
  }

  /** A string. */
  record JsonString(String value) implements JsonValue {
    @Override
    public String toString() {
      return text(this);
    }
  }

  /**
   * A date or a time, which only a path has on its way: elsewhere it is the string that it is
   * written as.
   *
   * @param type the type's OID
   * @param offset seconds east of Greenwich by which a timestamptz is written
   */
  record JsonMoment(int type, Object value, int offset) implements JsonValue {
    /** The text in ISO 8601. */
    public String iso() {
      String text = PgTypes.byOid(type).format(value, TypeContext.UTC);
      StringBuilder zone = new StringBuilder();
      if (type == PgOid.TIMESTAMPTZ) {
        long local = (Long) value + offset * Calendar.MICROS_PER_SECOND;
        text = PgTypes.byOid(PgOid.TIMESTAMP).format(local, TypeContext.UTC);
        DateTimeText.offset(zone, offset);
      } else if (value instanceof TimeTz time) {
        text = PgTypes.byOid(PgOid.TIME).format(time.micros(), TypeContext.UTC);
        DateTimeText.offset(zone, -time.zoneSeconds());
      }
      // JSON wants minutes in the offset, which SQL leaves out when they are zero.
      String minutes = zone.length() == "+00".length() ? ":00" : "";
      return text.replaceFirst(" (?=[0-9])", "T") + zone + minutes;
    }

    @Override
    public String toString() {
      return text(this);
    }
  }

  /** An array. */
  record JsonArray(List<JsonValue> elements) implements JsonValue {
    public JsonArray {
      elements = List.copyOf(elements);
    }

    /** The element at an index, counted from the end if negative; null outside. */
    public @Nullable JsonValue at(long index) {
      long position = index < 0 ? elements.size() + index : index;
      return position >= 0 && position < elements.size() ? elements.get((int) position) : null;
    }

    @Override
    public String toString() {
      return text(this);
    }
  }

  /** An object; the last of equal keys won. */
  final class JsonObject implements JsonValue {
    private final Map<String, JsonValue> members;

    public JsonObject(Map<String, JsonValue> members) {
      TreeMap<String, JsonValue> sorted = new TreeMap<>(KEY_ORDER);
      sorted.putAll(members);
      this.members = new LinkedHashMap<>(sorted);
    }

    public @Nullable JsonValue get(String key) {
      return members.get(key);
    }

    public boolean has(String key) {
      return members.containsKey(key);
    }

    public int size() {
      return members.size();
    }

    /** Members in stored order; do not change. */
    public Map<String, JsonValue> members() {
      return java.util.Collections.unmodifiableMap(members);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof JsonObject object && members.equals(object.members);
    }

    @Override
    public int hashCode() {
      return members.hashCode();
    }

    @Override
    public String toString() {
      return text(this);
    }
  }

  private static int utf8Length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800 || Character.isSurrogate(c)) {
        length += 2;
      } else {
        length += 3;
      }
    }
    return length;
  }

  static JsonValue of(boolean value) {
    return value ? JsonBoolean.TRUE : JsonBoolean.FALSE;
  }

  /** Reads jsonb's text form. */
  static JsonValue parse(String text) {
    return new JsonParser(text, true).parse();
  }

  default boolean isScalar() {
    return switch (this) {
      case JsonArray _, JsonObject _ -> false;
      case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _, JsonMoment _ -> true;
    };
  }

  /** The member or element that one step of a path names; an index may count from the end. */
  default @Nullable JsonValue step(String key) {
    return switch (this) {
      case JsonObject object -> object.get(key);
      case JsonArray array -> {
        int index;
        try {
          index = Integer.parseInt(key.strip());
        } catch (NumberFormatException e) {
          yield null;
        }
        yield array.at(index);
      }
      case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _, JsonMoment _ -> null;
    };
  }

  /** What jsonb_typeof says. */
  default String typeName() {
    return switch (this) {
      case JsonNull _ -> "null";
      case JsonBoolean _ -> "boolean";
      case JsonNumber _ -> "number";
      case JsonString _ -> "string";
      case JsonMoment moment -> TypeNames.format(moment.type, -1);
      case JsonArray _ -> "array";
      case JsonObject _ -> "object";
    };
  }

  /** The text that ->> gives: a string without quotes, null for JSON null. */
  default @Nullable String unquoted() {
    return switch (this) {
      case JsonNull _ -> null;
      case JsonString string -> string.value();
      case JsonMoment moment -> moment.iso();
      case JsonBoolean _, JsonNumber _, JsonArray _, JsonObject _ -> text(this);
    };
  }

  private String plainText() {
    return java.util.Objects.requireNonNull(unquoted());
  }

  /** The value as it can be stored. */
  default JsonValue stored() {
    return this instanceof JsonMoment moment ? new JsonString(moment.iso()) : this;
  }

  /** The text form that jsonb prints. */
  static String text(JsonValue value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, JsonValue value) {
    switch (value) {
      case JsonNull _ -> out.append("null");
      case JsonBoolean bool -> out.append(bool.value());
      case JsonNumber number -> out.append(number.value());
      case JsonString string -> appendQuoted(out, string.value());
      case JsonMoment moment -> appendQuoted(out, moment.iso());
      case JsonArray array -> {
        out.append('[');
        String separator = "";
        for (JsonValue element : array.elements()) {
          out.append(separator);
          append(out, element);
          separator = ", ";
        }
        out.append(']');
      }
      case JsonObject object -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, JsonValue> member : object.members.entrySet()) {
          out.append(separator);
          appendQuoted(out, member.getKey());
          out.append(": ");
          append(out, member.getValue());
          separator = ", ";
        }
        out.append('}');
      }
    }
  }

  /** Appends a JSON string literal with PostgreSQL's escapes. */
  static void appendQuoted(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static int rank(JsonValue value) {
    return switch (value) {
      case JsonNull _ -> 0;
      case JsonString _, JsonMoment _ -> 1;
      case JsonNumber _ -> 2;
      case JsonBoolean _ -> 3;
      case JsonArray _ -> 4;
      case JsonObject _ -> 5;
    };
  }

  private static boolean isEmptyArray(JsonValue value) {
    return value instanceof JsonArray array && array.elements().isEmpty();
  }

  /**
   * PostgreSQL's order: Object &gt; Array &gt; Boolean &gt; Number &gt; String &gt; Null, and []
   * first of all at the top.
   */
  @Override
  default int compareTo(JsonValue other) {
    if (isEmptyArray(this) != isEmptyArray(other)) {
      boolean scalarOther = isEmptyArray(this) ? other.isScalar() : isScalar();
      if (scalarOther) {
        return isEmptyArray(this) ? -1 : 1;
      }
    }
    return compareNested(this, other);
  }

  private static int compareNested(JsonValue a, JsonValue b) {
    int byRank = Integer.compare(rank(a), rank(b));
    if (byRank != 0) {
      return byRank;
    }
    return switch (a) {
      case JsonNull _ -> 0;
      case JsonString _, JsonMoment _ -> Text.compare(a.plainText(), b.plainText());
      case JsonNumber number -> number.value().compareTo(((JsonNumber) b).value());
      case JsonBoolean bool -> Boolean.compare(bool.value(), ((JsonBoolean) b).value());
      case JsonArray array -> compareArrays(array.elements(), ((JsonArray) b).elements());
      case JsonObject object -> compareObjects(object, (JsonObject) b);
    };
  }

  private static int compareArrays(List<JsonValue> a, List<JsonValue> b) {
    if (a.size() != b.size()) {
      return Integer.compare(a.size(), b.size());
    }
    for (int i = 0; i < a.size(); i++) {
      int order = compareNested(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareObjects(JsonObject a, JsonObject b) {
    if (a.size() != b.size()) {
      return Integer.compare(a.size(), b.size());
    }
    List<Map.Entry<String, JsonValue>> left = new ArrayList<>(a.members.entrySet());
    List<Map.Entry<String, JsonValue>> right = new ArrayList<>(b.members.entrySet());
    for (int i = 0; i < left.size(); i++) {
      int order = Text.compare(left.get(i).getKey(), right.get(i).getKey());
      if (order == 0) {
        order = compareNested(left.get(i).getValue(), right.get(i).getValue());
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
