package io.shardforge.server.differential;

/**
 * Calls and operators by the type of their value. A {@code $} and the letter of a type stand for an
 * expression of that type. None fails, whatever the values are.
 */
final class Forms {
  private Forms() {}

  static String[] of(ValueType type) {
    return switch (type) {
      case INT -> INTEGERS;
      case BIGINT -> BIGINTS;
      case NUMERIC -> NUMERICS;
      case FLOAT -> FLOATS;
      case TEXT -> TEXTS;
      case BOOL -> CONDITIONS;
      case DATE -> DATES;
      case TIMESTAMP -> TIMESTAMPS;
      case TIMESTAMPTZ -> INSTANTS;
      case INTERVAL -> INTERVALS;
      case INTS -> INTEGER_ARRAYS;
      case JSONB -> DOCUMENTS;
      case TEXTS -> TEXT_ARRAYS;
      case UUID -> UUIDS;
      case BYTEA -> BYTES;
      case TIME -> TIMES;
      case MOOD -> MOODS;
    };
  }

  /** What fails for some values, in one way only. */
  static String[] failing(ValueType type) {
    return switch (type) {
      case INT ->
          new String[] {
            "$I + $I", "$I * $I", "$I / nullif($I, -1)", "$X::int", "$I % $I", "$B::int",
            "- $I", "abs($I)", "$J::int", "length(chr(abs($I % 3)))", "$N::int", "$X::date - $D"
          };
      case BIGINT -> new String[] {"$B + $B", "$B * $I", "$B / nullif($I, -1)", "$X::bigint"};
      case NUMERIC ->
          new String[] {"$N / $N", "$X::numeric", "$N::numeric(4,2)", "sqrt($N)", "ln($N)"};
      case FLOAT -> new String[] {"$F / $F", "$F * $F", "sqrt($F)", "$X::float8", "exp($F)"};
      case TEXT ->
          new String[] {
            "chr(-1 - abs($I % 3))", "$X::char(3)::text", "repeat($X, $I % 5)", "$J ->> $X"
          };
      case BOOL -> new String[] {"$X::bool", "$J::bool", "$X like '%a' escape $X"};
      case DATE -> new String[] {"$X::date", "make_date($I, 2, 29)", "$D + $I"};
      case TIMESTAMP -> new String[] {"$X::timestamp", "$S + $V * $I"};
      case JSONB -> new String[] {"$X::jsonb", "$J - 'a'"};
      case INTS ->
          new String[] {"$X::int[]", "array_fill(1, array[coalesce($I, 0) % 3])", "array[$A, $A]"};
      case UUID -> new String[] {"$X::uuid"};
      case MOOD -> new String[] {"$X::mood"};
      case INTERVAL -> new String[] {"$X::interval"};
      case TIME -> new String[] {"$X::time"};
      case BYTEA -> new String[] {"decode($X, 'hex')", "substring($Y from 1 for $I)"};
      case TEXTS -> new String[] {"$X::text[]"};
      case TIMESTAMPTZ -> new String[] {"$X::timestamptz", "$S at time zone $X"};
    };
  }

