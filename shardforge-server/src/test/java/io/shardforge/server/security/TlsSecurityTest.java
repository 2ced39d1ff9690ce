package io.shardforge.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardforge.cli.command.Commands;
import io.shardforge.cli.command.Context;
import io.shardforge.cli.shell.Streams;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.server.TestCertificates;
import io.shardforge.server.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Attempts to get around TLS, and certificates that are not the right ones. */
final class TlsSecurityTest {
  private static final int SSL_REQUEST = 80877103;
  private static final int SILENCE_MILLIS = 30_000;

  /** Kinds of TLS records. */
  private static final int ALERT = 21;

  private static final int HANDSHAKE = 22;

  private static final int SSL_3_0 = 0x0300;
  private static final int TLS_1_0 = 0x0301;
  private static final int TLS_1_1 = 0x0302;
  private static final int TLS_1_2 = 0x0303;

  private static final int[] GOOD_CIPHERS = {0xc02b, 0xc02f, 0xc02c, 0xc030, 0xc009, 0xc00a, 0x2f};

  /** NULL, EXPORT, RC4, DES and 3DES. */
  private static final int[] WEAK_CIPHERS = {
    0x01, 0x02, 0x03, 0x04, 0x05, 0x09, 0x0a, 0xc007, 0xc008
  };

  @TempDir static Path directory = Path.of("");
  @TempDir static Path elsewhere = Path.of("");

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private static TestServer server;

