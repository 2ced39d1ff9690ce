package io.shardforge.sql.catalog.system;

import java.util.ArrayList;
import java.util.List;

/** The identifiers in the text of an expression, string literals left out. */
final class CheckWords {
  private CheckWords() {}

  static List<String> of(String sql) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'') {
        at = skipQuoted(sql, at, '\'');
      } else if (c == '"') {
        int end = skipQuoted(sql, at, '"');
        words.add(sql.substring(at + 1, end - 1).replace("\"\"", "\""));
        at = end;
      } else if (Character.isJavaIdentifierStart(c)) {
        int end = at;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
          end++;
        }
        words.add(sql.substring(at, end));
        at = end;
      } else {
        at++;
      }
    }
    return words;
  }

  private static int skipQuoted(String sql, int start, char quote) {
    int at = start + 1;
    while (at < sql.length()) {
      if (sql.charAt(at) == quote) {
        if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
          at++;
        } else {
          return at + 1;
        }
      }
      at++;
    }
    return at;
  }
}
