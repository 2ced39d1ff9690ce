package io.shardforge.raft.kv;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One write of a transaction.
 *
 * @param value null for a deletion
 * @param replacesTs the commit timestamp of the version that it replaces, 0 where there must be no
 *     row, {@link #BLIND} where the writer has not looked
 * @param statement the sequence number of the statement that wrote it
 */
public record Mutation(
    Kind kind,
    TableVersion table,
    byte[] key,
    byte @Nullable [] value,
    long replacesTs,
    int statement) {
  /** Replaces whatever there is. */
  public static final long BLIND = -1;

  /** What a write does to its key. */
  public enum Kind {
    /** Sets the value, whether there is a row or not. */
    PUT,
    /** Adds a row where there must be none. */
    INSERT,
    /** Removes the row. */
    DELETE
  }

  /** The lock that the write needs. */
  public LockStrength strength() {
    return kind == Kind.PUT ? LockStrength.NO_KEY_UPDATE : LockStrength.UPDATE;
  }

  /** From the first to the last key of writes that come in the order of their keys. */
  public static KeySpan hull(List<Mutation> ordered) {
    return new KeySpan(ordered.getFirst().key(), Bytes.successor(ordered.getLast().key()));
  }

  public int sizeBytes() {
    return key.length + (value == null ? 0 : value.length);
  }
}
