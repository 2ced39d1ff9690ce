package io.shardforge.raft.check.file;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of an EDN text, one after the other.
 *
 * <p>Vectors and lists become {@link List}, numbers Long or Double, symbols and characters String.
 * A tag is left out and its value kept, so that Jepsen's records read as maps.
 */
public final class EdnReader {
  private static final int DEPTH_MAX = 64;
  private static final int END = -1;

  /** What stands for the end of the text or of a collection, equal only to itself. */
  private enum Stop {
    TEXT,
    COLLECTION
  }

  private final PushbackReader text;
  private int depth;

  /** Reads from a text that the caller closes. */
  public EdnReader(Reader text) {
    this.text = new PushbackReader(text, 2);
  }

  /** A value that was read. */
  public record Value(@Nullable Object value) {}

  /** The next value, or null at the end of the text. */
  public @Nullable Value next() {
    Object value = read();
    if (value == Stop.TEXT) {
      return null;
    }
    if (value == Stop.COLLECTION) {
      throw new IllegalArgumentException("a bracket closes what none opened");
    }
    return new Value(value);
  }

  private @Nullable Object read() {
    while (true) {
      int c = character();
      if (c == END) {
        return Stop.TEXT;
      }
      if (Character.isWhitespace(c) || c == ',') {
        continue;
      }
      switch (c) {
        case ';' -> skipLine();
        case '"' -> {
          return string();
        }
        case ':' -> {
          return new Keyword(token());
        }
        case '\\' -> {
          return (char) character() + token();
        }
        case '[', '(' -> {
          return elements();
        }
        case '{' -> {
          return map(elements());
        }
        case ']', ')', '}' -> {
          return Stop.COLLECTION;
        }
        case '#' -> {
          int next = character();
          if (next == '{') {
            Set<@Nullable Object> set = new LinkedHashSet<>();
            set.addAll(elements());
            return set;
          }
          if (next == '_') {
            read();
          } else {
            back(next);
            token();
          }
        }
        default -> {
          back(c);
          return atom(token());
        }
      }
    }
  }

  private List<@Nullable Object> elements() {
    if (++depth > DEPTH_MAX) {
      throw new IllegalArgumentException("nested deeper than " + DEPTH_MAX);
    }
    List<@Nullable Object> elements = new ArrayList<>();
    for (Object element = read(); element != Stop.COLLECTION; element = read()) {
      if (element == Stop.TEXT) {
        throw new IllegalArgumentException("the text ends within a collection");
      }
      elements.add(element);
    }
    depth--;
    return elements;
  }

  private static Map<@Nullable Object, @Nullable Object> map(List<@Nullable Object> elements) {
    if (elements.size() % 2 != 0) {
      throw new IllegalArgumentException("a key without a value in " + elements);
    }
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < elements.size(); i += 2) {
      map.put(elements.get(i), elements.get(i + 1));
    }
    return map;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    for (int c = character(); c != '"'; c = character()) {
      if (c == END) {
        throw new IllegalArgumentException("the text ends within a string");
      }
      if (c == '\\') {
        int escaped = character();
        switch (escaped) {
          case 'n' -> string.append('\n');
          case 't' -> string.append('\t');
          case 'r' -> string.append('\r');
          case 'u' -> {
            int code = 0;
            for (int i = 0; i < 4; i++) {
              code = code * 16 + Character.digit(character(), 16);
            }
            string.append((char) code);
          }
          default -> string.append((char) escaped);
        }
      } else {
        string.append((char) c);
      }
    }
    return string.toString();
  }

  private String token() {
    StringBuilder token = new StringBuilder();
    int c = character();
    while (c != END && !Character.isWhitespace(c) && ",;\"[](){}".indexOf(c) < 0) {
      token.append((char) c);
      c = character();
    }
    back(c);
    return token.toString();
  }

  private static @Nullable Object atom(String token) {
    return switch (token) {
      case "nil" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> numberOrSymbol(token);
    };
  }

  private static Object numberOrSymbol(String token) {
    char last = token.charAt(token.length() - 1);
    char first = token.charAt(0) == '-' || token.charAt(0) == '+' ? last : token.charAt(0);
    if (!Character.isDigit(first)) {
      return token;
    }
    String digits = last == 'N' || last == 'M' ? token.substring(0, token.length() - 1) : token;
    if (digits.chars().allMatch(c -> Character.isDigit(c) || c == '-' || c == '+')) {
      return Long.valueOf(digits);
    }
    return Double.valueOf(digits);
  }

  private void skipLine() {
    int c = character();
    while (c != '\n' && c != END) {
      c = character();
    }
  }

  private int character() {
    try {
      return text.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void back(int c) {
    if (c != END) {
      try {
        text.unread(c);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
