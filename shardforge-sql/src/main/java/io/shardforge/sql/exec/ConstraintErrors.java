package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The errors of violated constraints, in PostgreSQL's words. */
final class ConstraintErrors {
  /** Longer values of a failing row are cut. */
  private static final int VALUE_LENGTH_MAX = 64;

  private ConstraintErrors() {}

  static ShardForgeException notNull(
      TableDescriptor table, ColumnDescriptor column, @Nullable Object[] row, Execution execution) {
    ShardForgeException error =
        new ShardForgeException(
            ErrorCode.NOT_NULL_VIOLATION,
            "null value in column \""
                + column.name()
                + "\" of relation \""
                + table.name()
                + "\" violates not-null constraint");
    return withFailingRow(error, table, row, execution)
        .withTable(schemaName(table, execution), table.name())
        .withColumn(column.name());
  }

  static ShardForgeException check(
      TableDescriptor table, String constraint, @Nullable Object[] row, Execution execution) {
    ShardForgeException error =
        new ShardForgeException(
            ErrorCode.CHECK_VIOLATION,
            "new row for relation \""
                + table.name()
                + "\" violates check constraint \""
                + constraint
                + "\"");
    return withFailingRow(error, table, row, execution)
        .withTable(schemaName(table, execution), table.name())
        .withConstraint(constraint);
  }

  static ShardForgeException viewCheck(
      TableDescriptor table, String view, @Nullable Object[] row, Execution execution) {
    ShardForgeException error =
        new ShardForgeException(
            ErrorCode.WITH_CHECK_OPTION_VIOLATION,
            "new row violates check option for view \"" + view + "\"");
    return withFailingRow(error, table, row, execution);
  }

  static ShardForgeException duplicate(IndexCodec index, byte[] key, Execution execution) {
    TableDescriptor table = index.table();
    ShardForgeException error =
        new ShardForgeException(
                ErrorCode.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"" + index.index().name() + "\"")
            .withTable(schemaName(table, execution), table.name())
            .withConstraint(index.index().name());
    if (!mayRead(table, execution)) {
      return error;
    }
    StringJoiner names = new StringJoiner(", ");
    StringJoiner values = new StringJoiner(", ");
    @Nullable Object[] keyValues = index.keyValues(key);
    for (int i = 0; i < keyValues.length; i++) {
      SqlType keyType = table.keyType(index.index(), i);
      int ordinal = index.keyOrdinal(i);
      boolean hidden = ordinal < table.columns().size() && table.columns().get(ordinal).hidden();
      if (hidden || !ValueCodec.of(keyType).isKeyReadable()) {
        // A key does not tell an interval's fields, nor which of several equal texts it was.
        return error;
      }
      names.add(table.keyText(index.index(), i));
      Object value = keyValues[i];
      if (value != null) {
        PgType type = PgTypes.byOid(keyType.oid());
        // Gives back scale and padding, which a key leaves out.
        value = type.coerce(value, keyType.typmod(), true);
        values.add(type.format(value, execution.typeContext()));
      } else {
        values.add("null");
      }
    }
    return error.withDetail("Key (" + names + ")=(" + values + ") already exists.");
  }

  /** Who may not read the table is not told what is in its rows. */
  private static boolean mayRead(TableDescriptor table, Execution execution) {
    return execution.access().mayRelation(table, Privilege.SELECT);
  }

  private static ShardForgeException withFailingRow(
      ShardForgeException error,
      TableDescriptor table,
      @Nullable Object[] row,
      Execution execution) {
    return mayRead(table, execution) ? error.withDetail(failingRow(table, row, execution)) : error;
  }

  private static String failingRow(
      TableDescriptor table, @Nullable Object[] row, Execution execution) {
    StringJoiner values = new StringJoiner(", ", "Failing row contains (", ").");
    for (int i = 0; i < row.length; i++) {
      ColumnDescriptor column = table.columns().get(i);
      if (column.hidden()) {
        continue;
      }
      Object value = row[i];
      if (value == null) {
        values.add("null");
        continue;
      }
      String text = PgTypes.byOid(column.type().oid()).format(value, execution.typeContext());
      values.add(
          text.length() > VALUE_LENGTH_MAX ? text.substring(0, VALUE_LENGTH_MAX) + "..." : text);
    }
    return values.toString();
  }

  static String schemaName(TableDescriptor table, Execution execution) {
    SchemaDescriptor schema = execution.catalog().schema(table.schemaId());
    return schema == null ? "" : schema.name();
  }
}
