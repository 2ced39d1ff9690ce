package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;

/** A row lock that a transaction counts on, as its gateway tells a new lease holder. */
public record ReportedLock(TxnId id, byte[] key, LockStrength strength) {
  public void put(WireWriter out) {
    out.putTxnId(id).putBytes(key).putByte(KvCodec.indexOf(LockStrength.values(), strength));
  }

  public static ReportedLock read(WireReader in) {
    TxnId id = in.readTxnId();
    byte[] key = in.readBytes();
    return new ReportedLock(id, key, KvCodec.pick(LockStrength.values(), in.readByte()));
  }
}
