package io.shardforge.sql.row;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keys for the rows of tables without a primary key: unique in the cluster without asking anybody,
 * and in the order in which transactions began.
 *
 * <p>The upper half is the transaction's start timestamp. No two gateways are ever given the same
 * one, nor is one before and after a restart; within a process the lower half tells rows apart.
 */
public final class RowIds {
  private static final int ID_BYTES = 16;

  private static final AtomicLong COUNTER = new AtomicLong();

  private RowIds() {}

  /**
   * The id of a row that had another key so far: of one key always the same, of two never. It is
   * none that a new row gets.
   */
  public static UUID of(byte[] key) {
    byte[] id = new byte[ID_BYTES];
    boolean fits = key.length < ID_BYTES - 1;
    if (fits) {
      // In the order of the keys.
      System.arraycopy(key, 0, id, 1, key.length);
      id[ID_BYTES - 1] = (byte) key.length;
    } else {
      System.arraycopy(sha256(key), 0, id, 1, ID_BYTES - 1);
    }
    // Timestamps are positive.
    id[0] = (byte) (fits ? 0x80 : 0x81);
    ByteBuffer halves = ByteBuffer.wrap(id);
    return new UUID(halves.getLong(), halves.getLong());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new id for a row of a transaction with this start timestamp. */
  public static UUID next(long startTimestamp) {
    return new UUID(startTimestamp, COUNTER.incrementAndGet());
  }
}
