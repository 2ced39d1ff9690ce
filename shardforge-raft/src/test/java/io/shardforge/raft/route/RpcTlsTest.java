package io.shardforge.raft.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.shardforge.storage.clock.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes with certificates: of one authority, of two, and with none. */
final class RpcTlsTest {
  private static final int ECHO = 99;

  private final List<RpcNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(RpcNode::close);
  }

  private RpcNode node(RpcNode node) {
    node.services.register(
        ECHO, node.blocking, (_, payload) -> CompletableFuture.completedFuture(payload));
    nodes.add(node);
    return node;
  }

  /** Certificates made by the commands of docs/operations/running.md, for a hundred years. */
  private static RpcTls certificates(String of) throws URISyntaxException {
    var directory = RpcTlsTest.class.getResource("/certs/" + of);
    return RpcTls.load(Path.of(Objects.requireNonNull(directory).toURI()));
  }

  private static CompletableFuture<byte[]> call(RpcNode from, RpcNode to) {
    from.book.learn(to.address());
    Deadline deadline = Deadline.after(from.clock, Duration.ofSeconds(5));
    return from.dialer.call(to.id(), ECHO, new byte[] {7}, deadline);
  }

  private void assertMismatch(RpcNode from, RpcNode to, String words) throws Exception {
    Throwable failure = Await.failure(call(from, to));
    assertThat(failure).hasMessageContaining(words).isInstanceOf(RpcException.class);
    assertThat(((RpcException) failure).reason()).isEqualTo(RpcException.Reason.MISMATCH);
  }

  @Test
  void nodesOfOneAuthorityTalk() throws Exception {
    RpcNode one = node(RpcNode.withTls(1, certificates("ours")));
    RpcNode two = node(RpcNode.withTls(2, certificates("ours")));
    assertThat(Await.result(call(one, two))).containsExactly(7);
  }

  @Test
  void aNodeOfAnotherAuthorityIsRefusedInWords() throws Exception {
    RpcNode one = node(RpcNode.withTls(1, certificates("ours")));
    RpcNode stranger = node(RpcNode.withTls(2, certificates("theirs")));
    String words = "not signed by this side's authority";
    assertMismatch(stranger, one, words);
    assertMismatch(one, stranger, words);
  }

  @Test
  void theOtherSideKnowsWhyToo() {
    String alert = "(certificate_unknown) Received fatal alert: certificate_unknown";
    assertThat(Mismatch.of(new DecoderException(new SSLHandshakeException(alert))))
        .contains("does not accept this side's certificate");
    String empty = "(certificate_required) Empty client certificate chain";
    assertThat(Mismatch.of(new DecoderException(new SSLHandshakeException(empty))))
        .isEqualTo("it shows no certificate");
    assertThat(Mismatch.of(new IOException("Connection reset"))).isNull();
  }

  @Test
  void aNodeWithoutTlsIsToldSo() throws Exception {
    RpcNode one = node(RpcNode.withTls(1, certificates("ours")));
    RpcNode plain = node(new RpcNode(2));
    assertMismatch(plain, one, "perhaps it uses TLS");
    assertMismatch(one, plain, "it does not use TLS");
  }

  @Test
  void plainTextGetsWordsAndIsCutOff() throws Exception {
    RpcNode one = node(RpcNode.withTls(1, certificates("ours")));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), one.server.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      socket.getOutputStream().flush();
      String words = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(words).isEqualTo(RpcServer.NOT_TLS);
    }
  }
}
