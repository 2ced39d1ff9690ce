package io.shardforge.sql.type;

import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonNumber;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict JSON reader (RFC 8259) with PostgreSQL's error reports. */
public final class JsonParser {
  /** PostgreSQL's stack check stops at a similar depth. */
  private static final int DEPTH_MAX = 2_000;

  /** An error's context shows less than so many bytes before the fault. */
  private static final int CONTEXT_BYTES = 50;

  private static final String ELLIPSIS = "...";

  private final String text;

  /** False to check the syntax only, as the json type does: escapes stay as they are. */
  private final boolean decode;

  private boolean refusesDuplicates;
  private int at;
  private int depth;

  public JsonParser(String text, boolean decode) {
    this.text = text;
    this.decode = decode;
  }

  /** Fails with 22030 for an object that has two members of one key. */
  public JsonParser refusingDuplicates() {
    refusesDuplicates = true;
    return this;
  }

  /** Checks that a text is JSON. */
  public static void validate(String text) {
    new JsonParser(text, false).parse();
  }

  public JsonValue parse() {
    JsonValue value = readValue("Expected JSON value, but found ");
    skipSpace();
    if (at < text.length()) {
      throw unexpected("Expected end of input, but found ");
    }
    return value;
  }

  private JsonValue readValue(String expectation) {
    skipSpace();
    if (at >= text.length()) {
      throw unexpected(expectation);
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> readObject();
      case '[' -> readArray();
      case '"' -> new JsonString(readString());
      default -> readScalar(c, expectation);
    };
  }

  private JsonValue readScalar(char c, String expectation) {
    if (c == '-' || (c >= '0' && c <= '9')) {
      return readNumber();
    }
    int end = tokenEnd();
    String word = text.substring(at, end);
    JsonValue value =
        switch (word) {
          case "true" -> JsonValue.of(true);
          case "false" -> JsonValue.of(false);
          case "null" -> JsonNull.INSTANCE;
          default -> throw unexpected(expectation);
        };
    at = end;
    return value;
  }

  private void enter() {
    if (++depth > DEPTH_MAX) {
      throw new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .withDetail("JSON is nested deeper than " + DEPTH_MAX + " levels.");
    }
  }

  private JsonValue readObject() {
    enter();
    at++;
    Map<String, JsonValue> members = new LinkedHashMap<>();
    skipSpace();
    if (peek() == '}') {
      at++;
      depth--;
      return new JsonObject(members);
    }
    String expectation = "Expected string or \"}\", but found ";
    while (true) {
      skipSpace();
      if (peek() != '"') {
        throw unexpected(expectation);
      }
      String key = readString();
      skipSpace();
      if (peek() != ':') {
        throw unexpected("Expected \":\", but found ");
      }
      at++;
      JsonValue before = members.put(key, readValue("Expected JSON value, but found "));
      if (before != null && refusesDuplicates) {
        throw new ShardForgeException(
            ErrorCode.DUPLICATE_JSON_OBJECT_KEY_VALUE, "duplicate JSON object key value");
      }
      skipSpace();
      char next = peek();
      if (next == '}') {
        at++;
        depth--;
        return new JsonObject(members);
      }
      if (next != ',') {
        throw unexpected("Expected \",\" or \"}\", but found ");
      }
      at++;
      expectation = "Expected string, but found ";
    }
  }

  private JsonValue readArray() {
    enter();
    at++;
    List<JsonValue> elements = new ArrayList<>();
    skipSpace();
    if (peek() == ']') {
      at++;
      depth--;
      return new JsonArray(elements);
    }
    String expectation = "Expected array element or \"]\", but found ";
    while (true) {
      elements.add(readValue(expectation));
      skipSpace();
      char next = peek();
      if (next == ']') {
        at++;
        depth--;
        return new JsonArray(elements);
      }
      if (next != ',') {
        throw unexpected("Expected \",\" or \"]\", but found ");
      }
      at++;
      expectation = "Expected JSON value, but found ";
    }
  }

