package io.shardforge.sql.type;

/**
 * A SQL type as PostgreSQL identifies it: the type's OID and its modifier.
 *
 * @param oid the row of {@code pg_type}
 * @param typmod the modifier as PostgreSQL encodes it (length + 4 for varchar, ((precision &lt;&lt;
 *     16) | scale) + 4 for numeric), or -1 for none
 */
public record SqlType(int oid, int typmod) {
  public static SqlType of(int oid) {
    return new SqlType(oid, -1);
  }

  /** Whether values of both types have one representation and one order. */
  public boolean isStoredLike(SqlType other) {
    return PgTypes.baseOid(oid) == PgTypes.baseOid(other.oid)
        || (family() != 0 && family() == other.family());
  }

  /** The type that stands for all that are stored and ordered like this one, 0 if none is. */
  public int family() {
    return switch (PgTypes.baseOid(oid)) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> PgOid.INT8;
      case PgOid.FLOAT4, PgOid.FLOAT8 -> PgOid.FLOAT8;
      case PgOid.TEXT, PgOid.VARCHAR -> PgOid.TEXT;
      default -> 0;
    };
  }

  public SqlType withTypmod(int newTypmod) {
    return new SqlType(oid, newTypmod);
  }
}
