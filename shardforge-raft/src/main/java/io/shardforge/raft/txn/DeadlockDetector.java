package io.shardforge.raft.txn;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.mvcc.TxnId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's graph of who waits for whom, kept by the lease holder of the meta shard.
 *
 * <p>A lease holder reports a wait once it has lasted a little while, again and again while it
 * lasts, and when it ends. The report that closes a cycle makes its transaction the victim. Nothing
 * is replicated: after a change of lease the next reports fill the graph again.
 *
 * <p>A shard's new lease holder queues whoever waits anew, maybe in another order, and the old one
 * may have died without a word. So a report under a new lease ends all waits of that shard that
 * were reported under older ones: beside the new ones they would make cycles that nobody is in.
 */
public final class DeadlockDetector {
  /** Waits remembered at once; beyond that a wait is not judged until others have ended. */
  static final int WAITS_MAX = 20_000;

  /** A report that was not repeated for so long is forgotten. */
  static final long FORGET_AFTER_NANOS = 3_000_000_000L;

  private final Clock clock;
  // By waiter: whom it waits for, on one or several shards.
  private final Map<TxnId, Map<TxnId, Edge>> waits = new HashMap<>();
  // By shard: the newest lease that has reported.
  private final Map<Long, Long> leases = new HashMap<>();

  /** When a wait was last reported, and by whom. */
  private record Edge(long reportedNanos, long shardId, long leaseNumber) {}

  public DeadlockDetector(Clock clock) {
    this.clock = clock;
  }

  /**
   * Takes a report; holders are empty when the wait is over. Returns the transaction that the
   * waiter waits for and that, through others maybe, waits for it: the waiter must give up. Null
   * where there is no such one.
   */
  public synchronized @Nullable TxnId report(
      TxnId waiter, List<TxnId> holders, long shardId, long leaseNumber) {
    long now = clock.monotonicNanos();
    if (leases.merge(shardId, leaseNumber, Math::max) > leaseNumber) {
      return null;
    }
    if (holders.isEmpty()) {
      waits.remove(waiter);
      return null;
    }
    if (waits.size() >= WAITS_MAX && !waits.containsKey(waiter)) {
      waits.values().removeIf(wait -> forget(wait, now).isEmpty());
      if (waits.size() >= WAITS_MAX) {
        return null;
      }
    }
    Map<TxnId, Edge> edges = waits.computeIfAbsent(waiter, _ -> new HashMap<>());
    for (TxnId holder : holders) {
      edges.put(holder, new Edge(now, shardId, leaseNumber));
    }
    for (TxnId holder : holders) {
      if (waitsFor(holder, waiter, now)) {
        waits.remove(waiter);
        return holder;
      }
    }
    return null;
  }

  private boolean waitsFor(TxnId from, TxnId target, long now) {
    Set<TxnId> seen = new HashSet<>();
    Deque<TxnId> toVisit = new ArrayDeque<>();
    toVisit.add(from);
    while (!toVisit.isEmpty()) {
      TxnId id = toVisit.poll();
      if (id.equals(target)) {
        return true;
      }
      Map<TxnId, Edge> edges = seen.add(id) ? waits.get(id) : null;
      if (edges == null) {
        continue;
      }
      if (forget(edges, now).isEmpty()) {
        waits.remove(id);
      } else {
        toVisit.addAll(edges.keySet());
      }
    }
    return false;
  }

  private Map<TxnId, Edge> forget(Map<TxnId, Edge> edges, long now) {
    edges
        .values()
        .removeIf(edge ->
            now - edge.reportedNanos > FORGET_AFTER_NANOS
                || leases.getOrDefault(edge.shardId, 0L) > edge.leaseNumber);
    return edges;
  }
}
