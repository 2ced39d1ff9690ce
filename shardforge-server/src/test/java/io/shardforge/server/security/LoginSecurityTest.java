package io.shardforge.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.server.TestServer;
import io.shardforge.sql.session.LogChannel;
import io.shardforge.storage.clock.SystemClock;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who tries to get in by the console or by SQL, and what somebody gets to do who did. */
final class LoginSecurityTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Each of them would end a string, a name or a statement that it was pasted into. */
  private static final List<String> HOSTILE =
      List.of(
          "'; DROP TABLE kept; --",
          "\"; DROP TABLE kept; --",
          "$1; DROP TABLE kept",
          "/* x */ '' \" \\ \u0001",
          "<img src=x onerror=alert(1)>",
          "1 OR 1=1");

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private TestServer server;
  private HttpClient http;

  @BeforeEach
  void start() throws SQLException {
    server = TestServer.start(false, 20);
    server.run(
        "CREATE ROLE ann LOGIN PASSWORD 'right'", "CREATE ROLE empty LOGIN", "CREATE ROLE closed");
    http = HttpClient.newHttpClient();
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void stop() {
    root.detachAppender(lines);
    http.close();
    server.close();
  }

  // ---- What a stranger learns ----

  /** What the server tells of a role's password before it has seen any. */
  private String firstWords(String role) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] parameters = ("user\0" + role + "\0database\0shardforge\0\0").getBytes(UTF_8);
      out.writeInt(8 + parameters.length);
      out.writeInt(3 << 16);
      out.write(parameters);
      String mechanisms = message(in);
      byte[] first = "n,,n=,r=abcdefgh".getBytes(UTF_8);
      byte[] name = "SCRAM-SHA-256\0".getBytes(UTF_8);
      out.writeByte('p');
      out.writeInt(4 + name.length + 4 + first.length);
      out.write(name);
      out.writeInt(first.length);
      out.write(first);
      String answer = message(in);
      return mechanisms + answer.replaceFirst("r=[^,]*,", "");
    }
  }

  private static String message(DataInputStream in) throws IOException {
    byte kind = in.readByte();
    return (char) kind + new String(in.readNBytes(in.readInt() - 4), UTF_8);
  }

  private static byte[] salt(String firstWords) {
    return Base64.getDecoder().decode(firstWords.replaceFirst("(?s).*s=([^,]*),.*", "$1"));
  }

  @Test
  void aRoleThatDoesNotExistLooksLikeOneThatDoes() throws IOException {
    List<byte[]> salts = new ArrayList<>();
    String form = firstWords("ann").replaceFirst("s=[^,]*", "s=");
    for (String role : List.of("ann", "empty", "closed", "nobody", "nobodx")) {
      String words = firstWords(role);
      assertThat(words).as("the same each time").isEqualTo(firstWords(role));
      assertThat(words.replaceFirst("s=[^,]*", "s=")).isEqualTo(form);
      salts.add(salt(words));
    }
    // Nothing in salts that are made up tells that they are: each byte depends on the whole name.
    for (int i = 0; i < salts.size(); i++) {
      assertThat(salts.get(i)).hasSameSizeAs(salts.getFirst());
      for (int j = 0; j < i; j++) {
        int alike = 0;
        for (int at = 0; at < salts.get(i).length; at++) {
          alike += salts.get(i)[at] == salts.get(j)[at] ? 1 : 0;
        }
        assertThat(alike).isLessThan(6);
      }
    }
  }

  @Test
  void allNodesShowTheSameSalt() {
    assertThat(madeUpSalt("shared")).isEqualTo(madeUpSalt("shared"));
    assertThat(madeUpSalt("shared")).isNotEqualTo(madeUpSalt("another"));
  }

  private static byte[] madeUpSalt(String secret) {
    Authenticator node =
        new Authenticator(
            AccessRules::passwords, new LoginThrottle(new SystemClock()), new SecureRandom());
    node.pretendWith(() -> secret);
    return salt(node.begin("nobody", null, null).first("SCRAM-SHA-256", "n,,n=,r=abcdefgh"));
  }

  // ---- Guesses ----

  private HttpResponse<String> post(String path, String cookie, JsonNode body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path))
            .header("Cookie", cookie)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> login(String user, String password) throws Exception {
    return post(
        "/api/login",
        "",
        JsonNodeFactory.instance.objectNode().put("user", user).put("password", password));
  }

  private String cookie(String user, String password) throws Exception {
    HttpResponse<String> response = login(user, password);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
  }

  private void assertRefused(String user, String password, String words) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> server.connect("user", user, "password", password).close())
        .withMessageContaining(words);
  }

  @Test
  void guessesCountWhereverTheyAreMade() throws Exception {
    for (String user : List.of("ann", "nobody")) {
      for (int i = 0; i < 3; i++) {
        assertRefused(user, "guess" + i, "password authentication failed");
        assertThat(login(user, "guess" + i).body()).contains("password authentication failed");
      }
      // Known or not, by whichever port: nobody listens any more, even to what is right.
      assertRefused(user, "right", "too many failed logins");
      assertThat(login(user, "right").body()).contains("too many failed logins");
    }
    assertThat(server.query("SELECT 1")).containsExactly("1");
    assertThat(of(LogChannel.SECURITY.logger().getName())).hasSize(2);
  }

  private List<ILoggingEvent> of(String logger) {
    return List.copyOf(lines.list).stream()
        .filter(event -> event.getLoggerName().equals(logger))
        .toList();
  }

  // ---- Logins without rights ----

  private static ObjectNode request(String sql, String... parameters) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode statement = body.putArray("statements").addObject().put("sql", sql);
    var values = statement.putArray("params");
    List.of(parameters).forEach(values::add);
    return body;
  }

  private JsonNode ask(String cookie, ObjectNode request) throws Exception {
    HttpResponse<String> response = post("/api/sql", cookie, request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    return JSON.readTree(response.body()).path("results").path(0);
  }

  @Test
  void withoutALoginNothingIsAnswered() throws Exception {
    String ended = cookie("ann", "right");
    server.run("DROP ROLE ann");
    for (String cookie : List.of("", "shardforge_console=x", "shardforge_console=", ended)) {
      for (String path : List.of("/api/sql", "/api/anything", "/api/", "/api/../api/sql")) {
        HttpResponse<String> response = post(path, cookie, request("SELECT 1"));
        assertThat(response.statusCode()).as(path).isEqualTo(401);
        assertThat(response.body()).contains("nobody is logged in").doesNotContain("rows");
      }
    }
    assertThat(of(RefusalLog.class.getName()))
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .contains("port for HTTP", "nobody is logged in");
  }

  @Test
  void aRoleWithoutRightsIsRefusedAndLogged() throws Exception {
    server.run("CREATE TABLE kept (a int PRIMARY KEY)");
    String cookie = cookie("ann", "right");
    List<String> forbidden =
        List.of(
            "TABLE kept",
            "DROP TABLE kept",
            "ALTER SYSTEM SET shardforge.moves_at_once = 0",
            "ALTER ROLE shardforge PASSWORD 'mine'",
            "CREATE ROLE mine SUPERUSER",
            "GRANT postgres TO ann",
            "SET ROLE postgres",
            "SELECT * FROM pg_authid",
            "SELECT shardforge.drain_node(1)",
            "SELECT shardforge.move_replica(1, 1, 2)",
            "SELECT pg_reload_conf()");
    for (String sql : forbidden) {
      JsonNode result = ask(cookie, request(sql).put("database", "shardforge"));
      assertThat(result.path("error").path("code").asText()).as(sql).isEqualTo("42501");
    }
    assertThat(of(LogChannel.AUDIT.logger().getName()))
        .filteredOn(line -> line.getFormattedMessage().equals("statement forbidden"))
        .hasSize(forbidden.size());
  }

  // ---- Injection ----

  @Test
  void whatIsTypedIsNeverRun() throws Exception {
    server.run("CREATE TABLE kept (a int PRIMARY KEY)", "CREATE TABLE said (a text PRIMARY KEY)");
    String cookie = cookie("shardforge", "secret");
    for (String hostile : HOSTILE) {
      // Each field of each request: a parameter, a database, a role, a password, a path.
      JsonNode echoed =
          ask(
              cookie,
              request("INSERT INTO said VALUES ($1) RETURNING a", hostile)
                  .put("database", "shardforge"));
      assertThat(echoed.path("rows").path(0).path(0).asText()).isEqualTo(hostile);
      HttpResponse<String> noDatabase =
          post("/api/sql", cookie, request("SELECT 1").put("database", hostile));
      assertThat(noDatabase.body()).contains("3D000");
      assertThat(login(hostile, hostile).statusCode()).isEqualTo(401);
      // One statement is one statement, however it is written.
      JsonNode two =
          ask(cookie, request("SELECT 1; DROP TABLE kept").put("database", "shardforge"));
      assertThat(two.path("error").path("code").asText()).isEqualTo("42601");
      JsonNode plan =
          ask(
              cookie,
              request("EXPLAIN (GENERIC_PLAN) SELECT 1; DROP TABLE kept")
                  .put("database", "shardforge"));
      assertThat(plan.path("error").path("code").asText()).isEqualTo("42601");
      // As the page of settings makes a statement: quoted by the server.
      JsonNode made =
          ask(
              cookie,
              request(
                  "SELECT format('ALTER SYSTEM SET %s = %L', $1::text, $2::text)",
                  "shardforge.moves_at_once", hostile));
      JsonNode set = ask(cookie, request(made.path("rows").path(0).path(0).asText()));
      assertThat(set.path("error").path("code").asText()).isIn("22023", "42704", "42601");
    }
    assertThat(server.query("SELECT count(*) FROM kept")).containsExactly("0");
    assertThat(server.query("SELECT count(*) FROM said"))
        .containsExactly(Integer.toString(HOSTILE.size()));
  }
}
