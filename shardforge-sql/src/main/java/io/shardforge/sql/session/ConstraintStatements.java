package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.ConstraintsSetStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/** SET CONSTRAINTS. For the session's thread. */
final class ConstraintStatements {
  private final Session session;
  private final TransactionBlock transaction;

  ConstraintStatements(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
  }

  void set(ConstraintsSetStmt statement, boolean inString) {
    if (!transaction.isBlock() && !inString) {
      session
          .listener()
          .notice(
              Notice.warning(
                  ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
                  "SET CONSTRAINTS can only be used in transaction blocks"));
    }
    DeferredConstraints constraints = transaction.constraints();
    if (statement.getConstraintsCount() == 0) {
      constraints.setAll(statement.getDeferred());
    } else {
      List<ForeignKeyDescriptor> named = new ArrayList<>();
      for (Node node : statement.getConstraintsList()) {
        named.addAll(deferrable(node.getRangeVar(), statement.getDeferred()));
      }
      named.forEach(key -> constraints.set(key, statement.getDeferred()));
    }
    if (!statement.getDeferred()) {
      constraints.checkImmediate();
    }
  }

  /** The deferrable constraints of a name in the first schema that has one of that name. */
  private List<ForeignKeyDescriptor> deferrable(RangeVar name, boolean deferred) {
    CatalogSnapshot catalog = transaction.catalog().snapshot();
    for (SchemaDescriptor schema : schemas(name, catalog)) {
      List<ForeignKeyDescriptor> keys = new ArrayList<>();
      boolean others = false;
      for (TableDescriptor table : catalog.tables()) {
        if (table.schemaId() == schema.id()) {
          table.foreignKeys().stream()
              .filter(key -> key.name().equals(name.getRelname()))
              .forEach(keys::add);
          others |= hasOther(table, name.getRelname());
        }
      }
      others |= keys.removeIf(key -> !key.timing().deferrable());
      if (others && deferred) {
        throw new ShardForgeException(
            ErrorCode.WRONG_OBJECT_TYPE,
            "constraint \"%s\" is not deferrable".formatted(name.getRelname()));
      }
      if (others || !keys.isEmpty()) {
        return keys;
      }
    }
    throw new ShardForgeException(
        ErrorCode.UNDEFINED_OBJECT,
        "constraint \"%s\" does not exist".formatted(name.getRelname()));
  }

  private static boolean hasOther(TableDescriptor table, String name) {
    return table.checks().stream().anyMatch(check -> check.name().equals(name))
        || table.indexes().stream()
            .anyMatch(index -> index.constraintOid() != 0 && index.name().equals(name));
  }

  private List<SchemaDescriptor> schemas(RangeVar name, CatalogSnapshot catalog) {
    session
        .database()
        .requireIs(name.getCatalogname(), name.getSchemaname() + "." + name.getRelname());
    List<String> names =
        name.getSchemaname().isEmpty()
            ? session.settings().searchPath()
            : List.of(name.getSchemaname());
    List<SchemaDescriptor> schemas = new ArrayList<>();
    for (String candidate : names) {
      SchemaDescriptor schema = catalog.schema(candidate);
      if (schema != null) {
        schemas.add(schema);
      } else if (!name.getSchemaname().isEmpty()) {
        throw new ShardForgeException(
            ErrorCode.INVALID_SCHEMA_NAME, "schema \"%s\" does not exist".formatted(candidate));
      }
    }
    return schemas;
  }
}