  private JsonValue readNumber() {
    int start = at;
    int i = at;
    if (text.charAt(i) == '-') {
      i++;
    }
    int integerStart = i;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    boolean valid = i > integerStart && (i == integerStart + 1 || text.charAt(integerStart) != '0');
    if (valid && i < text.length() && text.charAt(i) == '.') {
      int fraction = ++i;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
      }
      valid = i > fraction;
    }
    if (valid && i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int exponent = i;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
      }
      valid = i > exponent;
    }
    if (!valid || (i < text.length() && isWord(text.charAt(i)))) {
      int end = i;
      while (end < text.length() && isWord(text.charAt(end))) {
        end++;
      }
      throw invalid("Token \"" + text.substring(start, end) + "\" is invalid.", end);
    }
    at = i;
    return decode ? new JsonNumber(Numeric.parse(text.substring(start, i))) : JsonNull.INSTANCE;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c >= 0x80;
  }

  /** Reads a string literal; with {@link #decode} off the result is undecoded and only checked. */
  private String readString() {
    int start = ++at;
    StringBuilder decoded = null;
    while (true) {
      if (at >= text.length()) {
        throw invalid("Token \"" + text.substring(start - 1) + "\" is invalid.", text.length());
      }
      char c = text.charAt(at);
      if (c == '"') {
        String result = decoded == null ? text.substring(start, at) : decoded.toString();
        at++;
        return result;
      }
      if (c < 0x20) {
        throw invalid(String.format("Character with value 0x%02x must be escaped.", (int) c), at);
      }
      if (c != '\\') {
        if (decoded != null) {
          decoded.append(c);
        }
        at++;
        continue;
      }
      if (decoded == null) {
        decoded = new StringBuilder(text.substring(start, at));
      }
      readEscape(start, decoded);
    }
  }

  private void readEscape(int start, StringBuilder decoded) {
    at++;
    if (at >= text.length()) {
      throw invalid("Token \"" + text.substring(start - 1) + "\" is invalid.", text.length());
    }
    char c = text.charAt(at++);
    switch (c) {
      case '"', '\\', '/' -> decoded.append(c);
      case 'b' -> decoded.append('\b');
      case 'f' -> decoded.append('\f');
      case 'n' -> decoded.append('\n');
      case 'r' -> decoded.append('\r');
      case 't' -> decoded.append('\t');
      case 'u' -> readUnicode(decoded);
      default -> {
        at--;
        int end = at + Character.charCount(text.codePointAt(at));
        throw invalid("Escape sequence \"\\" + text.substring(at, end) + "\" is invalid.", end);
      }
    }
  }

  private void readUnicode(StringBuilder decoded) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit =
          at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw invalid("\"\\u\" must be followed by four hexadecimal digits.", at + 1);
      }
      code = code << 4 | digit;
      at++;
    }
    if (!decode) {
      return;
    }
    if (code == 0) {
      throw new ShardForgeException(
              ErrorCode.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
          .withDetail("\\u0000 cannot be converted to text.")
          .withWhere(where(at));
    }
    char c = (char) code;
    boolean pendingHigh =
        decoded.length() > 0
            && Character.isHighSurrogate(decoded.charAt(decoded.length() - 1))
            && text.startsWith("\\u", at - 6);
    if (Character.isLowSurrogate(c) && !pendingHigh) {
      throw invalid("Unicode low surrogate must follow a high surrogate.", at);
    }
    if (Character.isHighSurrogate(c)) {
      if (pendingHigh) {
        throw invalid("Unicode high surrogate must not follow a high surrogate.", at);
      }
      if (!text.startsWith("\\u", at)) {
        throw invalid("Unicode low surrogate must follow a high surrogate.", at);
      }
    } else if (pendingHigh && !Character.isLowSurrogate(c)) {
      throw invalid("Unicode low surrogate must follow a high surrogate.", at);
    }
    decoded.append(c);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private int tokenEnd() {
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return end > at ? end : Math.min(text.length(), at + 1);
  }

  private ShardForgeException unexpected(String expectation) {
    if (at >= text.length()) {
      return invalid("The input string ended unexpectedly.", text.length());
    }
    int end = tokenEnd();
    char c = text.charAt(at);
    String token = text.substring(at, end);
    boolean known =
        "{}[],:".indexOf(c) >= 0
            || token.equals("true")
            || token.equals("false")
            || token.equals("null")
            || isDigit(c)
            || c == '"';
    if (c == '"') {
      int start = at;
      readString();
      token = text.substring(start, at);
      end = at;
    }
    return known
        ? invalid(expectation + "\"" + token + "\".", end)
        : invalid("Token \"" + token + "\" is invalid.", end);
  }

  private ShardForgeException invalid(String detail, int end) {
    return new ShardForgeException(
            ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
        .withDetail(detail)
        .withWhere(where(end));
  }

  /** The line up to the fault, as PostgreSQL's error context has it. */
  private String where(int end) {
    int stop = Math.min(end, text.length());
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < stop; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    int from = lineStart;
    int bytes = bytes(lineStart, stop);
    while (bytes >= CONTEXT_BYTES) {
      int next = text.offsetByCodePoints(from, 1);
      bytes -= bytes(from, next);
      from = next;
    }
    if (from <= lineStart + ELLIPSIS.length()) {
      from = lineStart;
    }
    boolean more = stop < text.length() && "\\r\\n".indexOf(text.charAt(stop)) < 0;
    return "JSON data, line "
        + line
        + ": "
        + (from > lineStart ? ELLIPSIS : "")
        + text.substring(from, stop)
        + (more ? ELLIPSIS : "");
  }

  private int bytes(int from, int to) {
    return text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
  }
}
