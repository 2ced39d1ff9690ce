package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;

/** Which transaction's record, and the primary key that it lies with. */
public record RecordName(TxnId id, byte[] primaryKey) {}
