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

  /** What rows are made into, to tell of that. */
  public enum Serialize {
    NONE,
    TEXT,
    BINARY;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the making of rows into what a client is sent took, and how much it is. */
  public record Output(double millis, long bytes) {
    long kilobytes() {
      return Math.ceilDiv(bytes, 1024);
    }
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
      Serialize serialize,
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
    boolean wal = false;
    Serialize serialize = Serialize.NONE;
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
        // There is no log of pages to tell of.
        case "wal" -> wal = bool(statement, option);
        case "serialize" -> serialize = serialize(statement, option);
        case "memory" -> {
          if (bool(statement, option)) {
            throw error(
                statement,
                option,
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "EXPLAIN option MEMORY is not supported yet");
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
    requireAnalyze(wal && !analyze, "WAL");
    requireAnalyze(timing != null && timing && !analyze, "TIMING");
    requireAnalyze(serialize != Serialize.NONE && !analyze, "SERIALIZE");
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
        serialize,
        format);
  }

  private static void requireAnalyze(boolean missing, String option) {
    if (missing) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE, "EXPLAIN option " + option + " requires ANALYZE");
    }
  }

  private static Serialize serialize(ParsedStatement statement, DefElem option) {
    if (!option.hasArg()) {
      return Serialize.TEXT;
    }
    return switch (word(option)) {
      case "off", "none" -> Serialize.NONE;
      case "text" -> Serialize.TEXT;
      case "binary" -> Serialize.BINARY;
      default ->
          throw error(
              statement,
              option,
              ErrorCode.INVALID_PARAMETER_VALUE,
              "unrecognized value for EXPLAIN option \"serialize\": \"" + word(option) + "\"");
    };
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
    return render(plan, options, settings, _ -> null, new Output(0, 0), planningMillis, 0);
  }

  /**
   * The lines of EXPLAIN ANALYZE (one value for formats other than text).
   *
   * @param settings of the planner that have been changed
   * @param actual what a node did, null if it never ran
   * @param output what became of the rows, told of if it was asked for
   */
  public static List<String> render(
      Plan.QueryPlan plan,
      Options options,
      Map<String, String> settings,
      Function<PlanNode, @Nullable Actual> actual,
      Output output,
      double planningMillis,
      double executionMillis) {
    ExplainNode root = new ExplainTree().describe(plan.root());
    if (options.format == Format.TEXT) {
      return new ExplainText(options, settings, actual, output)
          .lines(root, planningMillis, executionMillis);
    }
    Map<String, Object> document =
        new ExplainDocument(options, settings, actual, output)
            .of(root, planningMillis, executionMillis);
    return List.of(
        switch (options.format) {
          case JSON -> ExplainFormat.json(document);
          case YAML -> ExplainFormat.yaml(document);
          case XML, TEXT -> ExplainFormat.xml(document);
        });
  }
}
