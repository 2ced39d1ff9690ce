package io.shardforge.raft.check.register;

import org.jspecify.annotations.Nullable;

/** What a client does to a register; null is the value of one that was never written. */
public sealed interface RegisterAction {
  /** Which register. */
  Object key();

  /** Reads, and saw this. */
  record Read(Object key, @Nullable Object value) implements RegisterAction {}

  /** Writes this. */
  record Write(Object key, @Nullable Object value) implements RegisterAction {}

  /** Writes a value in the place of an expected one; fails where it is another. */
  record CompareAndSet(Object key, @Nullable Object expected, @Nullable Object value)
      implements RegisterAction {}
}
