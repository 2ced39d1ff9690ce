package io.shardforge.sql.type;

import org.jspecify.annotations.Nullable;

/**
 * A SQL type as PostgreSQL identifies it: the type's OID and its modifier; and, of a value of it,
 * how text is ordered.
 *
 * @param oid the row of {@code pg_type}
 * @param typmod the modifier as PostgreSQL encodes it (length + 4 for varchar, ((precision &lt;&lt;
 *     16) | scale) + 4 for numeric), or -1 for none
 * @param collation null for the type's own, and for types that have none
 */
public record SqlType(int oid, int typmod, @Nullable Collation collation) {
  public SqlType(int oid, int typmod) {
    this(oid, typmod, null);
  }

  public static SqlType of(int oid) {
    return new SqlType(oid, -1);
  }

  /** Whether values of both types have one representation and one order. */
  public boolean isStoredLike(SqlType other) {
    return (PgTypes.baseOid(oid) == PgTypes.baseOid(other.oid)
            || (family() != 0 && family() == other.family()))
        && isOrderedLike(other);
  }

  /** Whether text is ordered in the same way. */
  public boolean isOrderedLike(SqlType other) {
    return Collation.isOrderedLike(collation, other.collation);
  }

  /** The type that stands for all that are stored and ordered like this one, 0 if none is. */
  public int family() {
    return switch (PgTypes.baseOid(oid)) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> PgOid.INT8;
      case PgOid.FLOAT4, PgOid.FLOAT8 -> PgOid.FLOAT8;
      case PgOid.TEXT, PgOid.VARCHAR -> PgOid.TEXT;
      case PgOid.INET, PgOid.CIDR -> PgOid.INET;
      default -> 0;
    };
  }

  public SqlType withTypmod(int newTypmod) {
    return new SqlType(oid, newTypmod, collation);
  }

  public SqlType withCollation(@Nullable Collation newCollation) {
    return new SqlType(oid, typmod, newCollation);
  }

  /** The row of pg_collation that says how values are ordered, 0 for types without a collation. */
  public int collationOid() {
    return collation == null ? PgTypes.byOid(oid).row().collationOid() : collation.oid();
  }

  /** The same for the type that the row is of. */
  int collationOid(PgType.Row row) {
    return collation == null ? row.collationOid() : collation.oid();
  }

  /** Whether values are text, or made of text, that a collation orders. */
  public boolean isCollatable() {
    return PgTypes.byOid(oid).row().collationOid() != 0;
  }
}
