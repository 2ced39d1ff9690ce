package io.shardforge.server;

import io.shardforge.raft.shard.AbandonedSpans;
import io.shardforge.raft.shard.AbandonedSpans.Abandoned;
import io.shardforge.sql.catalog.AbandonedRows;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What dropped, truncated and rewritten tables and dropped indexes left behind, on its way from the
 * catalog, which notes it, to the replicas, which drop it. One thread.
 */
final class TableGarbage {
  private static final Logger log = LoggerFactory.getLogger(TableGarbage.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** How long past the end of history a note is kept, for nodes that are away meanwhile. */
  private static final Duration KEPT_FOR_ABSENT_NODES = Duration.ofDays(1);

  private static final int FORGOTTEN_AT_ONCE = 1_000;

  private final Catalog catalog;
  private final AbandonedSpans replicas;
  private final Duration historyRetention;
  private final BooleanSupplier forgets;
  private final Clock clock;

  /** When each was first seen here: at that timestamp it was garbage already. */
  private final Map<AbandonedRows, Long> firstSeen = new HashMap<>();

  /**
   * @param forgets whether this node removes notes that have served their time now; one node does
   */
  TableGarbage(
      Catalog catalog,
      AbandonedSpans replicas,
      Duration historyRetention,
      BooleanSupplier forgets,
      Clock clock) {
    this.catalog = catalog;
    this.replicas = replicas;
    this.historyRetention = historyRetention;
    this.forgets = forgets;
    this.clock = clock;
  }

  void run() throws InterruptedException {
    while (true) {
      try {
        pass();
      } catch (RuntimeException e) {
        log.debug("the garbage of tables was not reached, trying again", e);
      }
      clock.sleep(INTERVAL);
    }
  }

  private void pass() {
    Catalog.Garbage now = catalog.garbage();
    firstSeen.keySet().retainAll(now.rows());
    List<Abandoned> spans = new ArrayList<>();
    List<AbandonedRows> old = new ArrayList<>();
    for (AbandonedRows rows : now.rows()) {
      long since = firstSeen.computeIfAbsent(rows, _ -> now.seenTs());
      spans.add(new Abandoned(rows.span(), since));
      long ageMillis = Timestamp.physicalMillis(now.seenTs()) - Timestamp.physicalMillis(since);
      if (ageMillis > historyRetention.plus(KEPT_FOR_ABSENT_NODES).toMillis()
          && old.size() < FORGOTTEN_AT_ONCE) {
        old.add(rows);
      }
    }
    replicas.set(spans);
    if (forgets.getAsBoolean() && !old.isEmpty()) {
      catalog.forgetGarbage(old);
    }
  }
}
