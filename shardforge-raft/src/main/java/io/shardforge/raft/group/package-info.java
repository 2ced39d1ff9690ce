/**
 * An ordered, replicated log of commands per shard: the seam that replicas are written against, and
 * its production implementation on Apache Ratis.
 *
 * <p>Threads: {@link io.shardforge.raft.group.ReplicatedState#apply} runs on one thread per shard;
 * completions of proposals run on the consensus library's threads, so whoever chains work on them
 * must not block. This is the only package that imports {@code org.apache.ratis}; it sends its
 * messages through {@code raft.route}.
 */
@NullMarked
package io.shardforge.raft.group;

import org.jspecify.annotations.NullMarked;
