package io.shardforge.sql.plan;

import io.shardforge.raft.txn.ReadMeter;
import io.shardforge.sql.plan.Explain.Actual;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes described plans as indented text. */
final class ExplainText {
  /** The width PostgreSQL would show for a column of a type without fixed length. */
  private static final int COLUMN_WIDTH = 8;

  private final Explain.Options options;
  private final Map<String, String> settings;
  private final Function<PlanNode, @Nullable Actual> actual;
  private final Explain.Output output;

  ExplainText(
      Explain.Options options,
      Map<String, String> settings,
      Function<PlanNode, @Nullable Actual> actual,
      Explain.Output output) {
    this.options = options;
    this.settings = settings;
    this.actual = actual;
    this.output = output;
  }

  List<String> lines(ExplainNode root, double planningMillis, double executionMillis) {
    List<String> lines = new ArrayList<>();
    write(root, "", "", lines);
    if (options.settings() && !settings.isEmpty()) {
      lines.add(
          settings.entrySet().stream()
              .map(setting -> setting.getKey() + " = '" + setting.getValue() + "'")
              .collect(Collectors.joining(", ", "Settings: ", "")));
    }
    if (options.summary()) {
      if (options.timing() || !options.analyze()) {
        lines.add(String.format(Locale.ROOT, "Planning Time: %.3f ms", planningMillis));
      }
    }
    if (options.serialize() != Explain.Serialize.NONE) {
      String time =
          options.timing() ? String.format(Locale.ROOT, "time=%.3f ms  ", output.millis()) : "";
      lines.add(
          "Serialization: %soutput=%dkB  format=%s"
              .formatted(time, output.kilobytes(), options.serialize().word()));
    }
    if (options.summary()) {
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

  static int width(PlanNode plan) {
    int width = 0;
    for (var type : plan.types()) {
      var pgType = io.shardforge.sql.type.PgTypes.find(type.oid());
      int length = pgType == null ? -1 : pgType.row().length();
      width += length > 0 ? length : 4 * COLUMN_WIDTH;
    }
    return width;
  }
}
