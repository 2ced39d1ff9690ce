package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeErrors;
import java.util.function.LongUnaryOperator;

/** The functions behind casts. Length coercions are in the types themselves. */
final class ConversionFunctions {
  private ConversionFunctions() {}

  static void register(FunctionTable t) {
    registerNumbers(t);
    registerStrings(t);
    registerDates(t);
    registerJson(t);
    for (String source :
        new String[] {
          "numeric",
          "varchar",
          "bpchar",
          "timestamp_scale",
          "timestamptz_scale",
          "time_scale",
          "timetz_scale",
          "interval_scale"
        }) {
      // numeric(numeric, typmod) and its kin, which casts reach through PgType.coerce.
      t.typed(source, types -> coercion(types));
    }
  }

  private static io.shardforge.sql.expr.ScalarFunction coercion(CallTypes types) {
    PgType type = PgTypes.byOid(types.argument(0));
    return (_, in) -> {
      Object value = in[0];
      Object typmod = in[1];
      boolean explicit = in.length > 2 && Boolean.TRUE.equals(in[2]);
      return value == null || typmod == null
          ? value
          : type.coerce(value, (int) (long) (Long) typmod, explicit);
    };
  }

  private static void registerNumbers(FunctionTable t) {
    long s = Short.MIN_VALUE;
    long i = Integer.MIN_VALUE;
    longs(t, "i2toi4", a -> a);
    longs(t, "int48", a -> a);
    longs(t, "int28", a -> a);
    longs(t, "oidtoi8", a -> a);
    longs(t, "i4toi2", a -> range(a, s, -s - 1, "smallint"));
    longs(t, "int82", a -> range(a, s, -s - 1, "smallint"));
    longs(t, "int84", a -> range(a, i, -i - 1, "integer"));
    longs(t, "i8tooid", a -> range(a, 0, 0xFFFF_FFFFL, "OID"));
    for (String source : new String[] {"i2tod", "i4tod", "i8tod"}) {
      t.of(source, Long.class, (_, a) -> (double) a);
    }
    for (String source : new String[] {"i2tof", "i4tof", "i8tof"}) {
      t.of(source, Long.class, (_, a) -> (double) (float) (long) a);
    }
    t.of("ftod", Double.class, (_, a) -> a);
    t.of("dtof", Double.class, (_, a) -> toSingle(a));
    for (String from : new String[] {"d", "f"}) {
      t.of(from + "toi2", Double.class, (_, a) -> rounded(a, s, -s - 1, "smallint"));
      t.of(from + "toi4", Double.class, (_, a) -> rounded(a, i, -i - 1, "integer"));
      t.of(
          from + "toi8",
          Double.class,
          (_, a) -> {
            double whole = Math.rint(a);
            if (Double.isNaN(whole) || whole < -0x1p63 || whole >= 0x1p63) {
              throw TypeErrors.outOfRange("bigint");
            }
            return (long) whole;
          });
    }
    for (String source : new String[] {"int2_numeric", "int4_numeric", "int8_numeric"}) {
      t.of(source, Long.class, (_, a) -> Numeric.of(a));
    }
    t.of("float4_numeric", Double.class, (_, a) -> Numeric.ofSingle(a));
    t.of("float8_numeric", Double.class, (_, a) -> Numeric.of((double) a));
    t.of("numeric_int2", Numeric.class, (_, a) -> a.toLong(s, -s - 1, "smallint"));
    t.of("numeric_int4", Numeric.class, (_, a) -> a.toLong(i, -i - 1, "integer"));
    t.of(
        "numeric_int8",
        Numeric.class,
        (_, a) -> a.toLong(Long.MIN_VALUE, Long.MAX_VALUE, "bigint"));
    t.of("numeric_float4", Numeric.class, (_, a) -> fromNumeric(a, (float) a.toDouble(), "real"));
    t.of(
        "numeric_float8",
        Numeric.class,
        (_, a) -> fromNumeric(a, a.toDouble(), "double precision"));
    t.of("int4_bool", Long.class, (_, a) -> a != 0);
    t.of("bool_int4", Boolean.class, (_, a) -> a ? 1L : 0L);
    t.of("chartoi4", String.class, (_, a) -> a.isEmpty() ? 0L : (long) (byte) a.charAt(0));
    t.of(
        "i4tochar",
        Long.class,
        (_, a) -> {
          if (a < -128 || a > 127) {
            throw TypeErrors.outOfRange("\"char\"");
          }
          return a == 0 ? "" : String.valueOf((char) (a & 0xFF));
        });
  }

  private static void longs(FunctionTable t, String source, LongUnaryOperator operator) {
    t.of(source, Long.class, (_, a) -> operator.applyAsLong(a));
  }

  private static long range(long a, long min, long max, String type) {
    if (a < min || a > max) {
      throw TypeErrors.outOfRange(type);
    }
    return a;
  }

  private static long rounded(double a, long min, long max, String type) {
    double whole = Math.rint(a);
    if (Double.isNaN(whole) || whole < min || whole > max) {
      throw TypeErrors.outOfRange(type);
    }
    return (long) whole;
  }

  private static double toSingle(double a) {
    float single = (float) a;
    if (Float.isInfinite(single) && !Double.isInfinite(a)) {
      throw FloatFunctions.overflow();
    }
    if (single == 0 && a != 0) {
      throw FloatFunctions.underflow();
    }
    return single;
  }

