package io.shardforge.raft.sim;

import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.ReplicatedState;
import io.shardforge.raft.group.StateSink;
import io.shardforge.raft.group.StateSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a state on its way from one node to another: written by the one's export, read by the
 * other's install. Its pieces come late, in order; one that is lost breaks it off.
 */
final class SimCopy implements StateSink, StateSource {
  private static final long SILENCE_NANOS = 3_000_000_000L;
  private static final byte[] END = {};

  private final int from;
  private final int to;
  private final SimScheduler scheduler;
  private final SimNetwork network;
  private final SimClock clock;
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private final Thread reader;
  private @Nullable AppliedIndex at;
  private long arrivesAtNanos;
  private boolean broken;

  /** A copy that the calling thread will install. */
  SimCopy(int from, int to, SimScheduler scheduler, SimNetwork network, SimClock clock) {
    this.from = from;
    this.to = to;
    this.scheduler = scheduler;
    this.network = network;
    this.clock = clock;
    this.reader = Thread.currentThread();
  }

  /** The sender's side. */
  void export(ReplicatedState state) {
    try {
      state.exportState(this);
      send(() -> pieces.add(END));
    } catch (IOException | InterruptedException | RuntimeException e) {
      send(() -> broken = true);
    }
  }

  @Override
  public void begin(AppliedIndex taken) {
    send(() -> at = taken);
  }

  @Override
  public void write(byte[] piece) {
    send(() -> pieces.add(piece));
  }

  private void send(Runnable arrival) {
    boolean arrives = network.arrives(from, to);
    arrivesAtNanos = Math.max(arrivesAtNanos, scheduler.nowNanos() + network.delayNanos()) + 1;
    scheduler.after(
        arrivesAtNanos - scheduler.nowNanos(),
        () -> {
          if (arrives) {
            arrival.run();
          } else {
            broken = true;
          }
          LockSupport.unpark(reader);
        });
  }

  /** Where in the log it was taken, waiting for that. */
  AppliedIndex at() throws IOException {
    long silentSince = scheduler.nowNanos();
    while (at == null) {
      await(silentSince);
    }
    return at;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    long silentSince = scheduler.nowNanos();
    while (pieces.isEmpty()) {
      await(silentSince);
    }
    byte[] piece = pieces.remove();
    return piece.length == 0 ? null : piece;
  }

  private void await(long silentSince) throws IOException {
    if (broken || scheduler.nowNanos() - silentSince >= SILENCE_NANOS) {
      throw new IOException("the copy from node " + from + " is broken off");
    }
    clock.parkNanos(this, SILENCE_NANOS);
  }
}
