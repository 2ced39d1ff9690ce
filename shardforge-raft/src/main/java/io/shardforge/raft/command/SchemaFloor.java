package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.TxnId;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a table may still be written on a shard.
 *
 * <p>Raised by a schema change before it commits. Until its outcome is known here, writes planned
 * on older versions wait; then they are refused (it committed) or the floor goes back (it did not).
 *
 * @param version writes planned on older versions are refused
 * @param before the version to go back to
 * @param raiser the transaction that raised it; null once that is known to have committed
 * @param primaryKey the key of the raiser's record
 */
public record SchemaFloor(long version, long before, @Nullable TxnId raiser, byte[] primaryKey) {
  void put(WireWriter out) {
    out.putVarint(version).putVarint(before).putBoolean(raiser != null);
    if (raiser != null) {
      out.putTxnId(raiser).putBytes(primaryKey);
    }
  }

  static SchemaFloor read(WireReader in) {
    long version = in.readVarint();
    long before = in.readVarint();
    if (!in.readBoolean()) {
      return new SchemaFloor(version, before, null, new byte[0]);
    }
    TxnId raiser = in.readTxnId();
    return new SchemaFloor(version, before, raiser, in.readBytes());
  }
}
