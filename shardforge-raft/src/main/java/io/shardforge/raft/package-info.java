/**
 * The key-value layer: requests, transactions, routing and replicated shards. Imports {@code
 * io.shardforge.storage} only.
 */
@NullMarked
package io.shardforge.raft;

import org.jspecify.annotations.NullMarked;
