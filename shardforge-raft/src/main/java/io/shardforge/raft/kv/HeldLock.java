package io.shardforge.raft.kv;

/**
 * A row lock as its owner remembers it; a commit proves that it is still held.
 *
 * @param leaseNumber the lease under which it was granted: locks go with their lease
 */
public record HeldLock(byte[] key, LockStrength strength, long leaseNumber) {}
