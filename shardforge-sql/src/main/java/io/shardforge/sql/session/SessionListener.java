package io.shardforge.sql.session;

/**
 * Hears what a session tells its client besides results. Called on the session's thread unless said
 * otherwise.
 */
public interface SessionListener {
  void notice(Notice notice);

  /** A setting that clients are told about (ParameterStatus) has a new value. */
  void settingChanged(String name, String value);

  /** Another session has said something on a channel that this one listens to. */
  void notified(Notification notification);

  /** Makes a connection that waits for its client look whether it is to end. Any thread. */
  void wake();
}
