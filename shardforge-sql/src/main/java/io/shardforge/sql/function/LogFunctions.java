package io.shardforge.sql.function;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What nodes have written to their logs lately. Obtained from EvalContext.services(). */
public interface LogFunctions {
  /**
   * Rows of node, time, channel, severity, message, fields: the newest lines, the newest last.
   *
   * @param node whose, or null for this one
   * @param channel of which channel, or null for all
   */
  Iterator<@Nullable Object[]> logTail(@Nullable Long node, @Nullable String channel, long lines);
}
