package io.shardforge.server.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shardforge.sql.session.Session;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that a client sends at once over HTTP, each a transaction of its own whose failure
 * does not keep the next from running.
 *
 * <pre>
 *   {"database": "shop", "statements": [{"sql": "select … where id = $1", "params": ["7"]}]}
 *   {"results": [{"columns": [{"name", "type"}], "rows": [["7", null]], "tag": "SELECT 1", "ms": 0.4},
 *                {"error": {"code": "42P01", "message": "…"}}]}
 * </pre>
 *
 * Parameters and values are PostgreSQL's texts, so that no number loses a digit.
 */
record SqlRequest(String database, List<Statement> statements) {
  /** Statements of one request. */
  static final int STATEMENTS_MAX = 50;

  /** Rows of one result; of more the result says that it is cut. */
  static final int ROWS_MAX = 5_000;

  /** Characters of all values of an answer. */
  static final long CHARACTERS_MAX = 8 << 20;

  private static final short[] TEXT = {};
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** One statement and the texts of its parameters, null for NULL. */
  record Statement(String sql, List<@Nullable String> parameters) {}

  /** Reads a request; 22023 if it has another form. */
  static SqlRequest parse(byte[] body) {
    JsonNode root = tree(body);
    List<Statement> statements = new ArrayList<>();
    for (JsonNode each : root.path("statements")) {
      List<@Nullable String> parameters = new ArrayList<>();
      for (JsonNode parameter : each.path("params")) {
        parameters.add(parameter.isNull() ? null : parameter.asText());
      }
      if (!each.path("sql").isTextual()) {
        throw malformed("a statement has no text \"sql\"");
      }
      statements.add(new Statement(each.path("sql").textValue(), parameters));
    }
    if (statements.isEmpty() || statements.size() > STATEMENTS_MAX) {
      throw malformed("a request has 1 to %d statements".formatted(STATEMENTS_MAX));
    }
    return new SqlRequest(root.path("database").asText("postgres"), statements);
  }

  /** The JSON object of a request's body; 22023 if it is none. */
  static JsonNode tree(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw malformed("the body is not JSON: " + e.getOriginalMessage());
    } catch (java.io.IOException _) {
      throw malformed("the body is not JSON");
    }
    throw malformed("the body is not a JSON object");
  }

  private static ShardForgeException malformed(String what) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, what);
  }

  /** Runs the statements one after the other on the session's thread. */
  ObjectNode run(Session session, Clock clock) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode results = answer.putArray("results");
    long left = CHARACTERS_MAX;
    for (Statement statement : statements) {
      ObjectNode result = results.addObject();
      long started = clock.monotonicNanos();
      try {
        left -= run(session, statement, result, left);
      } catch (ShardForgeException e) {
        session.fail();
        if (session.isTerminated()) {
          throw e;
        }
        result.removeAll();
        result.set("error", error(e));
        end(session);
      }
      long micros = (clock.monotonicNanos() - started) / 1_000;
      result.put("ms", micros / 1e3);
    }
    return answer;
  }

  private static long run(Session session, Statement statement, ObjectNode result, long left) {
    byte[] @Nullable [] parameters = new byte[statement.parameters().size()] @Nullable [];
    for (int i = 0; i < parameters.length; i++) {
      String text = statement.parameters().get(i);
      parameters[i] = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
    session.parse("", statement.sql(), new int[0]);
    session.bind("", "", TEXT, parameters);
    JsonSink sink = new JsonSink(session, session.portalColumns(""), result, left);
    session.execute("", ROWS_MAX, true, sink);
    session.sync();
    session.transactionStatus();
    return sink.characters();
  }

  /** A statement has failed: its transaction ends. */
  private static void end(Session session) {
    try {
      session.sync();
    } catch (ShardForgeException _) {
      session.fail();
    }
    session.transactionStatus();
  }

  /** An error as JSON, with the fields that PostgreSQL tells. */
  static ObjectNode error(ShardForgeException error) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("code", error.code().sqlState());
    node.put("message", error.message());
    if (error.detail() != null) {
      node.put("detail", error.detail());
    }
    if (error.hint() != null) {
      node.put("hint", error.hint());
    }
    if (error.position() > 0) {
      node.put("position", error.position());
    }
    return node;
  }
}