  private static final String[] INTEGERS = {
    "$I / 2",
    "$I % 5",
    "$I % 100 + $I % 100",
    "$I % 1000 * ($I % 1000)",
    "length($X)",
    "$I & $I",
    "$I | $I",
    "$I # $I",
    "~ $I",
    "$I >> 1",
    "cardinality($A)",
    "array_length($A, 1)",
    "array_upper($A, 1)",
    "($A)[$I % 4]",
    "position($X in $X)",
    "strpos($X, 'b')",
    "ascii($X)",
    "bit_length($X)",
    "$D - $D",
    "extract(year from $D)::int",
    "extract(dow from $S)::int",
    "extract(month from $Z)::int",
    "extract(isodow from $D)::int",
    "extract(week from $D)::int",
    "extract(doy from $S)::int",
    "extract(quarter from $D)::int",
    "extract(isoyear from $S)::int",
    "extract(decade from $D)::int",
    "extract(hour from $H)::int",
    "extract(minute from $S)::int",
    "extract(day from $V)::int",
    "date_part('hour', $Z)::int",
    "($B % 7)::int",
    "array_position($A, $I)",
    "array_position($T, $X)",
    "cardinality($T)",
    "octet_length($X)",
    "length($Y)",
    "$O::int",
    "num_nulls($X, $I)",
    "num_nonnulls($X, $I, $D, $J)",
    "round($N % 1000.00)::int",
    "scale($N)",
    "sign($N)::int",
    "width_bucket($N, 0.00, 10.00, 5)",
    "mod($I, 7)",
    "gcd($I % 1000, 12)",
    "lcm($I % 100, $I % 10)",
    "jsonb_array_length(jsonb_build_array($J, $I))",
    "regexp_count($X, 'a|b')",
    "regexp_instr($X, '[bc]')",
    "length(trim($X))",
    "cardinality(array_remove($A, $I))",
    "cardinality(regexp_split_to_array($X, 'b'))",
  };

  private static final String[] BIGINTS = {
    "$I::bigint + $I",
    "$I::bigint * $I",
    "$I::bigint - $I",
    "- ($I::bigint)",
    "abs($I::bigint)",
    "$B / 3",
    "$B % 1000",
    "$B & $B",
    "$B >> 3",
    "$B # $I",
    "gcd($I::bigint, 12::bigint)",
    "char_length($X)::bigint",
    "bit_count($Y)",
    "extract(epoch from $D)::bigint",
    "extract(epoch from $Z)::bigint",
    "floor($N)::bigint",
  };

  private static final String[] NUMERICS = {
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
    "round(round($N, -1), 2)",
    "round(div($N, nullif($N, 0.00)), 2)",
    "round(extract(epoch from $V), 2)",
    "round(extract(second from $S), 2)",
    "round(extract(epoch from $H), 2)",
    "round($B::numeric, 2)",
    "round(sqrt(abs($N)), 2)",
    "round(sign($N), 2)",
    "round(ln(abs($N) + 1), 2)",
    "round(power(abs($N % 10.00), 1.50), 2)",
    "round(exp($N % 10.00), 2)",
    "round(log(abs($N) + 1), 2)",
    "$N * 2",
  };

  private static final String[] FLOATS = {
    "$I::float8",
    "$N::float8",
    "$B::float8",
    "abs($F)",
    "0 - $F",
    "$F + $F",
    "$F - $F",
    "floor($F)",
    "sqrt(abs($F))",
    "$I / 4.0::float8 + 1",
    "0 + trunc($F)",
    "0 + round($F)",
    "0 + ceil($F)",
    "0 + sign($F)",
    "date_part('epoch', $V)",
    "degrees($I::float8)",
    "($N % 100.00)::real::float8",
  };

