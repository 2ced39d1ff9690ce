package io.shardforge.sql.session;

import org.jspecify.annotations.Nullable;

/** The bytes a client sends for COPY FROM STDIN. */
public interface CopySource {
  /** The next piece, null at the end; 57014 when the client gave up. */
  byte @Nullable [] next();
}
