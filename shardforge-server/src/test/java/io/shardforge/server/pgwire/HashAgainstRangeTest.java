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
 * The same statements on a table that is cut by hash and on one that is not, made at random: their
 * answers have to be the same.
 */
final class HashAgainstRangeTest {
  private static final TestServer SERVER = TestServer.start();
  private static final int STATEMENTS = 250;
  private static final int KEYS = 12;

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** Writes a number as a value of a column, in one of the ways in which it can be written. */
  @FunctionalInterface
  private interface Writing {
    String of(int number, SplittableRandom random);
  }

  /**
   * A kind of keys.
   *
   * @param columns the definition of the columns k and l
   * @param key the key columns, none if there is no primary key
   */
  private record Keys(String columns, String key, Writing first, Writing second) {
    @Override
    public String toString() {
      return columns;
    }
  }

  private static final Writing PLAIN = (n, _) -> "" + n;

  private static final List<Keys> KINDS =
      List.of(
          new Keys("k bigint primary key, l int", "k", PLAIN, PLAIN),
          new Keys(
              "k text, l numeric, primary key (k, l)",
              "k, l",
              (n, _) -> "'k" + n % 4 + "'",
              (n, r) -> n / 4 + (r.nextBoolean() ? ".50" : ".5")),
          new Keys(
              "k int, l int, primary key (k, l)",
              "k, l",
              (n, _) -> "" + n % 3,
              (n, _) -> "" + n / 3),
          new Keys(
              "k float8 primary key, l int",
              "k",
              (n, r) -> n == 0 && r.nextBoolean() ? "'-0'" : "'" + n + "'",
              PLAIN),
          new Keys(
              "k char(5) primary key, l int",
              "k",
              (n, r) -> "'c" + n + (r.nextBoolean() ? "" : " ") + "'",
              PLAIN),
          new Keys(
              "k timestamptz primary key, l int",
              "k",
              (n, r) ->
                  "'2026-01-" + (10 + n) + (r.nextBoolean() ? " 12:00:00+00'" : " 14:00:00+02'"),
              PLAIN),
          new Keys(
              "k interval primary key, l int",
              "k",
              (n, r) -> r.nextBoolean() ? "'" + n + " days'" : "'" + 24 * n + " hours'",
              PLAIN),
          new Keys("k int, l int", "", PLAIN, PLAIN));

  static IntStream kinds() {
    return IntStream.range(0, KINDS.size());
  }

  /** Statements about a table {@code T}. */
  private static final class Author {
    private final Keys keys;
    private final SplittableRandom random;

    Author(Keys keys, SplittableRandom random) {
      this.keys = keys;
      this.random = random;
    }

    private int number() {
      return random.nextInt(KEYS);
    }

    private String row(int n) {
      String unique = random.nextInt(4) == 0 ? "null" : "" + random.nextInt(20);
      return "(%s, %s, %s, %d)"
          .formatted(
              keys.first.of(n, random), keys.second.of(n, random), unique, random.nextInt(5));
    }

    private String rows() {
      List<String> rows = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        rows.add(row(number()));
      }
      return String.join(", ", rows);
    }

    private String condition() {
      int n = number();
      String k = keys.first.of(n, random);
      String l = keys.second.of(n, random);
      String other = keys.first.of(number(), random);
      return switch (random.nextInt(9)) {
        case 0, 1 -> "k = " + k;
        case 2 -> "k = " + k + " and l = " + l;
        case 3 -> "k in (" + k + ", " + other + ") and l = " + l;
        case 4 -> "k > " + k;
        case 5 -> "k between " + k + " and " + other;
        case 6 -> "v = " + random.nextInt(5);
        case 7 -> "u = " + random.nextInt(20);
        default -> "(k, l) >= (" + k + ", " + l + ")";
      };
    }

