package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.function.CatalogFunctions.ObjectName;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.function.PgOperator;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an object is called that is known by its number, the number of its catalog, and that of a
 * column or 0, as pg_depend has them.
 */
final class ObjectIdentity {
  private static final int PG_OPERATOR = 2617;
  private static final int PG_STATISTIC_EXT = 3381;

  private final CatalogSnapshot snapshot;
  private final ObjectDefinitions definitions;
  private final NameLookup names;

  ObjectIdentity(CatalogSnapshot snapshot, List<String> searchPath) {
    this.snapshot = snapshot;
    this.definitions = new ObjectDefinitions(snapshot, searchPath);
    this.names = new NameLookup(snapshot, searchPath);
  }

  /** Its names, with nulls but for its kind if there is no such object. */
  ObjectName of(int catalog, int oid, int column) {
    ObjectName found =
        switch (catalog) {
          case SystemOids.PG_CLASS -> relation(oid, column);
          case SystemOids.PG_TYPE -> type(oid);
          case SystemOids.PG_PROC -> function(oid);
          case PG_OPERATOR -> operator(oid);
          case SystemOids.PG_CONSTRAINT -> constraint(oid);
          case SystemOids.PG_ATTRDEF -> defaultValue(oid);
          case SystemOids.PG_REWRITE -> rule(oid);
          case SystemOids.PG_NAMESPACE -> schema(oid);
          case SystemOids.PG_COLLATION -> collation(oid);
          case SystemOids.PG_AUTHID -> role(oid);
          case SystemOids.PG_DATABASE -> database(oid);
          case PG_STATISTIC_EXT -> statistics(oid);
          default ->
              throw new ShardForgeException(
                  snapshot.relation(catalog) instanceof VirtualTable
                      ? ErrorCode.FEATURE_NOT_SUPPORTED
                      : ErrorCode.INTERNAL_ERROR,
                  "unrecognized object class: " + Integer.toUnsignedString(catalog));
        };
    return found == null ? ObjectName.ofNone(kind(catalog)) : found;
  }

  private static String kind(int catalog) {
    return switch (catalog) {
      case SystemOids.PG_CLASS -> "relation";
      case SystemOids.PG_TYPE -> "type";
      case SystemOids.PG_PROC -> "routine";
      case PG_OPERATOR -> "operator";
      case SystemOids.PG_CONSTRAINT -> "constraint";
      case SystemOids.PG_ATTRDEF -> "default value";
      case SystemOids.PG_REWRITE -> "rule";
      case SystemOids.PG_NAMESPACE -> "schema";
      case SystemOids.PG_COLLATION -> "collation";
      case SystemOids.PG_AUTHID -> "role";
      case SystemOids.PG_DATABASE -> "database";
      default -> "statistics object";
    };
  }

  // ---- relations and what belongs to them ----

  private @Nullable ObjectName relation(int oid, int column) {
    IndexOfTable index = snapshot.index(oid);
    Object relation = snapshot.relation(oid);
    if (index != null) {
      return column == 0
          ? relation("index", oid, index.table().schemaId(), index.index().name())
          : null;
    }
    if (relation == null) {
      return null;
    }
    String kind =
        switch (relation) {
          case ViewDescriptor _ -> "view";
          case SequenceDescriptor _ -> "sequence";
          default -> "table";
        };
    ObjectName whole =
        relation(
            kind, oid, ObjectDefinitions.schemaOf(relation), ObjectDefinitions.nameOf(relation));
    if (column == 0) {
      return whole;
    }
    for (ColumnDescriptor c : columns(relation)) {
      if (c.number() == column && !c.hidden()) {
        return whole.of(kind + " column", c.name(), "column " + c.name() + " of ");
      }
    }
    return null;
  }

