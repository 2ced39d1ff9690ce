package io.shardforge.sql.session;

import io.shardforge.sql.catalog.system.AlertsView;
import java.util.List;

/** The alerts of the cluster as a node knows them. Any thread. */
public interface NodeAlerts extends AlertsView {
  /**
   * What came of a test.
   *
   * @param receiver who was told
   * @param delivered whether it took it
   * @param message what it said, without secrets
   */
  record Delivery(String receiver, boolean delivered, String message) {}

  /** Tells all receivers of a test, and waits for what they say. */
  List<Delivery> test() throws InterruptedException;
}
