package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.LockReports;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions for the row locks of gateways, between two nodes on loopback. */
final class GatewayLocksTest {
  private final RpcNode asking = node(1);
  private final RpcNode answering = node(2);
  private final GatewayLocks asker = locksOf(asking);

  private static RpcNode node(int id) {
    try {
      return new RpcNode(id);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static GatewayLocks locksOf(RpcNode node) {
    return new GatewayLocks(node::id, node.book, node.dialer, node.dialer::isConnected, node.clock);
  }

  @BeforeEach
  void meet() {
    asking.book.learn(answering.address());
    asker.register(asking.services, asking.blocking, holding(1));
  }

  @AfterEach
  void close() {
    asking.close();
    answering.close();
  }

  /** A gateway whose transaction holds one row in each strength, named after the span. */
  private static LockReports holding(int gateway) {
    return span ->
        List.of(LockStrength.values()).stream()
            .map(strength -> new ReportedLock(new TxnId(gateway, 7), span.start(), strength))
            .toList();
  }

  private List<String> locks() throws InterruptedException {
    return asker.locksIn(KeySpan.ofKey(new byte[] {5})).stream()
        .map(lock -> lock.id().high() + " " + lock.key()[0] + " " + lock.strength())
        .toList();
  }

  private boolean connects() {
    byte[] question = new WireWriter(16).putSpan(KeySpan.ofKey(new byte[] {5})).toByteArray();
    var _ = asking.dialer.call(2, Services.LOCKS, question, Deadline.never());
    return false;
  }

  @Test
  void everyGatewaysLocksAreReported() throws InterruptedException {
    locksOf(answering).register(answering.services, answering.blocking, holding(2));
    // A slow machine takes longer to connect than a new lease holder waits for a stranger.
    Await.until("there is a connection", () -> asking.dialer.isConnected(2) || connects());
    assertThat(locks())
        .containsExactly(
            "1 5 KEY_SHARE",
            "1 5 SHARE",
            "1 5 NO_KEY_UPDATE",
            "1 5 UPDATE",
            "2 5 KEY_SHARE",
            "2 5 SHARE",
            "2 5 NO_KEY_UPDATE",
            "2 5 UPDATE");
  }

  @Test
  void aGatewayThatIsGoneIsPassedOver() throws InterruptedException {
    answering.close();
    assertThat(locks()).hasSize(4);
  }
}