  private static List<ColumnDescriptor> columns(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> t.columns();
      case ViewDescriptor v -> v.columns();
      default -> List.of();
    };
  }

  private ObjectName relation(String kind, int oid, int schemaId, String name) {
    String schema = definitions.schemaName(schemaId);
    return ObjectName.named(kind, schema, name, kind + " " + names.describe(PgOid.REGCLASS, oid));
  }

  private @Nullable ObjectName constraint(int oid) {
    for (TypeDescriptor type : snapshot.typeDescriptors()) {
      if (type instanceof DomainDescriptor domain) {
        for (TableDescriptor.CheckDescriptor check : domain.checks()) {
          if (check.oid() == oid) {
            String schema = definitions.schemaName(domain.schemaId());
            String identity = quoted(schema, domain.name());
            return new ObjectName(
                "domain constraint",
                schema,
                null,
                Text.quoteIdentifier(check.name()) + " on " + identity,
                List.of(identity),
                List.of(check.name()),
                "constraint " + check.name());
          }
        }
      }
    }
    for (TableDescriptor table : snapshot.tables()) {
      String name = constraintName(table, oid);
      if (name != null) {
        String schema = definitions.schemaName(table.schemaId());
        return new ObjectName(
            "table constraint",
            schema,
            null,
            Text.quoteIdentifier(name) + " on " + quoted(schema, table.name()),
            List.of(schema, table.name(), name),
            List.of(),
            "constraint %s on table %s"
                .formatted(name, names.describe(PgOid.REGCLASS, table.id())));
      }
    }
    return null;
  }

  private static @Nullable String constraintName(TableDescriptor table, int oid) {
    record Named(int oid, String name) {}
    return Stream.of(
            table.indexes().stream().map(i -> new Named(i.constraintOid(), i.name())),
            table.checks().stream().map(c -> new Named(c.oid(), c.name())),
            table.foreignKeys().stream().map(k -> new Named(k.oid(), k.name())))
        .flatMap(all -> all)
        .filter(named -> named.oid != 0 && named.oid == oid)
        .map(Named::name)
        .findFirst()
        .orElse(null);
  }

  private @Nullable ObjectName defaultValue(int oid) {
    for (TableDescriptor table : snapshot.tables()) {
      for (ColumnDescriptor column : table.columns()) {
        if (ObjectDefinitions.visibleDefault(column) != null
            && (int) RelationTables.defaultOid(table.id(), column) == oid) {
          ObjectName of = relation(table.id(), column.number());
          return of == null
              ? null
              : new ObjectName(
                  "default value",
                  null,
                  null,
                  "for " + of.identity(),
                  of.names(),
                  List.of(),
                  "default value for " + of.description());
        }
      }
    }
    return null;
  }

  /** What a view is made of. */
  private @Nullable ObjectName rule(int oid) {
    for (ViewDescriptor view : snapshot.views()) {
      ObjectName of = (int) ViewTables.ruleOid(view) == oid ? relation(view.id(), 0) : null;
      if (of != null) {
        return new ObjectName(
            "rule",
            null,
            null,
            "\"_RETURN\" on " + of.identity(),
            Stream.concat(of.names().stream(), Stream.of("_RETURN")).toList(),
            List.of(),
            "rule _RETURN on " + of.description());
      }
    }
    return null;
  }

  private @Nullable ObjectName statistics(int oid) {
    for (CombinedStatistics s : snapshot.combinedStatistics()) {
      if (s.id() == oid && snapshot.relation(s.tableId()) instanceof TableDescriptor table) {
        // It is always in the schema of its table.
        String schema = definitions.schemaName(table.schemaId());
        String name =
            definitions.isVisible(table)
                ? Text.quoteIdentifier(s.name())
                : quoted(schema, s.name());
        return ObjectName.named("statistics object", schema, s.name(), "statistics object " + name);
      }
    }
    return null;
  }

  // ---- the others ----

  private static @Nullable ObjectName type(int oid) {
    PgType type = PgTypes.find(oid);
    if (type == null) {
      return null;
    }
    String identity = qualifiedType(oid);
    return new ObjectName(
        "type",
        TypeNames.schemaOf(oid),
        Text.quoteIdentifier(type.name()),
        identity,
        List.of(identity),
        List.of(),
        "type " + TypeNames.format(oid, -1));
  }

  /** A type's name in SQL, with its schema where the grammar does not know it. */
  private static String qualifiedType(int oid) {
    PgType type = PgTypes.byOid(oid);
    if (type.isArray() && type.row().name().startsWith("_")) {
      return qualifiedType(type.elementOid()) + "[]";
    }
    String plain = TypeNames.format(oid, -1);
    boolean inGrammar = !type.isUserDefined() && !plain.equals(Text.quoteIdentifier(type.name()));
    return inGrammar ? plain : quoted(TypeNames.schemaOf(oid), type.name());
  }

  private @Nullable ObjectName function(int oid) {
    PgFunction function = FunctionRegistry.function(oid);
    return function == null
        ? null
        : call(
            function.isAggregate() ? "aggregate" : "function",
            Text.quoteIdentifier(function.name()),
            function.name(),
            function.argumentTypes(),
            names.describe(PgOid.REGPROCEDURE, oid));
  }

  private @Nullable ObjectName operator(int oid) {
    PgOperator operator = FunctionRegistry.operator(oid);
    return operator == null
        ? null
        : call(
            "operator",
            operator.name(),
            operator.name(),
            List.of(operator.leftType(), operator.rightType()),
            names.describe(PgOid.REGOPERATOR, oid));
  }

  private static ObjectName call(
      String kind, String quoted, String name, List<Integer> types, String shown) {
    List<String> arguments =
        types.stream().map(type -> type == 0 ? "NONE" : qualifiedType(type)).toList();
    return new ObjectName(
        kind,
        "pg_catalog",
        null,
        "pg_catalog." + quoted + "(" + String.join(",", arguments) + ")",
        List.of("pg_catalog", name),
        arguments,
        kind + " " + shown);
  }

  private @Nullable ObjectName collation(int oid) {
    String shown = CollationTables.name(snapshot, List.of("pg_catalog"), oid);
    Collations.BuiltIn builtIn = Collations.byOid(oid);
    CollationDescriptor made = snapshot.collation(oid);
    if (shown == null || (builtIn == null && made == null)) {
      return null;
    }
    String name = builtIn != null ? builtIn.name() : made == null ? "" : made.name();
    String schema = made == null ? "pg_catalog" : definitions.schemaName(made.schemaId());
    return ObjectName.named(
        "collation", schema, name, "collation " + names.describe(PgOid.REGCOLLATION, oid));
  }

  private @Nullable ObjectName schema(int oid) {
    SchemaDescriptor schema = snapshot.schema(oid);
    return schema == null ? null : ObjectName.global("schema", schema.name());
  }

  private @Nullable ObjectName role(int oid) {
    RoleDescriptor role = snapshot.role(oid);
    return role == null ? null : ObjectName.global("role", role.name());
  }

  private @Nullable ObjectName database(int oid) {
    DatabaseDescriptor database = snapshot.database(oid);
    return database == null ? null : ObjectName.global("database", database.name());
  }

  private static String quoted(String schema, String name) {
    return Text.quoteIdentifier(schema) + "." + Text.quoteIdentifier(name);
  }
}
