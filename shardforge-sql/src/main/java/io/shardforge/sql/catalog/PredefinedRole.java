package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.RoleDescriptor.Membership;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The roles that every cluster has without storing them: groups whose members may do what else only
 * superusers or owners may. What is stored under the id of one (when it became a member of another
 * role) stands in its place.
 */
public enum PredefinedRole {
  MONITOR(3373, "pg_monitor"),
  READ_ALL_SETTINGS(3374, "pg_read_all_settings"),
  READ_ALL_STATS(3375, "pg_read_all_stats"),
  STAT_SCAN_TABLES(3377, "pg_stat_scan_tables"),
  SIGNAL_BACKEND(4200, "pg_signal_backend"),
  CHECKPOINT(4544, "pg_checkpoint"),
  USE_RESERVED_CONNECTIONS(4550, "pg_use_reserved_connections"),
  READ_SERVER_FILES(4569, "pg_read_server_files"),
  WRITE_SERVER_FILES(4570, "pg_write_server_files"),
  EXECUTE_SERVER_PROGRAM(4571, "pg_execute_server_program"),
  DATABASE_OWNER(SystemOids.ROLE_DATABASE_OWNER, "pg_database_owner"),
  READ_ALL_DATA(6181, "pg_read_all_data"),
  WRITE_ALL_DATA(6182, "pg_write_all_data"),
  CREATE_SUBSCRIPTION(6304, "pg_create_subscription"),
  MAINTAIN(6337, "pg_maintain");

  private final int id;
  private final String roleName;

  PredefinedRole(int id, String roleName) {
    this.id = id;
    this.roleName = roleName;
  }

  public int id() {
    return id;
  }

  public String roleName() {
    return roleName;
  }

  RoleDescriptor descriptor() {
    Stream<PredefinedRole> groups =
        this == MONITOR
            ? Stream.of(READ_ALL_SETTINGS, READ_ALL_STATS, STAT_SCAN_TABLES)
            : Stream.of();
    List<Membership> memberOf =
        groups.map(group -> new Membership(group.id, false, SystemOids.ROLE_POSTGRES)).toList();
    return new RoleDescriptor(
        id,
        1,
        roleName,
        false,
        true,
        false,
        false,
        false,
        false,
        false,
        RoleDescriptor.UNLIMITED,
        null,
        null,
        memberOf);
  }

  /** What is at this place where nothing is stored; null if nothing is. */
  static @Nullable RoleDescriptor at(ObjectKey key) {
    for (PredefinedRole role : values()) {
      if (role.id == key.id() && key.kind() == ObjectKey.Kind.ROLE) {
        return role.descriptor();
      }
    }
    return null;
  }
}
