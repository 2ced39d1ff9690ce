package io.shardforge.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shardforge.server.TestServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the console may ask, and who may ask it. */
final class ConsoleApiTest {
  private static final int CONNECTIONS_MAX = 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TestServer server;
  private HttpClient http;

  @BeforeEach
  void start() {
    server = TestServer.start(false, CONNECTIONS_MAX);
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path);
  }

  private HttpResponse<String> post(String path, String cookie, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path))
            .header("Cookie", cookie)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length == 0) {
      request.header("Content-Type", "application/json");
    } else {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> login(String user, String password, String... headers)
      throws Exception {
    return post(
        "/api/login",
        "",
        JSON.writeValueAsString(
            JsonNodeFactory.instance.objectNode().put("user", user).put("password", password)),
        headers);
  }

  private String cookie(String user, String password) throws Exception {
    HttpResponse<String> response = login(user, password);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    String cookie = response.headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie).contains("HTTPOnly").contains("SameSite=Strict").contains("Path=/");
    return cookie.replaceFirst(";.*", "");
  }

  private JsonNode ask(String cookie, String sql, String... parameters) throws Exception {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode statement = body.putArray("statements").addObject().put("sql", sql);
    ArrayNode values = statement.putArray("params");
    List.of(parameters).forEach(values::add);
    HttpResponse<String> response = post("/api/sql", cookie, JSON.writeValueAsString(body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).path("results").path(0);
  }

  private static String code(HttpResponse<String> response) throws Exception {
    return response.statusCode()
        + " "
        + JSON.readTree(response.body()).path("error").path("code").asText();
  }

  @Test
  void letsInWhoHasThePassword() throws Exception {
    assertThat(code(login("shardforge", "guess"))).isEqualTo("401 28P01");
    assertThat(code(login("nobody", "guess"))).isEqualTo("401 28P01");
    assertThat(code(login("", ""))).isEqualTo("401 28P01");

    String cookie = cookie("shardforge", "secret");
    HttpRequest whoAmI =
        HttpRequest.newBuilder(address("/api/whoami")).header("Cookie", cookie).build();
    assertThat(http.send(whoAmI, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("{\"user\":\"shardforge\",\"superuser\":true}");
    HttpRequest stranger =
        HttpRequest.newBuilder(address("/api/whoami"))
            .header("Cookie", ConsoleApi.COOKIE + "=guess")
            .build();
    assertThat(http.send(stranger, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("{\"user\":null}");

    assertThat(post("/api/logout", cookie, "{}").statusCode()).isEqualTo(200);
    assertThat(code(post("/api/sql", cookie, "{\"statements\":[{\"sql\":\"select 1\"}]}")))
        .isEqualTo("401 28000");
  }

  @Test
  void slowsDownWhoGuesses() throws Exception {
    String last = "";
    for (int i = 0; i < 10; i++) {
      last = login("shardforge", "guess " + i).body();
    }
    assertThat(last).contains("too many failed logins");
    assertThat(code(login("shardforge", "secret"))).isEqualTo("401 28000");
  }

  @Test
  void refusesWhatOtherPagesMaySend() throws Exception {
    String origin = "http://127.0.0.1:" + server.httpAddress().getPort();
    assertThat(login("shardforge", "secret", "Content-Type", "text/plain").statusCode())
        .isEqualTo(403);
    assertThat(
            login(
                    "shardforge",
                    "secret",
                    "Content-Type",
                    "application/json",
                    "Origin",
                    "http://elsewhere.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            login("shardforge", "secret", "Content-Type", "application/json", "Origin", origin)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void runsEachStatementForItself() throws Exception {
    String cookie = cookie("shardforge", "secret");
    String body =
        """
        {"statements": [
          {"sql": "create table t (a int primary key, b text)"},
          {"sql": "insert into t values ($1, $2), (2, null)", "params": ["1", "'); drop table t; --"]},
          {"sql": "select nothing"},
          {"sql": "begin"},
          {"sql": "select * from t order by a"}]}
        """;
    JsonNode results = JSON.readTree(post("/api/sql", cookie, body).body()).path("results");
    assertThat(results.path(1).path("tag").asText()).isEqualTo("INSERT 0 2");
    assertThat(results.path(2).path("error").path("code").asText()).isEqualTo("42703");
    assertThat(results.path(2).path("error").path("position").asInt()).isEqualTo(8);
    assertThat(results.path(4).path("columns").toString())
        .isEqualTo("[{\"name\":\"a\",\"type\":\"int4\"},{\"name\":\"b\",\"type\":\"text\"}]");
    assertThat(results.path(4).path("rows").toString())
        .isEqualTo("[[\"1\",\"'); drop table t; --\"],[\"2\",null]]");
    // What began in one request is rolled back at its end.
    String open =
        """
        {"statements": [{"sql": "begin"}, {"sql": "delete from t"}]}
        """;
    assertThat(post("/api/sql", cookie, open).body()).contains("DELETE 2");
    assertThat(ask(cookie, "select count(*) from t").path("rows").toString())
        .isEqualTo("[[\"2\"]]");
  }

  @Test
  void boundsAnswers() throws Exception {
    String cookie = cookie("shardforge", "secret");
    JsonNode many = ask(cookie, "select generate_series(1, $1::int)", "100000");
    assertThat(many.path("rows").size()).isEqualTo(SqlRequest.ROWS_MAX);
    assertThat(many.path("truncated").asBoolean()).isTrue();
    JsonNode large = ask(cookie, "select repeat('x', 3000000) from generate_series(1, 4)");
    assertThat(large.path("error").path("code").asText()).isEqualTo("54000");
    assertThat(code(post("/api/sql", cookie, "{}"))).isEqualTo("400 22023");
    assertThat(code(post("/api/sql", cookie, "[1]"))).isEqualTo("400 22023");
    assertThat(code(post("/api/sql", cookie, "not JSON"))).isEqualTo("400 22023");
    assertThat(ask(cookie, "copy (select 1) to stdout").path("error").path("code").asText())
        .isEqualTo("0A000");
  }

  @Test
  void givesARoleItsOwnRights() throws Exception {
    try (Connection connection =
            server.connectTo("postgres", "user", "shardforge", "password", "secret");
        Statement statement = connection.createStatement()) {
      statement.execute("create role ann login password 'first'");
      statement.execute("create table secrets (a int)");
      String cookie = cookie("ann", "first");
      assertThat(ask(cookie, "table secrets").path("error").path("code").asText())
          .isEqualTo("42501");
      assertThat(ask(cookie, "select current_user").path("rows").toString())
          .isEqualTo("[[\"ann\"]]");

      // A login is good only for as long as the password that it was made with.
      statement.execute("alter role ann password 'second'");
      assertThat(code(post("/api/sql", cookie, "{\"statements\":[{\"sql\":\"select 1\"}]}")))
          .isEqualTo("401 28000");
      String again = cookie("ann", "second");
      statement.execute("alter role ann nologin");
      assertThat(code(post("/api/sql", again, "{\"statements\":[{\"sql\":\"select 1\"}]}")))
          .isEqualTo("401 28000");
    }
  }

  @Test
  void keepsNoSession() throws Exception {
    String cookie = cookie("shardforge", "secret");
    for (int i = 0; i < 2 * CONNECTIONS_MAX; i++) {
      assertThat(ask(cookie, "select 1").has("rows")).isTrue();
    }
    assertThat(ask(cookie, "select count(*) from pg_stat_activity").path("rows").toString())
        .isEqualTo("[[\"1\"]]");
  }

  @Test
  void answersInTheOrderOfRequests() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(server.httpAddress());
      OutputStream out = socket.getOutputStream();
      String login =
          "POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
              + "Content-Length: 2\r\n\r\n{}";
      String last = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      out.write((login + last).getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      String answers = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answers).startsWith("HTTP/1.1 401 Unauthorized").contains("HTTP/1.1 200 OK");
    }
  }
}