  private static final String[] TEXTS = {
    "$X || $X",
    "$X || $I",
    "upper($X)",
    "lower($X)",
    "substr($X, 2, 3)",
    "substr($X, $I % 3, 2)",
    "substring($X from $I % 3 for 2)",
    "substring($X from 'a(.)')",
    "substring($X from '[^a]+')",
    "left($X, $I % 4)",
    "right($X, $I % 4)",
    "replace($X, 'a', $X)",
    "replace($X, $X, '-')",
    "trim($X)",
    "ltrim($X, 'a ')",
    "rtrim($X, 'b ')",
    "trim(both $X from $X)",
    "reverse($X)",
    "repeat($X, $I % 3)",
    "lpad($X, 5, '*')",
    "lpad($X, 3, $X)",
    "rpad($X, 4)",
    "rpad($X, $I % 6, 'xy')",
    "split_part($X, 'a', 1)",
    "split_part($X, $X, -1)",
    "initcap($X)",
    "translate($X, 'ab', 'xy')",
    "translate($X, 'ab', 'x')",
    "md5($X)",
    "concat($X, $I, $O)",
    "concat($D, $N, $J, $M)",
    "concat_ws('-', $X, $X, $D)",
    "format('%s|%s', $X, $I)",
    "format('%5s|%-5s|%L', $X, $I, $X)",
    "quote_literal($X)",
    "quote_nullable($X)",
    "quote_ident($X)",
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
    "$T::text",
    "$U::text",
    "$Y::text",
    "$H::text",
    "$M::text",
    "($T)[1]",
    "($T)[$I % 3]",
    "encode($Y, 'hex')",
    "encode($Y, 'base64')",
    "encode($Y, 'escape')",
    "$J ->> 'a'",
    "$J ->> 0",
    "$J ->> $I % 3",
    "$J #>> '{a,b}'",
    "$J #>> '{0}'",
    "jsonb_typeof($J)",
    "jsonb_pretty($J)",
    "to_json($X)::text",
    "to_json($S)::text",
    "to_json($F)::text",
    "row_to_json(row($I, $X))::text",
    "row($I, $X)::text",
    "array[$X, $X]::text",
    "json_build_object('a', $X, 'b', $A)::text",
    "array_to_string($A, ',', '*')",
    "array_to_string($T, '/')",
    "array_to_string(regexp_split_to_array($X, ''), '.')",
    "array_dims($A)",
    "to_char($S, 'YYYY-MM-DD HH24:MI:SS')",
    "to_char($S, 'HH12:MI:SS.MS AM')",
    "to_char($D, 'FMDay, DD FMMonth YYYY')",
    "to_char($D, 'Dy Mon Q WW IW DDD IYYY J')",
    "to_char($Z, 'YYYY-MM-DD\"T\"HH24:MI:SSOF')",
    "to_char($I, '999,999')",
    "to_char($N, 'FM99990.00')",
    "to_char($N, 'S999999.9')",
    "to_char($I, 'FM0000')",
    "overlay($X placing 'zz' from 1 for 1)",
    "regexp_replace($X, '[ab]+', '<\\&>', 'g')",
    "regexp_replace($X, '(a)(b)?', '[\\2\\1]')",
    "regexp_replace($X, '^\\s+|\\s+$', '', 'g')",
    "regexp_replace($X, '\\w', '#', 'gi')",
    "(regexp_match($X, '(.)(b)'))[1]",
    "regexp_substr($X, '[a-z]+')",
    "chr(65 + abs($I % 20))",
    "to_hex($I)",
    "btrim($X, 'ab')",
    "$X::varchar(2)::text",
    "coalesce($X, '') || coalesce($X, '')",
    "case $X when 'a' then 'one' when 'b' then 'two' else $X end",
    "pg_typeof($I)::text",
    "convert_from(convert_to($X, 'UTF8'), 'UTF8')",
    "ascii($X)::text || '.' || length($X)",
    "string_to_array($X, 'a')::text",
  };

  private static final String[] DATES = {
    "$D + $I % 100",
    "$D - 3",
    "$S::date",
    "$Z::date",
    "date_trunc('month', $S)::date",
    "($D + $V)::date",
    "make_date(2000 + $I % 20, 1 + abs($I % 12), 1 + abs($I % 28))",
    "to_date(to_char($S, 'YYYYMMDD'), 'YYYYMMDD')",
    "(date_trunc('month', $D) + interval '1 month - 1 day')::date",
    "$D::text::date",
  };

