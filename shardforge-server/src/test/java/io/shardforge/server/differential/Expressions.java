package io.shardforge.server.differential;

import static io.shardforge.server.differential.ValueType.BIGINT;
import static io.shardforge.server.differential.ValueType.BOOL;
import static io.shardforge.server.differential.ValueType.DATE;
import static io.shardforge.server.differential.ValueType.FLOAT;
import static io.shardforge.server.differential.ValueType.INT;
import static io.shardforge.server.differential.ValueType.INTERVAL;
import static io.shardforge.server.differential.ValueType.INTS;
import static io.shardforge.server.differential.ValueType.JSONB;
import static io.shardforge.server.differential.ValueType.NUMERIC;
import static io.shardforge.server.differential.ValueType.TEXT;
import static io.shardforge.server.differential.ValueType.TIMESTAMP;
import static io.shardforge.server.differential.ValueType.TIMESTAMPTZ;

import java.util.List;

/**
 * Expressions of a wanted type. None of them can fail whatever the values are: which of several
 * errors comes, and whether one comes, would depend on the order in which things are done.
 */
final class Expressions {
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
    return switch (type) {
      case INT -> integer(scope, d);
      case BIGINT -> bigint(scope, d);
      case NUMERIC -> numeric(scope, d);
      case FLOAT -> floating(scope, d);
      case TEXT -> text(scope, d);
      case BOOL -> bool(scope, d);
      case DATE -> date(scope, d);
      case TIMESTAMP -> timestamp(scope, d);
      case TIMESTAMPTZ -> instant(scope, d);
      case INTERVAL -> interval(scope, d);
      case INTS -> ints(scope, d);
      case JSONB -> json(scope, d);
    };
  }

  /** A form whose places I B N F X O D S Z V A J, marked by $, are filled with expressions. */
  private String form(Scope scope, int depth, String... forms) {
    String form = choices.of(forms);
    StringBuilder sql = new StringBuilder("(");
    for (int i = 0; i < form.length(); i++) {
      if (form.charAt(i) == '$') {
        ValueType type = place(form.charAt(++i));
        sql.append(of(type, scope, depth));
      } else {
        sql.append(form.charAt(i));
      }
    }
    return sql.append(')').toString();
  }

  private static ValueType place(char letter) {
    return ValueType.ALL.get("IXOBNFDSZVAJ".indexOf(letter));
  }

  private String integer(Scope scope, int d) {
    return form(
        scope,
        d,
        "$I / 2",
        "$I % 5",
        "$I % 100 + $I % 100",
        "$I % 1000 * ($I % 1000)",
        "length($X)",
        "$I & $I",
        "$I | $I",
        "$I # $I",
        "~ $I",
        "cardinality($A)",
        "array_length($A, 1)",
        "($A)[$I % 4]",
        "position($X in $X)",
        "ascii($X)",
        "$D - $D",
        "extract(year from $D)::int",
        "extract(dow from $S)::int",
        "extract(month from $Z)::int",
        "($B % 7)::int",
        "array_position($A, $I)",
        "octet_length($X)",
        "$O::int",
        "num_nulls($X, $I)",
        "round($N % 1000.00)::int");
  }

  private String bigint(Scope scope, int d) {
    return form(
        scope,
        d,
        "$I::bigint + $I",
        "$I::bigint * $I",
        "$I::bigint - $I",
        "- ($I::bigint)",
        "abs($I::bigint)",
        "$B / 3",
        "$B % 1000",
        "$B & $B",
        "$B >> 3",
        "gcd($I::bigint, 12::bigint)",
        "char_length($X)::bigint");
  }

  private String numeric(Scope scope, int d) {
    return form(
        scope,
        d,
        "round($I::numeric / 100, 2)",
        "$N + $N",
        "$N - $N",
        "round($N * $N, 2)",
        "round($N / nullif($N, 0.00), 2)",
        "round($N / nullif($I, 0), 2)",
        "- $N",
        "abs($N)",
        "$N % 7.00",
        "trunc($N, 2)",
        "round(ceil($N), 2)",
        "round(floor($N), 2)",
        "round(extract(epoch from $V), 2)",
        "round($B::numeric, 2)",
        "round(sqrt(abs($N)), 2)",
        "round(sign($N), 2)",
        "$N * 2");
  }

  private String floating(Scope scope, int d) {
    return form(
        scope,
        d,
        "$I::float8",
        "$N::float8",
        "$B::float8",
        "abs($F)",
        "0 - $F",
        "$F + $F",
        "$F - $F",
        "floor($F)",
        "sqrt(abs($F))",
        "$I / 4.0::float8 + 1");
  }

  private String text(Scope scope, int d) {
    return form(
        scope,
        d,
        "$X || $X",
        "$X || $I",
        "upper($X)",
        "lower($X)",
        "substr($X, 2, 3)",
        "substring($X from $I % 3 for 2)",
        "left($X, $I % 4)",
        "right($X, $I % 4)",
        "replace($X, 'a', $X)",
        "trim($X)",
        "reverse($X)",
        "repeat($X, $I % 3)",
        "lpad($X, 5, '*')",
        "rpad($X, 4)",
        "split_part($X, 'a', 1)",
        "initcap($X)",
        "translate($X, 'ab', 'xy')",
        "md5($X)",
        "concat($X, $I, $O)",
        "concat_ws('-', $X, $X, $D)",
        "format('%s|%s', $X, $I)",
        "quote_literal($X)",
        "$I::text",
        "$B::text",
        "$N::text",
        "$F::text",
        "$O::text",
        "$D::text",
        "$S::text",
        "$Z::text",
        "$V::text",
        "$A::text",
        "$J::text",
        "$J ->> 'a'",
        "$J ->> 0",
        "$J #>> '{a,b}'",
        "jsonb_typeof($J)",
        "array_to_string($A, ',', '*')",
        "to_char($S, 'YYYY-MM-DD HH24:MI:SS')",
        "to_char($I, '999,999')",
        "overlay($X placing 'zz' from 1 for 1)",
        "regexp_replace($X, '[ab]+', '<\\&>', 'g')",
        "chr(65 + abs($I % 20))",
        "to_hex($I)",
        "btrim($X, 'ab')");
  }

  private String date(Scope scope, int d) {
    return form(
        scope,
        d,
        "$D + $I % 100",
        "$D - 3",
        "$S::date",
        "$Z::date",
        "date_trunc('month', $S)::date",
        "($D + $V)::date");
  }

  private String timestamp(Scope scope, int d) {
    return form(
        scope,
        d,
        "$D::timestamp",
        "$D + $V",
        "$S + $V",
        "$S - $V",
        "date_trunc('hour', $S)",
        "date_trunc('week', $S)",
        "$Z::timestamp",
        "$Z at time zone 'UTC'",
        "$Z at time zone 'Asia/Tokyo'");
  }

  private String instant(Scope scope, int d) {
    return form(
        scope,
        d,
        "$S::timestamptz",
        "$D::timestamptz",
        "$S at time zone 'America/New_York'",
        "$Z + $V",
        "$Z - $V",
        "date_trunc('day', $Z)");
  }

  private String interval(Scope scope, int d) {
    return form(
        scope,
        d,
        "justify_interval($S - $S)",
        "justify_interval($Z - $Z)",
        "justify_interval($V + $V)",
        "justify_interval($V - $V)",
        "justify_interval($V * ($I % 5))",
        "justify_interval(age($S, $S))",
        "make_interval(0, 0, 0, $I % 20)");
  }

  private String ints(Scope scope, int d) {
    return form(
        scope,
        d,
        "array[$I, $I]",
        "$A || $A",
        "$A || $I",
        "array_append($A, $I)",
        "array_remove($A, $I)",
        "array_replace($A, $I, $I)",
        "($A)[1:2]",
        "array_prepend($I, $A)",
        "array_cat($A, '{9}'::int[])");
  }

  private String json(Scope scope, int d) {
    return form(
        scope,
        d,
        "$J -> 'a'",
        "$J -> 0",
        "$J #> '{a,b}'",
        "to_jsonb($I)",
        "to_jsonb($X)",
        "to_jsonb($O)",
        "to_jsonb($A)",
        "jsonb_build_object('a', $X, 'b', $I)",
        "jsonb_build_array($I, $X, $J)",
        "jsonb_strip_nulls($J)",
        "jsonb_build_array($J) || jsonb_build_array($I)");
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
      case 13 ->
          form(
              scope,
              d,
              "$X like 'a%'",
              "$X like '%b%'",
              "$X not like '_'",
              "$X ilike 'A%'",
              "$X ~ '^a'",
              "$X ~* 'B'",
              "starts_with($X, 'a')",
              "$X like $X || '%'",
              "$X similar to '(a|b)%'");
      case 14 ->
          form(
              scope,
              d,
              "$A @> $A",
              "$A && $A",
              "$A <@ $A",
              "$I = any ($A)",
              "$I <> all ($A)",
              "$I < any ($A)",
              "$J @> $J",
              "$J <@ $J");
      default ->
          form(
              scope,
              d,
              "($I, $X) < ($I, $X)",
              "($I, $D) = ($I, $D)",
              "($X, $B) >= ($X, $I)",
              "($I, $O) is distinct from ($I, $O)",
              "($I, $X) in (('1'::int, 'a'::text), ($I, $X))",
              "$I::bool",
              "($O = $O) = $O");
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
    String sql =
        switch (type) {
          case BOOL -> choices.of("bool_and(", "bool_or(", "every(") + one + ")";
          case BIGINT ->
              switch (choices.below(4)) {
                case 0 -> "count(*)";
                case 1 -> "count(" + of(choices.of(ValueType.ALL), own, 1) + ")";
                case 2 -> "count(distinct " + of(choices.of(ValueType.ALL), own, 1) + ")";
                default -> "sum(" + of(INT, own, 1) + ")";
              };
          case NUMERIC ->
              choices.oneIn(2)
                  ? "sum(" + choices.of("", "distinct ") + one + ")"
                  : "min(" + one + ")";
          case TEXT ->
              choices.oneIn(2)
                  ? "string_agg(" + one + ", ',' order by " + one + choices.of("", " desc") + ")"
                  : choices.of("max(", "min(") + one + ")";
          case INTS -> "array_agg(" + choices.of("", "distinct ") + arrayed(own) + ")";
          case JSONB -> "jsonb_agg(" + one + " order by " + one + ")";
          default -> choices.of("max(", "min(") + one + ")";
        };
    return sql + filter;
  }

  private String arrayed(Scope own) {
    String one = of(INT, own, 1);
    return one + " order by " + one;
  }
}
