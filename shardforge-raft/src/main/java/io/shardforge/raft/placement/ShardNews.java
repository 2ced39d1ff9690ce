package io.shardforge.raft.placement;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells nodes at once of a shard that comes to them or leaves them. Whoever misses it finds it in
 * the map of shards.
 */
public final class ShardNews {
  private static final Logger LOG = LoggerFactory.getLogger(ShardNews.class);
  private static final Duration CALL_TIME = Duration.ofSeconds(2);

  private final int self;
  private final NodeDialer dialer;
  private final Clock clock;

  public ShardNews(int self, NodeDialer dialer, Clock clock) {
    this.self = self;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Hands on what other nodes tell. */
  public void register(RpcServices services, Executor executor, Consumer<ShardDescriptor> taker) {
    services.register(
        Services.SHARDS,
        executor,
        (_, payload) -> {
          WireReader in = new WireReader(payload);
          ShardDescriptor shard = ShardDescriptor.read(in);
          in.expectEnd();
          taker.accept(shard);
          return CompletableFuture.completedFuture(new byte[0]);
        });
  }

  /** Tells nodes of a shard, and does not wait for them. */
  public void tell(ShardDescriptor shard, Collection<Integer> nodes) {
    WireWriter out = new WireWriter(64);
    shard.put(out);
    byte[] bytes = out.toByteArray();
    for (int node : nodes) {
      if (node != self) {
        var _ =
            dialer
                .call(node, Services.SHARDS, bytes, Deadline.after(clock, CALL_TIME))
                .exceptionally(e -> {
                  LOG.debug("node was not told node={} shard={}", node, shard.shardId(), e);
                  return new byte[0];
                });
      }
    }
  }
}
