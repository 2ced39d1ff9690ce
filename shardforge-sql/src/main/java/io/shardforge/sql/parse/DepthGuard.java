package io.shardforge.sql.parse;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * An upper bound of the depth of a statement's parse tree, from one pass over its tokens and before
 * any recursive code sees it.
 *
 * <p>Within one element of a list, every operator and every keyword that wraps an expression may
 * add a level; commas, AND and OR start a new element; a bracket adds the depth of its inside. So
 * {@code 1+1+1+…} counts its terms while a thousand rows of VALUES count as one.
 */
final class DepthGuard {
  /** Deepest statement that is parsed; 64 MB of stack hold ten times as much. */
  static final int DEPTH_MAX = 10_000;

  private static final Set<String> WRAPPING =
      Set.of(
          "not",
          "is",
          "isnull",
          "notnull",
          "between",
          "in",
          "like",
          "ilike",
          "similar",
          "collate",
          "at",
          "union",
          "intersect",
          "except",
          "join",
          "case",
          "select",
          "with",
          "values",
          "exists",
          "any",
          "all",
          "some",
          "array",
          "row",
          "operator",
          "escape",
          "overlaps",
          "explain",
          "as",
          "then",
          "else");

  private final byte[] sql;
  private int[] operators = new int[16];
  private int[] deepest = new int[16];
  private int[] elementDeepest = new int[16];
  private int level;

  private DepthGuard(byte[] sql) {
    this.sql = sql;
  }

  /** The bound; 54001 when it is over {@link #DEPTH_MAX}. */
  static int check(byte[] sql) {
    return new DepthGuard(sql).scan();
  }

  private int scan() {
    int i = 0;
    while (i < sql.length) {
      byte c = sql[i];
      if (c == '\'' || c == '"') {
        boolean escapes = c == '\'' && i > 0 && (sql[i - 1] | 0x20) == 'e' && !isWord(i - 2);
        i = skipQuoted(i, c, escapes);
      } else if (c == '-' && at(i + 1) == '-') {
        i = skipLine(i);
      } else if (c == '/' && at(i + 1) == '*') {
        i = skipComment(i);
      } else if (c == '$' && !isWord(i - 1) && !isDigit(at(i + 1))) {
        i = skipDollar(i);
      } else if (c == '(' || c == '[') {
        open();
        i++;
      } else if (c == ')' || c == ']') {
        close();
        i++;
      } else if (c == ',') {
        endElement();
        i++;
      } else if (c == ';') {
        while (level > 0) {
          close();
        }
        endElement();
        i++;
      } else if (isWord(i)) {
        i = word(i);
      } else if (isOperator(c)) {
        i = operator(i);
      } else {
        i++;
      }
    }
    while (level > 0) {
      close();
    }
    endElement();
    return deepest[0];
  }

  private void open() {
    operators[level]++;
    level++;
    if (level >= DEPTH_MAX) {
      throw tooDeep();
    }
    if (level == operators.length) {
      operators = Arrays.copyOf(operators, level * 2);
      deepest = Arrays.copyOf(deepest, level * 2);
      elementDeepest = Arrays.copyOf(elementDeepest, level * 2);
    }
    operators[level] = 0;
    deepest[level] = 0;
    elementDeepest[level] = 0;
  }

  private void close() {
    if (level == 0) {
      return;
    }
    endElement();
    int inside = deepest[level];
    level--;
    elementDeepest[level] = Math.max(elementDeepest[level], inside);
  }

  private void endElement() {
    int depth = operators[level] + elementDeepest[level] + 1;
    if (depth > DEPTH_MAX) {
      throw tooDeep();
    }
    deepest[level] = Math.max(deepest[level], depth);
    operators[level] = 0;
    elementDeepest[level] = 0;
  }

  private int word(int start) {
    int end = start;
    while (isWord(end)) {
      end++;
    }
    int length = end - start;
    if (length <= 9 && length >= 2) {
      String word =
          new String(sql, start, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      if (word.equals("and") || word.equals("or")) {
        int kept = elementDeepest[level];
        endElement();
        // The list that AND and OR make is a level of its own, and operators around it go on.
        elementDeepest[level] = kept;
      } else if (WRAPPING.contains(word)) {
        operators[level]++;
      }
    }
    return end;
  }

  private int operator(int start) {
    operators[level]++;
    int end = start + 1;
    boolean prefixes = true;
    while (end < sql.length && isOperator(sql[end])) {
      if ((sql[end] == '-' && at(end + 1) == '-') || (sql[end] == '/' && at(end + 1) == '*')) {
        break;
      }
      prefixes = false;
      end++;
    }
    return prefixes ? start + 1 : end;
  }

  private int skipQuoted(int start, byte quote, boolean escapes) {
    int i = start + 1;
    while (i < sql.length) {
      if (escapes && sql[i] == '\\') {
        i += 2;
      } else if (sql[i] == quote) {
        if (at(i + 1) != quote) {
          return i + 1;
        }
        i += 2;
      } else {
        i++;
      }
    }
    return sql.length;
  }

  private int skipLine(int start) {
    int i = start;
    while (i < sql.length && sql[i] != '\n' && sql[i] != '\r') {
      i++;
    }
    return i;
  }

  private int skipComment(int start) {
    int depth = 1;
    int i = start + 2;
    while (i < sql.length && depth > 0) {
      if (sql[i] == '/' && at(i + 1) == '*') {
        depth++;
        i += 2;
      } else if (sql[i] == '*' && at(i + 1) == '/') {
        depth--;
        i += 2;
      } else {
        i++;
      }
    }
    return i;
  }

  /** Skips $tag$ … $tag$; a lone dollar is one character. */
  private int skipDollar(int start) {
    int tagEnd = start + 1;
    while (isWord(tagEnd) && sql[tagEnd] != '$') {
      tagEnd++;
    }
    if (at(tagEnd) != '$') {
      return start + 1;
    }
    int length = tagEnd - start + 1;
    for (int i = tagEnd + 1; i + length <= sql.length; i++) {
      if (sql[i] == '$' && Arrays.equals(sql, i, i + length, sql, start, tagEnd + 1)) {
        return i + length;
      }
    }
    return sql.length;
  }

  private int at(int i) {
    return i >= 0 && i < sql.length ? sql[i] : 0;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private boolean isWord(int i) {
    if (i < 0 || i >= sql.length) {
      return false;
    }
    byte c = sql[i];
    return c < 0 || c == '_' || c == '$' || isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  }

  private static boolean isOperator(byte c) {
    return "~!@#^&|`?+-*/%<>=:".indexOf(c) >= 0;
  }

  static ShardForgeException tooDeep() {
    return new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
        .withDetail("The statement nests deeper than " + DEPTH_MAX + " levels.");
  }
}
