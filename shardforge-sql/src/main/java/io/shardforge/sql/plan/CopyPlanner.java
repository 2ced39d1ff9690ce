package io.shardforge.sql.plan;

import io.shardforge.sql.bind.BindContext;
import io.shardforge.sql.bind.Binder;
import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.CopyTarget;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.proto.CopyStmt;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.Encoding;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans COPY and reads its options. */
final class CopyPlanner {
  private final Planner planner;
  private final PlanContext context;
  private @Nullable ParsedStatement statement;

  CopyPlanner(Planner planner, PlanContext context) {
    this.planner = planner;
    this.context = context;
  }

  Plan plan(ParsedStatement parsed) {
    statement = parsed;
    CopyStmt copy = parsed.node().getCopyStmt();
    if (copy.getIsProgram()) {
      throw unsupported("COPY with PROGRAM");
    }
    String file = copy.getFilename().isEmpty() ? null : copy.getFilename();
    if (copy.hasQuery()) {
      Plan.QueryPlan query = planner.query(copy.getQuery(), parsed.source(), context);
      if (query.columns().isEmpty() && query.tag() != Plan.CommandTag.SELECT) {
        throw new ShardForgeException(
            ErrorCode.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
      }
      List<String> names = query.columns().stream().map(OutputColumn::name).toList();
      return new Plan.CopyToPlan(query, options(copy, names), file);
    }
    BindContext bindContext = planner.bindContext(context);
    Binder binder = new Binder(bindContext);
    CopyTarget target = CopyTarget.bind(binder, copy, parsed.source());
    if (!copy.getIsFrom()) {
      Plan.QueryPlan query = planner.optimize(target.rows(), parsed.node(), binder, context);
      List<String> names = query.columns().stream().map(OutputColumn::name).toList();
      return new Plan.CopyToPlan(query, options(copy, names), file);
    }
    PhysicalPlanner physical = new PhysicalPlanner(context.statistics(), binder);
    ExpressionBuilder.Env row =
        ExpressionBuilder.Env.EMPTY.with(Planned.identity(target.table().columns().size()));
    List<Expression> defaults = physical.expressions().buildAll(target.defaults(), row);
    List<Expression> checks = physical.expressions().buildAll(target.checks(), row);
    Bound condition = target.condition();
    List<String> names =
        target.columns().stream().map(i -> target.table().columns().get(i).name()).toList();
    return new Plan.CopyFromPlan(
        target.table(),
        target.columns(),
        defaults,
        checks,
        condition == null ? null : physical.expressions().build(condition, row),
        physical.derivedValues(target.table()),
        options(copy, names),
        file);
  }

  // Options.

  private CopyOptions options(CopyStmt copy, List<String> columns) {
    Set<String> seen = new HashSet<>();
    CopyOptions.Format format = CopyOptions.Format.TEXT;
    for (Node node : copy.getOptionsList()) {
      DefElem option = node.getDefElem();
      if (!seen.add(option.getDefname())) {
        throw error(option, ErrorCode.SYNTAX_ERROR, "conflicting or redundant options");
      }
      if (option.getDefname().equals("format")) {
        format =
            switch (text(option)) {
              case "text" -> CopyOptions.Format.TEXT;
              case "csv" -> CopyOptions.Format.CSV;
              case "binary" -> CopyOptions.Format.BINARY;
              default ->
                  throw error(
                      option,
                      ErrorCode.INVALID_PARAMETER_VALUE,
                      "COPY format \"" + text(option) + "\" not recognized");
            };
      }
    }
    boolean csv = format == CopyOptions.Format.CSV;
    boolean header = false;
    boolean match = false;
    char delimiter = csv ? ',' : '\t';
    String nullString = csv ? "" : "\\N";
    char quote = '"';
    char escape = '"';
    boolean escapeGiven = false;
    List<Integer> forceQuote = List.of();
    List<Integer> forceNotNull = List.of();
    List<Integer> forceNull = List.of();
    @Nullable Encoding encoding = null;
    for (Node node : copy.getOptionsList()) {
      DefElem option = node.getDefElem();
      switch (option.getDefname()) {
        case "format" -> {}
        case "header" -> {
          match = option.hasArg() && text(option).equals("match");
          header = match || bool(option);
          requireText(option, format, "HEADER");
        }
        case "delimiter" -> {
          requireText(option, format, "DELIMITER");
          delimiter = one(option, "COPY delimiter must be a single one-byte character");
        }
        case "null" -> {
          requireText(option, format, "NULL");
          nullString = raw(option);
        }
        case "quote" -> {
          requireCsv(option, csv, "quote");
          quote = one(option, "COPY quote must be a single one-byte character");
        }
        case "escape" -> {
          requireCsv(option, csv, "escape");
          escape = one(option, "COPY escape must be a single one-byte character");
          escapeGiven = true;
        }
        case "force_quote" -> {
          requireCsv(option, csv, "force quote");
          forceQuote = columns(option, columns);
        }
        case "force_not_null" -> {
          requireCsv(option, csv, "force not null");
          forceNotNull = columns(option, columns);
        }
        case "force_null" -> {
          requireCsv(option, csv, "force null");
          forceNull = columns(option, columns);
        }
        case "freeze" -> {
          // Rows of a new table are visible to all at once anyway: a storage hint.
        }
        case "encoding" -> {
          encoding = Encoding.find(raw(option));
          if (encoding == null) {
            throw error(
                option,
                ErrorCode.INVALID_PARAMETER_VALUE,
                "argument to option \"encoding\" must be a valid encoding name");
          }
          if (!encoding.isConvertible()) {
            throw error(
                option,
                ErrorCode.UNDEFINED_FUNCTION,
                "default conversion function for encoding \"%s\" to \"UTF8\" does not exist"
                    .formatted(encoding.name()));
          }
        }
        default ->
            throw error(
                option,
                ErrorCode.SYNTAX_ERROR,
                "option \"" + option.getDefname() + "\" not recognized");
      }
    }
    if (!escapeGiven) {
      escape = quote;
    }
    if (format != CopyOptions.Format.BINARY && nullString.indexOf(delimiter) >= 0) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "COPY delimiter character must not appear in the NULL specification");
    }
    if (csv && delimiter == quote) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
    }
    return new CopyOptions(
        format,
        header,
        match,
        delimiter,
        nullString,
        quote,
        escape,
        forceQuote,
        forceNotNull,
        forceNull,
        encoding);
  }

  private static String raw(DefElem option) {
    Node arg = option.getArg();
    return switch (arg.getNodeCase()) {
      case STRING -> arg.getString().getSval();
      case INTEGER -> Integer.toString(arg.getInteger().getIval());
      case BOOLEAN -> Boolean.toString(arg.getBoolean().getBoolval());
      case FLOAT -> arg.getFloat().getFval();
      default -> "";
    };
  }

  private static String text(DefElem option) {
    return raw(option).toLowerCase(Locale.ROOT);
  }

  private boolean bool(DefElem option) {
    if (!option.hasArg()) {
      return true;
    }
    return switch (text(option)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw error(
              option,
              ErrorCode.SYNTAX_ERROR,
              option.getDefname() + " requires a Boolean value or \"match\"");
    };
  }

  private char one(DefElem option, String message) {
    String value = raw(option);
    if (value.length() != 1 || value.charAt(0) > 127) {
      throw error(option, ErrorCode.FEATURE_NOT_SUPPORTED, message);
    }
    return value.charAt(0);
  }

  private void requireCsv(DefElem option, boolean csv, String name) {
    if (!csv) {
      throw error(
          option, ErrorCode.FEATURE_NOT_SUPPORTED, "COPY " + name + " available only in CSV mode");
    }
  }

  private void requireText(DefElem option, CopyOptions.Format format, String name) {
    if (format == CopyOptions.Format.BINARY) {
      throw error(option, ErrorCode.SYNTAX_ERROR, "cannot specify " + name + " in BINARY mode");
    }
  }

  private List<Integer> columns(DefElem option, List<String> names) {
    List<Integer> result = new ArrayList<>();
    if (option.getArg().hasAStar()) {
      for (int i = 0; i < names.size(); i++) {
        result.add(i);
      }
      return result;
    }
    for (Node node : option.getArg().getList().getItemsList()) {
      int at = names.indexOf(node.getString().getSval());
      if (at < 0) {
        throw error(
            option,
            ErrorCode.UNDEFINED_COLUMN,
            "column \"" + node.getString().getSval() + "\" does not exist");
      }
      result.add(at);
    }
    return result;
  }

  private ShardForgeException error(DefElem option, ErrorCode code, String message) {
    ShardForgeException error = new ShardForgeException(code, message);
    ParsedStatement parsed = statement;
    return parsed == null || option.getLocation() < 0
        ? error
        : error.withPosition(parsed.source().position(option.getLocation()));
  }

  private static ShardForgeException unsupported(String construct) {
    return PhysicalPlanner.unsupported(construct);
  }
}
