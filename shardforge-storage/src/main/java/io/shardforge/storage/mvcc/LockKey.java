package io.shardforge.storage.mvcc;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of LOCK, by what they hold: provisional writes under the key itself, transaction records
 * and commit outcomes under the escaped key and the transaction. All follow their key in a split.
 */
final class LockKey {
  static final int PROVISIONAL = 0x01;
  static final int RECORD = 0x02;
  static final int OUTCOME = 0x03;

  private LockKey() {}

  static byte[] provisional(byte[] key) {
    return new KeyEncoder(1 + key.length).putRawByte(PROVISIONAL).putRaw(key).toByteArray();
  }

  static byte[] record(byte[] primaryKey, TxnId txn) {
    return withTxn(RECORD, primaryKey, txn);
  }

  static byte[] outcome(byte[] firstKey, TxnId txn) {
    return withTxn(OUTCOME, firstKey, txn);
  }

  /** The key that a record or an outcome is filed under. */
  static byte[] keyOf(byte[] lockKey) {
    return new KeyDecoder(lockKey).skip(1).getEscaped();
  }

  /** The entries of one kind that belong to a span's keys. */
  static KeySpan span(int kind, KeySpan keys) {
    return new KeySpan(
        bound(kind, keys.start()),
        keys.hasEnd() ? bound(kind, keys.end()) : new byte[] {(byte) (kind + 1)});
  }

  /** The rows whose provisional writes lie in a span of LOCK. */
  static Optional<KeySpan> rowsOf(KeySpan lockKeys) {
    return lockKeys
        .intersect(span(PROVISIONAL, KeySpan.ALL))
        .map(part ->
            new KeySpan(
                Arrays.copyOfRange(part.start(), 1, part.start().length),
                part.end()[0] == PROVISIONAL
                    ? Arrays.copyOfRange(part.end(), 1, part.end().length)
                    : Bytes.EMPTY));
  }

  private static byte[] bound(int kind, byte[] key) {
    KeyEncoder encoder = new KeyEncoder(2 * key.length + 1).putRawByte(kind);
    return (kind == PROVISIONAL ? encoder.putRaw(key) : encoder.putEscapedPrefix(key))
        .toByteArray();
  }

  private static byte[] withTxn(int kind, byte[] key, TxnId txn) {
    KeyEncoder encoder = new KeyEncoder(key.length + 24).putRawByte(kind).putEscaped(key);
    txn.encode(encoder);
    return encoder.toByteArray();
  }
}
