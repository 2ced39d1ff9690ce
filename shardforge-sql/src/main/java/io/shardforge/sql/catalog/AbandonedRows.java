package io.shardforge.sql.catalog;

import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;

/**
 * Rows that no descriptor names any more: those of a table and its indexes, or the entries of one
 * index.
 *
 * @param index the index's number, or {@link #ALL}
 */
public record AbandonedRows(int dataId, int index) {
  static final int ALL = 0;

  public KeySpan span() {
    return index == ALL ? KeySpace.tableSpan(dataId) : KeySpace.indexSpan(dataId, index);
  }
}
