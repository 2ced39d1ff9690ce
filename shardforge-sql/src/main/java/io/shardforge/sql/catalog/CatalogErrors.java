package io.shardforge.sql.catalog;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** The errors of the catalog's own storage. */
final class CatalogErrors {
  private CatalogErrors() {}

  static ShardForgeException corrupted(String what) {
    return new ShardForgeException(ErrorCode.DATA_CORRUPTED, "malformed catalog row: " + what);
  }
}
