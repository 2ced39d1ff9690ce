package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.proto.ColumnDef;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ALTER COLUMN ... TYPE: the column with its new type, and how to convert its values. */
final class ColumnTypeChange {
  private final ColumnDescriptor changed;
  private final @Nullable Expression conversion;

  ColumnTypeChange(
      DdlScope scope,
      Definitions definitions,
      TableDescriptor table,
      ColumnDescriptor column,
      ColumnDef def) {
    SqlType declared = ColumnTypes.resolve(def.getTypeName(), scope.context());
    ColumnTypes.requireStorable(column.name(), declared);
    SqlType type =
        CollationStatements.collated(
            declared, def.hasCollClause() ? def.getCollClause() : null, scope.context());
    if (column.identity() != '\0') {
      ColumnSpec.requireIdentityType(type);
    }
    changed = TableDraft.withType(column, type);
    if (def.hasRawDefault()) {
      conversion = using(definitions, table, def.getRawDefault(), type);
    } else if (keepsRepresentation(column.type(), type)) {
      conversion = null;
    } else {
      conversion = assignment(definitions, table.columns(), type);
    }
    requireFittingDefault(definitions);
  }

  ColumnDescriptor changed() {
    return changed;
  }

  /** Over the old row; null where every stored value is one of the new type as it is. */
  @Nullable Expression conversion() {
    return conversion;
  }

  private static boolean keepsRepresentation(SqlType from, SqlType to) {
    if (from.equals(to)) {
      return true;
    }
    boolean strings = isString(from) && isString(to) && from.isOrderedLike(to);
    return strings && (to.typmod() < 0 || (from.typmod() >= 0 && from.typmod() <= to.typmod()));
  }

  private static boolean isString(SqlType type) {
    return type.oid() == PgOid.TEXT || type.oid() == PgOid.VARCHAR;
  }

  private Expression assignment(
      Definitions definitions, List<ColumnDescriptor> columns, SqlType type) {
    Node name =
        Node.newBuilder()
            .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(changed.name()))
            .build();
    Node reference =
        Node.newBuilder()
            .setColumnRef(ColumnRef.newBuilder().addFields(name).setLocation(-1))
            .build();
    try {
      return definitions.bind(reference, ExpressionBinder.Place.TRANSFORM, columns, type);
    } catch (ShardForgeException e) {
      if (isTypeError(e)) {
        throw DdlErrors.of(
                ErrorCode.DATATYPE_MISMATCH,
                "column \""
                    + changed.name()
                    + "\" cannot be cast automatically to type "
                    + TypeNames.format(type.oid(), -1))
            .withHint(
                "You might need to specify \"USING "
                    + changed.name()
                    + "::"
                    + TypeNames.format(type)
                    + "\".");
      }
      throw e;
    }
  }

  private Expression using(
      Definitions definitions, TableDescriptor table, Node written, SqlType type) {
    try {
      return definitions.bind(
          definitions.unqualified(written, table.schemaId(), table.name()),
          ExpressionBinder.Place.TRANSFORM,
          table.columns(),
          type);
    } catch (ShardForgeException e) {
      if (isTypeError(e) && e.message().startsWith("column \"using\"")) {
        throw DdlErrors.of(
                ErrorCode.DATATYPE_MISMATCH,
                "result of USING clause for column \""
                    + changed.name()
                    + "\" cannot be cast automatically to type "
                    + TypeNames.format(type.oid(), -1))
            .withHint("You might need to add an explicit cast.");
      }
      throw e;
    }
  }

  private void requireFittingDefault(Definitions definitions) {
    try {
      definitions.bindDefault(changed);
    } catch (ShardForgeException e) {
      if (isTypeError(e)) {
        throw DdlErrors.of(
            ErrorCode.DATATYPE_MISMATCH,
            "default for column \""
                + changed.name()
                + "\" cannot be cast automatically to type "
                + TypeNames.format(changed.type().oid(), -1));
      }
      throw e;
    }
  }

  private static boolean isTypeError(ShardForgeException e) {
    return e.code() == ErrorCode.DATATYPE_MISMATCH || e.code() == ErrorCode.CANNOT_COERCE;
  }
}
