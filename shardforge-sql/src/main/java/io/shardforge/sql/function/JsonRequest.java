package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonBoolean;
import io.shardforge.sql.type.JsonValue.JsonMoment;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What JSON_EXISTS, JSON_QUERY or JSON_VALUE asks of a document, and how what was found is handed
 * on to become the type that is wanted.
 *
 * @param column the column of JSON_TABLE that this is, null for a call
 * @param returning the type that is wanted
 * @param judged whether that is a domain with rules
 */
public record JsonRequest(
    Form form,
    Wrapper wrapper,
    boolean omitsQuotes,
    @Nullable String column,
    SqlType returning,
    boolean judged) {
  /** Which of the three. */
  public enum Form {
    JSON_EXISTS,
    JSON_QUERY,
    JSON_VALUE
  }

  /** Whether what was found is put into an array: never, if there are several, or always. */
  public enum Wrapper {
    NONE,
    CONDITIONAL,
    UNCONDITIONAL
  }

  /** Stands for what was not found. */
  enum Absence {
    EMPTY
  }

  /** The type that {@link #read} gives. */
  public SqlType readType() {
    int type = returning.oid();
    return switch (form) {
      case JSON_EXISTS -> SqlType.of(isCount() || type == PgOid.BOOL ? PgOid.BOOL : PgOid.TEXT);
      case JSON_QUERY -> SqlType.of(type == PgOid.JSONB && !omitsQuotes ? type : PgOid.TEXT);
      case JSON_VALUE -> SqlType.of(PgOid.TEXT);
    };
  }

  /** Whether JSON_EXISTS is asked for a number. */
  private boolean isCount() {
    return PgTypes.baseOid(returning.oid()) == PgOid.INT4;
  }

  /** What a document has at a path: a truth, a value, null for JSON's null, or {@link Absence}. */
  @Nullable Object search(
      JsonValue document, JsonPath path, JsonObject variables, EvalContext context) {
    JsonPathMoments moments = new JsonPathMoments(context, true);
    if (form == Form.JSON_EXISTS) {
      return JsonPathFunctions.exists(document, path, variables, moments);
    }
    List<JsonValue> found = JsonPathFunctions.items(document, path, variables, moments);
    if (found.isEmpty()) {
      return Absence.EMPTY;
    }
    return form == Form.JSON_QUERY ? wrapped(found) : scalar(found);
  }

  private JsonValue wrapped(List<JsonValue> found) {
    boolean several = found.size() > 1;
    if (wrapper == Wrapper.UNCONDITIONAL || (wrapper == Wrapper.CONDITIONAL && several)) {
      return new JsonArray(found.stream().map(JsonValue::stored).toList());
    }
    if (several) {
      throw wrong(ErrorCode.MORE_THAN_ONE_SQL_JSON_ITEM, "single item without wrapper")
          .withHint("Use the WITH WRAPPER clause to wrap SQL/JSON items into an array.");
    }
    return found.getFirst().stored();
  }

  private @Nullable JsonValue scalar(List<JsonValue> found) {
    if (found.size() > 1) {
      throw wrong(ErrorCode.MORE_THAN_ONE_SQL_JSON_ITEM, "single scalar item");
    }
    JsonValue item = found.getFirst();
    if (!item.isScalar()) {
      throw wrong(ErrorCode.SQL_JSON_SCALAR_REQUIRED, "single scalar item");
    }
    return item instanceof JsonNull ? null : item;
  }

  private ShardForgeException wrong(ErrorCode code, String wanted) {
    String where = column == null ? "in " + form : "for column \"" + column + "\"";
    return TypeErrors.of(code, "JSON path expression " + where + " should return " + wanted);
  }

  ShardForgeException notFound() {
    String where = column == null ? "" : " of column \"" + column + "\"";
    return TypeErrors.of(
        ErrorCode.NO_SQL_JSON_ITEM, "no SQL/JSON item found for specified path" + where);
  }

  /** What was found, as what becomes the wanted type. */
  @Nullable Object read(Object found, EvalContext context) {
    return switch (form) {
      case JSON_EXISTS -> readType().oid() == PgOid.BOOL ? found : found.toString();
      case JSON_QUERY -> {
        JsonValue value = json(found);
        yield readType().oid() == PgOid.JSONB ? value : text(value, omitsQuotes);
      }
      case JSON_VALUE -> {
        JsonValue value = json(found);
        int type = returning.oid();
        if (type == PgOid.JSON || type == PgOid.JSONB) {
          yield JsonValue.text(value);
        }
        if (value instanceof JsonMoment moment && !judged) {
          yield PgTypes.byOid(moment.type()).format(moment.value(), context.typeContext());
        }
        // As the types write themselves, but in JSON's way for a domain that has to judge it.
        yield value instanceof JsonBoolean truth && !judged
            ? (truth.value() ? "t" : "f")
            : text(value, true);
      }
    };
  }

  /** The answer to an error can be a truth too. */
  private static JsonValue json(Object found) {
    return found instanceof Boolean truth ? JsonValue.of(truth) : (JsonValue) found;
  }

  private String text(JsonValue value, boolean plain) {
    if (plain && value.stored() instanceof JsonString string) {
      return string.value();
    }
    PgType type = PgTypes.byOid(PgTypes.baseOid(returning.oid()));
    return type.isArray() ? JsonRecords.arrayText(value, type.elementOid()) : JsonValue.text(value);
  }
}
