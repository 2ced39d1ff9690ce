package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;

/** A span that must not have changed between the timestamp it was read at and the commit. */
public record ValidatedRead(KeySpan span, long readTs) {}
