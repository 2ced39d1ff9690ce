package io.shardforge.sql.ddl;

import io.shardforge.sql.parse.proto.JsonArgument;
import io.shardforge.sql.parse.proto.JsonBehavior;
import io.shardforge.sql.parse.proto.JsonBehaviorType;
import io.shardforge.sql.parse.proto.JsonExprOp;
import io.shardforge.sql.parse.proto.JsonFormatType;
import io.shardforge.sql.parse.proto.JsonFuncExpr;
import io.shardforge.sql.parse.proto.JsonQuotes;
import io.shardforge.sql.parse.proto.JsonValueExpr;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.Text;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes JSON_EXISTS, JSON_QUERY and JSON_VALUE as PostgreSQL shows them, defaults included. */
record JsonSearchText(Function<Node, String> expression, Function<TypeName, String> type) {
  String write(JsonFuncExpr node) {
    boolean query = node.getOp() == JsonExprOp.JSON_QUERY_OP;
    boolean exists = node.getOp() == JsonExprOp.JSON_EXISTS_OP;
    String name = query ? "JSON_QUERY(" : exists ? "JSON_EXISTS(" : "JSON_VALUE(";
    StringBuilder text = new StringBuilder(name);
    text.append(value(node.getContextItem())).append(", ").append(path(node.getPathspec()));
    if (node.getPassingCount() > 0) {
      text.append(" PASSING ")
          .append(
              node.getPassingList().stream()
                  .map(passed -> argument(passed.getJsonArgument()))
                  .collect(Collectors.joining(", ")));
    }
    if (node.getOutput().hasTypeName()) {
      text.append(" RETURNING ").append(type.apply(node.getOutput().getTypeName()));
    } else if (!exists) {
      text.append(query ? " RETURNING jsonb" : " RETURNING text");
    }
    if (query) {
      text.append(
          switch (node.getWrapper()) {
            case JSW_CONDITIONAL -> " WITH CONDITIONAL WRAPPER";
            case JSW_UNCONDITIONAL -> " WITH UNCONDITIONAL WRAPPER";
            default -> " WITHOUT WRAPPER";
          });
      text.append(node.getQuotes() == JsonQuotes.JS_QUOTES_OMIT ? " OMIT QUOTES" : " KEEP QUOTES");
    }
    JsonBehaviorType usual =
        exists ? JsonBehaviorType.JSON_BEHAVIOR_FALSE : JsonBehaviorType.JSON_BEHAVIOR_NULL;
    if (node.hasOnEmpty() && node.getOnEmpty().getBtype() != usual) {
      text.append(answer(node.getOnEmpty())).append(" ON EMPTY");
    }
    if (node.hasOnError() && node.getOnError().getBtype() != usual) {
      text.append(answer(node.getOnError())).append(" ON ERROR");
    }
    return text.append(')').toString();
  }

  private String value(JsonValueExpr value) {
    boolean json = value.getFormat().getFormatType() == JsonFormatType.JS_FORMAT_JSON;
    return expression.apply(value.getRawExpr()) + (json ? " FORMAT JSON" : "");
  }

  private String path(Node path) {
    return path.getAConst().hasSval()
        ? Text.quoteLiteral(JsonPath.parse(path.getAConst().getSval().getSval()).toString())
        : expression.apply(path);
  }

  private String argument(JsonArgument argument) {
    return value(argument.getVal()) + " AS " + Text.quoteIdentifier(argument.getName());
  }

  private String answer(JsonBehavior answer) {
    return switch (answer.getBtype()) {
      case JSON_BEHAVIOR_ERROR -> " ERROR";
      case JSON_BEHAVIOR_TRUE -> " TRUE";
      case JSON_BEHAVIOR_FALSE -> " FALSE";
      case JSON_BEHAVIOR_UNKNOWN -> " UNKNOWN";
      case JSON_BEHAVIOR_EMPTY, JSON_BEHAVIOR_EMPTY_ARRAY -> " EMPTY ARRAY";
      case JSON_BEHAVIOR_EMPTY_OBJECT -> " EMPTY OBJECT";
      case JSON_BEHAVIOR_DEFAULT -> " DEFAULT " + expression.apply(answer.getExpr());
      default -> " NULL";
    };
  }
}
