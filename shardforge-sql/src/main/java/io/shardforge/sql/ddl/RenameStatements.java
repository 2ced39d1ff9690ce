package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.AlterObjectSchemaStmt;
import io.shardforge.sql.parse.proto.AlterOwnerStmt;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.RenameStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** ALTER ... RENAME, ALTER ... SET SCHEMA and ALTER ... OWNER TO. */
final class RenameStatements {
  private final DdlScope scope;

  RenameStatements(DdlScope scope) {
    this.scope = scope;
  }

  String rename(RenameStmt statement) {
    String newName = statement.getNewname();
    switch (statement.getRenameType()) {
      case OBJECT_TABLE, OBJECT_SEQUENCE, OBJECT_VIEW, OBJECT_INDEX -> relation(statement, newName);
      case OBJECT_COLUMN -> {
        return column(statement, newName);
      }
      case OBJECT_TABCONSTRAINT -> {
        return constraint(statement, newName);
      }
      case OBJECT_TYPE ->
          new TypeStatements(scope).rename(DropObjects.rangeVar(statement.getObject()), newName);
      case OBJECT_DOMAIN -> {
        RangeVar name = DropObjects.rangeVar(statement.getObject());
        var _ = new DomainStatements(scope).lock(name);
        new TypeStatements(scope).rename(name, newName);
      }
      case OBJECT_DOMCONSTRAINT -> {
        new DomainStatements(scope)
            .renameConstraint(
                DropObjects.rangeVar(statement.getObject()), statement.getSubname(), newName);
        return "ALTER DOMAIN";
      }
      case OBJECT_STATISTIC_EXT ->
          new StatisticsStatements(scope)
              .rename(DropObjects.rangeVar(statement.getObject()), newName);
      case OBJECT_COLLATION ->
          new CollationStatements(scope)
              .rename(DropObjects.rangeVar(statement.getObject()), newName);
      case OBJECT_SCHEMA -> schema(statement.getSubname(), newName);
      case OBJECT_ROLE -> role(statement.getSubname(), newName);
      case OBJECT_DATABASE -> database(statement.getSubname(), newName);
      case OBJECT_ATTRIBUTE -> throw DdlErrors.unsupported("ALTER TYPE ... RENAME ATTRIBUTE");
      default ->
          throw DdlErrors.unsupported(
              "ALTER " + GrammarWords.of(statement.getRenameType()) + " RENAME");
    }
    return "ALTER " + GrammarWords.of(statement.getRenameType());
  }

  private void relation(RenameStmt statement, String newName) {
    RangeVar name = statement.getRelation();
    Object found = scope.find(name);
    if (found == null) {
      IndexOfTable index = scope.findIndex(name);
      if (index != null) {
        renameIndex(index, newName);
        return;
      }
    }
    if (found != null && name.getRelname().equals(newName)) {
      throw DdlErrors.duplicateTable(newName);
    }
    switch (found) {
      case TableDescriptor t -> {
        TableDescriptor table = scope.lockTable(t);
        TableDraft draft = new TableDraft(table);
        draft.name = newName;
        scope.replace(table, draft.build());
      }
      case SequenceDescriptor s -> {
        scope.requireOwner(s.ownerId(), "sequence", s.name());
        scope.catalog().update(s.key(), o -> moved((SequenceDescriptor) o, s.schemaId(), newName));
      }
      case ViewDescriptor v -> {
        scope.requireOwner(v.ownerId(), "view", v.name());
        scope.catalog().update(v.key(), o -> ((ViewDescriptor) o).moved(v.schemaId(), newName));
      }
      case VirtualTable system -> throw DdlScope.systemCatalog(system);
      case null -> missing(name, statement.getMissingOk());
      default -> throw DdlScope.undefined(name);
    }
  }

  private void missing(RangeVar name, boolean missingOk) {
    if (!missingOk) {
      throw DdlErrors.undefinedTable(DdlScope.written(name));
    }
    scope
        .context()
        .notice(
            ErrorCode.SUCCESSFUL_COMPLETION,
            "relation \"" + name.getRelname() + "\" does not exist, skipping");
  }

  private void renameIndex(IndexOfTable found, String newName) {
    TableDescriptor table = scope.lockTable(found.table());
    TableDraft draft = new TableDraft(table);
    draft.indexes.replaceAll(
        index -> index.oid() == found.index().oid() ? index.withName(newName) : index);
    scope.replace(table, draft.build());
  }

