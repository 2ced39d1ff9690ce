package io.shardforge.raft.shard;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spans of tables that were dropped, truncated or rewritten, whose rows nothing reads any more
 * once no read may ask for a time before that. Each replica drops them by itself: what lies there
 * decides nothing that is still to be applied, so replicas need not do it at the same entry of
 * their log.
 *
 * <pre>
 *   abandoned at T ──► threshold of history passes T, durably ──► files and rows of the span go
 *                      (from here on reads before it are refused)
 * </pre>
 *
 * <p>The list comes from whoever knows the tables; any thread may set it.
 */
public final class AbandonedSpans {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedSpans.class);

  private volatile List<Abandoned> spans = List.of();

  /**
   * A span that nothing writes to any more.
   *
   * @param sinceTs a timestamp at which that was so
   */
  public record Abandoned(KeySpan span, long sinceTs) {}

  /** Replaces the list. */
  public void set(List<Abandoned> abandoned) {
    spans = List.copyOf(abandoned);
  }

  /** Whether replicas may differ in a span because each drops such rows at a time of its own. */
  public boolean overlaps(KeySpan span) {
    return spans.stream().anyMatch(abandoned -> abandoned.span().overlaps(span));
  }

  /** Whether a shard holds rows that could go if its threshold were moved from here. */
  boolean waitsFor(Engine engine, KeySpan shard, long threshold) {
    return waitsFor(engine, shard, threshold, Long.MAX_VALUE);
  }

  /** Whether a shard holds rows that could go with one threshold but not yet with a lower one. */
  boolean waitsFor(Engine engine, KeySpan shard, long lower, long threshold) {
    for (Abandoned abandoned : spans) {
      if (abandoned.sinceTs() >= lower
          && abandoned.sinceTs() < threshold
          && abandoned
              .span()
              .intersect(shard)
              .filter(part -> holdsRows(engine, part))
              .isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Drops what lies below a shard's durable threshold. */
  void drop(Engine engine, KeySpan shard, long threshold) {
    for (Abandoned abandoned : spans) {
      if (abandoned.sinceTs() >= threshold) {
        continue;
      }
      KeySpan part = abandoned.span().intersect(shard).orElse(null);
      if (part != null && holdsRows(engine, part)) {
        long bytes = engine.approximateSizeBytes(Family.CURRENT, part);
        engine.dropSpan(Family.CURRENT, part);
        LOG.info("abandoned rows dropped span={} bytes={}", part, bytes);
      }
    }
  }

  private static boolean holdsRows(Engine engine, KeySpan span) {
    try (EngineIterator rows = engine.iterator(Family.CURRENT, span)) {
      return rows.seekToFirst();
    }
  }
}
