package io.shardforge.raft.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.storage.clock.Deadline;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of a state between two nodes on loopback. */
final class StateTransfersTest {
  private static final long SHARD = 7;

  private final RpcNode sender = node(1);
  private final RpcNode receiver = node(2);
  private final StateTransfers offering =
      new StateTransfers(sender.dialer, sender.services, sender.blocking, sender.clock);
  private final MapState original = new MapState();

  private static RpcNode node(int id) {
    try {
      return new RpcNode(id, 1, 1, RpcNode.CLUSTER);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void fill() {
    for (int i = 0; i <= 50; i++) {
      original.apply(1, i, ("k" + i + "=" + i).getBytes(UTF_8));
    }
    receiver.book.learn(sender.address());
    offering.start();
    offering.offer(SHARD, original);
  }

  @AfterEach
  void close() {
    receiver.close();
    sender.close();
  }

  private AppliedIndex copy(NodeDialer dialer, MapState into) throws Exception {
    return new StateTransfers(dialer, receiver.services, receiver.blocking, receiver.clock)
        .fetch(SHARD, 1, into);
  }

  @Test
  void aCopyIsTheWholeStateAndSaysWhereItWasTaken() throws Exception {
    MapState copy = new MapState();
    assertThat(copy(receiver.dialer, copy)).isEqualTo(new AppliedIndex(1, 50));
    assertThat(copy.contents()).isEqualTo(original.contents());
  }

  /** Every other answer waits for the one after it: nothing would come if each were awaited. */
  @Test
  @Timeout(60)
  void piecesAreAskedForAheadAndMayOvertakeEachOther() throws Exception {
    MapState copy = new MapState();
    copy(new Overtaking(receiver.dialer), copy);
    assertThat(copy.contents()).isEqualTo(original.contents());
  }

  /** The pieces that were asked for ahead must not be waited for in vain. */
  @Test
  @Timeout(20)
  void aCopyThatBreaksOffFailsAtTheReceiver() {
    offering.offer(SHARD, new BreakingOff());
    assertThatThrownBy(() -> copy(receiver.dialer, new MapState())).isInstanceOf(IOException.class);
  }

  /** A state that cannot be copied beyond its first pieces. */
  private static final class BreakingOff extends MapState {
    @Override
    public synchronized void exportState(StateSink sink) throws IOException, InterruptedException {
      sink.begin(new AppliedIndex(1, 50));
      // More than goes ahead of the receiver: it has asked by the time of the failure.
      for (int i = 0; i < 20; i++) {
        sink.write(("k" + i + "=1").getBytes(UTF_8));
      }
      throw new IOException("no more of it");
    }
  }

  /** Holds back every other answer until the next one has been given. */
  private static final class Overtaking implements NodeDialer {
    private final NodeDialer dialer;
    private int calls;
    private @Nullable Runnable held;

    Overtaking(NodeDialer dialer) {
      this.dialer = dialer;
    }

    @Override
    public synchronized CompletableFuture<byte[]> call(
        int nodeId, int service, byte[] payload, Deadline deadline) {
      CompletableFuture<byte[]> answer = dialer.call(nodeId, service, payload, deadline);
      // The first one begins the copy.
      if (calls++ == 0) {
        return answer;
      }
      Runnable earlier = held;
      CompletableFuture<byte[]> given = new CompletableFuture<>();
      Runnable give =
          () -> {
            var _ =
                answer
                    .orTimeout(30, TimeUnit.SECONDS)
                    .whenComplete((bytes, failure) -> {
                      if (failure == null) {
                        given.complete(bytes);
                      } else {
                        given.completeExceptionally(failure);
                      }
                      if (earlier != null) {
                        earlier.run();
                      }
                    });
          };
      if (earlier == null) {
        held = give;
      } else {
        held = null;
        give.run();
      }
      return given;
    }
  }
}
