package io.shardforge.sql.function;

/**
 * A row of pg_cast.
 *
 * @param functionOid 0 when there is no function
 * @param context 'i' implicit, 'a' in assignments, 'e' explicit only
 * @param method 'f' by function, 'b' binary coercible, 'i' through text
 */
public record PgCast(
    int oid, int sourceType, int targetType, int functionOid, char context, char method) {}
