package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The translation of RocksDB's failures into ours. */
final class RocksFailure {
  private RocksFailure() {}

  static ShardForgeException of(String doing, RocksDBException failure) {
    return new ShardForgeException(
        code(failure.getStatus()), doing + ": " + failure.getMessage(), failure);
  }

  private static ErrorCode code(@Nullable Status status) {
    if (status == null) {
      return ErrorCode.SYSTEM_ERROR;
    }
    if (status.getSubCode() == Status.SubCode.NoSpace) {
      return ErrorCode.DISK_FULL;
    }
    return switch (status.getCode()) {
      case Corruption -> ErrorCode.DATA_CORRUPTED;
      case IOError -> ErrorCode.IO_ERROR;
      default -> ErrorCode.SYSTEM_ERROR;
    };
  }
}
