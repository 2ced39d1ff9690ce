package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.SystemClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages of one node to another over a road that loses calls and answers. */
class BroadcastTest {
  private static final int SENDER = 1;
  private static final int RECEIVER = 2;
  private static final byte[] LARGE = new byte[Broadcast.WAITING_BYTES_MAX / 3];

  private final Clock clock = new SystemClock();
  private final List<String> taken = new ArrayList<>();
  private final Broadcast.Receiver receiver =
      new Broadcast.Receiver() {
        @Override
        public void take(byte[] message) {
          taken.add(message.length > 100 ? "large" : new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void missed() {
          taken.add("missed");
        }
      };
  private RpcServices services = offer();
  private boolean callsArrive = true;
  private boolean answersArrive = true;
  private Broadcast sender = start(1);

  private RpcServices offer() {
    RpcServices offered = new RpcServices(clock);
    Broadcast other = new Broadcast(RECEIVER, List::of, (_, _, _, _) -> lost(), clock, 1);
    other.register(offered, Runnable::run);
    other.deliverTo(receiver);
    return offered;
  }

  private Broadcast start(long run) {
    return new Broadcast(
        SENDER,
        () -> List.of(SENDER, RECEIVER),
        (_, service, payload, _) -> {
          if (!callsArrive) {
            return lost();
          }
          CompletableFuture<byte[]> answer = services.dispatch(service, SENDER, payload, 1000);
          return answersArrive ? answer : lost();
        },
        clock,
        run);
  }

  private static CompletableFuture<byte[]> lost() {
    return CompletableFuture.failedFuture(
        new RpcException(RpcException.Reason.CONNECTION_LOST, "lost"));
  }

  private void send(String message) {
    sender.send(message.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void messagesArriveInOrder() {
    send("a");
    send("b");
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  void whatWasLostComesAgain() {
    callsArrive = false;
    send("a");
    send("b");
    callsArrive = true;
    send("c");
    assertThat(taken).isEmpty();
    sender.retry();
    assertThat(taken).containsExactly("a", "b", "c");
    assertThat(sender.fill()).isZero();
  }

  @Test
  void whatArrivedDoesNotComeAgain() {
    send("a");
    answersArrive = false;
    send("b");
    answersArrive = true;
    send("c");
    sender.retry();
    assertThat(taken).containsExactly("a", "b", "c");
  }

  @Test
  void aSenderThatStartedAnewIsHeardFromTheBeginning() {
    send("a");
    send("b");
    sender = start(2);
    send("c");
    assertThat(taken).containsExactly("a", "b", "c");
  }

  @Test
  void aReceiverThatStartedAnewMissesNothing() {
    send("a");
    callsArrive = false;
    send("b");
    services = offer();
    callsArrive = true;
    sender.retry();
    send("c");
    assertThat(taken).containsExactly("a", "b", "c");
  }

  @Test
  void whoHasMissedSomethingIsTold() {
    send("a");
    overflow();
    assertThat(taken).containsExactly("a", "missed", "large");
    send("b");
    assertThat(taken).endsWith("large", "b");
  }

  @Test
  void whoHasMissedEverythingIsTold() {
    overflow();
    assertThat(taken).containsExactly("missed", "large");
  }

  @Test
  void whoHasMissedSomethingIsToldOnce() {
    answersArrive = false;
    overflow();
    answersArrive = true;
    sender.retry();
    send("b");
    assertThat(taken).containsExactly("missed", "large", "b");
  }

  private void overflow() {
    callsArrive = false;
    for (int i = 0; i < 3; i++) {
      sender.send(LARGE);
    }
    assertThat(sender.fill()).isGreaterThan(0.3);
    callsArrive = true;
    sender.retry();
  }
}
