package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same statements on a table with inverted indexes and on one without, made at random: their
 * answers have to be the same, and in the end each index has what the rows call for. Conditions on
 * the plain table are written so that no index serves them.
 */
final class InvertedAgainstPlainTest {
  private static final TestServer SERVER = TestServer.start();
  private static final int RUNS = 4;
  private static final int STATEMENTS = 300;

  /** By run: some have one class for documents alone, so that both are used. */
  private static final List<List<String>> INDEXES =
      List.of(
          List.of(
              "create index T_i0 on T using gin (a)",
              "create index T_i1 on T using gin (j)",
              "create index T_i2 on T using gin (s)"),
          List.of(
              "create index T_i0 on T using gin (a, s)",
              "create index T_i1 on T using gin (j jsonb_path_ops)"),
          List.of(
              "create index T_i0 on T using gin (s, j, a)",
              "create index T_i1 on T using gin ((j -> 'x')) where k > 5"),
          List.of(
              "create index T_i0 on T using gin (a) where k % 2 = 0",
              "create index T_i1 on T using gin (j)",
              "create index T_i2 on T using gin (j jsonb_path_ops, s)"));

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  static IntStream runs() {
    return IntStream.range(0, RUNS);
  }

  /** Statements about a table {@code T}, with conditions in double brackets. */
  private record Author(SplittableRandom random) {
    private String one(String... words) {
      return words[random.nextInt(words.length)];
    }

    private String list(int most, String open, String close, String... elements) {
      List<String> some = new ArrayList<>();
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        some.add(one(elements));
      }
      return open + String.join(", ", some) + close;
    }

    private String array() {
      return random.nextInt(12) == 0
          ? "null::int[]"
          : "'" + list(3, "{", "}", "1", "2", "3", "4", "5", "null") + "'::int[]";
    }

    private String texts() {
      return random.nextInt(12) == 0
          ? "null::text[]"
          : "'" + list(3, "{", "}", "x", "y", "z", "k", "\"\"", "null") + "'::text[]";
    }

    private String json(int depth) {
      int kind = random.nextInt(depth > 0 ? 10 : 5);
      return switch (kind) {
        case 0 -> one("null", "true", "false");
        case 1, 2 -> one("1", "1.0", "2", "-3");
        case 3, 4 -> one("\"x\"", "\"y\"", "\"\"", "\"" + "w".repeat(200) + "\"");
        case 5, 6 -> list(3, "[", "]", json(depth - 1), json(depth - 1), json(0));
        default ->
            list(
                3,
                "{",
                "}",
                "\"x\": " + json(depth - 1),
                "\"y\": " + json(depth - 1),
                "\"z\": " + json(0));
      };
    }

    private String document() {
      return random.nextInt(12) == 0 ? "null::jsonb" : "'" + json(2) + "'::jsonb";
    }

    private String name() {
      return one("'x'", "'y'", "'z'", "''", "'q'");
    }

    private String step() {
      return one(".x", ".y", ".z", "[*]", "[0]", ".*", ".**", ".x.y", ".type()", ".size()", "");
    }

    private String scalar() {
      return one("1", "2", "-3", "\"x\"", "\"y\"", "\"\"", "null", "true", "\"object\"");
    }

    private String predicate(String from) {
      return from
          + step()
          + switch (random.nextInt(7)) {
            case 0 -> step() + " > " + scalar();
            case 1 -> " != " + scalar();
            case 2 -> " starts with \"x\"";
            case 3 -> step() + " == " + scalar() + " || " + from + step() + " == " + scalar();
            case 4 -> " == " + scalar() + " && exists(" + from + step() + ")";
            default -> step() + " == " + scalar();
          };
    }

    private String path() {
      return one("", "strict ")
          + switch (random.nextInt(4)) {
            case 0 -> "$" + step() + step();
            case 1 -> "!(" + predicate("$") + ")";
            default -> "$" + step() + " ? (" + predicate("@") + ")" + step();
          };
    }

    private String term() {
      return switch (random.nextInt(22)) {
        case 0, 1 -> "a @> " + array();
        case 2 -> "a && " + array();
        case 3 -> "a <@ " + array();
        case 4 -> array() + " @> a";
        case 5 -> "a = " + array();
        case 6 -> random.nextInt(6) + " = any (a)";
        case 7 -> "s @> " + texts();
        case 8 -> "s && " + texts();
        case 9 -> name() + " = any (s)";
        case 10, 11, 12 -> "j @> " + document();
        case 13 -> "j ? " + name();
        case 14 -> "j " + one("?|", "?&") + " " + texts();
        case 15 -> document() + " <@ j";
        case 16 -> "j -> 'x' @> '" + json(1) + "' and k > " + random.nextInt(5, 12);
        case 17, 18 -> "j @? '" + path() + "'";
        case 19, 20 -> "j @@ '" + one("", "strict ") + predicate("$") + "'";
        default -> "a @> " + array() + " and k % 2 = 0";
      };
    }

