package io.shardforge.sql.catalog;

import java.util.List;

/**
 * What a table was told in WITH (...) that changes where its rows are.
 *
 * @param replicationFactor how many replicas its shards have, 0 for as many as the cluster's others
 */
public record TableOptions(int replicationFactor) {
  /** The options of a table that was told nothing. */
  public static final TableOptions NONE = new TableOptions(0);

  /** Its name in SQL. */
  public static final String REPLICATION_FACTOR = "replication_factor";

  /** The same with another number of replicas. */
  public TableOptions withReplicationFactor(int factor) {
    return new TableOptions(factor);
  }

  /** The options that were given, as pg_class shows them. */
  public List<String> texts() {
    return replicationFactor == 0
        ? List.of()
        : List.of(REPLICATION_FACTOR + "=" + replicationFactor);
  }
}
