package io.shardforge.sql.function;

import org.jspecify.annotations.Nullable;

/**
 * About how many bytes relations and databases take, or null if that cannot be told. Obtained from
 * EvalContext.services().
 */
public interface SizeFunctions {
  /** What of a relation is asked for. */
  enum Part {
    /** The rows of a table, the entries of an index. */
    OWN,
    /** All indexes of a table. */
    INDEXES,
    /** Both. */
    ALL
  }

  /** Of a relation; null if there is none. */
  @Nullable Long relation(long oid, Part part);

  /** Of all relations of a database; null if there is none. */
  @Nullable Long database(long oid);

  /** Of a tablespace; null if there is none. */
  @Nullable Long tablespace(long oid);
}
