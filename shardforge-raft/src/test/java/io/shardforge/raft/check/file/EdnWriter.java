package io.shardforge.raft.check.file;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes values as EDN. */
final class EdnWriter {
  private EdnWriter() {}

  static String write(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable Object value) {
    switch (value) {
      case null -> text.append("nil");
      case String string -> string(text, string);
      case Set<?> set -> elements(text, "#{", set, '}');
      case Iterable<?> elements -> elements(text, "[", elements, ']');
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          text.append(separator);
          append(text, entry.getKey());
          text.append(' ');
          append(text, entry.getValue());
          separator = ", ";
        }
        text.append(map.isEmpty() ? "{}" : "}");
      }
      case Number number -> text.append(number);
      case Boolean bool -> text.append(bool);
      case Keyword keyword -> text.append(keyword);
      default -> throw new IllegalArgumentException("no EDN for " + value.getClass());
    }
  }

  private static void elements(StringBuilder text, String open, Iterable<?> elements, char close) {
    text.append(open);
    String separator = "";
    for (Object element : elements) {
      text.append(separator);
      append(text, element);
      separator = " ";
    }
    text.append(close);
  }

  private static void string(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> text.append(c);
      }
    }
    text.append('"');
  }
}
