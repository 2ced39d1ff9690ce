package io.shardforge.sql.catalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Who may act as whom: the closure of role memberships in one snapshot. */
public final class Memberships {
  private Memberships() {}

  /** Whether a role has the privileges of another: itself, a superuser, or an inheriting member. */
  public static boolean hasPrivilegesOf(CatalogSnapshot catalog, int roleId, int targetId) {
    RoleDescriptor role = catalog.role(roleId);
    return role != null && (role.superuser() || reach(catalog, role, true).contains(targetId));
  }

  /** Whether a role is a member of another, directly or through others, inheriting or not. */
  public static boolean isMember(CatalogSnapshot catalog, int roleId, int targetId) {
    RoleDescriptor role = catalog.role(roleId);
    return role != null && (role.superuser() || reach(catalog, role, false).contains(targetId));
  }

  /** Whether a chain of memberships leads from one role to another, superuser or not. */
  public static boolean reaches(CatalogSnapshot catalog, int roleId, int targetId) {
    RoleDescriptor role = catalog.role(roleId);
    return role != null && reach(catalog, role, false).contains(targetId);
  }

  /** Every role whose privileges a role has without SET ROLE, itself included. */
  public static Set<Integer> inherited(CatalogSnapshot catalog, RoleDescriptor role) {
    return reach(catalog, role, true);
  }

  private static Set<Integer> reach(
      CatalogSnapshot catalog, RoleDescriptor start, boolean inheritingOnly) {
    Set<Integer> reached = new HashSet<>();
    Deque<RoleDescriptor> open = new ArrayDeque<>();
    reached.add(start.id());
    open.add(start);
    DatabaseDescriptor database = catalog.database(catalog.databaseId());
    while (!open.isEmpty()) {
      RoleDescriptor role = open.remove();
      if (inheritingOnly && !role.inherit()) {
        continue;
      }
      for (RoleDescriptor.Membership membership : role.memberOf()) {
        RoleDescriptor group = catalog.role(membership.roleId());
        if (group != null && reached.add(group.id())) {
          open.add(group);
        }
      }
    }
    if (database != null && reached.contains(database.ownerId())) {
      reached.add(SystemOids.ROLE_DATABASE_OWNER);
    }
    return reached;
  }
}
