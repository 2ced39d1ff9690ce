package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SettingsDescriptor;
import io.shardforge.sql.parse.proto.AlterDatabaseSetStmt;
import io.shardforge.sql.parse.proto.AlterRoleSetStmt;
import io.shardforge.sql.parse.proto.RoleSpecType;
import io.shardforge.sql.parse.proto.VariableSetKind;
import io.shardforge.sql.parse.proto.VariableSetStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** ALTER ROLE … SET and ALTER DATABASE … SET: what sessions begin with. */
final class StoredSettings {
  private final DdlScope scope;

  StoredSettings(DdlScope scope) {
    this.scope = scope;
  }

  String alterRole(AlterRoleSetStmt statement) {
    boolean allRoles =
        !statement.hasRole()
            || statement.getRole().getRoletype() == RoleSpecType.ROLE_SPEC_TYPE_UNDEFINED;
    RoleStatements.requireAlterable(statement.getRole());
    RoleDescriptor role = allRoles ? null : scope.role(statement.getRole());
    String name = statement.getDatabase();
    DatabaseDescriptor database = name.isEmpty() ? null : database(name);
    if (role != null) {
      requireMayAlter(role);
    } else if (database != null) {
      scope.requireOwner(database.ownerId(), "database", name);
    } else if (!scope.currentRole().superuser()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to alter setting")
          .withDetail("Only roles with the SUPERUSER attribute may alter settings globally.");
    }
    change(database, role, statement.getSetstmt());
    return "ALTER ROLE";
  }

  private void requireMayAlter(RoleDescriptor role) {
    RoleDescriptor current = scope.currentRole();
    if (role.superuser() ? current.superuser() : current.superuser() || current.createRole()) {
      return;
    }
    if (role.superuser()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to alter role")
          .withDetail(
              "Only roles with the SUPERUSER attribute may alter roles with the SUPERUSER"
                  + " attribute.");
    }
    if (role.id() != current.id()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to alter role");
    }
  }

  String alterDatabase(AlterDatabaseSetStmt statement) {
    DatabaseDescriptor database = database(statement.getDbname());
    scope.requireOwner(database.ownerId(), "database", database.name());
    change(database, null, statement.getSetstmt());
    return "ALTER DATABASE";
  }

  private DatabaseDescriptor database(String name) {
    DatabaseDescriptor found = scope.snapshot().database(name);
    if (found == null) {
      throw DatabaseStatements.undefined(name);
    }
    return found;
  }

  private void change(
      @Nullable DatabaseDescriptor database,
      @Nullable RoleDescriptor role,
      VariableSetStmt statement) {
    boolean gone =
        (database != null && !scope.catalog().keep(database.key()))
            || (role != null && !scope.catalog().keep(role.key()));
    if (gone) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_OBJECT, "the role or database was dropped meanwhile");
    }
    SettingsDescriptor fresh =
        new SettingsDescriptor(
            role == null ? SettingsDescriptor.ALL : role.id(),
            1,
            database == null ? SettingsDescriptor.ALL : database.id(),
            List.of());
    SettingsDescriptor stored =
        scope.catalog().lock(fresh.key()) instanceof SettingsDescriptor known ? known : null;
    List<String> settings = new ArrayList<>(stored == null ? List.of() : stored.settings());
    if (statement.getKind() == VariableSetKind.VAR_RESET_ALL) {
      settings.clear();
    } else {
      assign(settings, scope.context().storedSetting(statement));
    }
    if (stored == null) {
      if (!settings.isEmpty()) {
        scope.catalog().create(new SettingsDescriptor(fresh.id(), 1, fresh.databaseId(), settings));
      }
    } else if (settings.isEmpty()) {
      scope.catalog().drop(stored);
    } else {
      scope
          .catalog()
          .replace(
              stored,
              new SettingsDescriptor(
                  stored.id(), stored.version() + 1, stored.databaseId(), settings));
    }
  }

  /** Drops what was kept for a role or a database that is dropped. */
  void forget(Predicate<SettingsDescriptor> which) {
    for (SettingsDescriptor settings : List.copyOf(scope.snapshot().settings())) {
      if (which.test(settings)) {
        scope.dropIfPresent(settings.key());
      }
    }
  }

  private static void assign(List<String> settings, DdlContext.StoredSetting setting) {
    String value = setting.value();
    for (int i = 0; i < settings.size(); i++) {
      int end = settings.get(i).indexOf('=');
      String known = settings.get(i).substring(0, end);
      if (known.equalsIgnoreCase(setting.name())) {
        if (value == null) {
          settings.remove(i);
        } else {
          settings.set(i, known + "=" + value);
        }
        return;
      }
    }
    if (value != null) {
      settings.add(setting.name() + "=" + value);
    }
  }
}
