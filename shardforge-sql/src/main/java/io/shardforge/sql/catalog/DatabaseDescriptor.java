package io.shardforge.sql.catalog;

/** A database of the cluster: a set of schemas that one connection sees. */
public record DatabaseDescriptor(
    int id, long version, String name, int ownerId, boolean allowConnections, int connectionLimit)
    implements CatalogObject {
  /** The connection limit that means none. */
  public static final int UNLIMITED = -1;
}
