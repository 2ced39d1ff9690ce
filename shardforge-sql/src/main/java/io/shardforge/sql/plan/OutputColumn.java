package io.shardforge.sql.plan;

import io.shardforge.sql.type.SqlType;

/**
 * A column of a result as RowDescription tells it; tableId and columnNumber are 0 unless it is a
 * plain table column.
 */
public record OutputColumn(String name, SqlType type, int tableId, int columnNumber) {}
