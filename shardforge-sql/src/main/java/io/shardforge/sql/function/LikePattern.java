package io.shardforge.sql.function;

import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;

/** LIKE: % for any characters, _ for one, backslash before what stands for itself. */
final class LikePattern {
  private LikePattern() {}

  static boolean matches(String text, String pattern) {
    int t = 0;
    int p = 0;
    int starPattern = -1;
    int starText = -1;
    while (t < text.length()) {
      if (p < pattern.length()) {
        char c = pattern.charAt(p);
        if (c == '%') {
          starPattern = ++p;
          starText = t;
          continue;
        }
        if (c == '_') {
          t += Character.charCount(text.codePointAt(t));
          p++;
          continue;
        }
        int literal = p;
        if (c == '\\') {
          literal = p + 1;
          if (literal == pattern.length()) {
            throw endsWithEscape();
          }
          c = pattern.charAt(literal);
        }
        if (c == text.charAt(t)) {
          t++;
          p = literal + 1;
          continue;
        }
      }
      if (starPattern < 0) {
        return false;
      }
      starText += Character.charCount(text.codePointAt(starText));
      t = starText;
      p = starPattern;
    }
    while (p < pattern.length() && pattern.charAt(p) == '%') {
      p++;
    }
    return p == pattern.length();
  }

  private static RuntimeException endsWithEscape() {
    return TypeErrors.of(
        ErrorCode.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
  }

  /** The pattern with {@code escape} as its escape character rewritten to use backslash. */
  static String withEscape(String pattern, String escape) {
    if (escape.isEmpty()) {
      return pattern.replace("\\", "\\\\");
    }
    if (escape.codePointCount(0, escape.length()) != 1) {
      throw TypeErrors.of(ErrorCode.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .withHint("Escape string must be empty or one character.");
    }
    if (escape.equals("\\")) {
      return pattern;
    }
    StringBuilder out = new StringBuilder();
    boolean afterEscape = false;
    for (int i = 0; i < pattern.length(); ) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (c == escape.codePointAt(0) && !afterEscape) {
        out.append('\\');
        afterEscape = true;
      } else {
        if (c == '\\' && !afterEscape) {
          out.append('\\');
        }
        out.appendCodePoint(c);
        afterEscape = false;
      }
    }
    return out.toString();
  }
}
