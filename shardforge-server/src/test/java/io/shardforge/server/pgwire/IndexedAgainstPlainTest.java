package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same statements on a table with indexes of all kinds and on one with no more of them than
 * make rows unique, made at random: their answers have to be the same, and in the end each index
 * has what the rows call for. Conditions on the plain table are written so that no index serves
 * them.
 */
final class IndexedAgainstPlainTest {
  private static final TestServer SERVER = TestServer.start();
  private static final int RUNS = 3;
  private static final int STATEMENTS = 300;

  /** What both tables have: which rows there may be must not differ. */
  private static final List<String> KEYS =
      List.of(
          "create unique index T_u1 on T (b) where f",
          "create unique index T_u2 on T (lower(s), (a % 4)) include (b) where a > 3");

  /** What one of them has for reading. */
  private static final List<String> INDEXES =
      List.of(
          "create index T_i0 on T (a) where f",
          "create index T_i1 on T (b desc, a) where a is not null and b > 2",
          "create index T_i2 on T (lower(s))",
          "create index T_i3 on T ((a + b) desc nulls last, k)",
          "create index T_i4 on T ((a + b)) where s like 'x%' or b in (1, 2)",
          "create index T_i5 on T (s nulls first, (b % 3)) where not f",
          "create index T_i6 on T (k) where b is null",
          "create index T_i7 on T (b) include (s, f, a)");

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

    private int small() {
      return random.nextInt(8);
    }

    private String number() {
      return random.nextInt(6) == 0 ? "null" : "" + small();
    }

    private String text() {
      return one("null", "'x'", "'X'", "'xy'", "'y'", "'Y'", "'z'");
    }

    private String bool() {
      return one("true", "false", "null");
    }

    private String row() {
      return "(%d, %s, %s, %s, %s)"
          .formatted(random.nextInt(25), number(), number(), text(), bool());
    }

