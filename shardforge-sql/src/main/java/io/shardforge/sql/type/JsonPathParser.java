package io.shardforge.sql.type;

import io.shardforge.sql.type.JsonPath.Accessor;
import io.shardforge.sql.type.JsonPath.Descendants;
import io.shardforge.sql.type.JsonPath.Node;
import io.shardforge.sql.type.JsonPath.Operator;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonNumber;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the SQL/JSON path language (ISO 9075-2, 9.44) as PostgreSQL has it, by recursive
 * descent. Reports what it cannot read as PostgreSQL does, at the token where it stops.
 */
final class JsonPathParser {
  private static final Set<String> METHODS =
      Set.of(
          "abs",
          "bigint",
          "boolean",
          "ceiling",
          "decimal",
          "double",
          "floor",
          "integer",
          "keyvalue",
          "number",
          "size",
          "string",
          "type");

  private static final Set<String> OPERATORS =
      Set.of("==", "!=", "<>", "<", "<=", ">", ">=", "&&", "||", "**");

  private static final int DEPTH_MAX = 1_000;

  private static final String LONE_SURROGATE =
      "Unicode low surrogate must follow a high surrogate.";

  private final String text;
  private int at;
  private int depth;
  private Token token;
  private int filters;
  private int subscripts;

  /** What a token is. */
  private enum Kind {
    END,
    NAME,
    STRING,
    VARIABLE,
    NUMBER,
    SYMBOL
  }

