/**
 * The key-value vocabulary: what the layers above say to a shard and hear from it. Immutable values
 * for any thread; imports storage only.
 */
@NullMarked
package io.shardforge.raft.kv;

import org.jspecify.annotations.NullMarked;