    private String condition() {
      String all = term();
      for (int i = random.nextInt(3); i > 0; i--) {
        all = "(" + all + one(") and (", ") or (", ") and not (") + term() + ")";
      }
      return "[[" + all + "]]";
    }

    private String assignment() {
      return switch (random.nextInt(6)) {
        case 0 -> "a = " + array();
        case 1 -> "j = " + document();
        case 2 -> "s = " + texts();
        case 3 -> "a = a || 4, s = array_remove(s, 'x')";
        case 4 -> "j = jsonb_build_array(j)";
        default -> "k = k + 1";
      };
    }

    private String row() {
      return "(%d, %s, %s, %s)".formatted(random.nextInt(60), array(), document(), texts());
    }

    String statement() {
      return switch (random.nextInt(16)) {
        case 0, 1 -> "insert into T values " + row() + ", " + row();
        case 2 -> "insert into T values " + row() + " on conflict do nothing returning *";
        case 3 ->
            "insert into T values "
                + row()
                + " on conflict (k) do update set a = excluded.a, j = T.j returning *";
        case 4, 5, 6 -> "update T set " + assignment() + " where " + condition() + " returning *";
        case 7 -> "delete from T where " + condition() + " returning k";
        case 8 ->
            "merge into T using (select * from T where "
                + condition()
                + ") v on T.k = v.k + 1 when matched then update set a = v.a"
                + " when not matched then insert values (v.k + 1, v.a, v.j, v.s)";
        case 9, 10, 11 -> "select * from T where " + condition();
        case 12 -> "select * from T where " + condition() + " order by k limit 3";
        case 13 -> "select count(*) from T where " + condition();
        case 14 -> "select x.k, y.k from T x, T y where y.a @> x.a and x.k < 9";
        default -> "select * from T where " + condition() + " for update";
      };
    }
  }

  private static String both(Statement onIndexed, Statement onPlain, int run, String sql)
      throws SQLException {
    boolean ordered = sql.contains("order by");
    String plain = sql.replace("[[", "((").replace("]]", ") is true)");
    String expected = AnswerText.of(onPlain, plain.replaceAll("\\bT", "p" + run), ordered);
    String indexed = sql.replace("[[", "(").replace("]]", ")");
    assertThat(AnswerText.of(onIndexed, indexed.replaceAll("\\bT", "i" + run), ordered))
        .as(indexed)
        .isEqualTo(expected);
    return expected;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theyAnswerAlike(int run) throws SQLException {
    SplittableRandom random = new SplittableRandom(4_711 + run);
    Author author = new Author(random);
    List<String> indexes = INDEXES.get(run);
    try (Connection one = SERVER.connect();
        Connection two = SERVER.connect();
        Statement onIndexed = one.createStatement();
        Statement onPlain = two.createStatement()) {
      String sharding = run % 2 == 0 ? "" : " with (sharding = 'hash', shards = 4)";
      both(
          onIndexed,
          onPlain,
          run,
          "create table T (k int primary key, a int[], j jsonb, s text[])" + sharding);
      for (String sql : indexes) {
        onIndexed.execute(sql.replaceAll("\\bT", "i" + run));
      }
      boolean open = false;
      int rows = 0;
      for (int i = 0; i < STATEMENTS; i++) {
        if (!open && random.nextInt(8) == 0) {
          both(
              onIndexed,
              onPlain,
              run,
              random.nextBoolean() ? "begin" : "begin isolation level serializable");
          open = true;
        } else if (open && random.nextInt(4) == 0) {
          both(onIndexed, onPlain, run, random.nextBoolean() ? "commit" : "rollback");
          open = false;
        } else if (!open && random.nextInt(20) == 0) {
          int index = random.nextInt(indexes.size());
          onIndexed.execute("drop index i" + run + "_i" + index);
          onIndexed.execute(indexes.get(index).replaceAll("\\bT", "i" + run));
        }
        String answer = both(onIndexed, onPlain, run, author.statement());
        rows += answer.startsWith("error") || answer.isEmpty() ? 0 : 1;
      }
      both(onIndexed, onPlain, run, "rollback");
      assertThat(both(onIndexed, onPlain, run, "select * from T order by k")).isNotEmpty();
      assertThat(rows)
          .as("statements that found or changed something")
          .isGreaterThan(STATEMENTS / 4);
      String problems =
          "select problem from shardforge.verify_table('T') where problem is not null";
      assertThat(both(onIndexed, onPlain, run, problems)).isEmpty();
      both(onIndexed, onPlain, run, "alter table T alter column k type bigint");
      assertThat(both(onIndexed, onPlain, run, problems)).isEmpty();
    }
  }

  @Test
  void theIndexesAreUsed() throws SQLException {
    SERVER.run(
        "create table used (k int primary key, a int[], j jsonb)",
        "create index used_a on used using gin (a)",
        "create index used_path on used using gin (j jsonb_path_ops)",
        "create index used_j on used using gin (j)");
    assertThat(plan("a @> '{1}'")).contains("Inverted Index Scan using used_a");
    assertThat(plan("1 = any (a)")).contains("Index Cond: (1 = ANY (a))");
    assertThat(plan("j @> '{\"k\": 1}'")).contains("Inverted Index Scan using used_path");
    assertThat(plan("j ? 'k'")).contains("Inverted Index Scan using used_j");
    assertThat(plan("j @> '{}'")).contains("Seq Scan on used");
    assertThat(plan("j ? 'k' or a @> '{1}'")).contains("Seq Scan on used");
    assertThat(plan("j ? 'k' or j ? 'l' and k > 3")).contains("(j ? 'k'::text) OR (j ? 'l'::text)");
    assertThat(plan("not j ? 'k'")).contains("Seq Scan on used");
    assertThat(plan("j @@ '$.a[*] == 1'")).contains("Inverted Index Scan using used_path");
    assertThat(plan("j @? '$.a ? (@.b == \"x\")'")).contains("Inverted Index Scan using used_path");
    assertThat(plan("j @? '$.a'")).contains("Inverted Index Scan using used_j");
    assertThat(plan("j @@ '!($.a == 1)'")).contains("Seq Scan on used");
  }

  private static String plan(String condition) throws SQLException {
    return String.join("\n", SERVER.query("explain select k from used where " + condition));
  }

  /** Each looks for what the other writes: one after the other, one of them would have found it. */
  @Test
  void readsOfTheIndexAreProved() throws SQLException {
    SERVER.run(
        "create table skew (k int primary key, a int[])",
        "create index on skew using gin (a)",
        "insert into skew select g, array[g] from generate_series(100, 200) g");
    try (Connection one = SERVER.connect();
        Connection two = SERVER.connect();
        Statement first = one.createStatement();
        Statement second = two.createStatement()) {
      first.execute("begin isolation level serializable");
      second.execute("begin isolation level serializable");
      first.execute("select * from skew where a @> '{1}'");
      second.execute("select * from skew where a @> '{2}'");
      first.execute("insert into skew values (2, '{2}')");
      second.execute("insert into skew values (1, '{1}')");
      first.execute("commit");
      SQLException e = catchThrowableOfType(SQLException.class, () -> second.execute("commit"));
      assertThat(e == null ? "committed" : e.getSQLState()).isEqualTo("40001");
    }
  }

  /** What ANALYZE has seen in many rows is not looked for in the index. */
  @Test
  void commonPartsAreReadFromTheTable() throws SQLException {
    SERVER.run(
        "create table skewed (k int primary key, a int[], j jsonb)",
        "create index on skewed using gin (a)",
        "create index on skewed using gin (j)",
        "insert into skewed select g, array[g % 3, g, 7], jsonb_build_object('c', g % 2, 'r', g)"
            + " from generate_series(1, 4000) g",
        "analyze skewed");
    for (String common : List.of("a @> '{7}'", "1 = any (a)", "j @> '{\"c\": 1}'", "j ? 'r'")) {
      assertThat(SERVER.query("explain select k from skewed where " + common).get(2))
          .as(common)
          .contains("Seq Scan");
    }
    for (String rare : List.of("a @> '{7,77}'", "77 = any (a)", "j @> '{\"r\": 7}'", "j ? 'x'")) {
      assertThat(SERVER.query("explain select k from skewed where " + rare).get(2))
          .as(rare)
          .contains("Inverted Index Scan");
    }
    assertThat(SERVER.query("select k from skewed where a @> '{7,77}'")).containsExactly("77");
  }

  /** More rows than are worth finding one by one, and so the table is read. */
  @Test
  void nearlyAllRows() throws SQLException {
    SERVER.run(
        "create table many (k int primary key, a int[])",
        "create index on many using gin (a)",
        "insert into many select g, array[1, g % 2, g] from generate_series(1, 12000) g");
    assertThat(SERVER.query("select count(*) from many where a @> '{1}'")).containsExactly("12000");
    assertThat(SERVER.query("select count(*) from many where a @> '{1,0}'"))
        .containsExactly("6000");
    assertThat(SERVER.query("select k from many where a @> '{1,77}'")).containsExactly("77");
    assertThat(SERVER.query("select count(*) from many where a && '{0,1}'"))
        .containsExactly("12000");
    assertThat(SERVER.query("select k from many where a @> '{1,0}' order by k limit 2"))
        .containsExactly("2", "4");
  }
}
