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

  public SqlType withTypmod(int newTypmod) {
    return new SqlType(oid, newTypmod);
  }
}
