package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.IndexDescriptor;
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
      session.notice(
          Notice.warning(
              ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
              "SET CONSTRAINTS can only be used in transaction blocks"));
    }
    DeferredConstraints constraints = transaction.constraints();
    if (statement.getConstraintsCount() == 0) {
      constraints.setAll(statement.getDeferred());
    } else {
      List<Integer> named = new ArrayList<>();
      for (Node node : statement.getConstraintsList()) {
        named.addAll(deferrable(node.getRangeVar(), statement.getDeferred()));
      }
      named.forEach(oid -> constraints.set(oid, statement.getDeferred()));
    }
    if (!statement.getDeferred()) {
      constraints.checkImmediate();
    }
  }

  /** The OIDs of deferrable constraints of a name in the first schema that has one of that name. */
  private List<Integer> deferrable(RangeVar name, boolean deferred) {
    CatalogSnapshot catalog = transaction.catalog().snapshot();
    for (SchemaDescriptor schema : schemas(name, catalog)) {
      List<Integer> found = new ArrayList<>();
      boolean others = false;
      for (TableDescriptor table : catalog.tables()) {
        if (table.schemaId() == schema.id()) {
          others |= collect(table, name.getRelname(), found);
        }
      }
      if (others && deferred) {
        throw new ShardForgeException(
            ErrorCode.WRONG_OBJECT_TYPE,
            "constraint \"%s\" is not deferrable".formatted(name.getRelname()));
      }
      if (others || !found.isEmpty()) {
        return found;
      }
    }
    throw new ShardForgeException(
        ErrorCode.UNDEFINED_OBJECT,
        "constraint \"%s\" does not exist".formatted(name.getRelname()));
  }

  /** Adds the deferrable constraints of a name; whether there are others of it. */
  private static boolean collect(TableDescriptor table, String name, List<Integer> found) {
    boolean others = table.checks().stream().anyMatch(check -> check.name().equals(name));
    for (ForeignKeyDescriptor key : table.foreignKeys()) {
      if (key.name().equals(name)) {
        others |= !addIf(key.timing(), key.oid(), found);
      }
    }
    for (IndexDescriptor index : table.indexes()) {
      if (index.constraintOid() != 0 && index.name().equals(name)) {
        others |= !addIf(index.timing(), index.constraintOid(), found);
      }
    }
    return others;
  }

  private static boolean addIf(Timing timing, int oid, List<Integer> found) {
    return timing.deferrable() && found.add(oid);
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
