package io.shardforge.sql.function;

import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonBoolean;
import io.shardforge.sql.type.JsonValue.JsonNumber;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** The methods of jsonpath that make one scalar of another. */
final class JsonPathConversion {
  private JsonPathConversion() {}

  /** The item as what the method is named after; fails with 22036 if it cannot be that. */
  static JsonValue convert(JsonPath.Method method, JsonValue item) {
    return switch (method.name()) {
      case "string" -> string(item);
      case "boolean" -> item instanceof JsonBoolean ? item : flag(item);
      case "integer" -> whole(method.name(), PgOid.INT4, item);
      case "bigint" -> whole(method.name(), PgOid.INT8, item);
      case "number", "decimal" -> number(method, item);
      default -> throw new IllegalStateException(method.name());
    };
  }

  private static JsonValue string(JsonValue item) {
    return switch (item) {
      case JsonString _ -> item;
      case JsonNumber _, JsonBoolean _ -> new JsonString(JsonValue.text(item));
      case JsonValue.JsonMoment _ -> item.stored();
      default -> throw inapplicable("string", "boolean, string, numeric, or datetime");
    };
  }

  private static JsonValue flag(JsonValue item) {
    String text = text("boolean", "boolean, string, or numeric", item);
    int type = item instanceof JsonNumber ? PgOid.INT4 : PgOid.BOOL;
    Object value = read("boolean", "boolean", type, text);
    return JsonValue.of(value instanceof Boolean known ? known : (Long) value != 0);
  }

  private static JsonValue whole(String method, int type, JsonValue item) {
    String text = text(method, "string or numeric", item);
    // A number is rounded, where the text of one has to be a whole one.
    String digits =
        item instanceof JsonNumber number
            ? PgTypes.byOid(PgOid.NUMERIC).format(number.value().round(0), TypeContext.UTC)
            : text;
    Object value;
    try {
      value = PgTypes.byOid(type).parse(digits, -1, TypeContext.UTC);
    } catch (ShardForgeException _) {
      throw invalid(text, method, method);
    }
    return new JsonNumber(Numeric.of((long) (Long) value));
  }

  private static JsonValue number(JsonPath.Method method, JsonValue item) {
    String text = text(method.name(), "string or numeric", item);
    Numeric value =
        item instanceof JsonNumber number
            ? number.value()
            : (Numeric) read(method.name(), "numeric", PgOid.NUMERIC, text);
    if (value.isNan() || value.isInfinite()) {
      throw wrong(
          "NaN or Infinity is not allowed for jsonpath item method ." + method.name() + "()");
    }
    if (method.arguments().isEmpty()) {
      return new JsonNumber(value);
    }
    for (int i = 0; i < method.arguments().size(); i++) {
      if (Math.abs(method.arguments().get(i)) > Integer.MAX_VALUE) {
        throw wrong(
            (i == 0 ? "precision" : "scale")
                + " of jsonpath item method .decimal() is out of range for type integer");
      }
    }
    PgType type = PgTypes.byOid(PgOid.NUMERIC);
    Integer modifier =
        type.typmodOf(method.arguments().stream().mapToLong(Long::longValue).toArray());
    try {
      return new JsonNumber((Numeric) type.coerce(value, modifier == null ? -1 : modifier, true));
    } catch (ShardForgeException _) {
      throw invalid(text, method.name(), "numeric");
    }
  }

  private static String text(String method, String wanted, JsonValue item) {
    return switch (item) {
      case JsonString string -> string.value();
      case JsonNumber _ -> JsonValue.text(item);
      default -> throw inapplicable(method, wanted);
    };
  }

  private static Object read(String method, String name, int type, String text) {
    try {
      return PgTypes.byOid(type).parse(text, -1, TypeContext.UTC);
    } catch (ShardForgeException _) {
      throw invalid(text, method, name);
    }
  }

  private static ShardForgeException inapplicable(String method, String wanted) {
    return wrong(
        "jsonpath item method ." + method + "() can only be applied to a " + wanted + " value");
  }

  private static ShardForgeException invalid(String text, String method, String type) {
    return wrong(
        "argument \""
            + text
            + "\" of jsonpath item method ."
            + method
            + "() is invalid for type "
            + type);
  }

  private static ShardForgeException wrong(String message) {
    return TypeErrors.of(ErrorCode.NON_NUMERIC_SQL_JSON_ITEM, message);
  }
}
