package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.type.PgOid;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Locale;
import java.util.function.Predicate;
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
      case "table", "column", "sequence" -> {
        Object relation = relation(object);
        yield relation == null
            ? null
            : any(privilege, wanted -> access.mayRelation(relation, wanted));
      }
      case "schema" -> {
        SchemaDescriptor schema = schema(object);
        yield schema == null ? null : any(privilege, wanted -> access.maySchema(schema, wanted));
      }
      case "database" -> {
        DatabaseDescriptor database = database(object);
        yield database == null
            ? null
            : any(privilege, wanted -> access.mayDatabase(database, wanted));
      }
      // Built-in functions, types and languages may be used by everybody, tablespaces by
      // superusers.
      case "tablespace" -> role.superuser();
      default -> any(privilege, wanted -> true);
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
      case Long oid -> snapshot.database((int) (long) oid);
      default -> {
        DatabaseDescriptor database = snapshot.database(object.toString());
        if (database == null) {
          throw new ShardForgeException(
              ErrorCode.INVALID_CATALOG_NAME, "database \"" + object + "\" does not exist");
        }
        yield database;
      }
    };
  }

  /** Whether one of the privileges in the list is held. */
  private static boolean any(String privileges, Predicate<Privilege> held) {
    boolean found = false;
    for (String word : privileges.split(",", -1)) {
      String name = word.strip().toUpperCase(Locale.ROOT);
      boolean withOption = name.endsWith(GRANT_OPTION);
      Privilege privilege =
          byName(withOption ? name.substring(0, name.length() - GRANT_OPTION.length()) : name);
      found |= held.test(privilege);
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
