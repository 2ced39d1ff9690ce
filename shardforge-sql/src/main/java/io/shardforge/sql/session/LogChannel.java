package io.shardforge.sql.session;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a log line is about, for whoever sorts them. Lines of no channel are of {@link #OPS}. */
public enum LogChannel {
  /** What the node decides and what happens to it. */
  OPS,
  /** How the node is doing, once a minute. */
  HEALTH,
  /** Statements, as far as log_statement wants them. */
  SQL,
  /** Statements that took longer than log_min_duration_statement. */
  SQL_SLOW,
  /** Who came and who changed what: logins, schema, roles, privileges, settings. */
  AUDIT,
  /** Attacks that were noticed. */
  SECURITY;

  private static final String PREFIX = "shardforge.";

  /** Its name in log lines. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** Where its lines are written. */
  public Logger logger() {
    return LoggerFactory.getLogger(PREFIX + word());
  }

  /** The channel of a name in log lines, or null if there is none. */
  public static @Nullable LogChannel ofWord(String word) {
    for (LogChannel channel : values()) {
      if (word.equals(channel.word())) {
        return channel;
      }
    }
    return null;
  }

  /** The channel of the lines of a logger. */
  public static LogChannel ofLogger(String name) {
    LogChannel channel = name.startsWith(PREFIX) ? ofWord(name.substring(PREFIX.length())) : null;
    return channel == null ? OPS : channel;
  }
}
