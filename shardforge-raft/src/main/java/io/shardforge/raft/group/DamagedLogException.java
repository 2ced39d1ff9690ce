package io.shardforge.raft.group;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A log that does not hold what was written to it. */
final class DamagedLogException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  DamagedLogException(String how, @Nullable Exception cause) {
    super(how, cause);
  }
}
