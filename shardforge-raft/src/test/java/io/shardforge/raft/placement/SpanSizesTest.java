package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.route.RpcNode;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What nodes say of how many bytes spans take, over real connections. */
final class SpanSizesTest {
  @Test
  void whoAnswersIsHeard() throws Exception {
    try (RpcNode first = new RpcNode(1);
        RpcNode second = new RpcNode(2)) {
      first.book.learn(second.address());
      SpanSizes asking = new SpanSizes(1, engine(3), first.dialer, first.clock);
      new SpanSizes(2, engine(50), second.dialer, second.clock)
          .register(second.services, second.blocking);
      List<KeySpan> spans = List.of(span("a"), span("c"));
      assertThat(asking.ask(Map.of(1, spans, 2, spans)))
          .containsExactlyInAnyOrderEntriesOf(Map.of(1, 2 * (2L + 3), 2, 2 * (2L + 50)));
      assertThat(asking.ask(Map.of(1, spans, 3, spans)))
          .as("nobody knows node 3")
          .containsOnlyKeys(1);
    }
  }

  /** One with a value of so many bytes under each of a1, b1 and c1. */
  private static Engine engine(int bytes) {
    Engine engine = new MemoryEngine();
    for (String key : List.of("a1", "b1", "c1")) {
      engine.write(engine.newBatch().put(Family.CURRENT, key(key), new byte[bytes]));
    }
    return engine;
  }

  private static KeySpan span(String prefix) {
    return KeySpan.ofPrefix(key(prefix));
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
