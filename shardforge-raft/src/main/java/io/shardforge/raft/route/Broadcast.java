package io.shardforge.raft.route;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages of this node to all others: to each in the order in which they were sent, each of
 * them once, while both nodes live. What waits for a node has a bound; a node for which more waited
 * is told that it has missed something.
 *
 * <pre>
 *  run int64 | missed | number of the first | count, count × message  → nothing
 *
 *  sender    1 2 3 4 5 6   one call at a time; it is made again, with what came since, until answered
 *  receiver  1 2 3         takes those above the highest number that it knows of the sender's run
 * </pre>
 */
public final class Broadcast {
  /** Bytes of messages that may wait for one node. */
  public static final int WAITING_BYTES_MAX = 8 << 20;

  /** Bytes after which a call takes no more messages. */
  private static final int CALL_BYTES_MAX = 1 << 20;

  /** What a message takes besides its bytes. */
  private static final int MESSAGE_OVERHEAD = 32;

  private static final Duration CALL_TIME = Duration.ofSeconds(5);

  private final int self;
  private final Supplier<Collection<Integer>> nodes;
  private final NodeDialer dialer;
  private final Clock clock;
  private final long run;
  private final Map<Integer, Outgoing> outgoing = new ConcurrentHashMap<>();
  private final Map<Integer, Incoming> incoming = new ConcurrentHashMap<>();
  private volatile Receiver receiver = Receiver.NOBODY;

  /** Who wants the messages of other nodes; called on threads that may block. */
  public interface Receiver {
    /** Where nobody listens yet, nothing is missed. */
    Receiver NOBODY =
        new Receiver() {
          @Override
          public void take(byte[] message) {}

          @Override
          public void missed() {}
        };

    void take(byte[] message);

    /** Some messages of a node will never come. */
    void missed();
  }

  /**
   * One that has sent nothing yet.
   *
   * @param nodes all nodes of the cluster, this one perhaps among them
   * @param run a number that no earlier run of this node had
   */
  public Broadcast(
      int self, Supplier<Collection<Integer>> nodes, NodeDialer dialer, Clock clock, long run) {
    this.self = self;
    this.nodes = nodes;
    this.dialer = dialer;
    this.clock = clock;
    this.run = run;
  }

  /** Takes messages of other nodes from now on. */
  public void register(RpcServices services, Executor blocking) {
    services.register(
        Services.BROADCAST,
        blocking,
        (fromNode, payload) -> {
          incoming.computeIfAbsent(fromNode, _ -> new Incoming()).take(new WireReader(payload));
          return CompletableFuture.completedFuture(new byte[0]);
        });
  }

  /** Says who wants the messages of other nodes. */
  public void deliverTo(Receiver taker) {
    receiver = taker;
  }

  /** Sends a message to all other nodes, and does not wait for them. */
  public void send(byte[] message) {
    for (int node : nodes.get()) {
      if (node != self) {
        outgoing.computeIfAbsent(node, Outgoing::new).add(message);
      }
    }
  }

  /** Tries again where a call has failed; called every second or so. */
  public void retry() {
    outgoing.values().forEach(Outgoing::retry);
  }

  /** How full the place is for what waits for the node that is furthest behind, from 0 to 1. */
  public double fill() {
    return outgoing.values().stream().mapToDouble(Outgoing::fill).max().orElse(0);
  }

  /** What waits for one node. */
  private final class Outgoing {
    private final int node;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;

    /** The number of the first message that waits, or would. */
    private long first = 1;

    /** The number of the last message that was dropped. */
    private long dropped;

    private boolean calling;
    private boolean failed;

    Outgoing(int node) {
      this.node = node;
    }

    void add(byte[] message) {
      synchronized (this) {
        long bytes = (long) message.length + MESSAGE_OVERHEAD;
        if (waitingBytes + bytes > WAITING_BYTES_MAX && !waiting.isEmpty()) {
          first += waiting.size();
          dropped = first - 1;
          waiting.clear();
          waitingBytes = 0;
        }
        waiting.add(message);
        waitingBytes += bytes;
      }
      call();
    }

    synchronized double fill() {
      return Math.min(1, (double) waitingBytes / WAITING_BYTES_MAX);
    }

    void retry() {
      synchronized (this) {
        failed = false;
      }
      call();
    }

    private void call() {
      byte[] payload;
      long next;
      synchronized (this) {
        if (calling || failed || waiting.isEmpty()) {
          return;
        }
        calling = true;
        WireWriter messages = new WireWriter(256);
        int count = 0;
        for (byte[] message : waiting) {
          if (messages.length() > CALL_BYTES_MAX) {
            break;
          }
          messages.putBytes(message);
          count++;
        }
        next = first + count;
        byte[] encoded = messages.toByteArray();
        payload =
            new WireWriter(encoded.length + 32)
                .putLong(run)
                .putBoolean(dropped == first - 1 && dropped > 0)
                .putVarint(first)
                .putVarint(count)
                .putRaw(encoded, 0, encoded.length)
                .toByteArray();
      }
      var _ =
          dialer
              .call(node, Services.BROADCAST, payload, Deadline.after(clock, CALL_TIME))
              .whenComplete((_, failure) -> answered(next, failure));
    }

    private void answered(long next, @Nullable Throwable failure) {
      synchronized (this) {
        calling = false;
        failed = failure != null;
        while (!failed && first < next && !waiting.isEmpty()) {
          waitingBytes -= waiting.remove().length + MESSAGE_OVERHEAD;
          first++;
        }
      }
      call();
    }
  }

  /** What came from one node. */
  private final class Incoming {
    private long run;
    private long last;
    private boolean known;

    synchronized void take(WireReader in) {
      long senderRun = in.readLong();
      boolean afterDropped = in.readBoolean();
      long first = in.readVarint();
      int count = in.readCount();
      boolean isNew = !known || run != senderRun;
      if (isNew ? afterDropped : first > last + 1) {
        receiver.missed();
      }
      if (isNew) {
        known = true;
        run = senderRun;
        last = first - 1;
      }
      for (int i = 0; i < count; i++) {
        byte[] message = in.readBytes();
        if (first + i > last) {
          receiver.take(message);
          last = first + i;
        }
      }
      in.expectEnd();
    }
  }
}
