package io.shardforge.raft.placement;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that have no space for new rows, as far as they have said so lately. A full node says
 * it again and again; with space again it says nothing more, and is soon forgotten here. For any
 * thread, except for {@link #round}.
 */
public final class FullNodes {
  private static final Logger LOG = LoggerFactory.getLogger(FullNodes.class);

  /** How often a full node says so. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** How long its word counts: some may be lost. */
  static final Duration MEMORY = Duration.ofSeconds(5);

  private static final Duration CALL_TIME = Duration.ofSeconds(2);

  private final int self;
  private final NodeDialer dialer;
  private final Clock clock;
  private final Map<Integer, MonotonicTimer> heard = new ConcurrentHashMap<>();
  private @Nullable MonotonicTimer sinceTold;

  public FullNodes(int self, NodeDialer dialer, Clock clock) {
    this.self = self;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Listens to other nodes from now on. */
  public void register(RpcServices services, Executor executor) {
    services.register(
        Services.SPACE,
        executor,
        (_, payload) -> {
          hear(payload);
          return CompletableFuture.completedFuture(new byte[0]);
        });
  }

  /** Takes the word of another node. */
  void hear(byte[] word) {
    WireReader in = new WireReader(word);
    int node = in.readInt();
    in.expectEnd();
    heard.put(node, MonotonicTimer.start(clock));
  }

  /** Tells the other nodes now and then, if this one is full; called several times a second. */
  public void round(boolean isFull, Collection<Integer> others) {
    if (!isFull) {
      sinceTold = null;
      return;
    }
    MonotonicTimer last = sinceTold;
    if (last != null && last.elapsed().compareTo(PAUSE) < 0) {
      return;
    }
    sinceTold = MonotonicTimer.start(clock);
    byte[] word = new WireWriter(4).putVarint(self).toByteArray();
    for (int node : others) {
      if (node != self) {
        var _ =
            dialer
                .call(node, Services.SPACE, word, Deadline.after(clock, CALL_TIME))
                .exceptionally(e -> {
                  LOG.debug("node was not told of a full disk node={}", node, e);
                  return new byte[0];
                });
      }
    }
  }

  /** Whether another node has said lately that it is full. */
  public boolean isFull(int nodeId) {
    MonotonicTimer said = heard.get(nodeId);
    return said != null && said.elapsed().compareTo(MEMORY) < 0;
  }
}
