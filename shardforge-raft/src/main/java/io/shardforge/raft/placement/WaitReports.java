package io.shardforge.raft.placement;

import io.shardforge.raft.kv.RowWait;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes say of who waits for row locks on the shards that they lead. One question a node.
 *
 * <pre>
 *  nothing → count, count × wait
 * </pre>
 */
public final class WaitReports implements ClusterControl.Waits {
  private static final Logger LOG = LoggerFactory.getLogger(WaitReports.class);
  private static final Duration CALL_TIME = Duration.ofSeconds(1);

  /** Waits that a node tells of. */
  private static final int WAITS_MAX = 10_000;

  private final int self;
  private final Supplier<List<RowWait>> own;
  private final NodeDialer dialer;
  private final Clock clock;

  /**
   * Asks nodes by way of a dialer.
   *
   * @param own what this node would answer
   */
  public WaitReports(int self, Supplier<List<RowWait>> own, NodeDialer dialer, Clock clock) {
    this.self = self;
    this.own = own;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Answers other nodes from now on; returns this. */
  public WaitReports register(RpcServices services, Executor executor) {
    services.register(
        Services.WAITS, executor, (_, _) -> CompletableFuture.completedFuture(encode(own.get())));
    return this;
  }

  @Override
  public List<RowWait> ask(Collection<Integer> nodes) throws InterruptedException {
    Deadline deadline = Deadline.after(clock, CALL_TIME);
    List<RowWait> waits = new ArrayList<>();
    List<CompletableFuture<byte[]>> asked = new ArrayList<>();
    for (int node : nodes) {
      if (node == self) {
        waits.addAll(own.get());
      } else {
        asked.add(dialer.call(node, Services.WAITS, new byte[0], deadline));
      }
    }
    for (CompletableFuture<byte[]> call : asked) {
      try {
        decode(call.get(), waits);
      } catch (ExecutionException e) {
        LOG.debug("node does not say who waits", e);
      }
    }
    return waits;
  }

  private static byte[] encode(List<RowWait> waits) {
    WireWriter out = new WireWriter(256);
    int count = Math.min(WAITS_MAX, waits.size());
    out.putVarint(count);
    waits.subList(0, count).forEach(wait -> wait.put(out));
    return out.toByteArray();
  }

  private static void decode(byte[] bytes, List<RowWait> into) {
    WireReader in = new WireReader(bytes);
    int count = in.readCount();
    for (int i = 0; i < count; i++) {
      into.add(RowWait.read(in));
    }
    in.expectEnd();
  }
}
