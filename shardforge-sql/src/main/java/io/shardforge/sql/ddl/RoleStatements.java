package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor.Membership;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.parse.proto.AlterRoleStmt;
import io.shardforge.sql.parse.proto.CreateRoleStmt;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.DropRoleStmt;
import io.shardforge.sql.parse.proto.GrantRoleStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.sql.parse.proto.RoleStmtType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** CREATE, ALTER and DROP ROLE; GRANT and REVOKE of roles. */
final class RoleStatements {
  private static final Set<String> RESERVED = Set.of("public", "none");

  private final DdlScope scope;

  RoleStatements(DdlScope scope) {
    this.scope = scope;
  }

  String create(CreateRoleStmt statement) {
    RoleDescriptor current = scope.currentRole();
    if (!current.superuser() && !current.createRole()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to create role")
          .withDetail("Only roles with the CREATEROLE attribute may create roles.");
    }
    String name = statement.getRole();
    requireUsableName(name);
    if (scope.snapshot().role(name) != null) {
      throw DdlErrors.of(ErrorCode.DUPLICATE_OBJECT, "role \"" + name + "\" already exists");
    }
    RoleDraft draft = new RoleDraft(scope.catalog().newId(), name);
    draft.login = statement.getStmtType() == RoleStmtType.ROLESTMT_USER;
    RoleOptions options = RoleOptions.apply(draft, statement.getOptionsList(), scope);
    requireMaySet(current, draft, null);
    scope.catalog().create(draft.build());
    for (RoleSpec group : options.inRoles()) {
      join(scope.role(name), scope.role(group), false);
    }
    for (RoleSpec member : options.members()) {
      join(scope.role(member), scope.role(name), false);
    }
    for (RoleSpec member : options.adminMembers()) {
      join(scope.role(member), scope.role(name), true);
    }
    return "CREATE ROLE";
  }

  static void requireUsableName(String name) {
    if (name.startsWith("pg_")) {
      throw DdlErrors.of(ErrorCode.RESERVED_NAME, "role name \"" + name + "\" is reserved")
          .withDetail("Role names starting with \"pg_\" are reserved.");
    }
    if (RESERVED.contains(name)) {
      throw DdlErrors.of(ErrorCode.RESERVED_NAME, "role name \"" + name + "\" is reserved");
    }
  }

  /** Refuses to alter a role that its name shows to be predefined. */
  static void requireAlterable(RoleSpec role) {
    if (role.getRolename().startsWith("pg_")) {
      throw DdlErrors.of(
              ErrorCode.RESERVED_NAME, "role name \"" + role.getRolename() + "\" is reserved")
          .withDetail("Cannot alter reserved roles.");
    }
  }

