package io.shardforge.sql.parse;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/**
 * A query string of a session in which {@code '…'} has escapes, read as one in which only {@code
 * E'…'} has them: that is what the parser knows and what statements are remembered by.
 */
public final class StringConstants {
  /**
   * What a session has string constants mean.
   *
   * @param standard whether a backslash in {@code '…'} is a character like others
   * @param quoteAllowed whether {@code \'} may stand for a quote where there are escapes
   */
  public record Rules(boolean standard, boolean quoteAllowed) {
    /** Whether they are what the parser takes them for. */
    public boolean areUsual() {
      return standard && quoteAllowed;
    }
  }

  /** The first escape of a constant that does not say that it has any. */
  public enum Surprise {
    QUOTE(
        "nonstandard use of \\' in a string literal",
        "Use '' to write quotes in strings, or use the escape string syntax (E'...')."),
    BACKSLASH(
        "nonstandard use of \\\\ in a string literal",
        "Use the escape string syntax for backslashes, e.g., E'\\\\'."),
    ESCAPE(
        "nonstandard use of escape in a string literal",
        "Use the escape string syntax for escapes, e.g., E'\\r\\n'.");

    private final String message;
    private final String hint;

    Surprise(String message, String hint) {
      this.message = message;
      this.hint = hint;
    }

    public String message() {
      return message;
    }

    public String hint() {
      return hint;
    }
  }

  /** Characters that were put in; the place is their end, from 1. */
  private record Insertion(int end, int length) {}

  private final String sql;
  private final Rules rules;
  private final StringBuilder out = new StringBuilder();
  private final List<Insertion> insertions = new ArrayList<>();
  private final List<Surprise> surprises = new ArrayList<>();
  private int copied;

  private StringConstants(String sql, Rules rules) {
    this.sql = sql;
    this.rules = rules;
  }

  /** 22P06 for a {@code \'} that the rules do not allow. */
  public static StringConstants read(String sql, Rules rules) {
    StringConstants constants = new StringConstants(sql, rules);
    constants.scan();
    constants.out.append(sql, constants.copied, sql.length());
    return constants;
  }

  /** What PostgreSQL warns of. */
  public List<Surprise> surprises() {
    return surprises;
  }

  /** The query string in which only {@code E'…'} has escapes. */
  String standard() {
    return out.toString();
  }

  /** The place in the query string of one in its standard form, both counted from 1. */
  int original(int position) {
    int moved = 0;
    for (Insertion one : insertions) {
      if (one.end <= position) {
        moved += one.length;
      }
    }
    return Math.max(position - moved, Math.min(position, 1));
  }

  /** A syntax error's message, without what was put in where it is. */
  String original(String message, int position) {
    for (Insertion one : insertions) {
      if (position >= one.end - one.length && position < one.end) {
        return message.replaceFirst(" near \"E'", " near \"'");
      }
    }
    return message;
  }

  /** For who reads a query string piece by piece; constants mean what the parser takes them for. */
  static StringConstants scanner(String sql) {
    return new StringConstants(sql, new Rules(true, true));
  }

  private void scan() {
    int i = 0;
    while (i < sql.length()) {
      i = next(i);
    }
  }

  /** The end of the constant, quoted name, comment or other character at a place. */
  int next(int i) {
    char c = sql.charAt(i);
    if (c == '\'') {
      return constant(i);
    } else if (c == '"') {
      return quoted(i);
    } else if (c == '-' && at(i + 1) == '-') {
      return line(i);
    } else if (c == '/' && at(i + 1) == '*') {
      return comment(i);
    } else if (c == '$' && !isWord(i - 1)) {
      return dollarQuoted(i);
    }
    return i + 1;
  }

