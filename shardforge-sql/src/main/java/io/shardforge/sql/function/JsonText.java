package io.shardforge.sql.function;

import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A json value as the text it was written in: parts are cut out of it, not written anew. */
final class JsonText {
  /** A member of an object: decoded key, value as text. */
  record Member(String key, String value) {}

  private final String text;
  private int at;

  /** Wraps text that is known to be JSON. */
  JsonText(String text) {
    this.text = text;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char first() {
    at = 0;
    skipSpace();
    return text.charAt(at);
  }

  /** Moves behind the value that starts here and returns its text. */
  private String value() {
    skipSpace();
    int start = at;
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        skipString();
      } else {
        if (c == '{' || c == '[') {
          depth++;
        } else if (c == '}' || c == ']') {
          if (depth == 0) {
            break;
          }
          depth--;
        } else if (depth == 0 && (c == ',' || " \t\n\r".indexOf(c) >= 0)) {
          break;
        }
        at++;
      }
      if (depth == 0 && (c == '"' || c == '}' || c == ']')) {
        break;
      }
    }
    return text.substring(start, at);
  }

  private void skipString() {
    at++;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  /** All members, in order, duplicates included. */
  List<Member> members() {
    if (first() != '{') {
      throw TypeErrors.invalidParameter(
          text.charAt(at) == '['
              ? "cannot deconstruct an array as an object"
              : "cannot deconstruct a scalar");
    }
    List<Member> members = new ArrayList<>();
    at++;
    skipSpace();
    while (text.charAt(at) != '}') {
      int start = at;
      skipString();
      String key = decoded(text.substring(start, at));
      skipSpace();
      at++;
      members.add(new Member(key, value()));
      skipSpace();
      if (text.charAt(at) == ',') {
        at++;
        skipSpace();
      }
    }
    return members;
  }

  /** All elements; 22023 naming the function if this is no array. */
  List<String> elements(String function) {
    if (first() != '[') {
      throw TypeErrors.invalidParameter(
          text.charAt(at) == '{'
              ? "cannot call " + function + " on a non-array"
              : "cannot call " + function + " on a scalar");
    }
    List<String> elements = new ArrayList<>();
    at++;
    skipSpace();
    while (text.charAt(at) != ']') {
      elements.add(value());
      skipSpace();
      if (text.charAt(at) == ',') {
        at++;
        skipSpace();
      }
    }
    return elements;
  }

  @Nullable String member(String key) {
    if (first() != '{') {
      return null;
    }
    String found = null;
    for (Member member : members()) {
      if (member.key.equals(key)) {
        found = member.value;
      }
    }
    return found;
  }

  @Nullable String element(long index) {
    if (first() != '[') {
      return null;
    }
    List<String> elements = elements("");
    long position = index < 0 ? elements.size() + index : index;
    return position >= 0 && position < elements.size() ? elements.get((int) position) : null;
  }

  /** The part that one step of a path names. */
  @Nullable String step(String key) {
    return switch (first()) {
      case '{' -> member(key);
      case '[' -> {
        long index;
        try {
          index = Integer.parseInt(key.strip());
        } catch (NumberFormatException e) {
          yield null;
        }
        yield element(index);
      }
      default -> null;
    };
  }

  private static String decoded(String literal) {
    JsonValue value = JsonValue.parse(literal);
    return value instanceof JsonValue.JsonString string ? string.value() : literal;
  }

  /** A string without quotes and escapes, null for the null literal, other values as they are. */
  static @Nullable String unquoted(String json) {
    return switch (json.charAt(0)) {
      case '"' -> decoded(json);
      case 'n' -> null;
      default -> json;
    };
  }

  /** The value without object members that are null, written compactly. */
  String withoutNulls() {
    char c = first();
    StringBuilder out = new StringBuilder();
    if (c == '{') {
      out.append('{');
      for (Member member : members()) {
        if (!member.value.equals("null")) {
          out.append(out.length() > 1 ? "," : "");
          JsonValue.appendQuoted(out, member.key);
          out.append(':').append(new JsonText(member.value).withoutNulls());
        }
      }
      return out.append('}').toString();
    }
    if (c == '[') {
      out.append('[');
      for (String element : elements("json_strip_nulls")) {
        out.append(out.length() > 1 ? "," : "").append(new JsonText(element).withoutNulls());
      }
      return out.append(']').toString();
    }
    return text.strip();
  }
}
