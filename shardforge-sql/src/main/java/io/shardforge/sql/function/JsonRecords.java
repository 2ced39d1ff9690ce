package io.shardforge.sql.function;

import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * json_to_record and its kin. The binder adds the names of the wanted columns and a letter for each
 * that tells how its value is read; what comes back is an array of texts, which it then casts to
 * the types of the columns.
 */
public final class JsonRecords {
  /** How a column's type reads a value: as text, as JSON, or as the text of an array. */
  private static final char TEXT = 't';

  private static final char JSON = 'j';
  private static final char ARRAY = 'a';

  private JsonRecords() {}

  /** The letter of a type. */
  public static char reader(int oid) {
    PgType type = PgTypes.byOid(PgTypes.baseOid(oid));
    if (type.isArray()) {
      return ARRAY;
    }
    return type.oid() == PgOid.JSON || type.oid() == PgOid.JSONB ? JSON : TEXT;
  }

  static void register(FunctionTable t) {
    for (String prefix : List.of("json", "jsonb")) {
      String one = prefix + "_to_record";
      t.typed(
          one,
          types -> {
            requireColumns(types, one);
            return (_, in) -> record(in);
          });
      String several = prefix + "_to_recordset";
      t.setTyped(
          several,
          types -> {
            requireColumns(types, several);
            return (_, in) -> records(in, several);
          });
    }
  }

  private static void requireColumns(CallTypes types, String function) {
    if (types.result().oid() == PgOid.RECORD) {
      throw new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "could not determine row type for result of " + function)
          .withHint(
              "Provide a non-null record argument, or call the function in the FROM clause using a"
                  + " column definition list.");
    }
  }

  private static @Nullable Object record(@Nullable Object[] in) {
    Object json = NullArguments.at(in, 0);
    JsonValue value = JsonFunctions.parsed(json);
    if (!(value instanceof JsonObject)) {
      throw TypeErrors.invalidParameter(
          "cannot call populate_composite on "
              + (value instanceof JsonArray ? "an array" : "a scalar"));
    }
    return fields(json, in);
  }

  private static Iterator<@Nullable Object[]> records(@Nullable Object[] in, String function) {
    Object json = in[0];
    if (json == null) {
      return List.<@Nullable Object[]>of().iterator();
    }
    List<? extends Object> elements = elements(json, function);
    List<@Nullable Object> rows = new ArrayList<>();
    for (Object element : elements) {
      if (!(JsonFunctions.parsed(element) instanceof JsonObject)) {
        throw TypeErrors.invalidParameter(
            "argument of " + function + " must be an array of objects");
      }
      rows.add(fields(element, in));
    }
    return SetFunctions.single(rows);
  }

  private static List<? extends Object> elements(Object json, String function) {
    JsonValue value = JsonFunctions.parsed(json);
    if (value instanceof JsonArray array) {
      return json instanceof String text ? new JsonText(text).elements(function) : array.elements();
    }
    throw TypeErrors.invalidParameter(
        "cannot call "
            + function
            + " on "
            + (json instanceof JsonValue
                ? "a non-array"
                : value instanceof JsonObject ? "an object" : "a scalar"));
  }

  /** The wanted fields of an object, as texts. */
  private static ArrayValue fields(Object object, @Nullable Object[] in) {
    ArrayValue names = (ArrayValue) NullArguments.at(in, 1);
    String readers = (String) NullArguments.at(in, 2);
    List<@Nullable Object> fields = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      String name = (String) Objects.requireNonNull(names.get(i));
      Object field =
          object instanceof JsonObject of
              ? of.members().get(name)
              : new JsonText((String) object).member(name);
      fields.add(field == null ? null : text(name, field, readers.charAt(i)));
    }
    return ArrayValue.of(PgOid.TEXT, fields);
  }

  private static @Nullable String text(String name, Object field, char reader) {
    JsonValue value = JsonFunctions.parsed(field);
    String plain = value.unquoted();
    if (plain == null || reader == TEXT) {
      return plain == null || value instanceof JsonString ? plain : raw(field);
    }
    if (reader == JSON) {
      return raw(field);
    }
    if (value instanceof JsonArray) {
      return literal(field, false, new StringBuilder()).toString();
    }
    if (value instanceof JsonString) {
      return plain;
    }
    throw new ShardForgeException(ErrorCode.INVALID_TEXT_REPRESENTATION, "expected JSON array")
        .withHint("See the value of key \"" + name + "\".");
  }

  private static String raw(Object field) {
    return field instanceof JsonValue value ? JsonValue.text(value) : (String) field;
  }

  /** The text of an array whose elements are of a type and in a JSON array. */
  static String arrayText(JsonValue value, int element) {
    if (value instanceof JsonArray) {
      boolean json = element == PgOid.JSON || element == PgOid.JSONB;
      return literal(value, json, new StringBuilder()).toString();
    }
    throw new ShardForgeException(ErrorCode.INVALID_TEXT_REPRESENTATION, "expected JSON array");
  }

  /** The text of an array with the elements of a JSON array. */
  private static StringBuilder literal(Object array, boolean json, StringBuilder out) {
    char before = '{';
    for (Object element : elements(array, "")) {
      out.append(before);
      before = ',';
      JsonValue value = JsonFunctions.parsed(element);
      String plain = value.unquoted();
      if (value instanceof JsonArray && !json) {
        literal(element, json, out);
      } else if (plain == null) {
        out.append("NULL");
      } else {
        String text = value instanceof JsonString && !json ? plain : raw(element);
        out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return out.append(before == '{' ? "{}" : "}");
  }
}
