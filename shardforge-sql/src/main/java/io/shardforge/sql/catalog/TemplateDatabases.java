package io.shardforge.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The databases that PostgreSQL makes new ones from. Here a new database is always the same, so
 * these are names alone: nobody can connect to them.
 */
public final class TemplateDatabases {
  public static final List<DatabaseDescriptor> ALL =
      List.of(template(1, "template1"), template(4, "template0"));

  private TemplateDatabases() {}

  private static DatabaseDescriptor template(int id, String name) {
    return new DatabaseDescriptor(
        id, 1, name, SystemOids.ROLE_POSTGRES, false, DatabaseDescriptor.UNLIMITED);
  }

  /** The template of a name, or null. */
  public static @Nullable DatabaseDescriptor named(String name) {
    return ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
  }

  /** The template of a number, or null. */
  public static @Nullable DatabaseDescriptor numbered(long oid) {
    return ALL.stream().filter(one -> one.id() == oid).findFirst().orElse(null);
  }
}
