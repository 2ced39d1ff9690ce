package io.shardforge.sql.function;

import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/** A name with dots as parse_ident takes it apart. */
final class QualifiedName {
  private final String text;
  private final boolean strict;
  private int at;

  /** A strict name has nothing after it. */
  QualifiedName(String text, boolean strict) {
    this.text = text;
    this.strict = strict;
  }

  List<String> parts() {
    List<String> parts = new ArrayList<>();
    do {
      skipSpace();
      parts.add(part(!parts.isEmpty()));
      skipSpace();
    } while (take('.'));
    if (strict && at < text.length()) {
      throw invalid();
    }
    return parts;
  }

  private String part(boolean afterDot) {
    if (take('"')) {
      return quoted();
    }
    int start = at;
    while (at < text.length() && isPart(text.charAt(at), at > start)) {
      at++;
    }
    if (at > start) {
      return lower(text.substring(start, at));
    }
    if (at < text.length() && text.charAt(at) == '.') {
      throw invalid().withDetail("No valid identifier before \".\".");
    }
    throw afterDot ? invalid().withDetail("No valid identifier after \".\".") : invalid();
  }

  private String quoted() {
    StringBuilder name = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"' && !take('"')) {
        if (name.isEmpty()) {
          throw invalid().withDetail("Quoted identifier must not be empty.");
        }
        return name.toString();
      }
      name.append(c);
    }
    throw invalid().withDetail("String has unclosed double quotes.");
  }

  private static boolean isPart(char c, boolean inside) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c >= 0x80
        || (inside && (c == '$' || (c >= '0' && c <= '9')));
  }

  /** Only ASCII letters have another case in a name. */
  private static String lower(String name) {
    StringBuilder lower = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c + ('a' - 'A')));
      }
    }
    return lower.toString();
  }

  private boolean take(char c) {
    if (at == text.length() || text.charAt(at) != c) {
      return false;
    }
    at++;
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && Text.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private ShardForgeException invalid() {
    return TypeErrors.invalidParameter("string is not a valid identifier: \"" + text + "\"");
  }
}
