package io.shardforge.raft.group;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The pieces of a state's copy in the order in which they were written. */
public interface StateSource {
  /** The next piece, waiting for it; null after the last one. */
  byte @Nullable [] next() throws IOException, InterruptedException;
}
