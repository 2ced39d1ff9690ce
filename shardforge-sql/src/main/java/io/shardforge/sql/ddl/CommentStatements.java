package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CommentDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.CommentStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import java.util.List;

/** COMMENT ON. */
final class CommentStatements {
  private final DdlScope scope;

  CommentStatements(DdlScope scope) {
    this.scope = scope;
  }

  /** What a comment is attached to. */
  private record Target(int classId, int objectId, int columnNumber) {}

  String run(CommentStmt statement) {
    Target target = target(statement);
    String text = statement.getComment();
    CommentDescriptor wanted =
        new CommentDescriptor(target.objectId, 1, target.classId, target.columnNumber, text);
    if (!(scope.catalog().lock(wanted.key()) instanceof CommentDescriptor old)) {
      if (!text.isEmpty()) {
        scope.catalog().create(wanted);
      }
    } else if (text.isEmpty()) {
      scope.catalog().drop(old);
    } else {
      scope
          .catalog()
          .replace(
              old,
              new CommentDescriptor(
                  target.objectId, old.version() + 1, target.classId, target.columnNumber, text));
    }
    return "COMMENT";
  }

  private Target target(CommentStmt statement) {
    Node object = statement.getObject();
    return switch (statement.getObjtype()) {
      case OBJECT_TABLE, OBJECT_SEQUENCE, OBJECT_VIEW ->
          relation(DropObjects.rangeVar(object), statement);
      case OBJECT_INDEX -> index(DropObjects.rangeVar(object));
      case OBJECT_COLUMN -> column(object);
      case OBJECT_TABCONSTRAINT -> constraint(object);
      case OBJECT_DOMAIN -> {
        RangeVar name = TypeStatements.nameOf(object.getTypeName().getNamesList());
        yield new Target(SystemOids.PG_TYPE, new DomainStatements(scope).lock(name).id(), 0);
      }
      case OBJECT_DOMCONSTRAINT -> {
        List<Node> parts = object.getList().getItemsList();
        RangeVar name = TypeStatements.nameOf(parts.getFirst().getTypeName().getNamesList());
        int oid =
            new DomainStatements(scope).constraintId(name, parts.getLast().getString().getSval());
        yield new Target(SystemOids.PG_CONSTRAINT, oid, 0);
      }
      case OBJECT_TYPE -> {
        int oid =
            new TypeStatements(scope)
                .lock(TypeStatements.nameOf(object.getTypeName().getNamesList()))
                .id();
        yield new Target(SystemOids.PG_TYPE, oid, 0);
      }
      case OBJECT_COLLATION -> {
        RangeVar name = DropObjects.rangeVar(object);
        yield new Target(
            SystemOids.PG_COLLATION, new CollationStatements(scope).lock(name).id(), 0);
      }
      case OBJECT_STATISTIC_EXT -> {
        RangeVar name = DropObjects.rangeVar(object);
        yield new Target(
            SystemOids.PG_STATISTIC_EXT, new StatisticsStatements(scope).own(name).id(), 0);
      }
      case OBJECT_SCHEMA -> {
        SchemaDescriptor s = scope.schema(object.getString().getSval());
        scope.requireOwner(s.ownerId(), "schema", s.name());
        yield new Target(SystemOids.PG_NAMESPACE, s.id(), 0);
      }
      case OBJECT_DATABASE -> {
        String name = object.getString().getSval();
        DatabaseDescriptor d = scope.snapshot().database(name);
        if (d == null) {
          throw DatabaseStatements.undefined(name);
        }
        scope.requireOwner(d.ownerId(), "database", d.name());
        yield new Target(SystemOids.PG_DATABASE, d.id(), 0);
      }
      case OBJECT_ROLE -> {
        RoleDescriptor r = scope.role(object.getString().getSval());
        if (!scope.isSuperuser() && !scope.currentRole().createRole()) {
          throw DdlErrors.denied("role " + r.name());
        }
        yield new Target(SystemOids.PG_AUTHID, r.id(), 0);
      }
      default ->
          throw DdlErrors.unsupported("COMMENT ON " + GrammarWords.of(statement.getObjtype()));
    };
  }

  private Target relation(RangeVar name, CommentStmt statement) {
    Object found = scope.find(name);
    if (found == null) {
      throw DdlScope.undefined(name);
    }
    String wanted = GrammarWords.of(statement.getObjtype()).toLowerCase(java.util.Locale.ROOT);
    if (!DdlScope.kindOf(found).equals(wanted)) {
      throw DdlErrors.wrongKind(name.getRelname(), "a " + wanted);
    }
    return switch (found) {
      case TableDescriptor t -> {
        scope.requireOwner(t.ownerId(), "table", t.name());
        yield new Target(SystemOids.PG_CLASS, t.id(), 0);
      }
      case SequenceDescriptor s -> {
        scope.requireOwner(s.ownerId(), "sequence", s.name());
        yield new Target(SystemOids.PG_CLASS, s.id(), 0);
      }
      case ViewDescriptor v -> {
        scope.requireOwner(v.ownerId(), "view", v.name());
        yield new Target(SystemOids.PG_CLASS, v.id(), 0);
      }
      case VirtualTable system -> throw DdlScope.systemCatalog(system);
      default -> throw DdlScope.undefined(name);
    };
  }

  private Target index(RangeVar name) {
    IndexOfTable found = scope.findIndex(name);
    if (found == null) {
      throw DdlScope.undefined(name);
    }
    scope.requireOwner(found.table().ownerId(), "index", found.index().name());
    return new Target(SystemOids.PG_CLASS, found.index().oid(), 0);
  }

  private Target column(Node object) {
    List<Node> parts = object.getList().getItemsList();
    TableDescriptor table = table(parts);
    String name = parts.getLast().getString().getSval();
    ColumnDescriptor column = table.column(name);
    if (column == null || column.hidden()) {
      throw DdlErrors.undefinedColumn(name, table.name());
    }
    return new Target(SystemOids.PG_CLASS, table.id(), column.number());
  }

  private Target constraint(Node object) {
    List<Node> parts = object.getList().getItemsList();
    TableDescriptor table = table(parts);
    String name = parts.getLast().getString().getSval();
    int oid =
        switch (table.constraint(name)) {
          case IndexDescriptor index -> index.constraintOid();
          case CheckDescriptor check -> check.oid();
          case ForeignKeyDescriptor key -> key.oid();
          case null, default ->
              throw DdlErrors.of(
                  io.shardforge.storage.error.ErrorCode.UNDEFINED_OBJECT,
                  "constraint \"" + name + "\" for table \"" + table.name() + "\" does not exist");
        };
    return new Target(SystemOids.PG_CONSTRAINT, oid, 0);
  }

  /** The table that all parts but the last name. */
  private TableDescriptor table(List<Node> parts) {
    RangeVar.Builder name =
        RangeVar.newBuilder()
            .setRelname(parts.get(parts.size() - 2).getString().getSval())
            .setLocation(-1);
    if (parts.size() > 2) {
      name.setSchemaname(parts.get(parts.size() - 3).getString().getSval());
    }
    RangeVar tableName = name.build();
    if (scope.find(tableName) instanceof TableDescriptor table) {
      scope.requireOwner(table.ownerId(), "relation", table.name());
      return table;
    }
    throw DdlScope.undefined(tableName);
  }
}
