package io.shardforge.sql.session;

/**
 * What NOTIFY says to those who listen.
 *
 * @param processId the session that said it
 */
public record Notification(String channel, String payload, int processId) {
  /** What it takes in a queue, about. */
  long bytes() {
    return 64L + channel.length() + payload.length();
  }
}
