package io.shardforge.sql.catalog;

/** What ANALYZE found out about a table. */
public record StatisticsDescriptor(int id, long version, long rows) implements CatalogObject {
  /** The number of rows of a table that was never analyzed. */
  public static final long UNKNOWN = -1;
}
