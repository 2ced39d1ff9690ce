package io.shardforge.sql.function;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How much the quantifiers of a regular expression take. In PostgreSQL the first one decides for
 * the whole expression whether it matches as much or as little as it can; in Java each is on its
 * own. So the others follow the first, but for those of a group that has a quantifier itself, and
 * of alternatives.
 */
final class Greed {
  private final String in;

  /** Where quantifiers keep their own way. */
  private final BitSet own = new BitSet();

  /** The group that {@code (?:...){1,1}?} makes take little, up to its end. */
  private int lazyEnd = -1;

  private @Nullable Boolean lazy;

  Greed(String in) {
    this.in = in;
    if (in.endsWith("$") && !in.endsWith("\\$")) {
      // What is matched in all is given then.
      own.set(0, in.length());
    }
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < in.length(); i++) {
      switch (in.charAt(i)) {
        case '\\' -> i++;
        case '[' -> i = bracketEnd(i);
        case '(' -> open.push(i);
        case ')' -> {
          if (!open.isEmpty()) {
            int start = open.pop();
            if (isQuantifier(i + 1) || in.startsWith("(?=", start) || in.startsWith("(?!", start)) {
              own.set(start, i);
            }
            if (in.startsWith("{1,1}?", i + 1)) {
              lazyEnd = Math.max(lazyEnd, i);
            }
          }
        }
        case '|' -> own.set(open.isEmpty() ? 0 : open.peek(), in.length());
        default -> {}
      }
    }
  }

  private int bracketEnd(int start) {
    int i = start + 1;
    if (i < in.length() && in.charAt(i) == '^') {
      i++;
    }
    for (int first = i; i < in.length(); i++) {
      char c = in.charAt(i);
      if (c == ']' && i > first) {
        return i;
      }
      if (c == '\\') {
        i++;
      } else if (c == '[' && i + 1 < in.length() && ":=.".indexOf(in.charAt(i + 1)) >= 0) {
        int end = in.indexOf(in.charAt(i + 1) + "]", i + 2);
        i = end < 0 ? in.length() : end + 1;
      }
    }
    return i;
  }

  private boolean isQuantifier(int at) {
    if (at >= in.length()) {
      return false;
    }
    char c = in.charAt(at);
    return c == '*'
        || c == '+'
        || c == '?'
        || (c == '{' && at + 1 < in.length() && Character.isDigit(in.charAt(at + 1)));
  }

  /** Writes the quantifier that begins there; gives the place of its last character. */
  int quantifier(int start, StringBuilder out) {
    int end = start;
    if (in.charAt(start) == '{') {
      end = in.indexOf('}', start);
      if (end < 0 || !in.substring(start + 1, end).matches("\\d+(,\\d*)?")) {
        throw RegularExpression.invalid(
            end < 0 ? "braces {} not balanced" : "invalid repetition count(s)", null);
      }
    }
    boolean fixed = in.charAt(start) == '{' && in.indexOf(',', start) > end;
    boolean little = end + 1 < in.length() && in.charAt(end + 1) == '?';
    out.append(in, start, end + 1);
    if (start < lazyEnd) {
      out.append('?');
    } else if (own.get(start)) {
      out.append(little ? "?" : "");
    } else {
      if (lazy == null && !fixed) {
        lazy = little;
      }
      out.append((lazy == null ? little : lazy) ? "?" : "");
    }
    return little ? end + 1 : end;
  }
}
