package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.SQLValueFunction;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** Binds literals and the value functions that are keywords (CURRENT_DATE and its kin). */
final class LiteralBinder {
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+");

  private final BindContext context;
  private final Functions functions;
  private final ContainerBinder containers;

  LiteralBinder(Binder binder, ContainerBinder containers) {
    this.context = binder.context();
    this.functions = binder.functions();
    this.containers = containers;
  }

  Bound constant(A_Const constant) {
    int location = constant.getLocation();
    if (constant.getIsnull()) {
      return new Bound.Const(null, Types.UNKNOWN, location);
    }
    return switch (constant.getValCase()) {
      case IVAL -> new Bound.Const((long) constant.getIval().getIval(), Types.INT4, location);
      case FVAL -> number(constant.getFval().getFval(), location);
      case BOOLVAL -> new Bound.Const(constant.getBoolval().getBoolval(), Types.BOOL, location);
      case SVAL -> new Bound.Const(constant.getSval().getSval(), Types.UNKNOWN, location);
      case BSVAL -> bits(constant.getBsval().getBsval(), location);
      case VAL_NOT_SET -> new Bound.Const(null, Types.UNKNOWN, location);
    };
  }

  private Bound bits(String digits, int location) {
    try {
      Object value = PgTypes.byOid(PgOid.BIT).parse(digits, -1, TypeContext.UTC);
      return new Bound.Const(value, SqlType.of(PgOid.BIT), location);
    } catch (ShardForgeException e) {
      throw context.at(e, location);
    }
  }

  private Bound number(String digits, int location) {
    if (digits.length() <= 20 && DECIMAL.matcher(digits).matches()) {
      try {
        // The grammar takes a minus sign into the literal: -2147483648 is an integer.
        long value = Long.parseLong(digits);
        boolean small = value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
        return new Bound.Const(value, small ? Types.INT4 : Types.INT8, location);
      } catch (NumberFormatException e) {
        // Beyond bigint: numeric, as below.
        return numeric(digits, location);
      }
    }
    if (digits.startsWith("0x")
        || digits.startsWith("0X")
        || digits.startsWith("0o")
        || digits.startsWith("0O")
        || digits.startsWith("0b")
        || digits.startsWith("0B")) {
      int radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            default -> 2;
          };
      BigInteger value = new BigInteger(digits.substring(2).replace("_", ""), radix);
      return value.bitLength() < 64
          ? new Bound.Const(value.longValue(), Types.INT8, location)
          : numeric(value.toString(), location);
    }
    return numeric(digits, location);
  }

  private static Bound numeric(String digits, int location) {
    Object value = PgTypes.byOid(PgOid.NUMERIC).parse(digits.replace("_", ""), -1, TypeContext.UTC);
    return new Bound.Const((Numeric) value, SqlType.of(PgOid.NUMERIC), location);
  }

  Bound valueFunction(SQLValueFunction node) {
    int location = node.getLocation();
    return switch (node.getOp()) {
      case SVFOP_CURRENT_TIMESTAMP -> named("now", location);
      case SVFOP_CURRENT_TIMESTAMP_N ->
          containers.cast(
              named("now", location), new SqlType(PgOid.TIMESTAMPTZ, node.getTypmod()), location);
      case SVFOP_CURRENT_DATE ->
          containers.cast(named("now", location), SqlType.of(PgOid.DATE), location);
      case SVFOP_CURRENT_TIME ->
          containers.cast(named("now", location), SqlType.of(PgOid.TIMETZ), location);
      case SVFOP_CURRENT_TIME_N ->
          containers.cast(
              named("now", location), new SqlType(PgOid.TIMETZ, node.getTypmod()), location);
      case SVFOP_LOCALTIME ->
          containers.cast(named("now", location), SqlType.of(PgOid.TIME), location);
      case SVFOP_LOCALTIME_N ->
          containers.cast(
              named("now", location), new SqlType(PgOid.TIME, node.getTypmod()), location);
      case SVFOP_LOCALTIMESTAMP ->
          containers.cast(named("now", location), SqlType.of(PgOid.TIMESTAMP), location);
      case SVFOP_LOCALTIMESTAMP_N ->
          containers.cast(
              named("now", location), new SqlType(PgOid.TIMESTAMP, node.getTypmod()), location);
      case SVFOP_CURRENT_ROLE, SVFOP_CURRENT_USER, SVFOP_USER -> named("current_user", location);
      case SVFOP_SESSION_USER -> named("session_user", location);
      case SVFOP_CURRENT_CATALOG -> named("current_database", location);
      case SVFOP_CURRENT_SCHEMA -> named("current_schema", location);
      case SQLVALUE_FUNCTION_OP_UNDEFINED, UNRECOGNIZED ->
          throw context.unsupported(location, "this value function");
    };
  }

  private Bound named(String function, int location) {
    return functions.call("pg_catalog", function, List.of(), location);
  }
}
