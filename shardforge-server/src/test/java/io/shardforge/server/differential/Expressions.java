package io.shardforge.server.differential;

import static io.shardforge.server.differential.ValueType.BIGINT;
import static io.shardforge.server.differential.ValueType.BOOL;
import static io.shardforge.server.differential.ValueType.INT;
import static io.shardforge.server.differential.ValueType.INTS;
import static io.shardforge.server.differential.ValueType.JSONB;
import static io.shardforge.server.differential.ValueType.NUMERIC;
import static io.shardforge.server.differential.ValueType.TEXT;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expressions of a wanted type. None of them can fail whatever the values are: which of several
 * errors comes, and whether one comes, would depend on the order in which things are done.
 */
final class Expressions {
  private static final Pattern PLACE = Pattern.compile("\\$([A-Z])");

  private final Choices choices;
  private final Queries queries;

  Expressions(Choices choices, Queries queries) {
    this.choices = choices;
    this.queries = queries;
  }

  /** A column or a constant. */
  String leaf(ValueType type, Scope scope) {
    List<Scope.Column> columns = scope.of(type, choices);
    if (columns.isEmpty() || choices.oneIn(6)) {
      return choices.oneIn(12) ? "null::" + type.sql : type.literal(choices);
    }
    return choices.of(columns).sql();
  }

  String of(ValueType type, Scope scope, int depth) {
    if (depth <= 0 || choices.below(3) == 0) {
      return leaf(type, scope);
    }
    int d = depth - 1;
    return switch (choices.below(type == BOOL ? 20 : 9)) {
      case 1 -> "coalesce(" + of(type, scope, d) + ", " + of(type, scope, d) + ")";
      case 2 -> "nullif(" + of(type, scope, d) + ", " + of(type, scope, d) + ")";
      case 3 -> {
        String otherwise = choices.oneIn(2) ? " else " + of(type, scope, d) : "";
        yield "case when %s then %s%s end"
            .formatted(of(BOOL, scope, d), of(type, scope, d), otherwise);
      }
      case 4 ->
          choices.of("greatest(", "least(") + of(type, scope, d) + ", " + of(type, scope, d) + ")";
      case 5 ->
          choices.oneIn(2)
              ? queries.scalar(type, scope, d)
              : "case %s when %s then %s else %s end"
                  .formatted(
                      leaf(INT, scope), leaf(INT, scope), of(type, scope, d), leaf(type, scope));
      default -> ofItsType(type, scope, d);
    };
  }

  /** An expression that only values of the type have. */
  private String ofItsType(ValueType type, Scope scope, int d) {
    return type == BOOL ? bool(scope, d) : form(choices.of(Forms.of(type)), scope, d);
  }

  /** Something of columns that fails for some values, in one way only. */
  String failing(ValueType type, Scope scope) {
    Matcher matcher = PLACE.matcher(choices.of(Forms.failing(type)));
    return matcher.replaceAll(place -> {
      ValueType wanted = ValueType.of(place.group(1).charAt(0));
      List<Scope.Column> columns = scope.of(wanted, choices);
      return columns.isEmpty() ? "null::" + wanted.sql : choices.of(columns).sql();
    });
  }

