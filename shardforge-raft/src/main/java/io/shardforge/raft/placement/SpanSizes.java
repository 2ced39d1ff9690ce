package io.shardforge.raft.placement;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.ReplicaSpans;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * About how many bytes spans of keys take in the stores of nodes. One question a node, and none of
 * its replicas needs a lease for the answer.
 *
 * <pre>
 *  spans → bytes int64 of all of them together
 * </pre>
 */
public final class SpanSizes implements ClusterControl.Sizes {
  private static final Logger LOG = LoggerFactory.getLogger(SpanSizes.class);
  private static final Duration CALL_TIME = Duration.ofSeconds(2);

  private final int self;
  private final Engine engine;
  private final NodeDialer dialer;
  private final Clock clock;

  public SpanSizes(int self, Engine engine, NodeDialer dialer, Clock clock) {
    this.self = self;
    this.engine = engine;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Answers other nodes from now on; returns this. */
  public SpanSizes register(RpcServices services, Executor executor) {
    services.register(
        Services.SIZES,
        executor,
        (_, payload) -> {
          WireReader in = new WireReader(payload);
          List<KeySpan> spans = in.readSpans();
          in.expectEnd();
          long bytes = ReplicaSpans.sizeBytes(engine, spans);
          return CompletableFuture.completedFuture(
              new WireWriter(Long.BYTES).putLong(bytes).toByteArray());
        });
    return this;
  }

  @Override
  public Map<Integer, Long> ask(Map<Integer, List<KeySpan>> spans) throws InterruptedException {
    Deadline deadline = Deadline.after(clock, CALL_TIME);
    Map<Integer, CompletableFuture<byte[]>> asked = new HashMap<>();
    for (Map.Entry<Integer, List<KeySpan>> question : spans.entrySet()) {
      int node = question.getKey();
      if (node != self) {
        byte[] payload = new WireWriter(256).putSpans(question.getValue()).toByteArray();
        asked.put(node, dialer.call(node, Services.SIZES, payload, deadline));
      }
    }
    Map<Integer, Long> answers = new HashMap<>();
    List<KeySpan> own = spans.get(self);
    if (own != null) {
      answers.put(self, ReplicaSpans.sizeBytes(engine, own));
    }
    for (Map.Entry<Integer, CompletableFuture<byte[]>> call : asked.entrySet()) {
      try {
        answers.put(call.getKey(), new WireReader(call.getValue().get()).readLong());
      } catch (ExecutionException e) {
        LOG.debug("node does not say what spans take node={}", call.getKey(), e);
      }
    }
    return answers;
  }
}
