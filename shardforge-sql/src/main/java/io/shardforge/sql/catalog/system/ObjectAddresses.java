package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The numbers by which pg_depend and its kin know an object, found by its kind and its names: what
 * {@link ObjectIdentity} says the other way round.
 */
final class ObjectAddresses {
  private static final int PG_OPERATOR = 2617;

  /** PostgreSQL's other kinds. */
  private static final Set<String> OTHERS =
      Set.of(
          "access method",
          "cast",
          "conversion",
          "default acl",
          "domain constraint",
          "event trigger",
          "extension",
          "foreign-data wrapper",
          "foreign table",
          "foreign table column",
          "function of access method",
          "language",
          "large object",
          "materialized view",
          "operator class",
          "operator family",
          "operator of access method",
          "parameter ACL",
          "policy",
          "publication",
          "publication namespace",
          "publication relation",
          "rule",
          "server",
          "statistics object",
          "subscription",
          "tablespace",
          "text search configuration",
          "text search dictionary",
          "text search parser",
          "text search template",
          "transform",
          "trigger",
          "user mapping");

  /** Kinds that PostgreSQL has no addresses of either. */
  private static final Set<String> WITHOUT_ADDRESS =
      Set.of(
          "index column",
          "materialized view column",
          "sequence column",
          "toast table",
          "toast table column",
          "view column");

  /** An object; the column is 0 for a whole one. */
  record Address(long catalog, long oid, long column) {
    Address(int catalog, long oid) {
      this(catalog, oid, 0);
    }
  }

  private final CatalogSnapshot snapshot;
  private final NameLookup names;

  ObjectAddresses(CatalogSnapshot snapshot, List<String> searchPath) {
    this.snapshot = snapshot;
    this.names = new NameLookup(snapshot, searchPath);
  }

  Address find(String kind, List<String> path, List<String> arguments) {
    if (path.isEmpty()) {
      throw wrong("name list length must be at least 1");
    }
    return switch (kind) {
      case "table", "view", "index", "sequence", "composite type" ->
          new Address(SystemOids.PG_CLASS, relation(kind, path));
      case "table column" -> column(path);
      case "table constraint" -> constraint(path);
      case "default value" -> defaultValue(path);
      case "schema" ->
          new Address(SystemOids.PG_NAMESPACE, names.resolve(PgOid.REGNAMESPACE, one(path)));
      case "role" -> new Address(SystemOids.PG_AUTHID, names.resolve(PgOid.REGROLE, one(path)));
      case "database" -> database(path);
      case "type", "domain" ->
          new Address(SystemOids.PG_TYPE, names.resolve(PgOid.REGTYPE, one(path)));
      case "collation" -> collation(path);
      case "function", "procedure", "routine", "aggregate" -> function(kind, path, arguments);
      case "operator" -> operator(path, arguments);
      default -> throw refused(kind);
    };
  }

  private static ShardForgeException refused(String kind) {
    if (OTHERS.contains(kind)) {
      return new ShardForgeException(ErrorCode.FEATURE_NOT_SUPPORTED, "the address of a " + kind);
    }
    String problem = WITHOUT_ADDRESS.contains(kind) ? "unsupported" : "unrecognized";
    return wrong(problem + " object type \"" + kind + "\"");
  }

  private static ShardForgeException wrong(String message) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  private static String one(List<String> path) {
    if (path.size() != 1) {
      throw wrong("name list length must be exactly 1");
    }
    return path.getFirst();
  }

  private static String text(List<String> path) {
    return path.stream().map(Text::quoteIdentifier).collect(Collectors.joining("."));
  }

