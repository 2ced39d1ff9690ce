package io.shardforge.sql.plan;

import io.shardforge.sql.plan.Explain.Actual;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes described plans as indented text or as JSON. */
final class ExplainText {
  /** The width PostgreSQL would show for a column of a type without fixed length. */
  private static final int COLUMN_WIDTH = 8;

  private final Explain.Options options;
  private final Function<PlanNode, @Nullable Actual> actual;

  ExplainText(Explain.Options options, Function<PlanNode, @Nullable Actual> actual) {
    this.options = options;
    this.actual = actual;
  }

  // Text.

  List<String> lines(ExplainNode root, double planningMillis, double executionMillis) {
    List<String> lines = new ArrayList<>();
    write(root, "", "", lines);
    if (options.summary()) {
      if (options.timing() || !options.analyze()) {
        lines.add(String.format(Locale.ROOT, "Planning Time: %.3f ms", planningMillis));
      }
      if (options.analyze() && options.timing()) {
        lines.add(String.format(Locale.ROOT, "Execution Time: %.3f ms", executionMillis));
      }
    }
    return lines;
  }

  private void write(ExplainNode node, String first, String rest, List<String> lines) {
    lines.add(first + node.title() + figures(node));
    for (Map.Entry<String, String> property : node.properties().entrySet()) {
      lines.add(rest + "  " + property.getKey() + ": " + property.getValue());
    }
    for (ExplainNode.Child child : node.children()) {
      String indent = rest + "  ";
      if (!child.label().isEmpty()) {
        lines.add(indent + child.label());
        indent += "  ";
      }
      write(child.node(), indent + "->  ", indent + "    ", lines);
    }
  }

  private String figures(ExplainNode node) {
    StringBuilder text = new StringBuilder();
    PlanNode.Estimate e = node.plan().estimate();
    if (options.costs()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  (cost=%.2f..%.2f rows=%.0f width=%d)",
              e.startupCost(),
              e.totalCost(),
              e.rows(),
              width(node.plan())));
    }
    if (options.analyze()) {
      Actual a = actual.apply(node.plan());
      if (a == null) {
        text.append(" (never executed)");
      } else {
        text.append(" (actual ");
        if (options.timing()) {
          text.append(
              String.format(
                  Locale.ROOT,
                  "time=%.3f..%.3f ",
                  a.startupMillis() / a.loops(),
                  a.totalMillis() / a.loops()));
        }
        text.append(
            String.format(
                Locale.ROOT, "rows=%.0f loops=%d)", (double) a.rows() / a.loops(), a.loops()));
      }
    }
    return text.toString();
  }

  private static int width(PlanNode plan) {
    int width = 0;
    for (var type : plan.types()) {
      var pgType = io.shardforge.sql.type.PgTypes.find(type.oid());
      int length = pgType == null ? -1 : pgType.row().length();
      width += length > 0 ? length : 4 * COLUMN_WIDTH;
    }
    return width;
  }

  // JSON.

  String json(ExplainNode root, double planningMillis, double executionMillis) {
    StringBuilder out = new StringBuilder("[\n  {\n    \"Plan\": ");
    json(root, "", "    ", out);
    if (options.summary()) {
      out.append(String.format(Locale.ROOT, ",\n    \"Planning Time\": %.3f", planningMillis));
      if (options.analyze()) {
        out.append(String.format(Locale.ROOT, ",\n    \"Execution Time\": %.3f", executionMillis));
      }
    }
    return out.append("\n  }\n]").toString();
  }

  private void json(ExplainNode node, String label, String indent, StringBuilder out) {
    String inner = indent + "  ";
    out.append("{\n").append(inner).append("\"Node Type\": ").append(quoted(node.title()));
    if (!label.isEmpty()) {
      field(out, inner, "Subplan Name", quoted(label));
    }
    PlanNode.Estimate e = node.plan().estimate();
    if (options.costs()) {
      field(out, inner, "Startup Cost", String.format(Locale.ROOT, "%.2f", e.startupCost()));
      field(out, inner, "Total Cost", String.format(Locale.ROOT, "%.2f", e.totalCost()));
      field(out, inner, "Plan Rows", String.format(Locale.ROOT, "%.0f", e.rows()));
      field(out, inner, "Plan Width", Integer.toString(width(node.plan())));
    }
    Actual a = options.analyze() ? actual.apply(node.plan()) : null;
    if (options.analyze()) {
      long loops = a == null ? 0 : a.loops();
      if (options.timing()) {
        field(out, inner, "Actual Startup Time", millis(a == null ? 0 : a.startupMillis() / loops));
        field(out, inner, "Actual Total Time", millis(a == null ? 0 : a.totalMillis() / loops));
      }
      field(
          out,
          inner,
          "Actual Rows",
          a == null ? "0" : String.format(Locale.ROOT, "%.0f", (double) a.rows() / loops));
      field(out, inner, "Actual Loops", Long.toString(loops));
    }
    for (Map.Entry<String, String> property : node.properties().entrySet()) {
      field(out, inner, property.getKey(), quoted(property.getValue()));
    }
    if (!node.children().isEmpty()) {
      out.append(",\n").append(inner).append("\"Plans\": [\n");
      String next = "";
      for (ExplainNode.Child child : node.children()) {
        out.append(next).append(inner).append("  ");
        json(child.node(), child.label(), inner + "  ", out);
        next = ",\n";
      }
      out.append("\n").append(inner).append("]");
    }
    out.append("\n").append(indent).append("}");
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static void field(StringBuilder out, String indent, String name, String value) {
    out.append(",\n").append(indent).append(quoted(name)).append(": ").append(value);
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
