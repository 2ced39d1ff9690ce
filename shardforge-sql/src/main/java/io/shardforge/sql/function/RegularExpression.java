package io.shardforge.sql.function;

import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's advanced regular expressions on Java's engine: the syntax is rewritten, compiled
 * patterns are kept. Alternatives match in order rather than longest first, the one known
 * difference.
 */
final class RegularExpression {
  private static final int CACHE_MAX = 256;

  private record Key(String pattern, String flags) {}

  private static final Map<Key, Pattern> CACHE =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Pattern> eldest) {
          return size() > CACHE_MAX;
        }
      };

  /** Ends a part that takes as little as it can, as SUBSTRING ... SIMILAR wants its first one. */
  private static final String LAZY_PART = "){1,1}?(";

  private RegularExpression() {}

  static Pattern compile(String pattern, boolean ignoreCase) {
    return compile(pattern, ignoreCase ? "i" : "");
  }

  /** Compiles with PostgreSQL's flag letters, of which g is the caller's. */
  static Pattern compile(String pattern, String flags) {
    Key key = new Key(pattern, flags);
    synchronized (CACHE) {
      Pattern cached = CACHE.get(key);
      if (cached != null) {
        return cached;
      }
    }
    Pattern compiled = translate(pattern, flags);
    synchronized (CACHE) {
      CACHE.put(key, compiled);
    }
    return compiled;
  }

  private static Pattern translate(String pattern, String flags) {
    int options = Pattern.DOTALL;
    String body = pattern;
    boolean literal = false;
    String letters = flags;
    if (body.startsWith("***=")) {
      body = body.substring(4);
      literal = true;
    } else if (body.startsWith("***:")) {
      body = body.substring(4);
    }
    if (!literal && body.startsWith("(?") && body.matches("(?s)\\(\\?[a-z]+\\).*")) {
      int close = body.indexOf(')');
      letters += body.substring(2, close);
      body = body.substring(close + 1);
    }
    boolean expanded = false;
    for (int i = 0; i < letters.length(); i++) {
      char flag = letters.charAt(i);
      switch (flag) {
        case 'i' -> options |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        case 'c' -> options &= ~(Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        case 'm', 'n' -> {
          options |= Pattern.MULTILINE;
          options &= ~Pattern.DOTALL;
        }
        case 'p' -> options &= ~Pattern.DOTALL;
        case 'w' -> options |= Pattern.MULTILINE;
        case 's' -> {
          options |= Pattern.DOTALL;
          options &= ~Pattern.MULTILINE;
        }
        case 'x' -> expanded = true;
        case 't', 'g', 'e', 'b' -> {}
        case 'q' -> literal = true;
        default ->
            throw TypeErrors.invalidParameter(
                "invalid regular expression option: \"" + flag + "\"");
      }
    }
    if (expanded) {
      options |= Pattern.COMMENTS;
    }
    options |= Pattern.UNIX_LINES;
    if (literal) {
      options |= Pattern.LITERAL;
    } else {
      body = rewrite(body, (options & Pattern.MULTILINE) != 0);
    }
    try {
      return Pattern.compile(body, options);
    } catch (PatternSyntaxException e) {
      throw invalid(reason(e), e);
    } catch (StackOverflowError e) {
      throw invalid("regular expression is too complex", e);
    }
  }

  static ShardForgeException invalid(String reason, @Nullable Throwable cause) {
    return new ShardForgeException(
        ErrorCode.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason, cause);
  }

  private static String reason(PatternSyntaxException e) {
    String description = e.getDescription();
    if (description.contains("Dangling meta")) {
      return "quantifier operand invalid";
    }
    if (description.contains("Unclosed group") || description.contains("Unmatched closing ')'")) {
      return "parentheses () not balanced";
    }
    if (description.contains("character class")) {
      return "brackets [] not balanced";
    }
    if (description.contains("repetition") || description.contains("counted closure")) {
      return "invalid repetition count(s)";
    }
    if (description.contains("escape")) {
      return "invalid escape \\ sequence";
    }
    return description;
  }

  private static String rewrite(String in, boolean multiline) {
    StringBuilder out = new StringBuilder(in.length() + 8);
    Greed greed = new Greed(in);
    int depth = 0;
    for (int i = 0; i < in.length(); i++) {
      char c = in.charAt(i);
      switch (c) {
        case '\\' -> {
          if (i + 1 == in.length()) {
            throw invalid("invalid escape \\ sequence", null);
          }
          i = rewriteEscape(in, i + 1, out);
        }
        case '[' -> i = rewriteBracket(in, i, out);
        case '(' -> {
          depth++;
          out.append(c);
        }
        case ')' -> {
          if (depth == 0) {
            throw invalid("parentheses () not balanced", null);
          }
          depth--;
          out.append(c);
        }
        // Java's $ would also match before a final newline, its ^ not behind one.
        case '$' -> out.append(multiline ? "$" : "\\z");
        case '^' -> out.append(multiline ? "(?<![^\n])" : "^");
        case '{' -> {
          if (i + 1 < in.length() && Character.isDigit(in.charAt(i + 1))) {
            i = greed.quantifier(i, out);
          } else {
            out.append("\\{");
          }
        }
        case '}' -> out.append("\\}");
        case '*', '+', '?' -> {
          if (c == '?' && i > 0 && in.charAt(i - 1) == '(') {
            out.append(c);
          } else {
            // A plus after a quantifier would be possessive in Java, which PostgreSQL has not.
            if (out.isEmpty() || isQuantifier(in, i - 1)) {
              throw invalid("quantifier operand invalid", null);
            }
            i = greed.quantifier(i, out);
          }
        }
        default -> out.append(c);
      }
    }
    if (depth > 0) {
      throw invalid("parentheses () not balanced", null);
    }
    return out.toString();
  }

  private static boolean isQuantifier(String in, int index) {
    if (index < 0) {
      return false;
    }
    char c = in.charAt(index);
    boolean escaped = index > 0 && in.charAt(index - 1) == '\\';
    return !escaped
        && (c == '*' || c == '+' || (c == '?' && index > 0 && in.charAt(index - 1) != '('));
  }

  private static int rewriteEscape(String in, int at, StringBuilder out) {
    char c = in.charAt(at);
    switch (c) {
      case 'y' -> out.append("\\b");
      case 'Y' -> out.append("\\B");
      case 'm' -> out.append("\\b(?=\\w)");
      case 'M' -> out.append("\\b(?<=\\w)");
      case 'A' -> out.append("\\A");
      case 'Z' -> out.append("\\z");
      case 'd' -> out.append("\\p{Nd}");
      case 'D' -> out.append("\\P{Nd}");
      case 'w' -> out.append("[\\p{L}\\p{Nd}_]");
      case 'W' -> out.append("[^\\p{L}\\p{Nd}_]");
      case 's', 'S' -> out.append('\\').append(c);
      case 'a', 'e', 'f', 'n', 'r', 't' -> out.append('\\').append(c);
      case 'v' -> out.append("\\x0B");
      case 'b' -> out.append("\\x08");
      case 'B' -> out.append("\\\\");
      case 'u', 'x' -> out.append('\\').append(c);
      default -> {
        if (c >= '1' && c <= '9') {
          out.append('\\').append(c);
        } else if (Character.isLetterOrDigit(c)) {
          if (c == '0') {
            out.append("\\x00");
          } else {
            throw invalid("invalid escape \\ sequence", null);
          }
        } else {
          out.append('\\').append(c);
        }
      }
    }
    return at;
  }

  private static int rewriteBracket(String in, int start, StringBuilder out) {
    if (in.startsWith("[[:<:]]", start)) {
      out.append("\\b(?=\\w)");
      return start + 6;
    }
    if (in.startsWith("[[:>:]]", start)) {
      out.append("\\b(?<=\\w)");
      return start + 6;
    }
    out.append('[');
    int i = start + 1;
    if (i < in.length() && in.charAt(i) == '^') {
      out.append('^');
      i++;
    }
    boolean first = true;
    while (i < in.length()) {
      char c = in.charAt(i);
      if (c == ']' && !first) {
        out.append(']');
        return i;
      }
      if (c == '[' && i + 1 < in.length() && ":=.".indexOf(in.charAt(i + 1)) >= 0) {
        char kind = in.charAt(i + 1);
        int end = in.indexOf(kind + "]", i + 2);
        if (end < 0) {
          throw invalid("brackets [] not balanced", null);
        }
        String name = in.substring(i + 2, end);
        out.append(kind == ':' ? characterClass(name) : Pattern.quote(name));
        i = end + 2;
      } else if (c == '\\') {
        if (i + 1 == in.length()) {
          throw invalid("brackets [] not balanced", null);
        }
        char next = in.charAt(i + 1);
        switch (next) {
          case 'd' -> out.append("\\p{Nd}");
          case 'w' -> out.append("\\p{L}\\p{Nd}_");
          case 's' -> out.append("\\s");
          case 'n', 't', 'r', 'f' -> out.append('\\').append(next);
          default -> {
            if (Character.isLetterOrDigit(next)) {
              throw invalid("invalid escape \\ sequence", null);
            }
            out.append('\\').append(next);
          }
        }
        i += 2;
      } else {
        if ("[]&^".indexOf(c) >= 0) {
          out.append('\\');
        }
        out.append(c);
        i++;
      }
      first = false;
    }
    throw invalid("brackets [] not balanced", null);
  }

  private static String characterClass(String name) {
    return switch (name) {
      case "alpha" -> "\\p{L}";
      case "digit" -> "\\p{Nd}";
      case "alnum" -> "\\p{L}\\p{Nd}";
      case "upper" -> "\\p{Lu}";
      case "lower" -> "\\p{Ll}";
      case "space" -> "\\s";
      case "blank" -> " \\t";
      case "punct" -> "\\p{Punct}";
      case "print" -> "\\x20-\\x7E\\p{L}\\p{N}\\p{P}\\p{S}";
      case "graph" -> "\\x21-\\x7E\\p{L}\\p{N}\\p{P}\\p{S}";
      case "cntrl" -> "\\p{Cntrl}";
      case "xdigit" -> "0-9A-Fa-f";
      case "word" -> "\\p{L}\\p{Nd}_";
      case "ascii" -> "\\x00-\\x7F";
      default -> throw invalid("invalid character class", null);
    };
  }

  /** SIMILAR TO's pattern as a regular expression anchored at both ends. */
  static String fromSimilar(String pattern, @Nullable String escape) {
    int escapeChar = escape == null ? '\\' : escape.isEmpty() ? -1 : escape.codePointAt(0);
    if (escape != null && escape.codePointCount(0, escape.length()) > 1) {
      throw TypeErrors.of(ErrorCode.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .withHint("Escape string must be empty or one character.");
    }
    StringBuilder out = new StringBuilder("^(?:");
    int brackets = 0;
    // Within brackets: 1 behind the opening one, 2 behind a ^ there, 3 where a ] ends them.
    int place = 0;
    int quotes = 0;
    for (int i = 0; i < pattern.length(); ) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (c == escapeChar) {
        if (i == pattern.length()) {
          break;
        }
        int next = pattern.codePointAt(i);
        i += Character.charCount(next);
        if (next == '"' && brackets == 0) {
          // The part between two escaped quotes is what SUBSTRING ... SIMILAR returns.
          out.append(
              switch (quotes++) {
                case 0 -> LAZY_PART;
                case 1 -> "){1,1}(?:";
                default ->
                    throw TypeErrors.of(
                        ErrorCode.INVALID_USE_OF_ESCAPE_CHARACTER,
                        "SQL regular expression may not contain more than two escape-double-quote"
                            + " separators");
              });
        } else {
          out.append('\\').appendCodePoint(next);
          place = 3;
        }
      } else if (brackets > 0) {
        out.append(c == '\\' ? "\\" : "").appendCodePoint(c);
        if (c == ']' && place > 2) {
          brackets--;
        } else if (c == '[') {
          brackets++;
          place = 3;
        } else {
          place = c == '^' ? place + 1 : 3;
        }
      } else {
        switch (c) {
          case '[' -> {
            out.append('[');
            brackets = 1;
            place = 1;
          }
          case '%' -> out.append(".*");
          case '_' -> out.append('.');
          case '(' -> out.append("(?:");
          case '\\', '.', '^', '$' -> out.append('\\').appendCodePoint(c);
          default -> out.appendCodePoint(c);
        }
      }
    }
    return out.append(")$").toString();
  }
}
