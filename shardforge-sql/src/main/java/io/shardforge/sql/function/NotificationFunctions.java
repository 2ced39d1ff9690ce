package io.shardforge.sql.function;

import java.util.List;

/** pg_notify and its kin. Obtained from EvalContext.services(). */
public interface NotificationFunctions {
  /** Tells those who listen to a channel something, once the transaction has committed. */
  void send(String channel, String payload);

  /** The channels that the session listens to. */
  List<String> listening();

  /** How full the fullest queue of notifications is, from 0 to 1. */
  double queueUsage();
}
