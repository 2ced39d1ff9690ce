package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Locks of rows in the form that their table is to have, beside those in the form of today: who
 * locks a row without writing it has it locked still when the table has the new form.
 */
final class SuccessorLocks {
  private final RowConversion conversion;
  private final RowCodec from;
  private final RowCodec to;
  private final int[] keyOrdinals;
  private final Execution execution;
  private final KeyEncoder encoder = new KeyEncoder();

  SuccessorLocks(RowConversion conversion, Execution execution) {
    this.conversion = conversion;
    this.from = conversion.from();
    this.to = RowCodec.of(conversion.to());
    this.keyOrdinals =
        conversion.to().primaryIndex().columns().stream()
            .mapToInt(key -> conversion.to().ordinalOfNumber(key.columnNumber()))
            .toArray();
    this.execution = execution;
  }

  /** Locks rows that are locked in the form of today, so that nobody is waited for long. */
  void take(List<LockedRow> rows, LockStrength strength) {
    List<byte[]> keys = new ArrayList<>();
    for (LockedRow row : rows) {
      byte[] key = row.skipped() || row.value() == null ? null : key(row.key(), row.value());
      if (key != null) {
        keys.add(key);
      }
    }
    if (!keys.isEmpty()) {
      var _ = execution.txn().lock(keys, strength, LockWait.BLOCK);
    }
  }

  /** Null for a row that cannot have the new form. */
  private byte @Nullable [] key(byte[] key, byte[] value) {
    @Nullable Object[] converted;
    try {
      converted = conversion.convert(from.reader().read(key, value), execution);
    } catch (ShardForgeException e) {
      return null;
    }
    for (int ordinal : keyOrdinals) {
      if (converted[ordinal] == null) {
        return null;
      }
    }
    return to.key(converted, encoder);
  }
}
