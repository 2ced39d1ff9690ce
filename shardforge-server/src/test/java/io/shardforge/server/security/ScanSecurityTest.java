package io.shardforge.server.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.management.UnixOperatingSystemMXBean;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.server.TestServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What a port scan sends to the ports for clients: each piece ends its own connection, is told of
 * in few words, leaves nothing behind, and keeps nobody else from working.
 */
final class ScanSecurityTest {
  private static final int CONNECTIONS_MAX = 10;
  private static final int SILENCE_MILLIS = 30_000;

  /** More than the HTTP port lets wait. */
  private static final int SILENT_CONNECTIONS = 280;

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(false, CONNECTIONS_MAX);
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void stop() {
    root.detachAppender(lines);
    server.close();
  }

  private static Socket open(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(SILENCE_MILLIS);
    return socket;
  }

  /** Sends bytes and says no more; returns what comes back until the server has ended it. */
  private static String scan(InetSocketAddress address, byte[] bytes) throws IOException {
    try (Socket socket = open(address)) {
      try {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
      } catch (SocketException _) {
        return "";
      }
    }
  }

  private static byte[] startup(int length, int code, String parameters) {
    byte[] rest = parameters.getBytes(US_ASCII);
    return ByteBuffer.allocate(8 + rest.length).putInt(length).putInt(code).put(rest).array();
  }

  private static byte[] http(String... parts) {
    return String.join("\r\n", parts).getBytes(US_ASCII);
  }

  private static List<byte[]> garbage() {
    byte[] noise = new byte[100_000];
    new Random(11).nextBytes(noise);
    int version = 3 << 16;
    String who = "user\0shardforge\0\0";
    byte[] login = startup(8 + who.length(), version, who);
    byte[] huge = ByteBuffer.allocate(5).put((byte) 'p').putInt(Integer.MAX_VALUE).array();
    byte[] thenHuge = ByteBuffer.allocate(login.length + huge.length).put(login).put(huge).array();
    byte[] thenNoise =
        ByteBuffer.allocate(login.length + noise.length).put(login).put(noise).array();
    return List.of(
        noise,
        new byte[] {0},
        HexFormat.of().parseHex("16030100c4010000c00303"),
        startup(Integer.MAX_VALUE, version, who),
        startup(-1, version, who),
        startup(9_000, version, who),
        startup(8 + who.length(), 9 << 16, who),
        startup(8 + who.length(), version, "user\0shardforgexxx"),
        thenHuge,
        thenNoise,
        http("GET / HTTP/1.1", "Host: x", "", ""),
        http("GET / HTTP/9.9", "", ""),
        http("POST /api/login HTTP/1.1", "Content-Length: 99999999999999999999", "", "{}"),
        http("POST /api/login HTTP/1.1", "Content-Length: 9000000", "", "{}"),
        http("GET /" + "a".repeat(100_000) + " HTTP/1.1", "", ""),
        http("GET /..%2f..%2fetc/passwd HTTP/1.1", "Host: x", "Connection: close", "", ""),
        http("GET / HTTP/1.1", "X: " + "y".repeat(100_000), "", ""),
        http("POST /api/sql HTTP/1.1", "Transfer-Encoding: chunked", "", "zzzz", "", ""));
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private List<ILoggingEvent> refusals() {
    return List.copyOf(lines.list).stream()
        .filter(event -> event.getLoggerName().equals(RefusalLog.class.getName()))
        .toList();
  }

  private static void assertServed(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT 6 * 7")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(42);
    }
  }

  @Test
  void garbageEndsItsConnectionAndNothingElse() throws Exception {
    List<InetSocketAddress> ports = List.of(server.address(), server.httpAddress());
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      assertServed(statement);
      for (InetSocketAddress port : ports) {
        scan(port, new byte[] {0});
      }
      long filesBefore = openFiles();
      int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
      for (int round = 0; round < 3; round++) {
        for (InetSocketAddress port : ports) {
          for (byte[] bytes : garbage()) {
            assertThat(scan(port, bytes)).doesNotContain("Exception", "\tat ", "root:");
            assertServed(statement);
          }
        }
      }
      // Some of the machine's own threads come and go.
      Await.until("files are closed", () -> openFiles() <= filesBefore + 2);
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
          .isLessThanOrEqualTo(threadsBefore + 4);
      assertThat(server.query("SELECT count(*) FROM pg_stat_activity WHERE state IS NOT NULL"))
          .containsExactly("2");
    }
    assertThat(List.copyOf(lines.list))
        .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .allMatch(event -> event.getThrowableProxy() == null);
    List<String> told = refusals().stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(told)
        .doesNotHaveDuplicates()
        .anyMatch(line -> line.contains("SQL clients") && line.contains("invalid length"))
        .anyMatch(line -> line.contains("port for HTTP") && line.contains("is not HTTP"))
        .hasSizeLessThanOrEqualTo(2 * garbage().size());
  }

  @Test
  void silentConnectionsKeepNobodyOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < SILENT_CONNECTIONS; i++) {
        Socket socket = open(server.httpAddress());
        socket.getOutputStream().write('G');
        silent.add(socket);
      }
      assertThat(scan(server.httpAddress(), http("GET /health HTTP/1.1", "Host: x", "", "")))
          .startsWith("HTTP/1.1 200");
      assertThat(silent.getFirst().getInputStream().read()).isEqualTo(-1);
      assertThat(refusals())
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .contains("connections say nothing");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void whoHasNotLoggedInTakesNoSlot() throws Exception {
    List<Socket> halfway = new ArrayList<>();
    try {
      for (int i = 0; i < 3 * CONNECTIONS_MAX; i++) {
        Socket socket = open(server.address());
        halfway.add(socket);
        // A role of its own each time: of one role only a few may be trying at once.
        String who = "user\0stranger%02d\0\0".formatted(i);
        socket.getOutputStream().write(startup(8 + who.length(), 3 << 16, who));
        assertThat(socket.getInputStream().read()).isEqualTo('R');
      }
      assertThat(server.query("SELECT 1")).isEqualTo(List.of("1"));
    } finally {
      for (Socket socket : halfway) {
        socket.close();
      }
    }
  }
}
