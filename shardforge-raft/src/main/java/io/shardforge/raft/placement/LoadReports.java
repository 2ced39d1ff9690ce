package io.shardforge.raft.placement;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.raft.shard.ShardLoad;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes say of how busy the shards are that they lead. One question a node, whatever the
 * number of its shards, and none of them needs its lease for the answer.
 *
 * <pre>
 *  nothing → count, then shard int64, requests a second + 1 of each (0: not known yet)
 * </pre>
 */
public final class LoadReports implements PlacementLoop.Loads {
  private static final Logger LOG = LoggerFactory.getLogger(LoadReports.class);
  private static final Duration CALL_TIME = Duration.ofSeconds(2);

  private final int self;
  private final Supplier<List<ShardLoad>> own;
  private final NodeDialer dialer;
  private final Clock clock;

  /**
   * Asks nodes by way of a dialer.
   *
   * @param own what this node would answer
   */
  public LoadReports(int self, Supplier<List<ShardLoad>> own, NodeDialer dialer, Clock clock) {
    this.self = self;
    this.own = own;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Answers other nodes from now on. */
  public void register(RpcServices services, Executor executor) {
    services.register(
        Services.LOADS, executor, (_, _) -> CompletableFuture.completedFuture(encode(own.get())));
  }

  @Override
  public Map<Integer, List<ShardLoad>> ask(Collection<Integer> nodes) throws InterruptedException {
    Map<Integer, CompletableFuture<byte[]>> asked = new HashMap<>();
    Map<Integer, List<ShardLoad>> answers = new HashMap<>();
    for (int node : nodes) {
      if (node == self) {
        answers.put(node, own.get());
      } else {
        asked.put(
            node, dialer.call(node, Services.LOADS, new byte[0], Deadline.after(clock, CALL_TIME)));
      }
    }
    for (Map.Entry<Integer, CompletableFuture<byte[]>> call : asked.entrySet()) {
      try {
        answers.put(call.getKey(), decode(call.getValue().get()));
      } catch (ExecutionException e) {
        LOG.debug("node does not say how busy its shards are node={}", call.getKey(), e);
      }
    }
    return answers;
  }

  static byte[] encode(List<ShardLoad> loads) {
    WireWriter out = new WireWriter(16 + 12 * loads.size());
    out.putVarint(loads.size());
    for (ShardLoad load : loads) {
      out.putLong(load.shardId()).putVarint(load.requestsPerSecond() + 1);
    }
    return out.toByteArray();
  }

  static List<ShardLoad> decode(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    int count = in.readCount();
    List<ShardLoad> loads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      loads.add(new ShardLoad(in.readLong(), in.readVarint() - 1));
    }
    in.expectEnd();
    return loads;
  }
}
