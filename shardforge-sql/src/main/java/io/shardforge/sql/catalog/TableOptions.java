package io.shardforge.sql.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * What a table was told in WITH (...).
 *
 * @param replicationFactor how many replicas its shards have, 0 for as many as the cluster's others
 * @param shards the arcs that its rows are cut into by a hash of their key, 0 for rows in key order
 * @param parameters PostgreSQL's storage parameters as {@code name=value}, which change nothing
 */
public record TableOptions(int replicationFactor, int shards, List<String> parameters) {
  public TableOptions {
    parameters = List.copyOf(parameters);
  }

  /** The options of a table that was told nothing. */
  public static final TableOptions NONE = new TableOptions(0, 0, List.of());

  /** The name in SQL of the number of replicas. */
  public static final String REPLICATION_FACTOR = "replication_factor";

  /** The name in SQL of the way of cutting. */
  public static final String SHARDING = "sharding";

  /** The one way of cutting that there is besides the order of keys. */
  public static final String HASH = "hash";

  /** The name in SQL of the number of arcs. */
  public static final String SHARDS = "shards";

  /** The same with another number of replicas. */
  public TableOptions withReplicationFactor(int factor) {
    return new TableOptions(factor, shards, parameters);
  }

  /** The same cut into another number of arcs. */
  public TableOptions withShards(int number) {
    return new TableOptions(replicationFactor, number, parameters);
  }

  /** The same with other storage parameters. */
  public TableOptions withParameters(List<String> newParameters) {
    return new TableOptions(replicationFactor, shards, newParameters);
  }

  /** Whether rows lie by a hash of their key. */
  public boolean isHashed() {
    return shards != 0;
  }

  /** The options that were given, as pg_class shows them. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (replicationFactor != 0) {
      texts.add(REPLICATION_FACTOR + "=" + replicationFactor);
    }
    if (isHashed()) {
      texts.add(SHARDING + "=" + HASH);
      texts.add(SHARDS + "=" + shards);
    }
    texts.addAll(parameters);
    return texts;
  }
}