  private final Logger refusals = (Logger) LoggerFactory.getLogger(RefusalLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeAll
  static void start() throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.user("joe");
    certificates.user("late", "-startdate", "-30d", "-validity", "1");
    new TestCertificates(elsewhere).user("joe");
    Path rules = directory.resolve("access.conf");
    Files.writeString(
        rules,
        """
        hostssl all joe,late,node all cert
        hostssl all all all scram-sha-256
        """);
    server = TestServer.secured(directory, rules);
    try (var connection = DriverManager.getConnection(url("127.0.0.1"), login("shardforge"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE joe LOGIN");
      statement.execute("CREATE ROLE late LOGIN");
      statement.execute("CREATE ROLE node LOGIN");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void listen() {
    lines.start();
    refusals.addAppender(lines);
  }

  @AfterEach
  void cease() {
    refusals.detachAppender(lines);
  }

  private void assertTold(String words) {
    Await.until(
        "it is told: " + words,
        () ->
            List.copyOf(lines.list).stream()
                .anyMatch(line -> line.getFormattedMessage().contains(words)));
    assertThat(List.copyOf(lines.list)).allMatch(line -> line.getThrowableProxy() == null);
  }

  private static String url(String host) {
    return "jdbc:postgresql://%s:%d/shardforge".formatted(host, server.address().getPort());
  }

  private static Properties login(String user) {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", "secret");
    login.setProperty("sslmode", "verify-full");
    login.setProperty("sslrootcert", directory.resolve("ca.crt").toString());
    return login;
  }

  private static void assertRefused(String host, Properties login) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> DriverManager.getConnection(url(host), login).close());
  }

  private static Properties withCertificate(String user, Path of, String name) {
    Properties login = login(user);
    login.setProperty("sslcert", of.resolve(name + ".crt").toString());
    login.setProperty("sslkey", of.resolve(name + ".pk8").toString());
    return login;
  }

  // ---- Downgrades ----

  private static Socket open(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(SILENCE_MILLIS);
    return socket;
  }

  /** That signatures may be ECDSA with SHA-256, and keys on the curve P-256. */
  private static final byte[] EXTENSIONS =
      HexFormat.of().parseHex("0010" + "000d000400020403" + "000a000400020017");

  /** A ClientHello as clients of old have sent it. */
  private static byte[] hello(int version, int... ciphers) {
    int body = 2 + 32 + 1 + 2 + 2 * ciphers.length + 2 + EXTENSIONS.length;
    ByteBuffer out = ByteBuffer.allocate(5 + 4 + body);
    out.put((byte) HANDSHAKE).putShort((short) Math.min(version, TLS_1_0));
    out.putShort((short) (4 + body)).putInt(1 << 24 | body);
    out.putShort((short) version).put(new byte[32]).put((byte) 0);
    out.putShort((short) (2 * ciphers.length));
    for (int cipher : ciphers) {
      out.putShort((short) cipher);
    }
    return out.put((byte) 1).put((byte) 0).put(EXTENSIONS).array();
  }

  /** The kind of record that a port answers to a ClientHello. */
  private static int answer(InetSocketAddress address, boolean sql, byte[] hello)
      throws IOException {
    try (Socket socket = open(address)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      if (sql) {
        out.writeInt(8);
        out.writeInt(SSL_REQUEST);
        assertThat(in.read()).isEqualTo('S');
      }
      out.write(hello);
      int kind = in.read();
      if (kind == ALERT) {
        // It ends the connection, too.
        var _ = in.readAllBytes();
      }
      return kind;
    }
  }

  @Test
  void oldVersionsAndWeakCiphersAreRefused() throws IOException {
    for (boolean sql : List.of(true, false)) {
      InetSocketAddress port = sql ? server.address() : server.httpAddress();
      for (int version : List.of(SSL_3_0, TLS_1_0, TLS_1_1)) {
        assertThat(answer(port, sql, hello(version, GOOD_CIPHERS)))
            .as("version %x", version)
            .isEqualTo(ALERT);
      }
      assertThat(answer(port, sql, hello(TLS_1_2, WEAK_CIPHERS))).isEqualTo(ALERT);
      assertThat(answer(port, sql, hello(TLS_1_2, GOOD_CIPHERS))).isEqualTo(HANDSHAKE);
    }
    assertTold("port for SQL clients refused");
    assertTold("port for HTTP refused");
  }

  @Test
  void plainTextGetsNothing() throws IOException {
    try (Socket socket = open(server.httpAddress())) {
      socket.getOutputStream().write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 400")
          .contains("use https");
    }
    assertTold("it does not speak TLS");
  }

  @Test
  void whatIsSlippedInBeforeTheHandshakeIsNotHeard() throws IOException {
    try (Socket socket = open(server.address())) {
      byte[] slipped = "Qslipped".getBytes(UTF_8);
      socket
          .getOutputStream()
          .write(
              ByteBuffer.allocate(8 + slipped.length)
                  .putInt(8)
                  .putInt(SSL_REQUEST)
                  .put(slipped)
                  .array());
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("E")
          .contains("received unencrypted data after SSL request");
    }
    assertTold("received unencrypted data");
  }

  /** Somebody in the middle who says that there is no TLS gets to know nothing. */
  @Test
  void aClientThatWantsTlsTalksToNobodyWithout() throws Exception {
    for (String mode : List.of("require", "verify-ca", "verify-full")) {
      try (ServerSocket middle = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        CompletableFuture<byte[]> heard = new CompletableFuture<>();
        Thread.ofVirtual()
            .start(() -> {
              try (Socket socket = middle.accept()) {
                socket.setSoTimeout(SILENCE_MILLIS);
                byte[] request = socket.getInputStream().readNBytes(8);
                socket.getOutputStream().write('N');
                heard.complete(socket.getInputStream().readAllBytes());
                assertThat(ByteBuffer.wrap(request).getInt(4)).isEqualTo(SSL_REQUEST);
              } catch (IOException e) {
                heard.completeExceptionally(e);
              }
            });
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
            Commands.of(context(err))
                .execute(
                    "sql",
                    "-e",
                    "select 1",
                    "--url",
                    "postgresql://joe:secret@127.0.0.1:%d/d?sslmode=%s&sslrootcert=%s"
                        .formatted(middle.getLocalPort(), mode, directory.resolve("ca.crt")));
        assertThat(code).isEqualTo(3);
        assertThat(err.toString(UTF_8)).hasLineCount(1).containsIgnoringCase("ssl");
        assertThat(Await.result(heard)).isEmpty();
      }
    }
  }

  private static Context context(ByteArrayOutputStream err) {
    return new Context(
        Streams.of(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
            new PrintStream(err, true, UTF_8)),
        Map.of());
  }

  // ---- Certificates ----

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws SQLException {
    DriverManager.getConnection(url("127.0.0.1"), withCertificate("joe", directory, "joe")).close();
    assertRefused("127.0.0.1", withCertificate("joe", elsewhere, "joe"));
    assertTold("not signed by this side's authority");
  }

  @Test
  void anExpiredCertificateIsRefused() {
    assertRefused("127.0.0.1", withCertificate("late", directory, "late"));
    assertTold("its certificate has expired");
  }

  @Test
  void aNodeIsNoClient() throws IOException {
    Files.write(
        directory.resolve("node.pk8"),
        Base64.getMimeDecoder()
            .decode(
                Files.readString(directory.resolve("node.key"))
                    .replaceAll("-----[A-Z ]+-----", "")));
    Files.setPosixFilePermissions(
        directory.resolve("node.pk8"), PosixFilePermissions.fromString("rw-------"));
    // A driver does not even show it where another authority is asked for.
    assertRefused("127.0.0.1", withCertificate("node", directory, "node"));
  }

  @Test
  void aServerOfAnotherNameOrAuthorityIsNotTalkedTo() {
    // The same address, but not as the certificate says it.
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> DriverManager.getConnection(url("127.1"), login("shardforge")).close())
        .withMessageContaining("127.1");
    Properties others = login("shardforge");
    others.setProperty("sslrootcert", elsewhere.resolve("ca.crt").toString());
    assertRefused("127.0.0.1", others);
    assertTold("does not accept this side's certificate");
  }
}