  /** A form with expressions in its places. */
  private String form(String form, Scope scope, int depth) {
    StringBuilder sql = new StringBuilder("(");
    Matcher matcher = PLACE.matcher(form);
    while (matcher.find()) {
      String value = of(ValueType.of(matcher.group(1).charAt(0)), scope, depth);
      matcher.appendReplacement(sql, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(sql).append(')').toString();
  }

  private String bool(Scope scope, int d) {
    return switch (choices.below(16)) {
      case 0, 1, 2 -> comparison(scope, d);
      case 3 -> "(" + of(BOOL, scope, d) + " and " + of(BOOL, scope, d) + ")";
      case 4 -> "(" + of(BOOL, scope, d) + " or " + of(BOOL, scope, d) + ")";
      case 5 -> "(not " + of(BOOL, scope, d) + ")";
      case 6 -> {
        ValueType type = choices.of(ValueType.ALL);
        yield "(" + of(type, scope, d) + choices.of(" is null)", " is not null)");
      }
      case 7 ->
          "(("
              + of(BOOL, scope, d)
              + ")"
              + choices.of(
                  " is true)",
                  " is not true)",
                  " is false)",
                  " is not false)",
                  " is unknown)",
                  " is not unknown)");
      case 8 -> {
        ValueType type = choices.of(ValueType.ALL);
        yield "(%s%s between %s%s and %s)"
            .formatted(
                of(type, scope, d),
                choices.of("", " not"),
                choices.of("", "symmetric "),
                of(type, scope, d),
                of(type, scope, d));
      }
      case 9 -> {
        ValueType type = choices.of(ValueType.ALL);
        StringBuilder list = new StringBuilder(leaf(type, scope));
        for (int i = choices.below(4); i > 0; i--) {
          list.append(", ").append(choices.oneIn(2) ? type.literal(choices) : leaf(type, scope));
        }
        yield "(" + of(type, scope, d) + choices.of("", " not") + " in (" + list + "))";
      }
      case 10, 11, 12 -> queries.predicate(scope, d);
      default -> form(choices.of(Forms.of(BOOL)), scope, d);
    };
  }

  /** One type with another that it is compared with, columns preferred. */
  String comparison(Scope scope, int d) {
    ValueType type = choices.of(ValueType.ALL);
    ValueType other = choices.oneIn(3) ? choices.of(type.comparable()) : type;
    return "(%s %s %s)"
        .formatted(
            of(type, scope, d),
            choices.of(
                "=", "<>", "<", "<=", ">", ">=", "=", "is distinct from", "is not distinct from"),
            of(other, scope, d));
  }

  /** An aggregate of the type over the columns of the query. */
  String aggregate(ValueType type, Scope scope) {
    Scope own = scope.alone();
    String filter = choices.oneIn(4) ? " filter (where " + of(BOOL, own, 2) + ")" : "";
    String one = of(type, own, 1);
    return switch (type) {
      case BOOL -> choices.of("bool_and(", "bool_or(", "every(") + one + ")" + filter;
      case BIGINT ->
          switch (choices.below(4)) {
                case 0 -> "count(*)";
                case 1 -> "count(" + of(choices.of(ValueType.ALL), own, 1) + ")";
                case 2 -> "count(distinct " + of(choices.of(ValueType.ALL), own, 1) + ")";
                default -> "sum(" + of(INT, own, 1) + ")";
              }
              + filter;
      case NUMERIC -> choices.of("sum(", "sum(distinct ", "min(", "max(") + one + ")" + filter;
      case TEXT -> textAggregate(own, one, filter);
      case INT ->
          choices
                  .of(
                      "max(%s)",
                      "min(%s)",
                      "bit_and(%s)",
                      "bit_or(%s)",
                      "percentile_disc(0.5) within group (order by %s)",
                      "mode() within group (order by %s)")
                  .formatted(one)
              + filter;
      case INTS -> "array_agg(" + choices.of("", "distinct ") + arrayed(INT, own) + ")" + filter;
      case TEXTS -> "array_agg(" + choices.of("", "distinct ") + arrayed(TEXT, own) + ")" + filter;
      case JSONB ->
          (choices.oneIn(3)
                  ? "jsonb_object_agg(coalesce(%s::text, ''), %s order by %2$s)"
                      .formatted(of(INT, own, 1), one)
                  : "jsonb_agg(" + one + " order by " + one + ")")
              + filter;
      case UUID, BYTEA -> "(array_agg(" + arrayed(type, own) + ")" + filter + ")[1]";
      default -> choices.of("max(", "min(") + one + ")" + filter;
    };
  }

  private String textAggregate(Scope own, String one, String filter) {
    return switch (choices.below(4)) {
      case 0 -> choices.of("max(", "min(") + one + ")" + filter;
      case 1 -> {
        String number = of(choices.of(List.of(INT, BIGINT, NUMERIC)), own, 1);
        yield "(%s%s)%s)::text"
            .formatted(
                choices.of("avg(", "variance(", "stddev_pop(", "avg(distinct "), number, filter);
      }
      case 2 -> "string_agg(distinct %s, '/' order by %1$s)".formatted(one) + filter;
      default ->
          "string_agg(" + one + ", ',' order by " + one + choices.of("", " desc") + ")" + filter;
    };
  }

  private String arrayed(ValueType type, Scope own) {
    String one = of(type, own, 1);
    return one + " order by " + one;
  }
}
