package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.AccessList;
import io.shardforge.sql.catalog.DefaultGrants;
import io.shardforge.sql.catalog.DefaultPrivilegesDescriptor;
import io.shardforge.sql.catalog.DefaultPrivilegesDescriptor.Entry;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.parse.proto.AlterDefaultPrivilegesStmt;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.GrantStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RoleSpecType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** ALTER DEFAULT PRIVILEGES: what objects made later are granted at once. */
final class DefaultPrivileges {
  private final DdlScope scope;

  DefaultPrivileges(DdlScope scope) {
    this.scope = scope;
  }

  /** A kind of object: its letter, its name, and what can be granted on it. */
  private record Kind(char letter, String name, Set<Privilege> allowed) {}

  String run(AlterDefaultPrivilegesStmt statement) {
    List<RoleDescriptor> roles = new ArrayList<>();
    List<SchemaDescriptor> schemas = new ArrayList<>();
    for (Node node : statement.getOptionsList()) {
      DefElem option = node.getDefElem();
      for (Node item : option.getArg().getList().getItemsList()) {
        switch (option.getDefname()) {
          case "roles" -> roles.add(scope.role(item.getRoleSpec()));
          case "schemas" -> schemas.add(scope.schema(item.getString().getSval()));
          default -> throw DdlErrors.unsupported("ALTER DEFAULT PRIVILEGES " + option.getDefname());
        }
      }
    }
    if (roles.isEmpty()) {
      roles.add(scope.currentRole());
    }
    GrantStmt action = statement.getAction();
    Kind kind = kind(action.getObjtype());
    if (kind.letter == 'n' && !schemas.isEmpty()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_GRANT_OPERATION,
          "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS");
    }
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (Node node : action.getPrivilegesList()) {
      if (node.getAccessPriv().getColsCount() > 0) {
        throw DdlErrors.of(
            ErrorCode.INVALID_GRANT_OPERATION, "default privileges cannot be set for columns");
      }
      privileges.add(
          GrantStatements.byName(node.getAccessPriv().getPrivName(), kind.allowed, kind.name));
    }
    if (privileges.isEmpty()) {
      privileges.addAll(kind.allowed);
    }
    for (RoleDescriptor role : roles) {
      if (!scope.owns(role.id())) {
        throw DdlErrors.of(
            ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to change default privileges");
      }
      if (schemas.isEmpty()) {
        change(role, 0, kind, privileges, action);
      }
      for (SchemaDescriptor schema : schemas) {
        change(role, schema.id(), kind, privileges, action);
      }
    }
    return "ALTER DEFAULT PRIVILEGES";
  }

  private static Kind kind(ObjectType type) {
    return switch (type) {
      case OBJECT_TABLE -> new Kind('r', "relation", DefaultGrants.ON_TABLE);
      case OBJECT_SEQUENCE -> new Kind('S', "sequence", DefaultGrants.ON_SEQUENCE);
      case OBJECT_TYPE -> new Kind('T', "type", DefaultGrants.ON_TYPE);
      case OBJECT_SCHEMA -> new Kind('n', "schema", DefaultGrants.ON_SCHEMA);
      default ->
          throw DdlErrors.unsupported(
              "ALTER DEFAULT PRIVILEGES ON "
                  + GrammarWords.of(type).toUpperCase(Locale.ROOT)
                  + "S");
    };
  }

  private void change(
      RoleDescriptor role, int schemaId, Kind kind, Set<Privilege> privileges, GrantStmt action) {
    if (!scope.catalog().keep(role.key())) {
      throw DdlErrors.undefinedRole(role.name());
    }
    List<Grant> usual =
        schemaId == 0 ? DefaultGrants.ofKind(kind.letter, role.id()) : List.<Grant>of();
    DefaultPrivilegesDescriptor fresh =
        new DefaultPrivilegesDescriptor(role.id(), 1, schemaId, List.of());
    DefaultPrivilegesDescriptor stored =
        scope.catalog().lock(fresh.key()) instanceof DefaultPrivilegesDescriptor known
            ? known
            : null;
    Entry old = stored == null ? null : stored.entry(kind.letter);
    AccessList list = new AccessList(role.id(), old == null ? usual : old.grants());
    for (Node grantee : action.getGranteesList()) {
      boolean isPublic = grantee.getRoleSpec().getRoletype() == RoleSpecType.ROLESPEC_PUBLIC;
      int granteeId = isPublic ? GrantsDescriptor.PUBLIC : scope.role(grantee.getRoleSpec()).id();
      if (!action.getIsGrant()) {
        list.revoke(granteeId, role.id(), privileges, action.getGrantOption(), true);
      } else if (isPublic && action.getGrantOption()) {
        throw DdlErrors.of(
            ErrorCode.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
      } else {
        list.grant(granteeId, role.id(), privileges, action.getGrantOption());
      }
    }
    List<Entry> entries = new ArrayList<>(stored == null ? List.of() : stored.entries());
    entries.removeIf(entry -> entry.kind() == kind.letter);
    List<Grant> grants = AccessList.sorted(list.grants());
    if (!grants.equals(AccessList.sorted(usual))) {
      entries.add(
          new Entry(old == null ? scope.catalog().newId() : old.oid(), kind.letter, grants));
    }
    if (stored == null) {
      if (!entries.isEmpty()) {
        scope.catalog().create(new DefaultPrivilegesDescriptor(role.id(), 1, schemaId, entries));
      }
    } else if (entries.isEmpty()) {
      scope.catalog().drop(stored);
    } else {
      scope
          .catalog()
          .replace(
              stored,
              new DefaultPrivilegesDescriptor(role.id(), stored.version() + 1, schemaId, entries));
    }
  }
}
