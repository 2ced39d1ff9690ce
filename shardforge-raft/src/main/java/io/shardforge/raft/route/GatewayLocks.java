package io.shardforge.raft.route;

import io.shardforge.raft.kv.LockReports;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every node for the row locks of its transactions, and answers for this node's.
 *
 * <pre>
 *  span → count, count × (transaction, key, strength)
 * </pre>
 */
public final class GatewayLocks implements LockReports {
  private static final Logger log = LoggerFactory.getLogger(GatewayLocks.class);

  /**
   * How long a new lease holder waits for a node's answer: a shard serves nobody meanwhile. A node
   * that is stopped or cut off is not connected any more by then.
   */
  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(1);

  /** The same where there is no connection to the node, which probably is down. */
  private static final Duration ANSWER_TIME_UNCONNECTED_MAX = Duration.ofMillis(250);

  /** A gateway's answer ends here; locks beyond it are lost with their lease. */
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  private final IntSupplier self;
  private final AddressBook book;
  private final NodeDialer dialer;
  private final IntPredicate connected;
  private final Clock clock;
  private volatile LockReports own = _ -> List.of();

  /**
   * One that knows of no locks of its own yet.
   *
   * @param self this node's id
   * @param connected whether there is a connection to a node now
   */
  public GatewayLocks(
      IntSupplier self, AddressBook book, NodeDialer dialer, IntPredicate connected, Clock clock) {
    this.connected = connected;
    this.self = self;
    this.book = book;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Answers for this node's transactions from now on. */
  public void register(RpcServices services, Executor blocking, LockReports ownLocks) {
    own = ownLocks;
    services.register(Services.LOCKS, blocking, (_, payload) -> answer(payload));
  }

  private CompletableFuture<byte[]> answer(byte[] payload) {
    WireWriter out = new WireWriter(64);
    try {
      List<ReportedLock> locks = own.locksIn(new WireReader(payload).readSpan());
      WireWriter rows = new WireWriter(1024);
      int count = 0;
      for (ReportedLock lock : locks) {
        if (rows.length() > ANSWER_BYTES_MAX) {
          break;
        }
        lock.put(rows);
        count++;
      }
      byte[] encoded = rows.toByteArray();
      out.putVarint(count).putRaw(encoded, 0, encoded.length);
      return CompletableFuture.completedFuture(out.toByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public List<ReportedLock> locksIn(KeySpan span) throws InterruptedException {
    byte[] request = new WireWriter(64).putSpan(span).toByteArray();
    Map<Integer, Asked> asked = new HashMap<>();
    for (NodeAddress address : book.all()) {
      int node = address.nodeId();
      if (node != self.getAsInt()) {
        Duration patience = connected.test(node) ? ANSWER_TIME_MAX : ANSWER_TIME_UNCONNECTED_MAX;
        Deadline deadline = Deadline.after(clock, patience);
        asked.put(node, new Asked(dialer.call(node, Services.LOCKS, request, deadline), deadline));
      }
    }
    List<ReportedLock> locks = new ArrayList<>(own.locksIn(span));
    for (Map.Entry<Integer, Asked> entry : asked.entrySet()) {
      Asked question = entry.getValue();
      try {
        decode(question.deadline.await(clock, question.answer), locks);
      } catch (ExecutionException | TimeoutException | ShardForgeException e) {
        log.info(
            "the row locks of a gateway are lost node={} reason=\"{}\"",
            entry.getKey(),
            String.valueOf(e));
      }
    }
    return locks;
  }

  private record Asked(CompletableFuture<byte[]> answer, Deadline deadline) {}

  private static void decode(byte[] answer, List<ReportedLock> into) {
    WireReader in = new WireReader(answer);
    int count = in.readCount();
    for (int i = 0; i < count; i++) {
      into.add(ReportedLock.read(in));
    }
    in.expectEnd();
  }
}