  String alter(AlterRoleStmt statement) {
    requireAlterable(statement.getRole());
    RoleDescriptor role = scope.role(statement.getRole());
    RoleDescriptor current = scope.currentRole();
    boolean onlyOwnPassword =
        role.id() == current.id()
            && statement.getOptionsList().stream()
                .allMatch(o -> o.getDefElem().getDefname().equals("password"));
    if (!current.superuser() && !current.createRole() && !onlyOwnPassword) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to alter role");
    }
    if (role.superuser() && !current.superuser()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to alter role")
          .withDetail(
              "Only roles with the SUPERUSER attribute may alter roles with the SUPERUSER"
                  + " attribute.");
    }
    RoleDescriptor old = lock(role);
    RoleDraft draft = new RoleDraft(old);
    RoleOptions options = RoleOptions.apply(draft, statement.getOptionsList(), scope);
    if (!options.inRoles().isEmpty()) {
      throw DdlErrors.unsupported("IN ROLE in ALTER ROLE");
    }
    requireMaySet(current, draft, old);
    scope.catalog().replace(old, draft.build());
    // ALTER GROUP ... ADD / DROP USER comes as a list of members.
    for (RoleSpec member : options.members()) {
      if (statement.getAction() < 0) {
        leave(scope.role(member), scope.role(old.name()), false);
      } else {
        join(scope.role(member), scope.role(old.name()), false);
      }
    }
    return "ALTER ROLE";
  }

  private static void requireMaySet(
      RoleDescriptor current,
      RoleDraft draft,
      @org.jspecify.annotations.Nullable RoleDescriptor old) {
    if (current.superuser()) {
      return;
    }
    boolean more =
        (draft.superuser && (old == null || !old.superuser()))
            || (draft.replication && (old == null || !old.replication()))
            || (draft.bypassRowSecurity && (old == null || !old.bypassRowSecurity()));
    if (more) {
      throw DdlErrors.of(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              "permission denied to " + (old == null ? "create" : "alter") + " role")
          .withDetail("Only superusers may give this attribute.");
    }
  }

  private RoleDescriptor lock(RoleDescriptor role) {
    if (scope.catalog().lock(role.key()) instanceof RoleDescriptor newest) {
      return newest;
    }
    throw DdlErrors.undefinedRole(role.name());
  }

  // ---- DROP ----

  String drop(DropRoleStmt statement) {
    RoleDescriptor current = scope.currentRole();
    if (!current.superuser() && !current.createRole()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to drop role");
    }
    for (Node node : statement.getRolesList()) {
      String name = node.getRoleSpec().getRolename();
      RoleDescriptor role = scope.snapshot().role(name);
      if (role == null) {
        if (!statement.getMissingOk()) {
          throw DdlErrors.undefinedRole(name);
        }
        scope
            .context()
            .notice(
                ErrorCode.SUCCESSFUL_COMPLETION, "role \"" + name + "\" does not exist, skipping");
        continue;
      }
      dropOne(role, current);
    }
    return "DROP ROLE";
  }

  private void dropOne(RoleDescriptor role, RoleDescriptor current) {
    if (role.id() == current.id()) {
      throw DdlErrors.of(ErrorCode.OBJECT_IN_USE, "current user cannot be dropped");
    }
    if (role.id() == scope.context().sessionRole()) {
      throw DdlErrors.of(ErrorCode.OBJECT_IN_USE, "session user cannot be dropped");
    }
    if (role.id() < SystemOids.FIRST_USER_OID) {
      throw DdlErrors.of(
          ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
          "cannot drop role " + role.name() + " because it is required by the database system");
    }
    if (role.superuser() && !current.superuser()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to drop role");
    }
    RoleDescriptor newest = lock(role);
    requireUnused(newest);
    for (RoleDescriptor other : List.copyOf(scope.snapshot().roles())) {
      if (other.memberOf().stream().anyMatch(m -> m.roleId() == role.id())) {
        leave(other, newest, false);
      }
    }
    scope.forgetAttachments(role.id());
    new StoredSettings(scope).forget(settings -> settings.id() == role.id());
    scope.catalog().drop(newest);
  }

  private void requireUnused(RoleDescriptor role) {
    List<String> uses = new ArrayList<>();
    int here = scope.snapshot().databaseId();
    for (DatabaseDescriptor database : scope.snapshot().databases()) {
      if (database.ownerId() == role.id()) {
        uses.add("owner of database " + database.name());
      }
      if (isGrantee(scope.snapshot(), database.id(), role.id())) {
        uses.add("privileges for database " + database.name());
      }
      CatalogSnapshot snapshot =
          database.id() == here ? scope.snapshot() : scope.catalog().snapshotOf(database.id());
      List<String> inside = new RoleUses(snapshot, role.id()).describe();
      if (database.id() == here) {
        uses.addAll(inside);
      } else if (!inside.isEmpty()) {
        uses.add(inside.size() + " objects in database " + database.name());
      }
    }
    if (!uses.isEmpty()) {
      throw DdlErrors.of(
              ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
              "role \"" + role.name() + "\" cannot be dropped because some objects depend on it")
          .withDetail(String.join("\n", uses));
    }
  }

  static boolean isGrantee(CatalogSnapshot snapshot, int objectId, int roleId) {
    GrantsDescriptor grants = snapshot.grants(objectId);
    return Stream.concat(Stream.ofNullable(grants), snapshot.columnGrants(objectId).stream())
        .anyMatch(known -> isAbout(known.grants(), roleId));
  }

  /** Whether a role has been granted something here, or has granted it. */
  static boolean isAbout(List<Grant> grants, int roleId) {
    return grants.stream().anyMatch(g -> g.granteeId() == roleId || g.grantorId() == roleId);
  }

  // ---- membership ----

  String grant(GrantRoleStmt statement) {
    if (statement.hasGrantor()
        && scope.role(statement.getGrantor()).id() != scope.context().currentRole()) {
      throw DdlErrors.unsupported("GRANTED BY another role");
    }
    boolean admin = false;
    for (Node node : statement.getOptList()) {
      DefElem option = node.getDefElem();
      if (!option.getDefname().equals("admin")) {
        throw DdlErrors.unsupported("GRANT ... WITH " + option.getDefname());
      }
      admin = !option.hasArg() || option.getArg().getBoolean().getBoolval();
    }
    for (Node granted : statement.getGrantedRolesList()) {
      RoleDescriptor group = scope.role(granted.getAccessPriv().getPrivName());
      requireAdmin(group);
      for (Node grantee : statement.getGranteeRolesList()) {
        RoleDescriptor member = scope.role(grantee.getRoleSpec());
        if (statement.getIsGrant()) {
          join(member, group, admin);
        } else {
          leave(member, group, admin);
        }
      }
    }
    return statement.getIsGrant() ? "GRANT ROLE" : "REVOKE ROLE";
  }

  private void requireAdmin(RoleDescriptor group) {
    RoleDescriptor current = scope.currentRole();
    boolean admin =
        current.superuser()
            || (current.createRole() && !group.superuser())
            || current.memberOf().stream().anyMatch(m -> m.roleId() == group.id() && m.admin());
    if (!admin) {
      throw DdlErrors.of(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to grant role \"" + group.name() + "\"");
    }
  }

  private void join(RoleDescriptor member, RoleDescriptor group, boolean admin) {
    if (member.id() == group.id()
        || Memberships.reaches(scope.snapshot(), group.id(), member.id())) {
      throw DdlErrors.of(
          ErrorCode.INVALID_GRANT_OPERATION,
          "role \"" + group.name() + "\" is a member of role \"" + member.name() + "\"");
    }
    RoleDescriptor old = lock(member);
    List<Membership> roles = new ArrayList<>(old.memberOf());
    for (Membership known : old.memberOf()) {
      if (known.roleId() == group.id()) {
        if (known.admin() || !admin) {
          scope
              .context()
              .notice(
                  ErrorCode.SUCCESSFUL_COMPLETION,
                  "role \""
                      + member.name()
                      + "\" has already been granted membership in role \""
                      + group.name()
                      + "\"");
          return;
        }
        roles.remove(known);
      }
    }
    if (!scope.catalog().keep(group.key())) {
      throw DdlErrors.undefinedRole(group.name());
    }
    roles.add(new Membership(group.id(), admin, scope.context().currentRole()));
    scope.catalog().replace(old, old.withMemberOf(roles));
  }

  private void leave(RoleDescriptor member, RoleDescriptor group, boolean adminOnly) {
    RoleDescriptor old = lock(member);
    List<Membership> roles = new ArrayList<>();
    boolean found = false;
    for (Membership known : old.memberOf()) {
      if (known.roleId() != group.id()) {
        roles.add(known);
        continue;
      }
      found = true;
      if (adminOnly) {
        roles.add(new Membership(known.roleId(), false, known.grantorId()));
      }
    }
    if (!found) {
      scope
          .context()
          .warning(
              ErrorCode.WARNING,
              "role \""
                  + member.name()
                  + "\" has not been granted membership in role \""
                  + group.name()
                  + "\"");
      return;
    }
    CatalogObject changed = old.withMemberOf(roles);
    scope.catalog().replace(old, changed);
  }
}
