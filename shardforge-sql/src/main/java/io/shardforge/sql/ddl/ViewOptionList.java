package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ViewOptions;
import io.shardforge.sql.catalog.ViewOptions.Check;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ViewStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The options of a view as statements write them. */
final class ViewOptionList {
  private ViewOptionList() {}

  static ViewOptions of(ViewStmt statement) {
    ViewOptions options = set(statement.getOptionsList(), ViewOptions.NONE);
    return switch (statement.getWithCheckOption()) {
      case LOCAL_CHECK_OPTION -> options.withCheck(Check.LOCAL);
      case CASCADED_CHECK_OPTION -> options.withCheck(Check.CASCADED);
      default -> options;
    };
  }

  static ViewOptions set(List<Node> list, ViewOptions before) {
    ViewOptions options = before;
    for (Node node : list) {
      DefElem option = node.getDefElem();
      options =
          switch (option.getDefname()) {
            case "security_invoker" -> options.withInvoker(isTrue(option));
            case "security_barrier" -> options.withBarrier(isTrue(option));
            case "check_option" -> options.withCheck(check(option));
            default -> throw unknown(option);
          };
    }
    return options;
  }

  static ViewOptions reset(List<Node> list, ViewOptions before) {
    ViewOptions options = before;
    for (Node node : list) {
      options =
          switch (node.getDefElem().getDefname()) {
            case "security_invoker" -> options.withInvoker(false);
            case "security_barrier" -> options.withBarrier(false);
            case "check_option" -> options.withCheck(Check.NONE);
            default -> throw unknown(node.getDefElem());
          };
    }
    return options;
  }

  private static RuntimeException unknown(DefElem option) {
    return DdlErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "unrecognized parameter \"" + option.getDefname() + "\"");
  }

  private static Check check(DefElem option) {
    String value = text(option.getArg());
    return switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
      case "local" -> Check.LOCAL;
      case "cascaded" -> Check.CASCADED;
      default ->
          throw DdlErrors.of(
                  ErrorCode.INVALID_PARAMETER_VALUE,
                  "invalid value for enum option \"check_option\": "
                      + (value == null ? "true" : value))
              .withDetail("Valid values are \"local\" and \"cascaded\".");
    };
  }

  private static boolean isTrue(DefElem option) {
    String value = text(option.getArg());
    return switch (value == null ? "true" : value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default ->
          throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid value for boolean option \"" + option.getDefname() + "\": " + value);
    };
  }

  private static @Nullable String text(Node value) {
    return switch (value.getNodeCase()) {
      case STRING -> value.getString().getSval();
      case BOOLEAN -> Boolean.toString(value.getBoolean().getBoolval());
      case INTEGER -> Integer.toString(value.getInteger().getIval());
      case TYPE_NAME -> ColumnTypes.lastName(value.getTypeName());
      default -> null;
    };
  }
}
