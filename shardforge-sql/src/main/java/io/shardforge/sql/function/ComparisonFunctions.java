package io.shardforge.sql.function;

import io.shardforge.sql.expr.Comparison;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.UUID;

/** The comparison operators of all types, their three-way forms, and larger and smaller. */
final class ComparisonFunctions {
  private ComparisonFunctions() {}

  static void register(FunctionTable t) {
    for (String prefix :
        List.of(
            "int2",
            "int4",
            "int8",
            "int24",
            "int42",
            "int28",
            "int82",
            "int48",
            "int84",
            "oid",
            "date_",
            "time_",
            "timestamp_",
            "tid",
            "xid8",
            "pg_lsn_")) {
      t.longComparisons(prefix);
    }
    for (String prefix : List.of("float4", "float8", "float48", "float84")) {
      t.doubleComparisons(prefix);
    }
    t.any("xideq", new io.shardforge.sql.expr.LongComparison(Comparison.EQ));
    t.any("xidneq", new io.shardforge.sql.expr.LongComparison(Comparison.NE));
    t.any("cideq", new io.shardforge.sql.expr.LongComparison(Comparison.EQ));
    t.comparisons("bool", Boolean.class, Boolean.class, Boolean::compare);
    t.comparisons("numeric_", Numeric.class, Numeric.class, Numeric::compareTo);
    t.comparisons("interval_", Interval.class, Interval.class, Interval::compareTo);
    t.comparisons("timetz_", TimeTz.class, TimeTz.class, TimeTz::compareTo);
    t.comparisons("jsonb_", JsonValue.class, JsonValue.class, JsonValue::compareTo);
    registerOf(t, "bytea", PgOid.BYTEA, byte[].class);
    registerOf(t, "uuid_", PgOid.UUID, UUID.class);
    registerOf(t, "network_", PgOid.INET, NetworkAddress.class);
    registerOf(t, "char", PgOid.CHAR, String.class);
    registerOf(t, "oidvector", PgOid.OIDVECTOR, ArrayValue.class);
    t.comparisons("record_", RowValue.class, RowValue.class, ComparisonFunctions::compareRows);
    for (Comparison comparison : Comparison.values()) {
      String suffix = FunctionTable.suffix(comparison);
      boolean underscore = comparison != Comparison.EQ && comparison != Comparison.NE;
      collated(t, (underscore ? "text_" : "text") + suffix, PgOid.TEXT, comparison);
      collated(t, "name" + suffix, PgOid.NAME, comparison);
      collated(t, "name" + suffix + "text", PgOid.TEXT, comparison);
      collated(t, "text" + suffix + "name", PgOid.TEXT, comparison);
      collated(t, "bpchar" + suffix, PgOid.BPCHAR, comparison);
      arrays(t, "array_" + suffix, comparison);
      if (underscore) {
        t.of(
            "text_pattern_" + suffix,
            String.class,
            String.class,
            (_, a, b) -> comparison.holds(Text.compare(a, b)));
      }
    }
    registerMixedDates(t);
    registerThreeWay(t);
    registerLargerSmaller(t);
  }

  private static <A> void registerOf(FunctionTable t, String prefix, int oid, Class<A> a) {
    PgType type = PgTypes.byOid(oid);
    t.comparisons(prefix, a, a, type::compare);
  }

  /** A comparison by the collation of the call. */
  private static void collated(FunctionTable t, String source, int oid, Comparison comparison) {
    t.typed(
        source,
        types -> {
          PgType order = types.ordered(oid);
          return (_, in) ->
              comparison.holds(order.compare(NullArguments.at(in, 0), NullArguments.at(in, 1)));
        });
  }

  private static void arrays(FunctionTable t, String source, Comparison comparison) {
    t.typed(
        source,
        types -> {
          PgType order = types.ordered(types.argument(0));
          return (_, in) ->
              comparison.holds(order.compare(NullArguments.at(in, 0), NullArguments.at(in, 1)));
        });
  }

