package io.shardforge.sql.plan;

import io.shardforge.raft.txn.ReadMeter;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** EXPLAIN: its options, and plans in the formats and the look of PostgreSQL. */
public final class Explain {
  private Explain() {}

  /** The output formats. */
  public enum Format {
    TEXT,
    JSON,
    YAML,
    XML
  }

  /** What was asked for; {@code timing} and {@code summary} matter with {@code analyze}. */
  public record Options(
      boolean analyze,
      boolean verbose,
      boolean costs,
      boolean timing,
      boolean summary,
      boolean buffers,
      boolean settings,
      boolean genericPlan,
      Format format) {}

  /** What a node did in an execution: rows and times over all its loops. */
  public record Actual(
      long rows, long loops, double startupMillis, double totalMillis, ReadMeter.Figures reads) {}

  static Options options(ParsedStatement statement) {
    boolean analyze = false;
    boolean verbose = false;
    boolean costs = true;
    Boolean timing = null;
    Boolean summary = null;
    boolean buffers = false;
    boolean settings = false;
    boolean generic = false;
    Format format = Format.TEXT;
    for (Node node : statement.node().getExplainStmt().getOptionsList()) {
      DefElem option = node.getDefElem();
      switch (option.getDefname()) {
        case "analyze" -> analyze = bool(statement, option);
        case "verbose" -> verbose = bool(statement, option);
        case "costs" -> costs = bool(statement, option);
        case "timing" -> timing = bool(statement, option);
        case "summary" -> summary = bool(statement, option);
        case "format" -> format = format(statement, option);
        case "buffers" -> buffers = bool(statement, option);
        case "settings" -> settings = bool(statement, option);
        case "generic_plan" -> generic = bool(statement, option);
        case "wal", "memory", "serialize" -> {
          if (option.getDefname().equals("serialize") || bool(statement, option)) {
            throw error(
                statement,
                option,
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "EXPLAIN option "
                    + option.getDefname().toUpperCase(Locale.ROOT)
                    + " is not supported yet");
          }
        }
        default ->
            throw error(
                statement,
                option,
                ErrorCode.SYNTAX_ERROR,
                "unrecognized EXPLAIN option \"" + option.getDefname() + "\"");
      }
    }
    if (timing != null && timing && !analyze) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
    }
    if (generic && analyze) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together");
    }
    return new Options(
        analyze,
        verbose,
        costs,
        timing == null ? analyze : timing,
        summary == null ? analyze : summary,
        buffers,
        settings,
        generic,
        format);
  }

  private static boolean bool(ParsedStatement statement, DefElem option) {
    if (!option.hasArg()) {
      return true;
    }
    return switch (word(option)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw error(
              statement,
              option,
              ErrorCode.SYNTAX_ERROR,
              option.getDefname() + " requires a Boolean value");
    };
  }

  private static Format format(ParsedStatement statement, DefElem option) {
    return switch (word(option)) {
      case "text" -> Format.TEXT;
      case "json" -> Format.JSON;
      case "yaml" -> Format.YAML;
      case "xml" -> Format.XML;
      default ->
          throw error(
              statement,
              option,
              ErrorCode.INVALID_PARAMETER_VALUE,
              "unrecognized value for EXPLAIN option \"format\": \"" + word(option) + "\"");
    };
  }

  private static String word(DefElem option) {
    Node arg = option.getArg();
    return switch (arg.getNodeCase()) {
      case STRING -> arg.getString().getSval().toLowerCase(Locale.ROOT);
      case INTEGER -> Integer.toString(arg.getInteger().getIval());
      case BOOLEAN -> Boolean.toString(arg.getBoolean().getBoolval());
      default -> "";
    };
  }

  private static ShardForgeException error(
      ParsedStatement statement, DefElem option, ErrorCode code, String message) {
    ShardForgeException error = new ShardForgeException(code, message);
    return option.getLocation() < 0
        ? error
        : error.withPosition(statement.source().position(option.getLocation()));
  }

  /** The one column of EXPLAIN's result. */
  static OutputColumn column(Options options) {
    int oid = options.format == Format.JSON ? PgOid.JSON : PgOid.TEXT;
    return new OutputColumn("QUERY PLAN", SqlType.of(oid), 0, 0);
  }

  /** The lines of EXPLAIN (one value for formats other than text). */
  public static List<String> render(
      Plan.QueryPlan plan, Options options, Map<String, String> settings, double planningMillis) {
    return render(plan, options, settings, _ -> null, planningMillis, 0);
  }

  /**
   * The lines of EXPLAIN ANALYZE (one value for formats other than text).
   *
   * @param settings of the planner that have been changed
   * @param actual what a node did, null if it never ran
   */
  public static List<String> render(
      Plan.QueryPlan plan,
      Options options,
      Map<String, String> settings,
      Function<PlanNode, @Nullable Actual> actual,
      double planningMillis,
      double executionMillis) {
    ExplainNode root = new ExplainTree().describe(plan.root());
    if (options.format == Format.TEXT) {
      return new ExplainText(options, settings, actual)
          .lines(root, planningMillis, executionMillis);
    }
    Map<String, Object> document =
        new ExplainDocument(options, settings, actual).of(root, planningMillis, executionMillis);
    return List.of(
        switch (options.format) {
          case JSON -> ExplainFormat.json(document);
          case YAML -> ExplainFormat.yaml(document);
          case XML, TEXT -> ExplainFormat.xml(document);
        });
  }
}
