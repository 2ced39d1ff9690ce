package io.shardforge.raft.kv;

import org.jspecify.annotations.Nullable;

/**
 * What a node can do with the rows of pages before it sends them to another one, so that results
 * travel instead. What is to be done is told in bytes that only the layers above understand. Any
 * thread.
 */
@FunctionalInterface
public interface PageWork {
  /** Understands nothing: all rows travel. */
  PageWork NONE = _ -> null;

  /** Begins with what is to be done, or returns null if it is not understood. */
  @Nullable Run begin(byte[] work);

  /** The work on the pages of one answer, in order. */
  interface Run {
    /** Takes a page, or leaves it as if it had not been seen if it has to travel as it is. */
    boolean add(KvPage page);

    /** Whether no further page is needed to answer. */
    boolean isDone();

    /** What the results take so far. */
    int sizeBytes();

    /** What is made of the pages taken; the last call. */
    KvPage result();
  }
}