  private static final String[] TIMESTAMPS = {
    "$D::timestamp",
    "$D + $V",
    "$D + $H",
    "$S + $V",
    "$S - $V",
    "date_trunc('hour', $S)",
    "date_trunc('week', $S)",
    "date_trunc('quarter', $S)",
    "date_trunc('decade', $S)",
    "date_trunc('day', $S)",
    "date_bin('15 minutes', $S, '2001-01-01'::timestamp)",
    "$Z::timestamp",
    "$Z at time zone 'UTC'",
    "$Z at time zone 'Asia/Tokyo'",
    "$Z at time zone 'America/New_York'",
    "make_timestamp(2020, 1 + abs($I % 12), 1, 10, 20, 30.5)",
    "to_timestamp(to_char($S, 'YYYY-MM-DD HH24'), 'YYYY-MM-DD HH24')::timestamp",
    "$S::text::timestamp",
    "$S::timestamp(0)",
  };

  private static final String[] INSTANTS = {
    "$S::timestamptz",
    "$D::timestamptz",
    "$S at time zone 'America/New_York'",
    "$Z + $V",
    "$Z - $V",
    "date_trunc('day', $Z)",
    "date_trunc('day', $Z, 'Asia/Tokyo')",
    "to_timestamp($I % 1000)",
    "$Z::text::timestamptz",
  };

  private static final String[] INTERVALS = {
    "justify_interval($S - $S)",
    "justify_interval($Z - $Z)",
    "justify_interval($V + $V)",
    "justify_interval($V - $V)",
    "justify_interval(- $V)",
    "justify_interval($V * ($I % 5))",
    "justify_interval($V / 2)",
    "justify_interval(age($S, $S))",
    "justify_interval(date_trunc('hour', $V))",
    "justify_interval($H - $H)",
    "justify_interval($H::interval)",
    "make_interval(0, 0, 0, $I % 20)",
  };

  private static final String[] INTEGER_ARRAYS = {
    "array[$I, $I]",
    "$A || $A",
    "$A || $I",
    "$I || $A",
    "array_append($A, $I)",
    "array_remove($A, $I)",
    "array_replace($A, $I, $I)",
    "($A)[1:2]",
    "($A)[:$I % 3]",
    "array_prepend($I, $A)",
    "array_cat($A, '{9}'::int[])",
    "array_positions($A, $I)",
    "array[$I % 5]::int[]",
    "array_fill($I, array[2])",
    "string_to_array(array_to_string($A, ','), ',')::int[]",
    "$A::text::int[]",
  };

  private static final String[] TEXT_ARRAYS = {
    "array[$X, $X]",
    "$T || $T",
    "$T || $X",
    "array_append($T, $X)",
    "array_remove($T, $X)",
    "array_replace($T, 'a', $X)",
    "string_to_array($X, 'a')",
    "string_to_array($X, '')",
    "string_to_array($X, 'b', '')",
    "regexp_split_to_array($X, '[ab]')",
    "regexp_match($X, '(.)(b)?')",
    "$A::text[]",
    "($T)[2:]",
    "array[$I, $B]::text[]",
  };

  private static final String[] DOCUMENTS = {
    "$J -> 'a'",
    "$J -> 0",
    "$J -> -1",
    "$J -> 'a' -> 'b' -> 1",
    "$J #> '{a,b}'",
    "$J #> '{a,b,0}'",
    "to_jsonb($I)",
    "to_jsonb($X)",
    "to_jsonb($O)",
    "to_jsonb($A)",
    "to_jsonb($T)",
    "to_jsonb($D)",
    "to_jsonb($S)",
    "to_jsonb($Z)",
    "to_jsonb(trim_scale($N))",
    "to_jsonb($F)",
    "to_jsonb($U)",
    "to_jsonb($V)",
    "to_jsonb(row($I, $X))",
    "jsonb_build_object('a', $X, 'b', $I)",
    "jsonb_build_object(coalesce($X, 'n'), $J)",
    "jsonb_build_array($I, $X, $J)",
    "jsonb_strip_nulls($J)",
    "jsonb_build_array($J) || jsonb_build_array($I)",
    "jsonb_build_object('a', $J) || jsonb_build_object('b', $I)",
    "jsonb_build_object('a', $J, 'b', $I) - 'a'",
    "jsonb_build_array($J, $I) - 1",
    "jsonb_build_array($J, $I) - 'a'",
    "jsonb_build_object('a', $J, 'b', $I) #- '{a}'",
    "jsonb_set(jsonb_build_object('a', $J), '{a}', to_jsonb($X))",
    "jsonb_set(jsonb_build_object('a', $J), '{b}', to_jsonb($I), false)",
    "jsonb_insert(jsonb_build_array($I, $J), '{0}', to_jsonb($X))",
    "$J::text::jsonb",
    "jsonb_object(array[coalesce($X, 'k'), $X])",
    "to_jsonb($M)",
  };

