package io.shardforge.sql.type;

/**
 * How values of a column become values of another type that it refers to by a foreign key: as
 * PostgreSQL converts them by itself to compare both.
 */
public final class KeyConversion {
  private KeyConversion() {}

  /** Whether there is one between types that are stored in different ways. */
  public static boolean exists(SqlType from, SqlType to) {
    int target = PgTypes.baseOid(to.oid());
    boolean toFloat = target == PgOid.FLOAT4 || target == PgOid.FLOAT8;
    return switch (PgTypes.baseOid(from.oid())) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> toFloat || target == PgOid.NUMERIC;
      case PgOid.NUMERIC -> toFloat;
      default -> false;
    };
  }

  /** The value as one of the type, which it may be already. */
  public static Object convert(Object value, SqlType to) {
    return switch (PgTypes.baseOid(to.oid())) {
      case PgOid.NUMERIC -> value instanceof Long number ? Numeric.of((long) number) : value;
      case PgOid.FLOAT4 -> (double) (float) asDouble(value);
      case PgOid.FLOAT8 -> asDouble(value);
      default -> value;
    };
  }

  private static double asDouble(Object value) {
    return switch (value) {
      case Long number -> (double) number;
      case Numeric number -> number.toDouble();
      default -> (Double) value;
    };
  }
}
