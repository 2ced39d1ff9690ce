package io.shardforge.sql.catalog.system;

import io.shardforge.sql.expr.EvalContext;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows about alerts. */
final class AlertTables {
  /**
   * The microseconds from 1970-01-01, with which nodes count, to 2000-01-01, with which SQL does.
   */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private AlertTables() {}

  static Stream<@Nullable Object[]> alerts(SystemTable t, EvalContext context) {
    return context.services().get(AlertsView.class).alerts().stream()
        .map(alert ->
            t.row()
                .set("name", alert.name())
                .set("severity", alert.severity())
                .set("node_id", alert.nodeId() == null ? null : (Object) (long) alert.nodeId())
                .set("state", alert.state())
                .set("since", alert.sinceMicros() - EPOCH_MICROS)
                .set("fired_at", micros(alert.firedMicros()))
                .set("ended_at", micros(alert.endedMicros()))
                .set("value", alert.value())
                .set("summary", alert.summary())
                .done());
  }

  private static @Nullable Object micros(@Nullable Long micros) {
    return micros == null ? null : (Object) (micros - EPOCH_MICROS);
  }
}
