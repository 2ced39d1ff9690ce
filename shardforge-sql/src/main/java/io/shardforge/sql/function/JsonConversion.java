package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.sql.type.TypeErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SQL values as JSON: what to_json, json_agg and row_to_json make of each type. */
final class JsonConversion {
  private JsonConversion() {}

  /** The JSON text of a value. */
  static String toText(@Nullable Object value, int typeOid, EvalContext context, boolean pretty) {
    StringBuilder out = new StringBuilder();
    append(out, value, typeOid, context, pretty);
    return out.toString();
  }

  static void append(
      StringBuilder out, @Nullable Object value, int typeOid, EvalContext context, boolean pretty) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof ArrayValue array && PgTypes.byOid(typeOid).isArray()) {
      appendArray(out, array, 0, 0, context, pretty);
    } else if (value instanceof RowValue row) {
      appendRow(out, row, context, pretty);
    } else {
      appendScalar(out, value, typeOid, context);
    }
  }

  private static void appendScalar(
      StringBuilder out, Object value, int typeOid, EvalContext context) {
    switch (typeOid) {
      case PgOid.BOOL -> out.append((Boolean) value ? "true" : "false");
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> out.append(value);
      case PgOid.FLOAT4, PgOid.FLOAT8, PgOid.NUMERIC -> {
        String text = format(value, typeOid, context);
        char first = text.charAt(text.startsWith("-") ? 1 : 0);
        if (first == 'N' || first == 'I') {
          JsonValue.appendQuoted(out, text);
        } else {
          out.append(text);
        }
      }
      case PgOid.JSON -> out.append((String) value);
      case PgOid.JSONB -> out.append(JsonValue.text((JsonValue) value));
      case PgOid.DATE, PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          JsonValue.appendQuoted(out, isoText(value, typeOid, context));
      default -> JsonValue.appendQuoted(out, format(value, typeOid, context));
    }
  }

  private static String format(Object value, int typeOid, EvalContext context) {
    return PgTypes.byOid(typeOid).format(value, context.typeContext());
  }

  /** ISO 8601 with a T, whatever the DateStyle. */
  private static String isoText(Object value, int typeOid, EvalContext context) {
    TypeContext iso =
        new TypeContext(
            context.timeZone(),
            io.shardforge.sql.type.DateStyle.ISO_MDY,
            io.shardforge.sql.type.IntervalStyle.POSTGRES,
            false,
            1,
            context.typeContext().encoding(),
            0,
            context.typeContext().names());
    String text = PgTypes.byOid(typeOid).format(value, iso);
    int space = text.indexOf(' ');
    if (typeOid != PgOid.DATE && space > 0) {
      text = text.substring(0, space) + "T" + text.substring(space + 1);
      if (typeOid == PgOid.TIMESTAMPTZ) {
        // JSON wants minutes in the offset, which SQL leaves out when they are zero.
        int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
        if (text.length() - sign == 3) {
          text += ":00";
        }
      }
    }
    return text;
  }

  private static int appendArray(
      StringBuilder out,
      ArrayValue array,
      int dimension,
      int position,
      EvalContext context,
      boolean pretty) {
    int next = position;
    out.append('[');
    int length = array.dimensionCount() == 0 ? 0 : array.length(dimension);
    for (int i = 0; i < length; i++) {
      if (i > 0) {
        out.append(pretty && dimension == 0 ? ",\n " : ",");
      }
      if (dimension + 1 < array.dimensionCount()) {
        next = appendArray(out, array, dimension + 1, next, context, pretty);
      } else {
        append(out, array.get(next++), array.elementOid(), context, false);
      }
    }
    out.append(']');
    return next;
  }

  private static void appendRow(
      StringBuilder out, RowValue row, EvalContext context, boolean pretty) {
    out.append('{');
    for (int i = 0; i < row.size(); i++) {
      if (i > 0) {
        out.append(pretty ? ",\n " : ",");
      }
      JsonValue.appendQuoted(out, row.name(i));
      out.append(':');
      append(out, row.get(i), row.types().get(i).oid(), context, false);
    }
    out.append('}');
  }

  /** The jsonb value of a SQL value. */
  static JsonValue toJsonb(@Nullable Object value, int typeOid, EvalContext context) {
    if (value == null) {
      return JsonValue.JsonNull.INSTANCE;
    }
    if (value instanceof ArrayValue array && PgTypes.byOid(typeOid).isArray()) {
      return arrayToJsonb(array, 0, new int[1], context);
    }
    if (value instanceof RowValue row) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        members.put(row.name(i), toJsonb(row.get(i), row.types().get(i).oid(), context));
      }
      return new JsonValue.JsonObject(members);
    }
    return switch (typeOid) {
      case PgOid.BOOL -> JsonValue.of((Boolean) value);
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> new JsonValue.JsonNumber(Numeric.of((Long) value));
      case PgOid.NUMERIC -> {
        Numeric number = (Numeric) value;
        yield number.isFinite()
            ? new JsonValue.JsonNumber(number)
            : new JsonValue.JsonString(number.toString());
      }
      case PgOid.FLOAT4, PgOid.FLOAT8 -> {
        String text = format(value, typeOid, context);
        double number = (Double) value;
        yield Double.isNaN(number) || Double.isInfinite(number)
            ? new JsonValue.JsonString(text)
            : new JsonValue.JsonNumber(Numeric.parse(text));
      }
      case PgOid.JSON -> JsonValue.parse((String) value);
      case PgOid.JSONB -> (JsonValue) value;
      case PgOid.DATE, PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          new JsonValue.JsonString(isoText(value, typeOid, context));
      default -> new JsonValue.JsonString(format(value, typeOid, context));
    };
  }

  private static JsonValue arrayToJsonb(
      ArrayValue array, int dimension, int[] position, EvalContext context) {
    List<JsonValue> elements = new ArrayList<>();
    int length = array.dimensionCount() == 0 ? 0 : array.length(dimension);
    for (int i = 0; i < length; i++) {
      elements.add(
          dimension + 1 < array.dimensionCount()
              ? arrayToJsonb(array, dimension + 1, position, context)
              : toJsonb(array.get(position[0]++), array.elementOid(), context));
    }
    return new JsonValue.JsonArray(elements);
  }

  /** The text of an object's key; 22023 for what cannot be one. */
  static String key(@Nullable Object value, int typeOid, int argument, EvalContext context) {
    if (value == null) {
      throw TypeErrors.of(
          argument > 0
              ? io.shardforge.storage.error.ErrorCode.INVALID_PARAMETER_VALUE
              : io.shardforge.storage.error.ErrorCode.NULL_VALUE_NOT_ALLOWED,
          argument > 0
              ? "argument " + argument + " cannot be null"
              : "field name must not be null");
    }
    PgType type = PgTypes.byOid(typeOid);
    if (type.isArray()
        || value instanceof RowValue
        || typeOid == PgOid.JSON
        || typeOid == PgOid.JSONB) {
      throw TypeErrors.invalidParameter("key value must be scalar, not array, composite, or json");
    }
    if (typeOid == PgOid.DATE || typeOid == PgOid.TIMESTAMP || typeOid == PgOid.TIMESTAMPTZ) {
      return isoText(value, typeOid, context);
    }
    return typeOid == PgOid.BOOL
        ? ((Boolean) value ? "true" : "false")
        : type.format(value, context.typeContext());
  }

  /** The type of a call's argument, with untyped literals taken as text. */
  static int argumentType(List<SqlType> types, int index) {
    int oid = PgTypes.baseOid(types.get(index).oid());
    return oid == PgOid.UNKNOWN ? PgOid.TEXT : oid;
  }
}
