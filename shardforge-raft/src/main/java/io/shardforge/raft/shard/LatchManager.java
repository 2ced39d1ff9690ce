package io.shardforge.raft.shard;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latches of one lease: they keep commands on the same keys from being judged while an earlier
 * one is not applied yet.
 *
 * <p>A request queues for all its keys at once, in one short critical section, and then waits only
 * for requests that queued before it: first come, first served, and no cycle can arise. A request
 * that gives up waiting passes its own predecessors on to those behind it.
 *
 * <p>Plain reads take no latch. They first raise the shard's max_read_ts and then wait for the
 * writes under way ({@link #awaitWrites}): a write that queues later finds the raised timestamp and
 * commits above it, so it cannot change what the read sees.
 */
final class LatchManager {
  /** Requests holding or waiting for latches at once, on one shard. */
  static final int LATCHES_MAX = 1 << 16;

  private final Clock clock;
  // The newest request that queued to write a key; earlier ones are reached through it.
  private final NavigableMap<byte[], Latch> writers = new TreeMap<>(Bytes::compare);
  private final List<Latch> readers = new ArrayList<>();
  private final List<Latch> spanWriters = new ArrayList<>();
  private final List<Latch> abandoned = new ArrayList<>();
  private volatile int writing;
  private int held;

  LatchManager(Clock clock) {
    this.clock = clock;
  }

  /** A request's place: held or waiting until released. */
  final class Latch {
    private final Collection<byte[]> writeKeys;
    private final List<KeySpan> writeSpans;
    private final List<KeySpan> readSpans;
    private final List<Latch> predecessors = new ArrayList<>();
    private final Signal released = new Signal();
    private volatile boolean abandoned;

    private Latch(Collection<byte[]> writeKeys, List<KeySpan> writeSpans, List<KeySpan> readSpans) {
      this.writeKeys = writeKeys;
      this.writeSpans = writeSpans;
      this.readSpans = readSpans;
    }

    /** Lets go: the command was applied, refused, or never proposed. */
    void release() {
      released.raise();
      leave(this);
    }
  }

  /** Thrown where the bound on latches is reached. */
  static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyException() {
      super("more than " + LATCHES_MAX + " requests on one shard", null, false, false);
    }
  }

  /**
   * Queues for the keys and waits until every conflicting request before it has let go. Returns
   * null if the deadline came first.
   */
  @Nullable Latch acquire(
      Collection<byte[]> writeKeys,
      List<KeySpan> writeSpans,
      List<KeySpan> readSpans,
      Deadline deadline)
      throws InterruptedException {
    Latch latch = new Latch(writeKeys, writeSpans, readSpans);
    enter(latch);
    boolean granted = false;
    try {
      granted = awaitAll(latch.predecessors, deadline);
    } finally {
      if (!granted) {
        abandon(latch);
      }
    }
    if (granted) {
      latch.predecessors.clear();
    }
    return granted ? latch : null;
  }

  /** Whether any write is under way. */
  boolean isWriting() {
    return writing != 0;
  }

  /** Waits for the writes under way on a key or span; false if the deadline came first. */
  boolean awaitWrites(KeySpan span, Deadline deadline) throws InterruptedException {
    // Hot path: nothing is being written. The volatile read comes after max_read_ts was raised.
    if (writing == 0) {
      return true;
    }
    List<Latch> conflicts = new ArrayList<>();
    synchronized (this) {
      collectWriters(span, conflicts);
    }
    return awaitAll(conflicts, deadline);
  }

  private synchronized void enter(Latch latch) {
    if (held >= LATCHES_MAX) {
      throw new TooManyException();
    }
    held++;
    for (KeySpan span : latch.readSpans) {
      collectWriters(span, latch.predecessors);
    }
    for (KeySpan span : latch.writeSpans) {
      collectWriters(span, latch.predecessors);
      collectReaders(span, latch.predecessors);
    }
    for (byte[] key : latch.writeKeys) {
      Latch before = writers.put(key, latch);
      if (before != null && before != latch) {
        latch.predecessors.add(before);
      }
      for (Latch other : spanWriters) {
        if (containsKey(other.writeSpans, key)) {
          latch.predecessors.add(other);
        }
      }
      for (Latch other : readers) {
        if (containsKey(other.readSpans, key)) {
          latch.predecessors.add(other);
        }
      }
    }
    if (!latch.writeSpans.isEmpty()) {
      spanWriters.add(latch);
    }
    if (!latch.readSpans.isEmpty()) {
      readers.add(latch);
    }
    writing = writers.size() + spanWriters.size();
  }

  /**
   * Leaves the queue without having had a turn. The latch stays where it is until those before it
   * are done: they are found through it.
   */
  private void abandon(Latch latch) {
    latch.abandoned = true;
    synchronized (this) {
      // What it wanted to read is no reason to wait for it; what it wanted to write leads to
      // those before it.
      readers.remove(latch);
      abandoned.add(latch);
      sweepAbandoned();
    }
    latch.released.raise();
  }

  private void sweepAbandoned() {
    for (int i = abandoned.size() - 1; i >= 0; i--) {
      if (isPassed(abandoned.get(i))) {
        remove(abandoned.remove(i));
      }
    }
  }

  private static boolean isPassed(Latch latch) {
    for (Latch before : latch.predecessors) {
      if (!before.released.isRaised() || (before.abandoned && !isPassed(before))) {
        return false;
      }
    }
    return true;
  }

  private synchronized void leave(Latch latch) {
    remove(latch);
    if (!abandoned.isEmpty()) {
      sweepAbandoned();
    }
  }

  private void remove(Latch latch) {
    held--;
    for (byte[] key : latch.writeKeys) {
      writers.remove(key, latch);
    }
    if (!latch.writeSpans.isEmpty()) {
      spanWriters.remove(latch);
    }
    if (!latch.readSpans.isEmpty()) {
      readers.remove(latch);
    }
    writing = writers.size() + spanWriters.size();
  }

  private void collectWriters(KeySpan span, List<Latch> into) {
    Map<byte[], Latch> inside =
        span.hasEnd()
            ? writers.subMap(span.start(), true, span.end(), false)
            : writers.tailMap(span.start(), true);
    into.addAll(inside.values());
    for (Latch other : spanWriters) {
      if (overlapsAny(other.writeSpans, span)) {
        into.add(other);
      }
    }
  }

  private void collectReaders(KeySpan span, List<Latch> into) {
    for (Latch other : readers) {
      if (overlapsAny(other.readSpans, span)) {
        into.add(other);
      }
    }
  }

  private boolean awaitAll(List<Latch> latches, Deadline deadline) throws InterruptedException {
    for (Latch latch : latches) {
      if (!latch.released.await(clock, deadline.remainingNanos(clock))) {
        return false;
      }
      if (latch.abandoned && !awaitAll(latch.predecessors, deadline)) {
        return false;
      }
    }
    return true;
  }

  private static boolean containsKey(List<KeySpan> spans, byte[] key) {
    for (KeySpan span : spans) {
      if (span.contains(key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean overlapsAny(List<KeySpan> spans, KeySpan other) {
    for (KeySpan span : spans) {
      if (span.overlaps(other)) {
        return true;
      }
    }
    return false;
  }
}
