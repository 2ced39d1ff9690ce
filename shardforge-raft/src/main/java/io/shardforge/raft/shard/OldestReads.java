package io.shardforge.raft.shard;

import io.shardforge.storage.clock.Clock;
import java.util.HashMap;
import java.util.Map;

/** What the gateways say that their transactions still read at; kept beside the oracle. */
final class OldestReads {
  /** A gateway that said nothing for so long counts no more. */
  static final long FORGET_AFTER_NANOS = 20_000_000_000L;

  private final Clock clock;
  private final Map<Integer, Report> reports = new HashMap<>();

  OldestReads(Clock clock) {
    this.clock = clock;
  }

  private record Report(long oldestReadTs, long nanos) {}

  /** Takes a gateway's report; 0 if it reads at nothing old. */
  synchronized void report(int node, long oldestReadTs) {
    if (oldestReadTs == 0) {
      reports.remove(node);
    } else {
      reports.put(node, new Report(oldestReadTs, clock.monotonicNanos()));
    }
  }

  /** No transaction reads below this. */
  synchronized long oldest(long now) {
    if (reports.isEmpty()) {
      return now;
    }
    long nanos = clock.monotonicNanos();
    reports.values().removeIf(report -> nanos - report.nanos > FORGET_AFTER_NANOS);
    long oldest = now;
    for (Report report : reports.values()) {
      oldest = Math.min(oldest, report.oldestReadTs);
    }
    return oldest;
  }
}
