package io.shardforge.sql.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node has written to its log lately. Any thread. */
public interface NodeLog {
  /**
   * A line.
   *
   * @param micros since 1970-01-01 UTC
   * @param channel the word of its {@link LogChannel}
   * @param severity such as INFO
   * @param fields what it says beside the message, as name=value
   */
  record Line(long micros, String channel, String severity, String message, String fields) {}

  /**
   * The newest lines, the newest last.
   *
   * @param channel of this one, or of all if null
   */
  List<Line> tail(@Nullable LogChannel channel, int lines);
}