  private String column(RenameStmt statement, String newName) {
    String tag = "ALTER " + GrammarWords.of(statement.getRelationType());
    Object found = scope.find(statement.getRelation());
    if (found == null && statement.getMissingOk()) {
      missing(statement.getRelation(), true);
      return tag;
    }
    if (found instanceof ViewDescriptor view) {
      new ViewStatements(scope).renameColumn(view, statement.getSubname(), newName);
      return tag;
    }
    TableDescriptor table = scope.lockTable(statement.getRelation());
    TableDraft draft = new TableDraft(table);
    ColumnDescriptor column = draft.column(statement.getSubname());
    if (column == null) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_COLUMN, "column \"" + statement.getSubname() + "\" does not exist");
    }
    ColumnSpec.requireUsableName(newName);
    if (draft.column(newName) != null) {
      throw DdlErrors.duplicateColumn(newName, table.name());
    }
    draft.changeColumn(column.number(), c -> TableDraft.withName(c, newName));
    Definitions definitions = new Definitions(scope);
    draft.columns.replaceAll(c ->
        c.generated()
            ? TableDraft.withExpression(
                c,
                definitions.renamed(Objects.requireNonNull(c.defaultSql()), column.name(), newName))
            : c);
    draft.checks.replaceAll(
        check -> check.withSql(definitions.renamed(check.sql(), column.name(), newName)));
    draft.indexes.replaceAll(index -> definitions.renamed(index, column.name(), newName));
    scope.replace(table, draft.build());
    return tag;
  }

  private String constraint(RenameStmt statement, String newName) {
    TableDescriptor table = scope.lockTable(statement.getRelation());
    String name = statement.getSubname();
    if (table.constraint(newName) != null) {
      throw DdlErrors.duplicateConstraint(newName, table.name());
    }
    TableDraft draft = new TableDraft(table);
    switch (table.constraint(name)) {
      case IndexDescriptor index ->
          draft.indexes.replaceAll(i -> i.oid() == index.oid() ? i.withName(newName) : i);
      case CheckDescriptor check ->
          draft.checks.replaceAll(c -> c.oid() == check.oid() ? c.withName(newName) : c);
      case ForeignKeyDescriptor key ->
          draft.foreignKeys.replaceAll(k -> k.oid() == key.oid() ? k.withName(newName) : k);
      case null, default ->
          throw DdlErrors.of(
              ErrorCode.UNDEFINED_OBJECT,
              "constraint \"" + name + "\" for table \"" + table.name() + "\" does not exist");
    }
    scope.replace(table, draft.build());
    return "ALTER TABLE";
  }

  private void schema(String name, String newName) {
    SchemaDescriptor schema = scope.schema(name);
    scope.requireOwner(schema.ownerId(), "schema", name);
    OwnerChange.requireNotSystem(schema);
    SchemaStatements.requireUsableName(newName);
    scope
        .catalog()
        .update(
            schema.key(),
            o -> {
              SchemaDescriptor s = (SchemaDescriptor) o;
              return new SchemaDescriptor(
                  s.id(), s.version() + 1, s.databaseId(), newName, s.ownerId());
            });
  }

  private void role(String name, String newName) {
    RoleDescriptor role = scope.role(name);
    RoleDescriptor current = scope.currentRole();
    boolean allowed = current.superuser() || (current.createRole() && !role.superuser());
    if (!allowed) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to rename role");
    }
    if (role.id() == scope.context().sessionRole()) {
      throw DdlErrors.of(ErrorCode.FEATURE_NOT_SUPPORTED, "session user cannot be renamed");
    }
    RoleStatements.requireUsableName(name);
    RoleStatements.requireUsableName(newName);
    scope
        .catalog()
        .update(
            role.key(),
            o -> {
              RoleDraft draft = new RoleDraft((RoleDescriptor) o);
              draft.name = newName;
              return draft.build();
            });
  }

  private void database(String name, String newName) {
    DatabaseDescriptor database = scope.snapshot().database(name);
    if (database == null) {
      throw DatabaseStatements.undefined(name);
    }
    scope.requireOwner(database.ownerId(), "database", name);
    if (database.id() == scope.snapshot().databaseId()) {
      throw DdlErrors.of(ErrorCode.FEATURE_NOT_SUPPORTED, "current database cannot be renamed");
    }
    DatabaseStatements.requireFree(scope, newName);
    scope
        .catalog()
        .update(
            database.key(),
            o -> {
              DatabaseDescriptor d = (DatabaseDescriptor) o;
              return new DatabaseDescriptor(
                  d.id(),
                  d.version() + 1,
                  newName,
                  d.ownerId(),
                  d.allowConnections(),
                  d.connectionLimit());
            });
  }

  // ---- SET SCHEMA ----

  String setSchema(AlterObjectSchemaStmt statement) {
    String tag = "ALTER " + GrammarWords.of(statement.getObjectType());
    if (statement.getObjectType() == ObjectType.OBJECT_DOMAIN) {
      var _ = new DomainStatements(scope).lock(DropObjects.rangeVar(statement.getObject()));
    }
    if (statement.getObjectType() == ObjectType.OBJECT_TYPE
        || statement.getObjectType() == ObjectType.OBJECT_DOMAIN) {
      new TypeStatements(scope)
          .setSchema(DropObjects.rangeVar(statement.getObject()), statement.getNewschema());
      return tag;
    }
    if (statement.getObjectType() == ObjectType.OBJECT_COLLATION) {
      new CollationStatements(scope)
          .setSchema(DropObjects.rangeVar(statement.getObject()), statement.getNewschema());
      return tag;
    }
    if (statement.getObjectType() == ObjectType.OBJECT_STATISTIC_EXT) {
      new StatisticsStatements(scope)
          .setSchema(DropObjects.rangeVar(statement.getObject()), statement.getNewschema());
      return tag;
    }
    if (!statement.hasRelation()) {
      throw DdlErrors.unsupported(tag + " SET SCHEMA");
    }
    RangeVar name = statement.getRelation();
    Object found = scope.find(name);
    if (found == null) {
      missing(name, statement.getMissingOk());
      return tag;
    }
    String wanted = statement.getNewschema();
    if (wanted.equals(TemporarySchema.ALIAS)
        || TemporarySchema.is(wanted)
        || (found instanceof CatalogObject relation && scope.isTemporary(relation.id()))) {
      throw DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED, "cannot move objects into or out of temporary schemas");
    }
    SchemaDescriptor target = scope.schema(wanted);
    scope.requireCreatable(target, name.getRelname());
    switch (found) {
      case TableDescriptor t -> moveTable(t, target.id());
      case SequenceDescriptor s -> {
        scope.requireOwner(s.ownerId(), "sequence", s.name());
        if (s.ownedByTable() != 0) {
          throw DdlErrors.of(
                  ErrorCode.FEATURE_NOT_SUPPORTED,
                  "cannot move an owned sequence into another schema")
              .withDetail("Sequence \"" + s.name() + "\" is linked to a table.");
        }
        scope.catalog().update(s.key(), o -> moved((SequenceDescriptor) o, target.id(), s.name()));
      }
      case ViewDescriptor v -> {
        scope.requireOwner(v.ownerId(), "view", v.name());
        scope.catalog().update(v.key(), o -> ((ViewDescriptor) o).moved(target.id(), v.name()));
      }
      case VirtualTable system -> throw DdlScope.systemCatalog(system);
      default -> throw DdlScope.undefined(name);
    }
    return tag;
  }

  private void moveTable(TableDescriptor known, int schemaId) {
    TableDescriptor table = scope.lockTable(known);
    TableDraft draft = new TableDraft(table);
    draft.schemaId = schemaId;
    scope.replace(table, draft.build());
    for (SequenceDescriptor sequence : List.copyOf(scope.snapshot().sequences())) {
      if (sequence.ownedByTable() == table.id()) {
        scope
            .catalog()
            .update(sequence.key(), o -> moved((SequenceDescriptor) o, schemaId, sequence.name()));
      }
    }
  }

  private static SequenceDescriptor moved(SequenceDescriptor s, int schemaId, String name) {
    return new SequenceDescriptor(
        s.id(),
        s.version() + 1,
        schemaId,
        name,
        s.ownerId(),
        s.type(),
        s.start(),
        s.increment(),
        s.minimum(),
        s.maximum(),
        s.cache(),
        s.cycle(),
        s.ownedByTable(),
        s.ownedByColumn(),
        s.dataId());
  }

  // ---- OWNER TO ----

  String owner(AlterOwnerStmt statement) {
    String kind = GrammarWords.of(statement.getObjectType());
    switch (statement.getObjectType()) {
      case OBJECT_SCHEMA ->
          OwnerChange.of(
              scope,
              scope.schema(statement.getObject().getString().getSval()),
              statement.getNewowner());
      case OBJECT_DOMAIN -> {
        RangeVar name = DropObjects.rangeVar(statement.getObject());
        var _ = new DomainStatements(scope).lock(name);
        new TypeStatements(scope).owner(name, statement.getNewowner());
      }
      case OBJECT_TYPE ->
          new TypeStatements(scope)
              .owner(DropObjects.rangeVar(statement.getObject()), statement.getNewowner());
      case OBJECT_STATISTIC_EXT ->
          new StatisticsStatements(scope)
              .owner(DropObjects.rangeVar(statement.getObject()), statement.getNewowner());
      case OBJECT_COLLATION ->
          OwnerChange.of(
              scope,
              new CollationStatements(scope).lock(DropObjects.rangeVar(statement.getObject())),
              statement.getNewowner());
      case OBJECT_DATABASE -> {
        String name = statement.getObject().getString().getSval();
        DatabaseDescriptor database = scope.snapshot().database(name);
        if (database == null) {
          throw DatabaseStatements.undefined(name);
        }
        OwnerChange.of(scope, database, statement.getNewowner());
      }
      default ->
          throw DdlErrors.unsupported("ALTER " + kind.toUpperCase(Locale.ROOT) + " OWNER TO");
    }
    return "ALTER " + kind;
  }
}
