package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.JsonPathEvaluation.PathError;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonMoment;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times in paths: what the methods make of strings, and how two are compared.
 *
 * @param zoned whether the session's time zone may be looked at; if not, what would is an error
 */
record JsonPathMoments(EvalContext context, boolean zoned) {
  private static final int PRECISION_MAX = 6;

  /** What a method makes of a string. */
  JsonValue read(JsonPath.Method method, JsonValue item) {
    String name = method.name();
    if (!(item instanceof JsonString string)) {
      throw wrong("jsonpath item method ." + name + "() can only be applied to a string");
    }
    JsonMoment found = found(method, string.value());
    JsonMoment made = name.equals("datetime") ? found : as(name, found);
    if (made == null) {
      throw unrecognized(name, string.value());
    }
    return method.arguments().isEmpty() ? made : rounded(name, made, method.arguments().getFirst());
  }

  private static JsonMoment found(JsonPath.Method method, String text) {
    String template = method.template();
    if (template != null) {
      try {
        return DateTimeReader.moment(text, template);
      } catch (ShardForgeException e) {
        throw new PathError(e);
      }
    }
    JsonMoment found = IsoMoments.read(text);
    if (found == null) {
      throw unrecognized(method.name(), text);
    }
    return found;
  }

  private static PathError wrong(String message) {
    return new PathError(
        TypeErrors.of(ErrorCode.INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION, message));
  }

  private static PathError unrecognized(String method, String text) {
    PathError error = wrong(method + " format is not recognized: \"" + text + "\"");
    return method.equals("datetime")
        ? new PathError(
            error
                .error()
                .withHint("Use a datetime template argument to specify the input data format."))
        : error;
  }

  private static JsonMoment rounded(String method, JsonMoment moment, long precision) {
    if (precision > Integer.MAX_VALUE) {
      throw wrong(
          "time precision of jsonpath item method ."
              + method
              + "() is out of range for type integer");
    }
    int digits = (int) Math.min(precision, PRECISION_MAX);
    Object value = PgTypes.byOid(moment.type()).coerce(moment.value(), digits, true);
    return new JsonMoment(moment.type(), value, moment.offset());
  }

  // ---- Conversions ----

  /** As what a method is named after; null if that cannot be. */
  private @Nullable JsonMoment as(String method, JsonMoment moment) {
    return switch (method) {
      case "date" -> asDate(moment);
      case "time" -> asTime(moment);
      case "time_tz" -> asTimeTz(moment);
      case "timestamp" -> asTimestamp(moment);
      case "timestamp_tz" -> asTimestampTz(moment);
      default -> throw new IllegalStateException(method);
    };
  }

  private @Nullable JsonMoment asDate(JsonMoment moment) {
    return switch (moment.type()) {
      case PgOid.DATE -> moment;
      case PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          new JsonMoment(
              PgOid.DATE, Math.floorDiv(local(moment, "date"), Calendar.MICROS_PER_DAY), 0);
      default -> null;
    };
  }

  private @Nullable JsonMoment asTime(JsonMoment moment) {
    return switch (moment.type()) {
      case PgOid.TIME -> moment;
      case PgOid.TIMETZ -> {
        requireZone("timetz", "time");
        yield new JsonMoment(PgOid.TIME, ((TimeTz) moment.value()).micros(), 0);
      }
      case PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          new JsonMoment(
              PgOid.TIME, Math.floorMod(local(moment, "time"), Calendar.MICROS_PER_DAY), 0);
      default -> null;
    };
  }

  private @Nullable JsonMoment asTimeTz(JsonMoment moment) {
    return switch (moment.type()) {
      case PgOid.TIMETZ -> moment;
      case PgOid.TIME -> {
        requireZone("time", "timetz");
        long time = (Long) moment.value();
        long now = Calendar.toLocal(context.transactionMicros(), context.timeZone());
        long today = Math.floorDiv(now, Calendar.MICROS_PER_DAY) * Calendar.MICROS_PER_DAY;
        int offset = Calendar.offsetOfLocal(today + time, context.timeZone());
        yield new JsonMoment(PgOid.TIMETZ, new TimeTz(time, -offset), 0);
      }
      case PgOid.TIMESTAMPTZ -> {
        long instant = (Long) moment.value();
        long local = Calendar.toLocal(instant, context.timeZone());
        int offset = Calendar.offsetAt(instant, context.timeZone());
        yield new JsonMoment(
            PgOid.TIMETZ, new TimeTz(Math.floorMod(local, Calendar.MICROS_PER_DAY), -offset), 0);
      }
      default -> null;
    };
  }

  private @Nullable JsonMoment asTimestamp(JsonMoment moment) {
    return switch (moment.type()) {
      case PgOid.DATE, PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          new JsonMoment(PgOid.TIMESTAMP, local(moment, "timestamp"), 0);
      default -> null;
    };
  }

  private @Nullable JsonMoment asTimestampTz(JsonMoment moment) {
    return switch (moment.type()) {
      case PgOid.TIMESTAMPTZ -> moment;
      case PgOid.DATE, PgOid.TIMESTAMP -> {
        requireZone(moment.type() == PgOid.DATE ? "date" : "timestamp", "timestamptz");
        long instant = Calendar.toInstant(local(moment, ""), context.timeZone());
        yield new JsonMoment(
            PgOid.TIMESTAMPTZ, instant, Calendar.offsetAt(instant, context.timeZone()));
      }
      default -> null;
    };
  }

  /** The local time of what has a date. */
  private long local(JsonMoment moment, String wanted) {
    long value = (Long) moment.value();
    return switch (moment.type()) {
      case PgOid.DATE -> DateTimeArithmetic.dateToTimestamp(value);
      case PgOid.TIMESTAMPTZ -> {
        requireZone("timestamptz", wanted);
        yield Calendar.toLocal(value, context.timeZone());
      }
      default -> value;
    };
  }

  private void requireZone(String from, String to) {
    if (!zoned) {
      throw TypeErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "cannot convert value from " + from + " to " + to + " without time zone usage")
          .withHint("Use *_tz() function for time zone support.");
    }
  }

  // ---- Order ----

  /** The order of two; null of a date and a time of day. */
  @Nullable Integer order(JsonMoment a, JsonMoment b) {
    boolean zonedTime = a.type() == PgOid.TIMETZ || b.type() == PgOid.TIMETZ;
    if (isTime(a) != isTime(b)) {
      return null;
    }
    if (isTime(a)) {
      if (!zonedTime) {
        return Long.compare((Long) a.value(), (Long) b.value());
      }
      JsonMoment x = asTimeTz(a);
      JsonMoment y = asTimeTz(b);
      return x == null || y == null ? null : ((TimeTz) x.value()).compareTo((TimeTz) y.value());
    }
    if (a.type() != PgOid.TIMESTAMPTZ && b.type() != PgOid.TIMESTAMPTZ) {
      return Long.compare(local(a, ""), local(b, ""));
    }
    JsonMoment x = asTimestampTz(a);
    JsonMoment y = asTimestampTz(b);
    return x == null || y == null ? null : Long.compare((Long) x.value(), (Long) y.value());
  }

  private static boolean isTime(JsonMoment moment) {
    return moment.type() == PgOid.TIME || moment.type() == PgOid.TIMETZ;
  }
}
