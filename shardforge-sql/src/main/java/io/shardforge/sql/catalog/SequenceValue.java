package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import org.jspecify.annotations.Nullable;

/**
 * The state of a sequence as stored under its own key in the data span.
 *
 * @param last the value given out last, or the one to give out next if {@code called} is false
 */
public record SequenceValue(long last, boolean called) {
  private static final int PRIMARY_INDEX = 1;
  private static final int LENGTH = Long.BYTES + 1;

  static byte[] keyOf(SequenceDescriptor sequence) {
    return KeySpace.indexPrefix(sequence.dataId(), PRIMARY_INDEX);
  }

  /** The state that bytes tell; a sequence that was never used has none and is at its start. */
  static SequenceValue decode(SequenceDescriptor sequence, byte @Nullable [] stored) {
    if (stored == null) {
      return new SequenceValue(sequence.start(), false);
    }
    if (stored.length != LENGTH) {
      throw CatalogErrors.corrupted("sequence value of " + stored.length + " bytes");
    }
    return new SequenceValue(Bytes.getLong(stored, 0), stored[Long.BYTES] != 0);
  }

  private byte[] encode() {
    byte[] bytes = new byte[LENGTH];
    Bytes.putLong(bytes, 0, last);
    bytes[Long.BYTES] = (byte) (called ? 1 : 0);
    return bytes;
  }

  /** Writes the state through a transaction. */
  public void write(Txn txn, SequenceDescriptor sequence) {
    txn.put(TableVersion.NONE, keyOf(sequence), encode());
  }
}
