package io.shardforge.raft.check.file;

import org.jspecify.annotations.Nullable;

/** How a workload's actions stand in the {@code :f} and {@code :value} of an event. */
public interface Codec<T> {
  /** The action of an event, or null if the event is not of this workload. */
  @Nullable T decode(String function, @Nullable Object value);

  /** The {@code :f} of an action. */
  String function(T action);

  /** The {@code :value} of an action. */
  @Nullable Object value(T action);

  /** The {@code :value} of an action before its answer has come. */
  @Nullable Object asked(T action);
}
