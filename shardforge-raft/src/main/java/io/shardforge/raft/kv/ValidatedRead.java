package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;

/**
 * A span that must not have changed between the timestamp it was read at and the commit.
 *
 * @param mustBeEmpty whether it must hold no row at the commit, whatever was read
 */
public record ValidatedRead(KeySpan span, long readTs, boolean mustBeEmpty) {}
