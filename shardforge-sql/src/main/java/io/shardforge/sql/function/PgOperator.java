package io.shardforge.sql.function;

/**
 * A row of pg_operator whose function is implemented.
 *
 * @param leftType 0 for a prefix operator
 * @param commutatorOid 0 for none
 * @param negatorOid 0 for none
 */
public record PgOperator(
    int oid,
    String name,
    int leftType,
    int rightType,
    int resultType,
    int functionOid,
    int commutatorOid,
    int negatorOid,
    boolean canMerge,
    boolean canHash) {}
