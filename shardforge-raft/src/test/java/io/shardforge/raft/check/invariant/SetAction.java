package io.shardforge.raft.check.invariant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client does to a set that only grows. */
public sealed interface SetAction {
  /** Adds an element, which nobody else adds. */
  record Add(Object element) implements SetAction {}

  /** Reads all elements; null is not known. */
  record Read(@Nullable List<?> elements) implements SetAction {}
}
