package io.shardforge.sql.catalog.system;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A stored expression, which has parentheses around every operator, with those taken away that
 * PostgreSQL leaves out where it prints prettily, as psql's \\d asks for: around the whole, around
 * what AND, OR and NOT join, and around a name that is cast.
 */
final class PrettyExpression {
  private static final Pattern CAST_NAME =
      Pattern.compile("(?<![\\w\"])\\(((?:\\w+|\"[^\"]+\")(?:\\([^()']*\\))?)\\)::");

  private PrettyExpression() {}

  static String of(String sql) {
    return CAST_NAME.matcher(joined(withoutOuterParentheses(sql))).replaceAll("$1::");
  }

  /** The text inside of the parentheses of a condition. */
  private static String joined(String sql) {
    for (String word : List.of(" OR ", " AND ")) {
      List<String> parts = split(sql, word);
      if (parts.size() > 1) {
        return String.join(word, parts.stream().map(part -> part(part, word)).toList());
      }
    }
    if (!sql.startsWith("NOT ")) {
      return sql;
    }
    String operand = sql.substring(4);
    String inside = withoutOuterParentheses(operand);
    boolean joins = split(inside, " AND ").size() > 1 || split(inside, " OR ").size() > 1;
    return "NOT " + (joins ? "(" + joined(inside) + ")" : joined(inside));
  }

  /** What AND or OR joins with others; OR within AND keeps its parentheses. */
  private static String part(String sql, String word) {
    String inside = withoutOuterParentheses(sql);
    if (inside.equals(sql)) {
      return sql;
    }
    boolean looser = word.equals(" AND ") && split(inside, " OR ").size() > 1;
    return looser ? "(" + joined(inside) + ")" : joined(inside);
  }

  /** The parts between words that are not within parentheses, brackets or quotes. */
  private static List<String> split(String sql, String word) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    char quote = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (depth == 0 && sql.startsWith(word, i)) {
        parts.add(sql.substring(from, i));
        from = i + word.length();
        i = from - 1;
      }
    }
    parts.add(sql.substring(from));
    return parts;
  }

  static String withoutOuterParentheses(String sql) {
    if (!sql.startsWith("(")) {
      return sql;
    }
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')') {
        depth--;
        if (depth == 0 && i < sql.length() - 1) {
          return sql;
        }
      }
    }
    return sql.substring(1, sql.length() - 1);
  }
}
