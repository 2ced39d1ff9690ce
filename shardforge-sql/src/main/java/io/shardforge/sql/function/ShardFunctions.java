package io.shardforge.sql.function;

import io.shardforge.sql.type.SqlType;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What functions ask of the cluster's shards. Obtained from EvalContext.services(). */
public interface ShardFunctions {
  /**
   * Makes a key of a table the first of a shard; returns the shard's id.
   *
   * @param values of the leading columns of the primary key
   * @param types of the values
   */
  long splitAt(long table, List<@Nullable Object> values, List<SqlType> types);

  /** Makes a key of a table the first of no shard; returns the shard that has it. As above. */
  long mergeAt(long table, List<@Nullable Object> values, List<SqlType> types);

  /** Begins to move a shard's replica to another node; returns the shard. */
  long moveReplica(long shard, long from, long to);

  /**
   * Compares the replicas of a table and its indexes, and the indexes with the rows: rows of
   * relation, shard, node, entries, checksum, what is wrong or null.
   */
  Iterator<@Nullable Object[]> verifyTable(long table);
}
