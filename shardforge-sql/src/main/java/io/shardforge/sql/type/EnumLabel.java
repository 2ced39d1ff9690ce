package io.shardforge.sql.type;

/**
 * A value of an enum.
 *
 * @param oid its row of pg_enum
 * @param position what is stored for it, in the order of the values; never changes
 */
public record EnumLabel(int oid, long position, String text) {}