  static int compareRows(RowValue a, RowValue b) {
    if (a.size() != b.size()) {
      throw TypeErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "cannot compare record types with different numbers of columns");
    }
    for (int i = 0; i < a.size(); i++) {
      int left = a.types().get(i).oid();
      int right = b.types().get(i).oid();
      if (left != right) {
        throw TypeErrors.of(
            ErrorCode.DATATYPE_MISMATCH,
            "cannot compare dissimilar column types "
                + TypeNames.format(left, -1)
                + " and "
                + TypeNames.format(right, -1)
                + " at record column "
                + (i + 1));
      }
    }
    return PgTypes.byOid(PgOid.RECORD).compare(a, b);
  }

  /** A date as a timestamp; dates beyond the timestamps' range sort beyond all timestamps. */
  static long dateAsTimestamp(long date) {
    if (date == Calendar.DATE_INFINITY) {
      return Calendar.TIMESTAMP_INFINITY;
    }
    if (date == Calendar.DATE_MINUS_INFINITY) {
      return Calendar.TIMESTAMP_MINUS_INFINITY;
    }
    try {
      return Math.multiplyExact(date, Calendar.MICROS_PER_DAY);
    } catch (ArithmeticException e) {
      return Calendar.TIMESTAMP_INFINITY - 1;
    }
  }

  private static void registerMixedDates(FunctionTable t) {
    for (Comparison comparison : Comparison.values()) {
      String suffix = FunctionTable.suffix(comparison);
      t.of(
          "date_" + suffix + "_timestamp",
          Long.class,
          Long.class,
          (_, a, b) -> comparison.holds(Long.compare(dateAsTimestamp(a), b)));
      t.of(
          "timestamp_" + suffix + "_date",
          Long.class,
          Long.class,
          (_, a, b) -> comparison.holds(Long.compare(a, dateAsTimestamp(b))));
      t.of(
          "date_" + suffix + "_timestamptz",
          Long.class,
          Long.class,
          (c, a, b) ->
              comparison.holds(
                  Long.compare(
                      DateTimeArithmetic.toInstantClamped(dateAsTimestamp(a), c.timeZone()), b)));
      t.of(
          "timestamptz_" + suffix + "_date",
          Long.class,
          Long.class,
          (c, a, b) ->
              comparison.holds(
                  Long.compare(
                      a, DateTimeArithmetic.toInstantClamped(dateAsTimestamp(b), c.timeZone()))));
      t.of(
          "timestamp_" + suffix + "_timestamptz",
          Long.class,
          Long.class,
          (c, a, b) ->
              comparison.holds(
                  Long.compare(DateTimeArithmetic.toInstantClamped(a, c.timeZone()), b)));
      t.of(
          "timestamptz_" + suffix + "_timestamp",
          Long.class,
          Long.class,
          (c, a, b) ->
              comparison.holds(
                  Long.compare(a, DateTimeArithmetic.toInstantClamped(b, c.timeZone()))));
    }
  }

  private static void registerThreeWay(FunctionTable t) {
    record Named(String source, int oid) {}
    List<Named> types =
        List.of(
            new Named("btint2cmp", PgOid.INT2),
            new Named("btint4cmp", PgOid.INT4),
            new Named("btint8cmp", PgOid.INT8),
            new Named("btoidcmp", PgOid.OID),
            new Named("btfloat4cmp", PgOid.FLOAT4),
            new Named("btfloat8cmp", PgOid.FLOAT8),
            new Named("btboolcmp", PgOid.BOOL),
            new Named("bttextcmp", PgOid.TEXT),
            new Named("btnamecmp", PgOid.NAME),
            new Named("btcharcmp", PgOid.CHAR),
            new Named("bpcharcmp", PgOid.BPCHAR),
            new Named("byteacmp", PgOid.BYTEA),
            new Named("numeric_cmp", PgOid.NUMERIC),
            new Named("date_cmp", PgOid.DATE),
            new Named("time_cmp", PgOid.TIME),
            new Named("timestamp_cmp", PgOid.TIMESTAMP),
            new Named("interval_cmp", PgOid.INTERVAL),
            new Named("timetz_cmp", PgOid.TIMETZ),
            new Named("uuid_cmp", PgOid.UUID),
            new Named("network_cmp", PgOid.INET),
            new Named("jsonb_cmp", PgOid.JSONB),
            new Named("btarraycmp", PgOid.ANYARRAY));
    for (Named named : types) {
      t.typed(
          named.source,
          call -> {
            PgType order = call.ordered(named.oid);
            return (_, in) ->
                (long)
                    Integer.signum(order.compare(NullArguments.at(in, 0), NullArguments.at(in, 1)));
          });
    }
  }

  private static void chosen(FunctionTable t, String source, int oid, int sign) {
    t.typed(
        source,
        types -> {
          PgType order = types.ordered(oid);
          return (_, in) -> {
            Object a = NullArguments.at(in, 0);
            Object b = NullArguments.at(in, 1);
            return order.compare(a, b) * sign >= 0 ? a : b;
          };
        });
  }

  private static void registerLargerSmaller(FunctionTable t) {
    record Named(String prefix, int oid) {}
    for (Named named :
        List.of(
            new Named("int2", PgOid.INT2),
            new Named("int4", PgOid.INT4),
            new Named("int8", PgOid.INT8),
            new Named("float4", PgOid.FLOAT4),
            new Named("float8", PgOid.FLOAT8),
            new Named("numeric_", PgOid.NUMERIC),
            new Named("text_", PgOid.TEXT),
            new Named("date_", PgOid.DATE),
            new Named("timestamp_", PgOid.TIMESTAMP),
            new Named("interval_", PgOid.INTERVAL),
            new Named("network_", PgOid.INET))) {
      chosen(t, named.prefix + "larger", named.oid, 1);
      chosen(t, named.prefix + "smaller", named.oid, -1);
    }
  }
}