  private long relation(String kind, List<String> path) {
    Long oid = names.find(PgOid.REGCLASS, text(path));
    if (oid == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_TABLE, "relation \"" + String.join(".", path) + "\" does not exist");
    }
    Object found = snapshot.relation((int) (long) oid);
    IndexOfTable index = snapshot.index((int) (long) oid);
    boolean right =
        switch (kind) {
          case "index" -> index != null;
          case "view" -> found instanceof ViewDescriptor;
          case "sequence" -> found instanceof SequenceDescriptor;
          case "table" -> found instanceof TableDescriptor || found instanceof VirtualTable;
          default -> false;
        };
    if (!right) {
      String article = kind.equals("index") ? "an " : "a ";
      throw new ShardForgeException(
          ErrorCode.WRONG_OBJECT_TYPE, "\"" + path.getLast() + "\" is not " + article + kind);
    }
    return oid;
  }

  /** The relation that a part belongs to. */
  private long owner(String kind, List<String> path) {
    if (path.size() < 2) {
      throw new ShardForgeException(ErrorCode.SYNTAX_ERROR, "column name must be qualified");
    }
    return relation(kind, path.subList(0, path.size() - 1));
  }

  private Address column(List<String> path) {
    long oid = owner("table", path);
    return new Address(SystemOids.PG_CLASS, oid, descriptor(oid, path, "column").number());
  }

  private ColumnDescriptor descriptor(long oid, List<String> path, String what) {
    Object relation = snapshot.relation((int) oid);
    if (relation != null) {
      for (ColumnDescriptor column : ObjectDefinitions.columnsOf(relation)) {
        if (column.name().equals(path.getLast())) {
          return column;
        }
      }
    }
    throw missingColumn(path, what);
  }

  private static ShardForgeException missingColumn(List<String> path, String what) {
    return new ShardForgeException(
        ErrorCode.UNDEFINED_COLUMN,
        "%s \"%s\" of relation \"%s\" does not exist"
            .formatted(what, path.getLast(), String.join(".", path.subList(0, path.size() - 1))));
  }

  private Address defaultValue(List<String> path) {
    long oid = owner("table", path);
    ColumnDescriptor column = descriptor(oid, path, "column");
    if (ObjectDefinitions.visibleDefault(column) == null) {
      throw missingColumn(path, "default value for column");
    }
    return new Address(SystemOids.PG_ATTRDEF, RelationTables.defaultOid((int) oid, column));
  }

  private Address constraint(List<String> path) {
    if (path.size() < 2) {
      throw new ShardForgeException(
          ErrorCode.SYNTAX_ERROR, "must specify relation and object name");
    }
    long oid = owner("table", path);
    Long found = null;
    if (snapshot.relation((int) oid) instanceof TableDescriptor table) {
      found = constraint(table, path.getLast());
    }
    if (found == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT,
          "constraint \"%s\" for table \"%s\" does not exist"
              .formatted(path.getLast(), path.get(path.size() - 2)));
    }
    return new Address(SystemOids.PG_CONSTRAINT, found);
  }

  private static @Nullable Long constraint(TableDescriptor table, String name) {
    for (CheckDescriptor check : table.checks()) {
      if (check.name().equals(name)) {
        return (long) check.oid();
      }
    }
    for (ForeignKeyDescriptor key : table.foreignKeys()) {
      if (key.name().equals(name)) {
        return (long) key.oid();
      }
    }
    for (IndexDescriptor index : table.indexes()) {
      if (index.constraintOid() != 0 && index.name().equals(name)) {
        return (long) index.constraintOid();
      }
    }
    return null;
  }

  private Address collation(List<String> path) {
    Long oid = names.find(PgOid.REGCOLLATION, text(path));
    if (oid == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT,
          "collation \"" + String.join(".", path) + "\" for encoding \"UTF8\" does not exist");
    }
    return new Address(SystemOids.PG_COLLATION, oid);
  }

  private Address database(List<String> path) {
    DatabaseDescriptor database = snapshot.database(one(path));
    if (database == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_CATALOG_NAME, "database \"" + one(path) + "\" does not exist");
    }
    return new Address(SystemOids.PG_DATABASE, database.id());
  }

  private Address function(String kind, List<String> path, List<String> arguments) {
    String types = arguments.stream().map(this::typeName).collect(Collectors.joining(", "));
    Long oid = names.find(PgOid.REGPROCEDURE, text(path) + "(" + types + ")");
    if (oid == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FUNCTION,
          "%s %s(%s) does not exist"
              .formatted(
                  kind.equals("routine") ? "procedure" : kind, String.join(".", path), types));
    }
    return new Address(SystemOids.PG_PROC, oid);
  }

  private Address operator(List<String> path, List<String> arguments) {
    if (arguments.size() != 2) {
      throw wrong("argument list length must be exactly 2");
    }
    String types = arguments.stream().map(this::typeName).collect(Collectors.joining(","));
    String written = String.join(".", path) + "(" + types + ")";
    Long oid = names.find(PgOid.REGOPERATOR, written);
    if (oid == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FUNCTION,
          "operator does not exist: %s %s %s"
              .formatted(typeName(arguments.get(0)), path.getLast(), typeName(arguments.get(1))));
    }
    return new Address(PG_OPERATOR, oid);
  }

  private String typeName(String written) {
    return written.equals("NONE")
        ? written
        : names.describe(PgOid.REGTYPE, names.resolve(PgOid.REGTYPE, written));
  }
}
