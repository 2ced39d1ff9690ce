package io.shardforge.raft.kv;

import org.jspecify.annotations.Nullable;

/**
 * What a locking read found under a key.
 *
 * @param value the newest committed value or the transaction's own write; null where there is none
 * @param commitTs the commit timestamp of that value, 0 where there is none
 * @param newer whether it is newer than the statement's read timestamp
 * @param skipped whether somebody else holds the row and it was left out, not locked
 */
public record LockedRow(
    byte[] key, byte @Nullable [] value, long commitTs, boolean newer, boolean skipped) {}