    String statement() {
      String conflict = !keys.key.isEmpty() && random.nextBoolean() ? "(" + keys.key + ")" : "(u)";
      String order = "order by k" + (random.nextBoolean() ? " desc" : "") + ", l, u, v";
      return switch (random.nextInt(24)) {
        case 0, 1, 2 -> "insert into T values " + rows();
        case 3 -> "insert into T values " + rows() + " on conflict do nothing returning *";
        case 4, 5 ->
            "insert into T values "
                + row(number())
                + " on conflict "
                + conflict
                + " do update set v = T.v + excluded.v returning *";
        case 6 -> "update T set v = v + 1 where " + condition() + " returning k, l, v";
        case 7 -> "update T set u = null where " + condition();
        case 8 ->
            "update T set k = "
                + keys.first.of(number(), random)
                + ", l = "
                + keys.second.of(number(), random)
                + " where "
                + condition()
                + " and v < 3 returning *";
        case 9 -> "delete from T where " + condition() + " returning *";
        case 10 -> "delete from T where v = " + random.nextInt(5) + " and " + condition();
        case 11 -> "select * from T where " + condition();
        case 12 -> "select * from T where " + condition() + " " + order;
        case 13 -> "select * from T " + order + " limit 3 offset " + random.nextInt(4);
        case 14 -> "select k, l from T where " + condition() + " " + order + " limit 2";
        case 15 -> "select min(k), max(k), count(*), sum(v) from T where " + condition();
        case 16 -> "select k, count(*), max(u) from T group by k";
        case 17 ->
            "select a.v, b.u from T a join T b on a.k = b.k and a.l = b.l where a.v = "
                + random.nextInt(5);
        case 18 -> "select count(*) from T a, T b where a.k = b.k and b.u = " + random.nextInt(20);
        case 19 ->
            "select k from T a where exists (select 1 from T b where b.k = a.k and b.v > a.v)";
        case 20 -> "select * from T where " + condition() + " for update";
        case 21 -> "select distinct on (k) k, l, v from T order by k, l, u, v";
        case 22 -> "select k, row_number() over (order by k, l, u, v) from T";
        default ->
            "select * from T where k = any (array(select k from T where " + condition() + "))";
      };
    }
  }

  private static String answer(Statement statement, String sql) {
    return AnswerText.of(statement, sql, sql.startsWith("select") && sql.contains("order by k"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theyAnswerAlike(int kind) throws SQLException {
    Keys keys = KINDS.get(kind);
    SplittableRandom random = new SplittableRandom(20_261 + kind);
    Author author = new Author(keys, random);
    String hashed = "h_" + kind;
    String plain = "r_" + kind;
    try (Connection one = SERVER.connect();
        Connection two = SERVER.connect();
        Statement onHashed = one.createStatement();
        Statement onPlain = two.createStatement()) {
      String definition =
          "create table T (" + keys.columns.replaceFirst("\\bl [a-z]+", "$0, u int, v int");
      onHashed.execute(
          definition.replace("T (", hashed + " (") + ") with (sharding = 'hash', shards = 5)");
      onPlain.execute(definition.replace("T (", plain + " (") + ")");
      both(onHashed, hashed, onPlain, plain, "create unique index on T (u)");
      both(onHashed, hashed, onPlain, plain, "create index on T (v)");
      int rows = 0;
      boolean open = false;
      for (int i = 0; i < STATEMENTS; i++) {
        String sql = author.statement();
        if (!open && random.nextInt(8) == 0) {
          both(onHashed, hashed, onPlain, plain, "begin");
          open = true;
        } else if (open && random.nextInt(4) == 0) {
          String end = random.nextBoolean() ? "commit" : "rollback";
          both(onHashed, hashed, onPlain, plain, end);
          open = false;
        }
        String answer = both(onHashed, hashed, onPlain, plain, sql);
        rows += answer.startsWith("error") || answer.isEmpty() ? 0 : 1;
      }
      both(onHashed, hashed, onPlain, plain, "rollback");
      assertThat(both(onHashed, hashed, onPlain, plain, "select * from T order by k, l, u, v"))
          .isNotEmpty();
      assertThat(rows)
          .as("statements that found or changed something")
          .isGreaterThan(STATEMENTS / 4);
      assertThat(
              answer(
                  onHashed,
                  "select problem from shardforge.verify_table('"
                      + hashed
                      + "') where problem is not null"))
          .as("%s", keys)
          .isEmpty();
    }
  }

  private static String both(
      Statement onHashed, String hashed, Statement onPlain, String plain, String sql) {
    String expected = answer(onPlain, sql.replaceAll("\\bT\\b", plain));
    assertThat(answer(onHashed, sql.replaceAll("\\bT\\b", hashed))).as(sql).isEqualTo(expected);
    return expected;
  }
}
