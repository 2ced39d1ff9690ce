package io.shardforge.sql.plan;

import io.shardforge.raft.txn.ReadMeter;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.plan.Explain.Actual;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    for (Map.Entry<String, Object> property : node.properties().entrySet()) {
      String value =
          property.getValue() instanceof List<?> values
              ? values.stream().map(Object::toString).collect(Collectors.joining(", "))
              : property.getValue().toString();
      lines.add(rest + "  " + property.getKey() + ": " + value);
    }
    ReadMeter.Figures reads = reads(node);
    if (reads != null && reads.requests() > 0) {
      lines.add(
          rest
              + "  Reads: shards="
              + reads.shards()
              + " nodes="
              + reads.nodes()
              + " requests="
              + reads.requests()
              + " rows="
              + reads.rows()
              + " bytes="
              + reads.bytes()
              + " retries="
              + reads.retries()
              + (reads.workedRows() > 0 ? " worked=" + reads.workedRows() : ""));
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

  /** What the node read, if that was asked for and it ran. */
  private ReadMeter.@Nullable Figures reads(ExplainNode node) {
    Actual a = options.analyze() && options.buffers() ? actual.apply(node.plan()) : null;
    return a == null ? null : a.reads();
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
    json(root, "", "", "    ", out);
    if (options.summary()) {
      out.append(String.format(Locale.ROOT, ",\n    \"Planning Time\": %.3f", planningMillis));
      if (options.analyze()) {
        out.append(String.format(Locale.ROOT, ",\n    \"Execution Time\": %.3f", executionMillis));
      }
    }
    return out.append("\n  }\n]").toString();
  }

  private void json(
      ExplainNode node, String relationship, String label, String indent, StringBuilder out) {
    String inner = indent + "  ";
    out.append("{\n").append(inner).append("\"Node Type\": ").append(quoted(type(node)));
    if (!relationship.isEmpty()) {
      field(out, inner, "Parent Relationship", quoted(relationship));
    }
    if (!label.isEmpty()) {
      field(out, inner, "Subplan Name", quoted(label));
    }
    identity(node.plan(), type(node), inner, out);
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
    for (Map.Entry<String, Object> property : node.properties().entrySet()) {
      String value =
          property.getValue() instanceof List<?> values
              ? values.stream()
                  .map(element -> quoted(element.toString()))
                  .collect(Collectors.joining(", ", "[", "]"))
              : quoted(property.getValue().toString());
      field(out, inner, property.getKey(), value);
    }
    ReadMeter.Figures reads = reads(node);
    if (reads != null) {
      field(out, inner, "Shards", Integer.toString(reads.shards()));
      field(out, inner, "Nodes", Integer.toString(reads.nodes()));
      field(out, inner, "Read Requests", Long.toString(reads.requests()));
      field(out, inner, "Read Rows", Long.toString(reads.rows()));
      field(out, inner, "Read Bytes", Long.toString(reads.bytes()));
      field(out, inner, "Read Retries", Long.toString(reads.retries()));
      if (reads.workedRows() > 0) {
        field(out, inner, "Worked Rows", Long.toString(reads.workedRows()));
      }
    }
    if (!node.children().isEmpty()) {
      out.append(",\n").append(inner).append("\"Plans\": [\n");
      String next = "";
      String position = "Outer";
      for (ExplainNode.Child child : node.children()) {
        out.append(next).append(inner).append("  ");
        boolean labelled = !child.label().isEmpty();
        json(
            child.node(),
            labelled ? child.label().replaceFirst(" .*", "") : position,
            child.label(),
            inner + "  ",
            out);
        position = labelled ? position : "Inner";
        next = ",\n";
      }
      out.append("\n").append(inner).append("]");
    }
    out.append("\n").append(indent).append("}");
  }

  /** PostgreSQL's name of the kind of node, without what it works on. */
  private static String type(ExplainNode node) {
    return switch (node.plan()) {
      case PlanNode.HashJoin _ -> "Hash Join";
      case PlanNode.NestedLoopJoin _, PlanNode.Correlate _ -> "Nested Loop";
      case PlanNode.Aggregate _ -> "Aggregate";
      case PlanNode.Insert _, PlanNode.Update _, PlanNode.Delete _ -> "ModifyTable";
      default ->
          node.title().replaceFirst(" (Backward|using|on|Left Join|Semi Join|Anti Join)\\b.*", "");
    };
  }

  /** What the node works on, in fields of their own. */
  private static void identity(PlanNode plan, String type, String indent, StringBuilder out) {
    switch (plan) {
      case PlanNode.IndexScan p -> {
        field(out, indent, "Scan Direction", quoted(p.reverse() ? "Backward" : "Forward"));
        field(out, indent, "Relation Name", quoted(p.table().name()));
        if (!type.equals("Seq Scan")) {
          field(out, indent, "Index Name", quoted(p.index().name()));
        }
      }
      case PlanNode.InvertedScan p -> relation(p.rows().table(), p.index(), indent, out);
      case PlanNode.KeyLookup p -> relation(p.table(), p.index(), indent, out);
      case PlanNode.IndexLookupJoin p -> {
        field(out, indent, "Join Type", quoted(joinType(p.kind())));
        relation(p.table(), p.index(), indent, out);
      }
      case PlanNode.VirtualScan p -> field(out, indent, "Relation Name", quoted(p.table().name()));
      case PlanNode.CteScan p -> field(out, indent, "CTE Name", quoted(p.name()));
      case PlanNode.HashJoin p -> field(out, indent, "Join Type", quoted(joinType(p.kind())));
      case PlanNode.NestedLoopJoin p -> field(out, indent, "Join Type", quoted(joinType(p.kind())));
      case PlanNode.Correlate p -> field(out, indent, "Join Type", quoted(joinType(p.kind())));
      case PlanNode.Aggregate p ->
          field(out, indent, "Strategy", quoted(p.groupColumns().isEmpty() ? "Plain" : "Hashed"));
      case PlanNode.Insert p -> operation("Insert", p.table(), indent, out);
      case PlanNode.Update p -> operation("Update", p.table(), indent, out);
      case PlanNode.Delete p -> operation("Delete", p.table(), indent, out);
      default -> {}
    }
  }

  private static void relation(
      TableDescriptor table, IndexDescriptor index, String indent, StringBuilder out) {
    field(out, indent, "Relation Name", quoted(table.name()));
    field(out, indent, "Index Name", quoted(index.name()));
  }

  private static void operation(
      String name, TableDescriptor table, String indent, StringBuilder out) {
    field(out, indent, "Operation", quoted(name));
    field(out, indent, "Relation Name", quoted(table.name()));
  }

  private static String joinType(PlanNode.JoinKind kind) {
    return switch (kind) {
      case INNER -> "Inner";
      case LEFT -> "Left";
      case RIGHT -> "Right";
      case FULL -> "Full";
      case SEMI -> "Semi";
      case ANTI -> "Anti";
    };
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
