package io.shardforge.server.differential;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls of window functions. Where the order of equal rows would matter, rows are ordered by all
 * columns there are, so that equal ones are the same in everything.
 */
final class Windows {
  private final Choices choices;
  private final Expressions expressions;

  Windows(Choices choices, Expressions expressions) {
    this.choices = choices;
    this.expressions = expressions;
  }

  private String all(Scope scope) {
    return scope.columns().stream()
        .map(column -> column.sql() + choices.of("", " desc", " desc nulls last", " nulls first"))
        .collect(Collectors.joining(", "));
  }

  /** A partition and an order by all columns, without the frame. */
  String window(Scope scope) {
    return "partition by "
        + (choices.oneIn(2) ? expressions.of(choices.of(ValueType.ALL), scope, 1) : "1::int")
        + " order by "
        + all(scope);
  }

  /**
   * A call over rows of a scope.
   *
   * @param shared the window of all calls of the query that tell equal rows apart, if there may be
   *     such rows: which of them comes first in one window need not come first in another
   */
  String call(ValueType type, Scope scope, @Nullable String shared) {
    if (choices.oneIn(4)) {
      return peers(type, scope);
    }
    String over = " over (" + (shared == null ? window(scope) : shared) + frame("rows") + ")";
    String one = expressions.of(type, scope, 1);
    String value =
        switch (choices.below(6)) {
          case 0 -> "lag(" + one + ")";
          case 1 -> "lead(" + one + ", 2, " + expressions.leaf(type, scope) + ")";
          case 2 -> "first_value(" + one + ")";
          case 3 -> "last_value(" + one + ")";
          case 4 -> "nth_value(" + one + ", 2)";
          default -> aggregate(type, scope);
        };
    return value + over;
  }

  private String aggregate(ValueType type, Scope scope) {
    return switch (type) {
      case INT -> choices.of("ntile(3)", "min(" + expressions.of(type, scope, 1) + ")");
      case BIGINT ->
          choices.of(
              "row_number()",
              "rank()",
              "dense_rank()",
              "count(*)",
              "sum(" + expressions.of(ValueType.INT, scope, 1) + ")");
      case NUMERIC -> "sum(" + expressions.of(type, scope, 1) + ")";
      case BOOL -> "bool_or(" + expressions.of(type, scope, 1) + ")";
      case TEXT -> "string_agg(" + expressions.of(type, scope, 1) + ", ',')";
      case INTS -> "array_agg(" + expressions.of(ValueType.INT, scope, 1) + ")";
      case JSONB -> "jsonb_agg(" + expressions.of(type, scope, 1) + ")";
      case TEXTS -> "array_agg(" + expressions.of(ValueType.TEXT, scope, 1) + ")";
      case FLOAT -> choices.of("percent_rank()", "cume_dist()");
      case UUID, BYTEA -> "lag(" + expressions.of(type, scope, 1) + ", 2)";
      default -> choices.of("max(", "min(") + expressions.of(type, scope, 1) + ")";
    };
  }

  private String frame(String mode) {
    return choices.of(
        "",
        " " + mode + " between unbounded preceding and current row",
        " " + mode + " between 1 preceding and 1 following",
        " " + mode + " between current row and unbounded following",
        " " + mode + " between 2 preceding and 1 preceding",
        " " + mode + " between 1 following and 2 following",
        " " + mode + " between unbounded preceding and unbounded following exclude current row",
        " " + mode + " between 2 preceding and current row exclude ties",
        " " + mode + " between unbounded preceding and current row exclude group");
  }

  /** A function of which equal rows get the same, ordered by one expression. */
  private String peers(ValueType type, Scope scope) {
    String partition =
        choices.oneIn(2)
            ? "partition by " + expressions.of(choices.of(ValueType.ALL), scope, 1) + " "
            : "";
    String order = expressions.of(ValueType.INT, scope, 1);
    String direction = choices.of("", " desc", " nulls first", " desc nulls last");
    String over =
        " over ("
            + partition
            + "order by ("
            + order
            + ")::bigint"
            + direction
            + frame(choices.of("range", "groups"))
            + ")";
    return switch (type) {
      case BIGINT -> choices.of("rank()", "dense_rank()", "count(*)") + over;
      case BOOL -> "bool_and(" + expressions.of(type, scope, 1) + ")" + over;
      case NUMERIC -> "sum(" + expressions.of(type, scope, 1) + ")" + over;
      case JSONB -> "to_jsonb(count(*)" + over + ")";
      case INTS -> "array[(count(*)" + over + ")::int]";
      case TEXTS -> "array[(count(*)" + over + ")::text]";
      case UUID -> "md5((count(*)" + over + ")::text)::uuid";
      case BYTEA -> "decode(md5((count(*)" + over + ")::text), 'hex')";
      default -> "max(" + expressions.of(type, scope, 1) + ")" + over;
    };
  }
}
