package io.shardforge.sql.session;

import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.system.AlertsView;
import io.shardforge.sql.function.AlertFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alerts as a session may know them: members of pg_monitor see them, superusers test them. */
final class SessionAlerts implements AlertsView, AlertFunctions {
  private final Session session;

  SessionAlerts(Session session) {
    this.session = session;
  }

  @Override
  public List<Entry> alerts() {
    requireMonitor(session, "shardforge.alerts");
    return session.services().alerts().alerts();
  }

  @Override
  public Iterator<@Nullable Object[]> testAlert() {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "must be superuser to send a test alert");
    }
    try {
      return session.services().alerts().test().stream()
          .map(d -> new @Nullable Object[] {d.receiver(), d.delivered(), d.message()})
          .iterator();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Cancellation.termination();
    }
  }

  /** Refuses what tells of other sessions and of the machine to those who may not see it. */
  static void requireMonitor(Session session, String object) {
    if (!session.access().actsAs(PredefinedRole.READ_ALL_STATS)) {
      throw new ShardForgeException(
              ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for " + object)
          .withHint("Members of pg_monitor may read it.");
    }
  }
}