  /**
   * A token.
   *
   * @param value the text that it means
   * @param start where it is in the path
   */
  private record Token(Kind kind, String value, int start) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && value.equals(symbol);
    }

    boolean isWord(String word) {
      return kind == Kind.NAME && value.equals(word);
    }
  }

  JsonPathParser(String text) {
    this.text = text;
    this.token = read();
  }

  JsonPath parse() {
    boolean strict = token.isWord("strict");
    if (strict || token.isWord("lax")) {
      advance();
    }
    if (token.kind == Kind.END) {
      throw TypeErrors.invalidText("jsonpath", text);
    }
    Node root = expression();
    if (token.kind != Kind.END) {
      throw unexpected();
    }
    return new JsonPath(strict, root);
  }

  // ---- Expressions, from the loosest binding to the tightest ----

  private Node expression() {
    if (++depth > DEPTH_MAX) {
      throw TypeErrors.of(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    Node left = conjunction();
    while (token.is("||")) {
      advance();
      left = new JsonPath.Or(predicate(left), predicate(conjunction()));
    }
    depth--;
    return left;
  }

  private Node conjunction() {
    Node left = comparison();
    while (token.is("&&")) {
      advance();
      left = new JsonPath.And(predicate(left), predicate(comparison()));
    }
    return left;
  }

  private Node comparison() {
    if (token.is("!")) {
      advance();
      if (!token.is("(") && !token.isWord("exists")) {
        throw unexpected();
      }
      return new JsonPath.Not(predicate(comparison()));
    }
    Node left = sum();
    Operator operator = operator();
    if (operator != null) {
      advance();
      return new JsonPath.Comparison(operator, left, sum());
    }
    if (token.isWord("starts")) {
      advance();
      expectWord("with");
      Node prefix = primary();
      boolean isText = prefix instanceof JsonPath.Literal(JsonString _);
      if (!isText && !(prefix instanceof JsonPath.Variable)) {
        throw unexpected();
      }
      return new JsonPath.StartsWith(left, prefix);
    }
    if (token.isWord("like_regex")) {
      advance();
      String pattern = string();
      String flags = "";
      if (token.isWord("flag")) {
        advance();
        flags = flags(string());
      }
      return new JsonPath.LikeRegex(left, pattern, flags);
    }
    if (token.isWord("is")) {
      advance();
      expectWord("unknown");
      return new JsonPath.IsUnknown(predicate(left));
    }
    return left;
  }

  private @Nullable Operator operator() {
    if (token.kind != Kind.SYMBOL) {
      return null;
    }
    return switch (token.value) {
      case "==" -> Operator.EQUAL;
      case "!=", "<>" -> Operator.NOT_EQUAL;
      case "<" -> Operator.LESS;
      case "<=" -> Operator.LESS_OR_EQUAL;
      case ">" -> Operator.GREATER;
      case ">=" -> Operator.GREATER_OR_EQUAL;
      default -> null;
    };
  }

  private Node sum() {
    Node left = product();
    while (token.is("+") || token.is("-")) {
      char sign = token.value.charAt(0);
      advance();
      left = new JsonPath.Arithmetic(sign, left, product());
    }
    return left;
  }

  private Node product() {
    Node left = signed();
    while (token.is("*") || token.is("/") || token.is("%")) {
      char sign = token.value.charAt(0);
      advance();
      left = new JsonPath.Arithmetic(sign, left, signed());
    }
    return left;
  }

  private Node signed() {
    if (token.is("+") || token.is("-")) {
      char sign = token.value.charAt(0);
      advance();
      Node operand = signed();
      // The sign of a number is a part of it.
      if (operand instanceof JsonPath.Literal(JsonNumber number)) {
        return sign == '+'
            ? operand
            : new JsonPath.Literal(new JsonNumber(number.value().negate()));
      }
      return new JsonPath.Sign(sign, operand);
    }
    return path();
  }

  private Node path() {
    Node node = primary();
    while (true) {
      Accessor accessor = accessor();
      if (accessor == null) {
        return node;
      }
      node = new JsonPath.Step(node, accessor);
    }
  }

  private Node primary() {
    Token first = token;
    switch (first.kind) {
      case NUMBER -> {
        advance();
        return new JsonPath.Literal(new JsonNumber(Numeric.parse(first.value)));
      }
      case STRING -> {
        advance();
        return new JsonPath.Literal(new JsonString(first.value));
      }
      case VARIABLE -> {
        advance();
        return new JsonPath.Variable(first.value);
      }
      case NAME -> {
        switch (first.value) {
          case "true", "false" -> {
            advance();
            return new JsonPath.Literal(JsonValue.of(first.value.equals("true")));
          }
          case "null" -> {
            advance();
            return new JsonPath.Literal(JsonNull.INSTANCE);
          }
          case "last" -> {
            if (subscripts == 0) {
              throw syntax("LAST is allowed only in array subscripts");
            }
            advance();
            return new JsonPath.Last();
          }
          case "exists" -> {
            advance();
            expect("(");
            Node operand = expression();
            expect(")");
            return new JsonPath.Exists(operand);
          }
          default -> throw unexpected();
        }
      }
      case SYMBOL -> {
        switch (first.value) {
          case "$" -> {
            advance();
            return new JsonPath.Root();
          }
          case "@" -> {
            if (filters == 0) {
              throw syntax("@ is not allowed in root expressions");
            }
            advance();
            return new JsonPath.Current();
          }
          case "(" -> {
            advance();
            Node inner = expression();
            expect(")");
            return inner;
          }
          default -> throw unexpected();
        }
      }
      case END -> throw unexpected();
    }
    throw unexpected();
  }

  private Node predicate(Node node) {
    return switch (node) {
      case JsonPath.Comparison _,
          JsonPath.And _,
          JsonPath.Or _,
          JsonPath.Not _,
          JsonPath.IsUnknown _,
          JsonPath.Exists _,
          JsonPath.StartsWith _,
          JsonPath.LikeRegex _ ->
          node;
      default -> throw unexpected();
    };
  }

  // ---- Accessors ----

  private @Nullable Accessor accessor() {
    if (token.is("?")) {
      advance();
      expect("(");
      filters++;
      Node condition = predicate(expression());
      filters--;
      expect(")");
      return new JsonPath.Filter(condition);
    }
    if (token.is("[")) {
      advance();
      return elements();
    }
    if (!token.is(".")) {
      return null;
    }
    advance();
    Token name = token;
    if (name.is("*")) {
      advance();
      return new JsonPath.AnyMember();
    }
    if (name.is("**")) {
      advance();
      return descendants();
    }
    if (name.kind == Kind.STRING) {
      advance();
      return new JsonPath.Member(name.value);
    }
    if (name.kind != Kind.NAME) {
      throw unexpected();
    }
    advance();
    if (!token.is("(")) {
      return new JsonPath.Member(name.value);
    }
    if (!METHODS.contains(name.value) && !JsonPath.Method.MOMENTS.contains(name.value)) {
      throw unexpected();
    }
    advance();
    String template = name.value.equals("datetime") && !token.is(")") ? string() : null;
    List<Long> arguments =
        switch (name.value) {
          case "decimal" -> decimalArguments();
          case "time", "time_tz", "timestamp", "timestamp_tz" -> precision();
          default -> List.of();
        };
    expect(")");
    return new JsonPath.Method(name.value, arguments, template);
  }

  /** None, or how many digits of a second there are. */
  private List<Long> precision() {
    if (!isInteger(token)) {
      return List.of();
    }
    long precision = argument();
    return List.of(precision);
  }

  /** A number that is judged when the method is called. */
  private long argument() {
    long number = Numeric.parse(token.value).toLong(0, Long.MAX_VALUE, "integer");
    advance();
    return number;
  }

  /** None, a precision, or precision and scale. */
  private List<Long> decimalArguments() {
    List<Long> arguments = new ArrayList<>();
    while (!token.is(")")) {
      if (!arguments.isEmpty()) {
        expect(",");
      }
      boolean negative = token.is("-");
      if (negative || token.is("+")) {
        advance();
      }
      if (arguments.size() == 2 || !isInteger(token)) {
        throw unexpected();
      }
      long number = argument();
      arguments.add(negative ? -number : number);
    }
    return List.copyOf(arguments);
  }

  private static boolean isInteger(Token token) {
    return token.kind == Kind.NUMBER && token.value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Accessor elements() {
    if (token.is("*")) {
      advance();
      expect("]");
      return new JsonPath.AnyElement();
    }
    List<JsonPath.Subscript> all = new ArrayList<>();
    subscripts++;
    do {
      if (!all.isEmpty()) {
        advance();
      }
      Node from = sum();
      Node to = null;
      if (token.isWord("to")) {
        advance();
        to = sum();
      }
      all.add(new JsonPath.Subscript(from, to));
    } while (token.is(","));
    subscripts--;
    expect("]");
    return new JsonPath.Elements(List.copyOf(all));
  }

  private Accessor descendants() {
    if (!token.is("{")) {
      return new Descendants(0, Descendants.LAST);
    }
    advance();
    int from = level();
    int to = from;
    if (token.isWord("to")) {
      advance();
      to = level();
    }
    expect("}");
    return new Descendants(from, to);
  }

  private int level() {
    Token level = token;
    if (level.isWord("last")) {
      advance();
      return Descendants.LAST;
    }
    if (!isInteger(level)) {
      throw unexpected();
    }
    advance();
    return (int) Numeric.parse(level.value).toLong(0, Integer.MAX_VALUE - 1L, "integer");
  }

  private String flags(String written) {
    StringBuilder flags = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      switch (c) {
        case 'i', 's', 'm', 'q' -> {}
        case 'x' ->
            throw TypeErrors.unsupported(
                "XQuery \"x\" flag (expanded regular expressions) is not implemented");
        default ->
            throw syntax("invalid input syntax for type jsonpath")
                .withDetail("Unrecognized flag character \"" + c + "\" in LIKE_REGEX predicate.");
      }
    }
    // As PostgreSQL prints them.
    for (char c : new char[] {'i', 's', 'm', 'q'}) {
      if (written.indexOf(c) >= 0) {
        flags.append(c);
      }
    }
    return flags.toString();
  }

  private String string() {
    Token string = token;
    if (string.kind != Kind.STRING) {
      throw unexpected();
    }
    advance();
    return string.value;
  }

  private void expect(String symbol) {
    if (!token.is(symbol)) {
      throw unexpected();
    }
    advance();
  }

  private void expectWord(String word) {
    if (!token.isWord(word)) {
      throw unexpected();
    }
    advance();
  }

  private void advance() {
    token = read();
  }

  // ---- Tokens ----

  private Token read() {
    skipSpace();
    int start = at;
    if (at == text.length()) {
      return new Token(Kind.END, "", start);
    }
    char c = text.charAt(at);
    if (c == '"') {
      return new Token(Kind.STRING, quoted(), start);
    }
    if (c == '$') {
      at++;
      if (at < text.length() && text.charAt(at) == '"') {
        return new Token(Kind.VARIABLE, quoted(), start);
      }
      if (at < text.length() && isNamePart(text.charAt(at))) {
        return new Token(Kind.VARIABLE, name(), start);
      }
      return new Token(Kind.SYMBOL, "$", start);
    }
    if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      return number(start);
    }
    if (isNamePart(c)) {
      String name = name();
      String word = name.toLowerCase(java.util.Locale.ROOT);
      // Keywords are known in any case, but for the three literals.
      boolean literal = Set.of("true", "false", "null").contains(word);
      return new Token(Kind.NAME, isKeyword(word) && !literal ? word : name, start);
    }
    String two = text.substring(at, Math.min(at + 2, text.length()));
    String symbol = OPERATORS.contains(two) ? two : String.valueOf(c);
    at += symbol.length();
    return new Token(Kind.SYMBOL, symbol, start);
  }

  private static boolean isKeyword(String word) {
    return switch (word) {
      case "strict",
          "lax",
          "is",
          "unknown",
          "exists",
          "starts",
          "with",
          "like_regex",
          "flag",
          "to",
          "last" ->
          true;
      default -> false;
    };
  }

  private void skipSpace() {
    while (at < text.length()) {
      if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw syntax("unexpected end of comment in jsonpath input");
        }
        at = end + 2;
      } else if (" \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
        at++;
      } else {
        return;
      }
    }
  }

  private Token number(int start) {
    if (text.charAt(start) == '0') {
      at++; // no digits follow one at the start
    } else {
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int letter = at++;
      boolean signed = at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
      if (signed) {
        at++;
      }
      int digits = at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      if (digits == at) {
        throw signed
            ? near("invalid numeric literal", text.substring(start, at))
            : near("trailing junk after numeric literal", text.substring(start, letter + 1));
      }
    }
    if (at < text.length() && isNamePart(text.charAt(at))) {
      throw near("trailing junk after numeric literal", text.substring(start, at + 1));
    }
    return new Token(Kind.NUMBER, text.substring(start, at), start);
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    while (at < text.length() && isNamePart(text.charAt(at))) {
      if (text.charAt(at) == '\\') {
        escape(name);
      } else {
        name.append(text.charAt(at++));
      }
    }
    return name.toString();
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (true) {
      if (at >= text.length()) {
        throw syntax("unterminated quoted string at end of jsonpath input");
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\') {
        escape(value);
      } else {
        value.append(c);
        at++;
      }
    }
  }

  private void escape(StringBuilder out) {
    at++;
    if (at >= text.length()) {
      throw syntax("unexpected end after backslash at end of jsonpath input");
    }
    char c = text.charAt(at++);
    switch (c) {
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000B');
      case 'x' -> character(digits(2, at - 2, "invalid hex character sequence"), out);
      case 'u' -> unicode(out);
      default -> out.append(c);
    }
  }

  /** A run of escapes such as backslash-u0041 or -u{1F600}; surrogates go in pairs. */
  private void unicode(StringBuilder out) {
    int start = at - 2;
    int high = 0;
    while (true) {
      int code = unicodeEscape(start);
      if (isSurrogate(code, Character.MIN_HIGH_SURROGATE)) {
        if (high != 0) {
          throw surrogate("Unicode high surrogate must not follow a high surrogate.");
        }
        high = code;
      } else {
        boolean low = isSurrogate(code, Character.MIN_LOW_SURROGATE);
        if (low != (high != 0)) {
          throw surrogate(LONE_SURROGATE);
        }
        character(low ? Character.toCodePoint((char) high, (char) code) : code, out);
        high = 0;
      }
      if (!text.startsWith("\\u", at)) {
        break;
      }
      at += 2;
    }
    if (high != 0) {
      throw surrogate(LONE_SURROGATE);
    }
  }

  private static boolean isSurrogate(int code, char first) {
    return (code & ~0x3FF) == first;
  }

  private static ShardForgeException surrogate(String detail) {
    return TypeErrors.of(
            ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath")
        .withDetail(detail);
  }

  private int unicodeEscape(int start) {
    String fault = "invalid unicode sequence";
    if (at >= text.length() || text.charAt(at) != '{') {
      return digits(4, start, fault);
    }
    at++;
    int count = hexDigits(6);
    if (count == 0 || !text.startsWith("}", at + count)) {
      throw near(fault, text.substring(start, at + count));
    }
    int code = digits(count, start, fault);
    at++;
    return code;
  }

  private int digits(int count, int start, String fault) {
    int found = hexDigits(count);
    if (found < count) {
      throw near(fault, text.substring(start, at + found));
    }
    int code = Integer.parseInt(text.substring(at, at + count), 16);
    at += count;
    return code;
  }

  /** How many hexadecimal digits follow, up to a limit. */
  private int hexDigits(int limit) {
    int count = 0;
    while (count < limit
        && at + count < text.length()
        && Character.digit(text.charAt(at + count), 16) >= 0) {
      count++;
    }
    return count;
  }

  private static void character(int code, StringBuilder out) {
    if (code == 0) {
      throw TypeErrors.of(ErrorCode.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
          .withDetail("\\u0000 cannot be converted to text.");
    }
    out.appendCodePoint(Math.min(code, Character.MAX_CODE_POINT));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return "?%$.[]{}()|&!=<>@#,*:-+/\"' \t\n\r\f".indexOf(c) < 0;
  }

  // ---- Errors ----

  private ShardForgeException unexpected() {
    return token.kind == Kind.END
        ? syntax("syntax error at end of jsonpath input")
        : near("syntax error", text.substring(token.start, at));
  }

  private ShardForgeException near(String what, String where) {
    return syntax(what + " at or near \"" + where + "\" of jsonpath input");
  }

  private static ShardForgeException syntax(String message) {
    return TypeErrors.of(ErrorCode.SYNTAX_ERROR, message);
  }
}
