package io.shardforge.server.alert;

import java.io.IOException;
import java.util.List;

/** Somebody who is told of alerts. Any thread, which it blocks for seconds at most. */
interface AlertReceiver {
  /** What it is called, in logs and in the book: the same on all nodes. */
  String name();

  /**
   * Tells of alerts.
   *
   * @return what it answered
   * @throws IOException if it did not take them; its message has no secrets
   */
  String tell(List<Alert> alerts) throws IOException, InterruptedException;
}
