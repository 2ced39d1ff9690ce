/**
 * The messages that travel between nodes and lie in the meta shard; the classes are generated from
 * {@code src/main/protobuf}.
 *
 * <p>Threads: messages are immutable. Imported only by the packages that encode and decode.
 */
package io.shardforge.raft.proto;
