package io.shardforge.sql.plan;

import io.shardforge.raft.txn.ReadMeter;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.plan.Explain.Actual;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Described plans as fields with names, which {@link ExplainFormat} writes: values are texts,
 * {@link Plain} ones, lists of texts, groups of fields, and lists of groups.
 */
final class ExplainDocument {
  /** A value that is written as it is. */
  record Plain(String text) {
    static Plain of(long value) {
      return new Plain(Long.toString(value));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Groups in a list of this name. */
  record Groups(String each, List<Map<String, Object>> groups) {}

  private final Explain.Options options;
  private final Map<String, String> settings;
  private final Function<PlanNode, @Nullable Actual> actual;
  private final Explain.Output output;

  ExplainDocument(
      Explain.Options options,
      Map<String, String> settings,
      Function<PlanNode, @Nullable Actual> actual,
      Explain.Output output) {
    this.options = options;
    this.settings = settings;
    this.actual = actual;
    this.output = output;
  }

  Map<String, Object> of(ExplainNode root, double planningMillis, double executionMillis) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Plan", node(root, "", ""));
    if (options.settings()) {
      document.put("Settings", new LinkedHashMap<String, Object>(settings));
    }
    if (options.summary()) {
      document.put("Planning Time", millis(planningMillis));
    }
    if (options.serialize() != Explain.Serialize.NONE) {
      Map<String, Object> serialization = new LinkedHashMap<>();
      if (options.timing()) {
        serialization.put("Time", millis(output.millis()));
      }
      serialization.put("Output Volume", Plain.of(output.kilobytes()));
      serialization.put("Format", options.serialize().word());
      document.put("Serialization", serialization);
    }
    if (options.summary() && options.analyze()) {
      document.put("Execution Time", millis(executionMillis));
    }
    return document;
  }

  private Map<String, Object> node(ExplainNode node, String relationship, String label) {
    Map<String, Object> out = new LinkedHashMap<>();
    String type = type(node);
    out.put("Node Type", type);
    if (!relationship.isEmpty()) {
      out.put("Parent Relationship", relationship);
    }
    if (!label.isEmpty()) {
      out.put("Subplan Name", label);
    }
    identity(node.plan(), type, out);
    PlanNode.Estimate e = node.plan().estimate();
    if (options.costs()) {
      out.put("Startup Cost", new Plain(String.format(Locale.ROOT, "%.2f", e.startupCost())));
      out.put("Total Cost", new Plain(String.format(Locale.ROOT, "%.2f", e.totalCost())));
      out.put("Plan Rows", new Plain(String.format(Locale.ROOT, "%.0f", e.rows())));
      out.put("Plan Width", Plain.of(ExplainText.width(node.plan())));
    }
    Actual a = options.analyze() ? actual.apply(node.plan()) : null;
    if (options.analyze()) {
      done(a, out);
    }
    out.putAll(node.properties());
    if (a != null && options.buffers()) {
      read(a.reads(), out);
    }
    if (!node.children().isEmpty()) {
      out.put("Plans", new Groups("Plan", children(node)));
    }
    return out;
  }

  private void done(@Nullable Actual a, Map<String, Object> out) {
    long loops = a == null ? 0 : a.loops();
    if (options.timing()) {
      out.put("Actual Startup Time", millis(a == null ? 0 : a.startupMillis() / loops));
      out.put("Actual Total Time", millis(a == null ? 0 : a.totalMillis() / loops));
    }
    out.put(
        "Actual Rows",
        new Plain(a == null ? "0" : String.format(Locale.ROOT, "%.0f", (double) a.rows() / loops)));
    out.put("Actual Loops", Plain.of(loops));
  }

  private static void read(ReadMeter.Figures reads, Map<String, Object> out) {
    out.put("Shards", Plain.of(reads.shards()));
    out.put("Nodes", Plain.of(reads.nodes()));
    out.put("Read Requests", Plain.of(reads.requests()));
    out.put("Read Rows", Plain.of(reads.rows()));
    out.put("Read Bytes", Plain.of(reads.bytes()));
    out.put("Read Retries", Plain.of(reads.retries()));
    if (reads.workedRows() > 0) {
      out.put("Worked Rows", Plain.of(reads.workedRows()));
    }
  }

  private List<Map<String, Object>> children(ExplainNode node) {
    List<Map<String, Object>> plans = new ArrayList<>();
    String position = "Outer";
    for (ExplainNode.Child child : node.children()) {
      boolean labelled = !child.label().isEmpty();
      plans.add(
          node(
              child.node(),
              labelled ? child.label().replaceFirst(" .*", "") : position,
              child.label()));
      position = labelled ? position : "Inner";
    }
    return plans;
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
  private static void identity(PlanNode plan, String type, Map<String, Object> out) {
    switch (plan) {
      case PlanNode.IndexScan p -> {
        out.put("Scan Direction", p.reverse() ? "Backward" : "Forward");
        out.put("Relation Name", p.table().name());
        if (!type.equals("Seq Scan")) {
          out.put("Index Name", p.index().name());
        }
      }
      case PlanNode.InvertedScan p -> relation(p.rows().table(), p.index(), out);
      case PlanNode.KeyLookup p -> relation(p.table(), p.index(), out);
      case PlanNode.IndexLookupJoin p -> {
        out.put("Join Type", joinType(p.kind()));
        relation(p.table(), p.index(), out);
      }
      case PlanNode.VirtualScan p -> out.put("Relation Name", p.table().name());
      case PlanNode.CteScan p -> out.put("CTE Name", p.name());
      case PlanNode.HashJoin p -> out.put("Join Type", joinType(p.kind()));
      case PlanNode.NestedLoopJoin p -> out.put("Join Type", joinType(p.kind()));
      case PlanNode.Correlate p -> out.put("Join Type", joinType(p.kind()));
      case PlanNode.Aggregate p ->
          out.put("Strategy", p.groupColumns().isEmpty() ? "Plain" : "Hashed");
      case PlanNode.Insert p -> operation("Insert", p.table(), out);
      case PlanNode.Update p -> operation("Update", p.table(), out);
      case PlanNode.Delete p -> operation("Delete", p.table(), out);
      default -> {}
    }
  }

  private static void relation(
      TableDescriptor table, IndexDescriptor index, Map<String, Object> out) {
    out.put("Relation Name", table.name());
    out.put("Index Name", index.name());
  }

  private static void operation(String name, TableDescriptor table, Map<String, Object> out) {
    out.put("Operation", name);
    out.put("Relation Name", table.name());
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

  private static Plain millis(double value) {
    return new Plain(String.format(Locale.ROOT, "%.3f", value));
  }
}
