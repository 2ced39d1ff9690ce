package io.shardforge.sql.ddl;

import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The reading of a dotted name out of a string, with SQL's folding and quoting. */
final class QualifiedName {
  private QualifiedName() {}

  static List<String> parse(String text) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder part = new StringBuilder();
      if (at < text.length() && text.charAt(at) == '"') {
        at++;
        while (at < text.length()) {
          char c = text.charAt(at++);
          if (c != '"') {
            part.append(c);
          } else if (at < text.length() && text.charAt(at) == '"') {
            part.append('"');
            at++;
          } else {
            break;
          }
        }
      } else {
        int start = at;
        while (at < text.length() && text.charAt(at) != '.') {
          at++;
        }
        part.append(text.substring(start, at).strip().toLowerCase(Locale.ROOT));
      }
      if (part.isEmpty() || (at < text.length() && text.charAt(at) != '.')) {
        throw DdlErrors.of(ErrorCode.INVALID_NAME, "invalid name syntax");
      }
      parts.add(part.toString());
      if (at >= text.length()) {
        return parts;
      }
      at++;
    }
  }
}
