package io.shardforge.raft.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Deadline;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections between nodes promise, good peers and bad ones. */
final class RpcTest {
  private static final int ECHO = 99;
  private static final int SILENT = 98;
  private static final int BROKEN = 97;
  private static final int NEWER = 96;

  private final List<RpcNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(RpcNode::close);
  }

  private RpcNode node(int id) throws Exception {
    return node(new RpcNode(id));
  }

  private RpcNode node(RpcNode node) {
    node.services.register(
        ECHO, node.blocking, (_, payload) -> CompletableFuture.completedFuture(payload));
    node.services.register(SILENT, node.blocking, (_, _) -> new CompletableFuture<>());
    node.services.register(
        BROKEN,
        node.blocking,
        (_, _) -> {
          throw new IllegalStateException("the disk is on fire");
        });
    nodes.add(node);
    return node;
  }

  private static Deadline in(RpcNode node, long millis) {
    return Deadline.after(node.clock, Duration.ofMillis(millis));
  }

  private static RpcException.Reason reasonOf(CompletableFuture<?> call) throws Exception {
    Throwable failure = Await.failure(call);
    assertThat(failure).isInstanceOf(RpcException.class);
    return ((RpcException) failure).reason();
  }

  @Test
  void manyCallsAtOnceAreAnsweredEachWithItsOwn() throws Exception {
    RpcNode one = node(1);
    RpcNode two = node(2);
    one.book.learn(two.address());
    List<CompletableFuture<byte[]>> replies = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      replies.add(one.dialer.call(2, ECHO, ("call " + i).getBytes(UTF_8), in(one, 20_000)));
    }
    for (int i = 0; i < replies.size(); i++) {
      assertThat(Await.result(replies.get(i))).asString(UTF_8).isEqualTo("call " + i);
    }
    byte[] large = new byte[5 << 20];
    large[large.length - 1] = 7;
    assertThat(Await.result(one.dialer.call(2, ECHO, large, in(one, 20_000)))).isEqualTo(large);
  }

  @Test
  void aNodeCallsItself() throws Exception {
    RpcNode one = node(1);
    byte[] reply = Await.result(one.dialer.call(1, ECHO, new byte[] {5}, Deadline.never()));
    assertThat(reply).containsExactly(5);
  }

  @Test
  void failuresSayWhatHappened() throws Exception {
    RpcNode one = node(1);
    RpcNode two = node(2);
    one.book.learn(two.address());
    assertThat(reasonOf(one.dialer.call(2, 12345, new byte[0], in(one, 5000))))
        .isEqualTo(RpcException.Reason.NO_SUCH_SERVICE);
    assertThat(reasonOf(one.dialer.call(2, SILENT, new byte[0], in(one, 50))))
        .isEqualTo(RpcException.Reason.TIMED_OUT);
    assertThat(reasonOf(one.dialer.call(3, ECHO, new byte[0], in(one, 5000))))
        .isEqualTo(RpcException.Reason.UNREACHABLE);
    Throwable broken = Await.failure(one.dialer.call(2, BROKEN, new byte[0], in(one, 5000)));
    assertThat(broken).hasMessage("the disk is on fire");
  }

  @Test
  void losingTheConnectionFailsTheCallsUnderWay() throws Exception {
    RpcNode one = node(1);
    RpcNode two = node(2);
    one.book.learn(two.address());
    CompletableFuture<byte[]> call = one.dialer.call(2, SILENT, new byte[0], in(one, 30_000));
    Await.until("connected", () -> one.dialer.isConnected(2));
    two.server.close();
    assertThat(reasonOf(call)).isEqualTo(RpcException.Reason.CONNECTION_LOST);
    assertThat(reasonOf(one.dialer.call(2, ECHO, new byte[0], in(one, 5000))))
        .isEqualTo(RpcException.Reason.UNREACHABLE);
  }

  @Test
  void aNodeThatMovedIsFoundByWhatItAnnounces() throws Exception {
    RpcNode one = node(1);
    RpcNode two = node(2);
    one.book.learn(two.address());
    Await.result(one.dialer.call(2, ECHO, new byte[0], in(one, 5000)));
    two.close();
    RpcNode moved = node(new RpcNode(2, 1, 2, RpcNode.CLUSTER));
    moved.book.learn(one.address());
    // The mover's own first call introduces it.
    Await.result(moved.dialer.call(1, ECHO, new byte[0], in(moved, 5000)));
    assertThat(one.book.find(2)).hasValue(moved.address());
    Await.until(
        "the moved node answers",
        () -> {
          try {
            Await.result(one.dialer.call(2, ECHO, new byte[0], in(one, 5000)));
            return true;
          } catch (Exception _) {
            return false;
          }
        });
  }

  @Test
  void anEarlierRunThatStillListensIsLeftForItsSuccessor() throws Exception {
    RpcNode one = node(1);
    RpcNode earlier = node(2);
    one.book.learn(earlier.address());
    Await.result(one.dialer.call(2, ECHO, new byte[0], in(one, 5000)));
    CompletableFuture<byte[]> unanswered = one.dialer.call(2, SILENT, new byte[0], in(one, 30_000));

    RpcNode successor = node(new RpcNode(2, 2, 1, RpcNode.CLUSTER));
    successor.services.register(
        NEWER, successor.blocking, (_, payload) -> CompletableFuture.completedFuture(payload));
    one.book.learn(successor.address());
    assertThat(reasonOf(unanswered)).isEqualTo(RpcException.Reason.CONNECTION_LOST);
    assertThat(Await.result(one.dialer.call(2, NEWER, new byte[] {4}, in(one, 5000))))
        .containsExactly(4);
  }

  @Test
  void aNodeOfAnotherClusterIsRefusedInWords() throws Exception {
    RpcNode one = node(1);
    RpcNode stranger = node(new RpcNode(2, 1, 1, "ff0102030405060708090a0b0c0d0e0f"));
    stranger.book.learn(one.address());
    Throwable failure =
        Await.failure(stranger.dialer.call(1, ECHO, new byte[0], in(stranger, 5000)));
    assertThat(failure).hasMessageContaining("belongs to cluster");
    assertThat(one.book.find(2)).isEmpty();
  }

  @Test
  void garbageGetsWordsAndIsCutOff() throws Exception {
    RpcNode one = node(1);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), one.server.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      socket.getOutputStream().flush();
      String words = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(words).isEqualTo(PreambleDecoder.WORDS);
    }
  }

  @Test
  void garbageAfterTheFirstBytesIsCutOff() throws Exception {
    RpcNode one = node(1);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), one.server.port())) {
      // In one piece: what the node has not read when it hangs up would reset the connection.
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      out.write(Frame.PREAMBLE);
      out.writeInt(9);
      out.writeByte(77);
      out.writeLong(1);
      out.flush();
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), one.server.port())) {
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      out.write(Frame.PREAMBLE);
      out.writeInt(RpcLimits.FRAME_BYTES_MAX + 1);
      out.writeByte(3);
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).contains("a frame may have at most");
    }
    RpcNode two = node(2);
    two.book.learn(one.address());
    assertThat(Await.result(two.dialer.call(1, ECHO, new byte[] {1}, in(two, 5000))))
        .containsExactly(1);
  }
}
