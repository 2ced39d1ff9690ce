package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.TableDescriptor;

/** How many rows tables are thought to have. */
@FunctionalInterface
public interface RowEstimates {
  /** Knows nothing. */
  RowEstimates NONE = table -> -1;

  /** An estimate, or -1 where there is none. */
  long rows(TableDescriptor table);
}