  private static final String[] UUIDS = {"md5($X)::uuid", "$U::text::uuid"};

  private static final String[] BYTES = {
    "convert_to($X, 'UTF8')",
    "decode(md5($X), 'hex')",
    "$Y || $Y",
    "substring($Y from 1 for 2)",
    "sha256($Y)",
    "overlay($Y placing '\\x0a'::bytea from 1)",
    "decode(encode($Y, 'base64'), 'base64')",
  };

  private static final String[] TIMES = {
    "$S::time", "$Z::time", "$H + $V", "$H - $V", "make_time(abs($I % 24), 30, 0)", "$V::time",
  };

  private static final String[] MOODS = {
    "('{sad,ok,happy}'::mood[])[1 + abs($I % 3)]",
    "case when $O then 'ok' else 'sad' end::mood",
    "enum_first($M)",
    "enum_last($M)",
    "(enum_range($M, 'happy'::mood))[2]",
    "$M::text::mood",
  };

  private static final String[] CONDITIONS = {
    "$X like 'a%'",
    "$X like '%b%'",
    "$X not like '_'",
    "$X ilike 'A%'",
    "$X not ilike '%B'",
    "$X ~ '^a'",
    "$X ~* 'B'",
    "$X !~ '^[a-z]+$'",
    "$X ~ '(.)\\1'",
    "$X ~ 'a|b$'",
    "$X like 'a\\_%'",
    "$X like any (array['a%', $X])",
    "$X not like all (array['%b', '_'])",
    "starts_with($X, 'a')",
    "$X ^@ $X",
    "$X like $X || '%'",
    "$X similar to '(a|b)%'",
    "$A @> $A",
    "$A && $A",
    "$A <@ $A",
    "$T @> $T",
    "$T && $T",
    "$I = any ($A)",
    "$X = any ($T)",
    "$I <> all ($A)",
    "$I < any ($A)",
    "$X >= all ($T)",
    "$J @> $J",
    "$J <@ $J",
    "$J ? 'a'",
    "$J ? $X",
    "$J ?| array['a', 'b']",
    "$J ?& $T",
    "($I, $X) < ($I, $X)",
    "($I, $D) = ($I, $D)",
    "($X, $B) >= ($X, $I)",
    "($I, $X, $D) <= ($I, $X, $D)",
    "($I, $O) is distinct from ($I, $O)",
    "($I, $X) in (('1'::int, 'a'::text), ($I, $X))",
    "($I, $X) not in (($I, $X), ($I, $X))",
    "row($I, $X) is null",
    "($I, $J) is not null",
    "$I::bool",
    "($O = $O) = $O",
    "$O <> $O",
    "isfinite($D)",
    "$F = 'NaN'",
    "$X = 'a' or $X = 'b' or $X is null",
    "$I > 1 and $I < 5",
    "not ($I = 1 or $X = 'a')",
    "$I in ($I, $I, $I)",
    "$X between $X and $X",
    "$I between symmetric $I and $I",
    "$M > 'sad'",
    "$D between $S and $Z",
    "coalesce($O, false)",
    "$X is not distinct from null",
    "array[$I, $I] = $A",
    "$N = $I",
    "$B = $N",
  };
}
