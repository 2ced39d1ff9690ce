package io.shardforge.sql.catalog;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** A database of the cluster: a set of schemas that one connection sees. */
public record DatabaseDescriptor(
    int id, long version, String name, int ownerId, boolean allowConnections, int connectionLimit)
    implements CatalogObject {
  /** The connection limit that means none. */
  public static final int UNLIMITED = -1;

  /**
   * Refuses, as PostgreSQL does (0A000), a name that is written with another database.
   *
   * @param database what is written ahead of schema and name, empty for nothing
   * @param written the rest of the name
   */
  public void requireIs(String database, String written) {
    if (!database.isEmpty() && !database.equals(name)) {
      throw new ShardForgeException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cross-database references are not implemented: \"%s.%s\"".formatted(database, written));
    }
  }
}
