package io.shardforge.raft.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What strangers send to the port for nodes: refused, told of in few words, and harmless. */
final class RpcScanSecurityTest {
  private static final int ECHO = 99;
  private static final int SILENCE_MILLIS = 30_000;

  private final List<RpcNode> nodes = new ArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void close() {
    root.detachAppender(lines);
    nodes.forEach(RpcNode::close);
  }

  private RpcNode node(RpcNode node) {
    node.services.register(
        ECHO, node.blocking, (_, payload) -> CompletableFuture.completedFuture(payload));
    nodes.add(node);
    return node;
  }

  /** What is sent, until the node ends the connection. */
  private static void scan(RpcNode node, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.server.port())) {
      socket.setSoTimeout(SILENCE_MILLIS);
      try {
        socket.getOutputStream().write(bytes);
        var _ = socket.getInputStream().readAllBytes();
      } catch (SocketException _) {
        // It was cut off while there was more to send.
      }
    }
  }

  private static byte[] frame(int length, byte... rest) {
    return ByteBuffer.allocate(Frame.PREAMBLE.length + 4 + rest.length)
        .put(Frame.PREAMBLE)
        .putInt(length)
        .put(rest)
        .array();
  }

  private static List<byte[]> garbage() {
    byte[] noise = new byte[4_000];
    new Random(7).nextBytes(noise);
    return List.of(
        noise,
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII),
        HexFormat.of().parseHex("0000000804d2162f"),
        HexFormat.of().parseHex("16030100050100000103"),
        frame(Integer.MAX_VALUE, noise),
        frame(-1, noise),
        frame(0),
        frame(9, (byte) 0x7f, (byte) 0, (byte) 0),
        frame(40, noise),
        new byte[] {Frame.PREAMBLE[0]},
        new byte[0]);
  }

  @Test
  void garbageEndsItsConnectionAndNothingElse() throws Exception {
    for (boolean tls : List.of(false, true)) {
      RpcNode scanned = node(tls ? RpcNode.withTls(1, ours()) : new RpcNode(1));
      RpcNode other = node(tls ? RpcNode.withTls(2, ours()) : new RpcNode(2));
      other.book.learn(scanned.address());
      for (byte[] bytes : garbage()) {
        scan(scanned, bytes);
        Deadline deadline = Deadline.after(other.clock, Duration.ofSeconds(30));
        assertThat(Await.result(other.dialer.call(1, ECHO, new byte[] {7}, deadline)))
            .containsExactly(7);
      }
    }
    List<ILoggingEvent> told = List.copyOf(lines.list);
    assertThat(told).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
    List<String> refusals =
        told.stream()
            .filter(event -> event.getLoggerName().equals(logger.getName()))
            .peek(event -> assertThat(event.getThrowableProxy()).isNull())
            .map(ILoggingEvent::getFormattedMessage)
            .toList();
    assertThat(refusals)
        .anyMatch(line -> line.contains("it does not begin as a node does"))
        .anyMatch(line -> line.contains("it does not speak TLS"))
        .anyMatch(line -> line.contains("it did not say in time who it is"))
        .allMatch(line -> line.startsWith("connection to the port for nodes refused peer="))
        .hasSizeLessThanOrEqualTo(2 * garbage().size());
  }

  @Test
  void aFloodIsOneLine() throws Exception {
    RpcNode scanned = node(new RpcNode(1));
    for (int i = 0; i < 200; i++) {
      scan(scanned, "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    }
    assertThat(lines.list).hasSize(1);
  }

  @Test
  void manyStrangersCannotFillTheLog() {
    ManualClock clock = new ManualClock(0);
    RefusalLog refusals = new RefusalLog("nodes", clock);
    for (int i = 0; i < 10_000; i++) {
      refusals.refused(
          new InetSocketAddress("10.0.%d.%d".formatted(i / 256, i % 256), 1), "it is " + i);
    }
    assertThat(lines.list).hasSize(RefusalLog.LINES_MAX);
    clock.advance(RefusalLog.PERIOD.plusNanos(1));
    refusals.refused(new InetSocketAddress("10.0.0.1", 1), "a\nlie level=ERROR");
    refusals.refused(null, "it is gone");
    assertThat(lines.list).hasSize(RefusalLog.LINES_MAX + 2);
    assertThat(lines.list.get(RefusalLog.LINES_MAX).getFormattedMessage())
        .endsWith("reason=\"a?lie level=ERROR\" others_before=" + (10_000 - RefusalLog.LINES_MAX));
    assertThat(lines.list.getLast().getFormattedMessage())
        .endsWith("peer=null reason=\"it is gone\"");
  }

  private static RpcTls ours() throws Exception {
    var directory = RpcScanSecurityTest.class.getResource("/certs/ours");
    return RpcTls.load(Path.of(Objects.requireNonNull(directory).toURI()));
  }
}
