/**
 * The timestamp oracle: what its leader hands out, and how a node asks for it. For any thread;
 * imports raft.kv and storage.
 */
@NullMarked
package io.shardforge.raft.oracle;

import org.jspecify.annotations.NullMarked;
