package io.shardforge.sql.catalog;

import java.util.function.IntUnaryOperator;

/**
 * The numbers of objects in stored text, {@code '16390'::regclass} and {@code "@"."16391"}, put in
 * other words. Looks at what is code: not into other literals, names or comments.
 */
final class ObjectNumbers {
  private static final String REGCLASS = "::regclass";
  private static final String BY_NUMBER = "\"@\".\"";

  private final String text;
  private final IntUnaryOperator numbers;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private ObjectNumbers(String text, IntUnaryOperator numbers) {
    this.text = text;
    this.numbers = numbers;
  }

  /** The same text with other numbers. */
  static String replaced(String text, IntUnaryOperator numbers) {
    return new ObjectNumbers(text, numbers).replaced();
  }

  private String replaced() {
    while (at < text.length()) {
      int end = at + 1;
      char c = text.charAt(at);
      if (c == '\'') {
        end = endOfLiteral();
        if (isNumber(at + 1, end - 1) && text.startsWith(REGCLASS, end)) {
          putNumber(at + 1, end - 1);
          continue;
        }
      } else if (c == '"') {
        int start = at + BY_NUMBER.length();
        if (text.startsWith(BY_NUMBER, at)) {
          end = text.indexOf('"', start);
          if (isNumber(start, end)) {
            putNumber(start, end);
            continue;
          }
        }
        end = after("\"", at + 1);
      } else if (text.startsWith("--", at)) {
        end = after("\n", at);
      } else if (text.startsWith("/*", at)) {
        end = after("*/", at + 2);
      } else if (c == '$') {
        end = endOfDollars();
      } else if (Character.isJavaIdentifierStart(c)) {
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
          end++;
        }
      }
      out.append(text, at, end);
      at = end;
    }
    return out.toString();
  }

  private boolean isNumber(int from, int to) {
    return to > from
        && to - from < 11
        && text.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Writes what stands around a number of one character on both sides, and another number. */
  private void putNumber(int from, int to) {
    int number = numbers.applyAsInt(Integer.parseInt(text, from, to, 10));
    out.append(text, at, from).append(number).append(text.charAt(to));
    at = to + 1;
  }

  /** A quote that is doubled ends one literal and begins another, which comes to the same. */
  private int endOfLiteral() {
    boolean escapes = at > 0 && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e');
    for (int i = at + 1; i < text.length(); i++) {
      if (escapes && text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '\'') {
        return i + 1;
      }
    }
    return text.length();
  }

  private int endOfDollars() {
    int tagEnd = at + 1;
    while (tagEnd < text.length() && Character.isLetterOrDigit(text.charAt(tagEnd))) {
      tagEnd++;
    }
    boolean quotes = tagEnd < text.length() && text.charAt(tagEnd) == '$';
    return quotes ? after(text.substring(at, tagEnd + 1), tagEnd + 1) : at + 1;
  }

  private int after(String end, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }
}
