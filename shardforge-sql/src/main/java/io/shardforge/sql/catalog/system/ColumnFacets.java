package io.shardforge.sql.catalog.system;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import org.jspecify.annotations.Nullable;

/** What information_schema says about a type: its name and the parts of its modifier. */
record ColumnFacets(
    String dataType,
    String typeName,
    @Nullable Long characterLength,
    @Nullable Long octetLength,
    @Nullable Long numericPrecision,
    @Nullable Long radix,
    @Nullable Long numericScale,
    @Nullable Long datetimePrecision) {
  /** The length word that PostgreSQL counts into the modifiers of strings and numerics. */
  private static final int MODIFIER_HEADER = 4;

  private static final long OCTETS_OF_CHARACTER = 4;
  private static final long OCTETS_MAX = 1L << 30;
  private static final long MICROSECOND_DIGITS = 6;

  static ColumnFacets of(SqlType declared) {
    SqlType type = PgTypes.byOid(declared.oid()).isDomain() ? PgTypes.base(declared) : declared;
    PgType pgType = PgTypes.byOid(type.oid());
    String dataType =
        pgType.isArray()
            ? "ARRAY"
            : pgType.isUserDefined() ? "USER-DEFINED" : TypeNames.format(type.oid(), -1);
    String name = pgType.name();
    int typmod = type.typmod();
    return switch (type.oid()) {
      case PgOid.INT2 -> numeric(dataType, name, 16L, 2L, 0L);
      case PgOid.INT4 -> numeric(dataType, name, 32L, 2L, 0L);
      case PgOid.INT8 -> numeric(dataType, name, 64L, 2L, 0L);
      case PgOid.FLOAT4 -> numeric(dataType, name, 24L, 2L, null);
      case PgOid.FLOAT8 -> numeric(dataType, name, 53L, 2L, null);
      case PgOid.NUMERIC ->
          typmod < 0
              ? numeric(dataType, name, null, 10L, null)
              : numeric(
                  dataType,
                  name,
                  (long) ((typmod - MODIFIER_HEADER) >> 16 & 0xFFFF),
                  10L,
                  (long) ((typmod - MODIFIER_HEADER) & 0x7FF));
      case PgOid.VARCHAR, PgOid.BPCHAR ->
          typmod < 0
              ? string(dataType, name, null, OCTETS_MAX)
              : string(
                  dataType,
                  name,
                  (long) typmod - MODIFIER_HEADER,
                  ((long) typmod - MODIFIER_HEADER) * OCTETS_OF_CHARACTER);
      case PgOid.BIT, PgOid.VARBIT -> {
        Long length = typmod < 0 ? null : (long) typmod;
        yield new ColumnFacets(dataType, name, length, null, null, null, null, null);
      }
      case PgOid.TEXT -> string(dataType, name, null, OCTETS_MAX);
      case PgOid.TIME, PgOid.TIMETZ, PgOid.TIMESTAMP, PgOid.TIMESTAMPTZ ->
          dateTime(dataType, name, typmod < 0 ? MICROSECOND_DIGITS : typmod);
      case PgOid.DATE -> dateTime(dataType, name, 0);
      case PgOid.INTERVAL ->
          dateTime(
              dataType,
              name,
              typmod < 0 || (typmod & 0xFFFF) == 0xFFFF ? MICROSECOND_DIGITS : typmod & 0xFFFF);
      default -> new ColumnFacets(dataType, name, null, null, null, null, null, null);
    };
  }

  private static ColumnFacets numeric(
      String dataType,
      String name,
      @Nullable Long precision,
      @Nullable Long radix,
      @Nullable Long scale) {
    return new ColumnFacets(dataType, name, null, null, precision, radix, scale, null);
  }

  private static ColumnFacets string(
      String dataType, String name, @Nullable Long length, long octets) {
    return new ColumnFacets(dataType, name, length, octets, null, null, null, null);
  }

  private static ColumnFacets dateTime(String dataType, String name, long precision) {
    return new ColumnFacets(dataType, name, null, null, null, null, null, precision);
  }
}