  private static double fromNumeric(Numeric a, double value, String type) {
    if (Double.isInfinite(value) && a.isFinite()) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + a + "\" is out of range for type " + type);
    }
    if (value == 0 && a.signum() != 0) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + a + "\" is out of range for type " + type);
    }
    return value;
  }

  private static void registerStrings(FunctionTable t) {
    t.of("booltext", Boolean.class, (_, a) -> a ? "true" : "false");
    PgType name = PgTypes.byOid(PgOid.NAME);
    PgType single = PgTypes.byOid(PgOid.CHAR);
    t.of("char_text", String.class, (c, a) -> single.format(a, c.typeContext()));
    t.of("text_char", String.class, (c, a) -> single.parse(a, -1, c.typeContext()));
    t.of("char_bpchar", String.class, (c, a) -> single.format(a, c.typeContext()));
    t.of("name_text", String.class, (_, a) -> a);
    t.of("name_bpchar", String.class, (_, a) -> a);
    t.of("text_name", String.class, (c, a) -> name.parse(a, -1, c.typeContext()));
    t.of(
        "bpchar_name",
        String.class,
        (c, a) -> name.parse(TextFunctions.trimEnd(a), -1, c.typeContext()));
    t.of(
        "text_regclass",
        String.class,
        (c, a) -> PgTypes.byOid(PgOid.REGCLASS).parse(a, -1, c.typeContext()));
  }

  private static void registerDates(FunctionTable t) {
    Class<Long> n = Long.class;
    t.of("date_timestamp", n, (_, date) -> DateTimeArithmetic.dateToTimestamp(date));
    t.of("date_timestamptz", n, (c, date) -> instant(DateTimeArithmetic.dateToTimestamp(date), c));
    t.of("timestamp_date", n, (_, at) -> dateOf(at));
    t.of("timestamptz_date", n, (c, at) -> dateOf(Calendar.toLocal(at, c.timeZone())));
    t.of("timestamp_timestamptz", n, (c, at) -> instant(at, c));
    t.of(
        "timestamptz_timestamp",
        n,
        (c, at) -> {
          long local = Calendar.toLocal(at, c.timeZone());
          return Calendar.isInfinite(local) ? local : DateTimeArithmetic.checkTimestamp(local);
        });
    t.of("timestamp_time", n, (_, at) -> timeOf(at));
    t.of("timestamptz_time", n, (c, at) -> timeOf(Calendar.toLocal(at, c.timeZone())));
    t.of(
        "timestamptz_timetz",
        n,
        (c, at) -> {
          if (Calendar.isInfinite(at)) {
            return null;
          }
          int offset = Calendar.offsetAt(at, c.timeZone());
          return new TimeTz(
              Math.floorMod(at + offset * Calendar.MICROS_PER_SECOND, Calendar.MICROS_PER_DAY),
              -offset);
        });
    t.of(
        "time_timetz",
        n,
        (c, time) -> new TimeTz(time, -Calendar.offsetAt(c.transactionMicros(), c.timeZone())));
    t.of("timetz_time", TimeTz.class, (_, time) -> time.micros());
    t.of("time_interval", n, (_, time) -> new Interval(0, 0, time));
    t.of(
        "interval_time",
        Interval.class,
        (_, span) -> Math.floorMod(span.micros(), Calendar.MICROS_PER_DAY));
  }

  private static long instant(long local, EvalContext context) {
    return Calendar.toInstant(local, context.timeZone());
  }

  private static long dateOf(long at) {
    if (Calendar.isInfinite(at)) {
      return at > 0 ? Calendar.DATE_INFINITY : Calendar.DATE_MINUS_INFINITY;
    }
    return Math.floorDiv(at, Calendar.MICROS_PER_DAY);
  }

  private static @org.jspecify.annotations.Nullable Long timeOf(long at) {
    return Calendar.isInfinite(at) ? null : (Long) Math.floorMod(at, Calendar.MICROS_PER_DAY);
  }

  private static void registerJson(FunctionTable t) {
    t.of(
        "jsonb_bool",
        JsonValue.class,
        (_, json) -> {
          if (json instanceof JsonValue.JsonBoolean value) {
            return value.value();
          }
          throw cannotCast(json, "boolean");
        });
    t.of("jsonb_numeric", JsonValue.class, (_, json) -> number(json, "numeric"));
    t.of(
        "jsonb_int2",
        JsonValue.class,
        (_, json) -> number(json, "smallint").toLong(Short.MIN_VALUE, Short.MAX_VALUE, "smallint"));
    t.of(
        "jsonb_int4",
        JsonValue.class,
        (_, json) ->
            number(json, "integer").toLong(Integer.MIN_VALUE, Integer.MAX_VALUE, "integer"));
    t.of(
        "jsonb_int8",
        JsonValue.class,
        (_, json) -> number(json, "bigint").toLong(Long.MIN_VALUE, Long.MAX_VALUE, "bigint"));
    t.of("jsonb_float4", JsonValue.class, (_, json) -> toSingle(number(json, "real").toDouble()));
    t.of("jsonb_float8", JsonValue.class, (_, json) -> number(json, "double precision").toDouble());
  }

  private static Numeric number(JsonValue json, String target) {
    if (json instanceof JsonValue.JsonNumber number) {
      return number.value();
    }
    throw cannotCast(json, target);
  }

  private static RuntimeException cannotCast(JsonValue json, String target) {
    return TypeErrors.invalidParameter(
        "cannot cast jsonb "
            + (json instanceof JsonValue.JsonNumber ? "numeric" : json.typeName())
            + " to type "
            + target);
  }
}
