package io.shardforge.sql.plan;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes an {@link ExplainDocument} in one of PostgreSQL's formats for programs. */
final class ExplainFormat {
  private final StringBuilder out = new StringBuilder();

  private ExplainFormat() {}

  // JSON.

  static String json(Map<String, Object> document) {
    ExplainFormat format = new ExplainFormat();
    format.out.append("[\n  ");
    format.json(document, "  ");
    return format.out.append("\n]").toString();
  }

  private void json(Map<?, ?> group, String indent) {
    out.append('{');
    String before = "\n";
    for (Map.Entry<?, ?> field : group.entrySet()) {
      out.append(before).append(indent).append("  ").append(quoted(field.getKey().toString()));
      out.append(": ");
      jsonValue(field.getValue(), indent + "  ");
      before = ",\n";
    }
    out.append('\n').append(indent).append('}');
  }

  private void jsonValue(Object value, String indent) {
    switch (value) {
      case Map<?, ?> group -> json(group, indent);
      case ExplainDocument.Groups list -> {
        out.append('[');
        String before = "\n";
        for (Map<String, Object> group : list.groups()) {
          out.append(before).append(indent).append("  ");
          json(group, indent + "  ");
          before = ",\n";
        }
        out.append('\n').append(indent).append(']');
      }
      case List<?> texts ->
          out.append(
              texts.stream()
                  .map(text -> quoted(text.toString()))
                  .collect(Collectors.joining(", ", "[", "]")));
      case ExplainDocument.Plain plain -> out.append(plain);
      default -> out.append(quoted(value.toString()));
    }
  }

  // YAML.

  static String yaml(Map<String, Object> document) {
    ExplainFormat format = new ExplainFormat();
    format.yamlItem(document, "");
    return format.out.toString();
  }

  /** A group in a list: its first field stands beside the dash. */
  private void yamlItem(Map<?, ?> group, String indent) {
    out.append(indent).append("- ");
    boolean first = true;
    for (Map.Entry<?, ?> field : group.entrySet()) {
      if (!first) {
        out.append('\n').append(indent).append("  ");
      }
      yamlField(field, indent + "  ");
      first = false;
    }
  }

  private void yamlField(Map.Entry<?, ?> field, String indent) {
    out.append(field.getKey()).append(": ");
    switch (field.getValue()) {
      case Map<?, ?> group -> {
        for (Map.Entry<?, ?> inner : group.entrySet()) {
          out.append('\n').append(indent).append("  ");
          yamlField(inner, indent + "  ");
        }
      }
      case ExplainDocument.Groups list -> {
        for (Map<String, Object> group : list.groups()) {
          out.append('\n');
          yamlItem(group, indent + "  ");
        }
      }
      case List<?> texts -> {
        for (Object text : texts) {
          out.append('\n').append(indent).append("  - ").append(quoted(text.toString()));
        }
      }
      case ExplainDocument.Plain plain -> out.append(plain);
      default -> out.append(quoted(field.getValue().toString()));
    }
  }

  // XML.

  static String xml(Map<String, Object> document) {
    ExplainFormat format = new ExplainFormat();
    format.out.append("<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n");
    format.xmlGroup("Query", document, "  ");
    return format.out.append("</explain>").toString();
  }

  private void xmlGroup(String tag, Map<?, ?> group, String indent) {
    out.append(indent).append('<').append(tag).append(">\n");
    for (Map.Entry<?, ?> field : group.entrySet()) {
      // A name may not have blanks and the like.
      xmlField(
          field.getKey().toString().replaceAll("[^A-Za-z0-9_.-]", "-"),
          field.getValue(),
          indent + "  ");
    }
    out.append(indent).append("</").append(tag).append(">\n");
  }

  private void xmlField(String tag, Object value, String indent) {
    switch (value) {
      case Map<?, ?> group -> xmlGroup(tag, group, indent);
      case ExplainDocument.Groups list -> {
        out.append(indent).append('<').append(tag).append(">\n");
        list.groups().forEach(group -> xmlGroup(list.each(), group, indent + "  "));
        out.append(indent).append("</").append(tag).append(">\n");
      }
      case List<?> texts -> {
        out.append(indent).append('<').append(tag).append(">\n");
        texts.forEach(text -> xmlText("Item", text.toString(), indent + "  "));
        out.append(indent).append("</").append(tag).append(">\n");
      }
      default -> xmlText(tag, value.toString(), indent);
    }
  }

  private void xmlText(String tag, String text, String indent) {
    String escaped =
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\r", "&#x0d;");
    out.append(indent).append('<').append(tag).append('>').append(escaped);
    out.append("</").append(tag).append(">\n");
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
