package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SequenceTable;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TemplateDatabases;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.type.PgOid;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The answer to has_table_privilege and its kin, for one role. */
final class PrivilegeQuestion {
  private static final String GRANT_OPTION = " WITH GRANT OPTION";

  private final CatalogSnapshot snapshot;
  private final NameLookup names;
  private final RoleDescriptor role;
  private final AccessCheck access;

  PrivilegeQuestion(CatalogSnapshot snapshot, NameLookup names, RoleDescriptor role) {
    this.snapshot = snapshot;
    this.names = names;
    this.role = role;
    this.access = AccessCheck.of(snapshot, role.id());
  }

  @Nullable Boolean answer(
      String kind, @Nullable Object object, @Nullable Object column, String privilege) {
    return switch (kind) {
      case "table", "sequence" -> {
        Object relation = relation(object);
        yield relation == null
            ? null
            : any(privilege, (rights, wanted) -> rights.mayRelation(relation, wanted));
      }
      case "any_column" -> {
        Object relation = relation(object);
        yield relation == null
            ? null
            : any(privilege, (rights, wanted) -> rights.mayAnyColumn(relation, wanted));
      }
      case "column" -> {
        Object relation = relation(object);
        Integer number = relation == null ? null : columnNumber(relation, column);
        yield (relation == null || number == null)
            ? null
            : any(privilege, (rights, wanted) -> rights.mayColumn(relation, number, wanted));
      }
      case "schema" -> {
        SchemaDescriptor schema = schema(object);
        yield schema == null
            ? null
            : any(privilege, (rights, wanted) -> rights.maySchema(schema, wanted));
      }
      case "database" -> {
        DatabaseDescriptor database = database(object);
        yield database == null
            ? null
            : any(privilege, (rights, wanted) -> rights.mayDatabase(database, wanted));
      }
      case "type" -> {
        TypeDescriptor type = type(object);
        yield type == null
            ? Boolean.valueOf(any(privilege, (rights, wanted) -> true))
            : Boolean.valueOf(any(privilege, (rights, wanted) -> rights.mayType(type)));
      }
      // Built-in functions, types and languages may be used by everybody, tablespaces by
      // superusers.
      case "tablespace" -> role.superuser();
      default -> any(privilege, (rights, wanted) -> true);
    };
  }

  private @Nullable Object relation(@Nullable Object object) {
    return switch (object) {
      case null -> null;
      case Long oid -> {
        var index = snapshot.index((int) (long) oid);
        yield index == null ? snapshot.relation((int) (long) oid) : index.table();
      }
      default -> snapshot.relation((int) names.resolve(PgOid.REGCLASS, object.toString()));
    };
  }

  /** A type that a statement made; null for built-in ones. */
  private @Nullable TypeDescriptor type(@Nullable Object object) {
    int oid =
        switch (object) {
          case null -> 0;
          case Long number -> (int) (long) number;
          default -> (int) names.resolve(PgOid.REGTYPE, object.toString());
        };
    return snapshot.typeDescriptor(oid);
  }

  /** The number of a column by its name or number; null for a number that none has. */
  private static @Nullable Integer columnNumber(Object relation, @Nullable Object column) {
    List<ColumnDescriptor> columns =
        switch (relation) {
          case TableDescriptor t -> t.visibleColumns();
          case ViewDescriptor v -> v.columns();
          case VirtualTable v -> v.columns();
          default -> SequenceTable.COLUMNS;
        };
    for (ColumnDescriptor c : columns) {
      if (column instanceof Long number ? c.number() == number : c.name().equals(column)) {
        return c.number();
      }
    }
    if (column == null || column instanceof Long) {
      return null;
    }
    String name =
        switch (relation) {
          case TableDescriptor t -> t.name();
          case ViewDescriptor v -> v.name();
          case VirtualTable v -> v.name();
          default -> ((SequenceDescriptor) relation).name();
        };
    throw new ShardForgeException(
        ErrorCode.UNDEFINED_COLUMN,
        "column \"%s\" of relation \"%s\" does not exist".formatted(column, name));
  }

  private @Nullable SchemaDescriptor schema(@Nullable Object object) {
    return switch (object) {
      case null -> null;
      case Long oid -> snapshot.schema((int) (long) oid);
      default -> {
        SchemaDescriptor schema = snapshot.schema(object.toString());
        if (schema == null) {
          throw new ShardForgeException(
              ErrorCode.INVALID_SCHEMA_NAME, "schema \"" + object + "\" does not exist");
        }
        yield schema;
      }
    };
  }

  private @Nullable DatabaseDescriptor database(@Nullable Object object) {
    return switch (object) {
      case null -> null;
      case Long oid -> {
        DatabaseDescriptor database = snapshot.database((int) (long) oid);
        yield database == null ? TemplateDatabases.numbered(oid) : database;
      }
      default -> {
        DatabaseDescriptor database = snapshot.database(object.toString());
        if (database == null) {
          database = TemplateDatabases.named(object.toString());
        }
        if (database == null) {
          throw new ShardForgeException(
              ErrorCode.INVALID_CATALOG_NAME, "database \"" + object + "\" does not exist");
        }
        yield database;
      }
    };
  }

  /** Whether one of the privileges in the list is held. */
  private boolean any(String privileges, BiPredicate<AccessCheck, Privilege> held) {
    boolean found = false;
    for (String word : privileges.split(",", -1)) {
      String name = word.strip().toUpperCase(Locale.ROOT);
      boolean withOption = name.endsWith(GRANT_OPTION);
      Privilege privilege =
          byName(withOption ? name.substring(0, name.length() - GRANT_OPTION.length()) : name);
      found |= held.test(withOption ? access.ofGrantor() : access, privilege);
    }
    return found;
  }

  private static Privilege byName(String name) {
    if (name.equals("TEMP")) {
      return Privilege.TEMPORARY;
    }
    for (Privilege privilege : Privilege.values()) {
      if (privilege.name().equals(name)) {
        return privilege;
      }
    }
    throw new ShardForgeException(
        ErrorCode.INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"" + name + "\"");
  }
}
