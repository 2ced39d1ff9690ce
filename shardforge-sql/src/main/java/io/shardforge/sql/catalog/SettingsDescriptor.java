package io.shardforge.sql.catalog;

import java.util.List;

/**
 * The settings that sessions of a role, of a database or of both begin with.
 *
 * @param id the OID of the role, {@link #ALL} for any
 * @param databaseId the OID of the database, {@link #ALL} for any
 * @param settings each as {@code name=value}, in the order in which they were first set
 */
public record SettingsDescriptor(int id, long version, int databaseId, List<String> settings)
    implements CatalogObject {
  /** The role, or the database, that stands for all. */
  public static final int ALL = 0;

  public SettingsDescriptor {
    settings = List.copyOf(settings);
  }

  static ObjectKey key(int databaseId, int roleId) {
    return new ObjectKey(ObjectKey.Kind.SETTINGS, roleId, databaseId);
  }
}