  private int constant(int start) {
    char prefix = isWord(start - 2) ? 0 : Character.toLowerCase(at(start - 1));
    boolean unicode =
        at(start - 1) == '&' && Character.toLowerCase(at(start - 2)) == 'u' && !isWord(start - 3);
    if (unicode && !rules.standard) {
      throw new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "unsafe use of string constant with Unicode escapes")
          .withDetail(
              "String constants with Unicode escapes cannot be used when"
                  + " standard_conforming_strings is off.")
          .withPosition(characters(start - 2));
    }
    boolean said = prefix == 'e';
    boolean bits = prefix == 'b' || prefix == 'x';
    boolean escapes = said || (!rules.standard && !bits);
    Surprise first = null;
    int i = start + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (escapes && c == '\\') {
        char escaped = at(i + 1);
        if (escaped == '\'' && !rules.quoteAllowed) {
          throw new ShardForgeException(
                  ErrorCode.NONSTANDARD_USE_OF_ESCAPE_CHARACTER,
                  "unsafe use of \\' in a string literal")
              .withHint(
                  "Use '' to write quotes in strings. \\' is insecure in client-only encodings.")
              .withPosition(characters(said ? start - 1 : start));
        }
        if (first == null) {
          first =
              escaped == '\''
                  ? Surprise.QUOTE
                  : escaped == '\\' ? Surprise.BACKSLASH : Surprise.ESCAPE;
        }
        i += 2;
      } else if (c != '\'') {
        i++;
      } else if (at(i + 1) == '\'') {
        i += 2;
      } else {
        int goesOn = continuation(i + 1);
        if (goesOn < 0) {
          i++;
          break;
        }
        i = goesOn + 1;
      }
    }
    if (first != null && !said) {
      surprises.add(first);
      insert(start, prefix == 'n' ? "char E" : isWord(start - 1) ? " E" : "E");
    }
    return i;
  }

  /** The quote that goes on with a constant on another line; -1 if none does. */
  private int continuation(int from) {
    boolean newLine = false;
    int i = from;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '\'') {
        return newLine ? i : -1;
      }
      if (c == '-' && at(i + 1) == '-') {
        i = line(i);
        continue;
      }
      if (" \t\n\r\f\u000b".indexOf(c) < 0) {
        return -1;
      }
      newLine |= c == '\n' || c == '\r';
      i++;
    }
    return -1;
  }

  private void insert(int at, String text) {
    out.append(sql, copied, at).append(text);
    copied = at;
    insertions.add(new Insertion(out.codePointCount(0, out.length()) + 1, text.length()));
  }

  private int quoted(int start) {
    int i = start + 1;
    while (i < sql.length() && (sql.charAt(i) != '"' || at(i + 1) == '"')) {
      i += sql.charAt(i) == '"' ? 2 : 1;
    }
    return i + 1;
  }

  private int line(int start) {
    int i = start;
    while (i < sql.length() && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  private int comment(int start) {
    int depth = 1;
    int i = start + 2;
    while (i < sql.length() && depth > 0) {
      boolean opens = sql.charAt(i) == '/' && at(i + 1) == '*';
      boolean closes = sql.charAt(i) == '*' && at(i + 1) == '/';
      depth += opens ? 1 : closes ? -1 : 0;
      i += opens || closes ? 2 : 1;
    }
    return i;
  }

  /** The end of $tag$ … $tag$; a lone dollar is one character. */
  private int dollarQuoted(int start) {
    int tagEnd = start + 1;
    while (isWord(tagEnd) && sql.charAt(tagEnd) != '$') {
      tagEnd++;
    }
    if (at(tagEnd) != '$' || Character.isDigit(at(start + 1))) {
      return start + 1;
    }
    String tag = sql.substring(start, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    return end < 0 ? sql.length() : end + tag.length();
  }

  private char at(int i) {
    return i >= 0 && i < sql.length() ? sql.charAt(i) : 0;
  }

  private boolean isWord(int i) {
    char c = at(i);
    return c >= 0x80
        || c == '_'
        || c == '$'
        || (c >= '0' && c <= '9')
        || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  }

  /** The place of a character, counted from 1 as error reports do. */
  private int characters(int index) {
    return sql.codePointCount(0, index) + 1;
  }
}