    private String rows() {
      List<String> rows = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        rows.add(row());
      }
      return String.join(", ", rows);
    }

    private String term() {
      return switch (random.nextInt(20)) {
        case 0 -> "f";
        case 1 -> one("f = true", "f is true", "f is not null", "f is null");
        case 2 -> one("not f", "f = false", "f is false", "f is not true");
        case 3 -> "a = " + small();
        case 4 -> "a > " + small();
        case 5 -> "b = " + small();
        case 6 -> "b > " + random.nextInt(1, 4);
        case 7 -> "b >= " + random.nextInt(2, 5);
        case 8 -> "b in (" + one("1", "3") + ", " + one("2", "4") + ")";
        case 9 -> one("a", "b", "s", "a + b", "lower(s)") + " is " + one("", "not ") + "null";
        case 10 -> "lower(s) = " + one("'x'", "'y'", "'xy'");
        case 11 -> "lower(s) " + one("<", ">", ">=") + " " + one("'x'", "'y'");
        case 12 -> "a + b = " + random.nextInt(14);
        case 13 -> "a + b between " + small() + " and " + random.nextInt(14);
        case 14 -> "s like 'x%'";
        case 15 -> "(s like 'x%' or b in (1, 2))";
        case 16 -> "s = " + one("'x'", "'y'", "'xy'");
        case 17 -> "a % 4 = " + random.nextInt(4);
        case 18 -> "k < " + random.nextInt(25);
        default -> "b % 3 = 1";
      };
    }

    private String condition() {
      List<String> terms = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        terms.add(term());
      }
      return "[[" + String.join(" and ", terms) + "]]";
    }

    private String assignment() {
      return switch (random.nextInt(6)) {
        case 0 -> "a = " + number();
        case 1 -> "b = " + number();
        case 2 -> "s = " + text();
        case 3 -> "f = " + bool();
        case 4 -> "f = not f, b = b + 1";
        default -> "k = k + 1, a = a + 1";
      };
    }

    private String order() {
      return one(
              "lower(s)",
              "lower(s) desc",
              "a + b",
              "a + b desc nulls last",
              "b desc",
              "s nulls first")
          + ", k";
    }

    String statement() {
      return switch (random.nextInt(21)) {
        case 0, 1, 2 -> "insert into T values " + rows();
        case 3 -> "insert into T values " + rows() + " on conflict do nothing returning *";
        case 4 ->
            "insert into T values "
                + row()
                + " on conflict (b) where f do update set "
                + assignment().replace("not f", "not T.f").replaceAll("= ([kab]) ", "= T.$1 ")
                + " returning *";
        case 5 ->
            "insert into T values "
                + row()
                + " on conflict (lower(s), (a % 4)) where a > 3 do update set b = excluded.b, f ="
                + " excluded.f returning *";
        case 6, 7, 8, 9 ->
            "update T set " + assignment() + " where " + condition() + " returning *";
        case 10, 11 -> "delete from T where " + condition() + " returning k";
        case 12, 13 -> "select * from T where " + condition();
        case 14, 15 -> "select * from T where " + condition() + " order by " + order();
        case 16 -> "select k from T where " + condition() + " order by " + order() + " limit 3";
        case 17 ->
            "select a, s, f from T where b " + one("> ", "= ") + small() + " and " + condition();
        case 18 -> "select count(*), max(a + b) from T where " + condition();
        case 19 ->
            "select x.k, y.k from T x join T y on lower(x.s) = lower(y.s) and x.b = y.b"
                + " where y.f and x.k = "
                + random.nextInt(25);
        default -> "select * from T where " + condition() + " for update";
      };
    }
  }

  private static String answer(Statement statement, String sql) {
    return AnswerText.of(statement, sql, sql.contains("order by"));
  }

  private static String both(Statement onIndexed, Statement onPlain, int run, String sql) {
    String plain = sql.replace("[[", "((").replace("]]", ") is true)");
    String expected = answer(onPlain, plain.replaceAll("\\bT", "p" + run));
    String indexed = sql.replace("[[", "(").replace("]]", ")");
    assertThat(answer(onIndexed, indexed.replaceAll("\\bT", "i" + run)))
        .as(indexed)
        .isEqualTo(expected);
    return expected;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theyAnswerAlike(int run) throws SQLException {
    SplittableRandom random = new SplittableRandom(8_101 + run);
    Author author = new Author(random);
    try (Connection one = SERVER.connect();
        Connection two = SERVER.connect();
        Statement onIndexed = one.createStatement();
        Statement onPlain = two.createStatement()) {
      String key = run == 0 ? "" : " primary key";
      both(
          onIndexed,
          onPlain,
          run,
          "create table T (k int" + key + ", a int, b int, s text, f bool)");
      for (String sql : KEYS) {
        both(onIndexed, onPlain, run, sql);
      }
      for (String sql : INDEXES) {
        onIndexed.execute(sql.replaceAll("\\bT", "i" + run));
      }
      boolean open = false;
      int rows = 0;
      for (int i = 0; i < STATEMENTS; i++) {
        if (!open && random.nextInt(8) == 0) {
          both(onIndexed, onPlain, run, "begin");
          open = true;
        } else if (open && random.nextInt(4) == 0) {
          both(onIndexed, onPlain, run, random.nextBoolean() ? "commit" : "rollback");
          open = false;
        } else if (!open && random.nextInt(20) == 0) {
          rebuild(onIndexed, random.nextInt(INDEXES.size()), run);
        }
        String answer = both(onIndexed, onPlain, run, author.statement());
        rows += answer.startsWith("error") || answer.isEmpty() ? 0 : 1;
      }
      both(onIndexed, onPlain, run, "rollback");
      assertThat(both(onIndexed, onPlain, run, "select * from T order by k, a, b, s, f"))
          .isNotEmpty();
      assertThat(rows)
          .as("statements that found or changed something")
          .isGreaterThan(STATEMENTS / 4);
      String problems =
          "select problem from shardforge.verify_table('T') where problem is not null";
      assertThat(both(onIndexed, onPlain, run, problems)).isEmpty();
      both(onIndexed, onPlain, run, "alter table T alter column a type bigint");
      both(onIndexed, onPlain, run, "alter table T rename column s to t");
      assertThat(both(onIndexed, onPlain, run, problems)).isEmpty();
    }
  }

  private static void rebuild(Statement statement, int index, int run) throws SQLException {
    statement.execute("drop index i" + run + "_i" + index);
    statement.execute(INDEXES.get(index).replaceAll("\\bT", "i" + run));
  }
}
