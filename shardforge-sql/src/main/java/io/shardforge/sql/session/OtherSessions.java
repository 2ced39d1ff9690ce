package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import java.util.List;

/**
 * The sessions of the cluster as one of them finds them: its client is warned of nodes that say
 * nothing.
 */
record OtherSessions(Session session) {
  /** Those that are selected, of all nodes that have answered. */
  List<SessionReport> of(ClusterSessions.Selection selection) {
    ClusterSessions.Found found = find(selection);
    for (int node : found.silent()) {
      session.notice(
          Notice.warning(
              ErrorCode.WARNING,
              "node %d does not answer, its sessions are left out".formatted(node)));
    }
    return found.sessions();
  }

  /** The same without a warning. */
  ClusterSessions.Found find(ClusterSessions.Selection selection) {
    try {
      return session.services().sessions().find(selection);
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  /** See {@link ClusterSessions#find(int)}. */
  ClusterSessions.Found find(int processId) {
    try {
      return session.services().sessions().find(processId);
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  /** See {@link ClusterSessions#signal}. */
  boolean signal(SessionReport other, boolean end) {
    boolean told;
    try {
      told = session.services().sessions().signal(other, end);
    } catch (InterruptedException e) {
      throw canceled();
    }
    if (told && other.processId() == session.client().processId()) {
      // Who has stopped itself gets no answer of the function.
      throw session.stopped();
    }
    return told;
  }

  private RuntimeException canceled() {
    Thread.currentThread().interrupt();
    return session.cancellationError();
  }
}
