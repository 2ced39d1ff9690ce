package io.shardforge.storage.backup;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** What is said of files that are not what they were. */
final class BackupErrors {
  private BackupErrors() {}

  static ShardForgeException damaged(String what) {
    return new ShardForgeException(ErrorCode.DATA_CORRUPTED, "backup is damaged: " + what);
  }
}
