package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tables whose keys and indexes are of text under collations of ICU answer as one without any, for
 * texts made at random: in their order, in ranges, and in what they take for the same key.
 */
final class CollatedAgainstPlainTest {
  private static final TestServer SERVER = TestServer.start();
  private static final int TEXTS = 200;
  private static final int QUERIES = 60;

  private static final List<String> PARTS =
      List.of("a", "A", "b", "B", "ä", "Ä", "e", "é", "ss", "ß", "z", "Z", " ", "-", "1", "10");

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private record Author(SplittableRandom random) {
    private String one(String... words) {
      return words[random.nextInt(words.length)];
    }

    private String text() {
      StringBuilder text = new StringBuilder("'");
      for (int i = random.nextInt(4); i >= 0; i--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      return text.append('\'').toString();
    }

    private String condition() {
      return switch (random.nextInt(4)) {
        case 0 -> "k " + one("=", "<", "<=", ">", ">=") + " " + text();
        case 1 -> "k between " + text() + " and " + text();
        case 2 -> "k in (" + text() + ", " + text() + ", " + text() + ")";
        default -> "k > " + text() + " and k <= " + text();
      };
    }

    private String query() {
      String direction = one("", " desc");
      String limit = one("", " limit " + random.nextInt(1, 9));
      return "select k, n from T where " + condition() + " order by k" + direction + limit;
    }
  }

  private static List<String> answer(Statement statement, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet results = statement.executeQuery(query)) {
      while (results.next()) {
        rows.add(results.getString(1) + "|" + results.getString(2));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "de-u-co-phonebk, true, 1",
    "sv, true, 2",
    "und-u-ks-level2, false, 3",
    "und-u-ks-level1, false, 4"
  })
  void keysAnswerAsPlainTables(String locale, boolean deterministic, int seed) throws SQLException {
    Author author = new Author(new SplittableRandom(seed));
    try (Connection connection = SERVER.connect();
        Statement s = connection.createStatement()) {
      s.execute(
          "create collation c%d (provider = icu, locale = '%s', deterministic = %s)"
              .formatted(seed, locale, deterministic));
      String column = "(k text collate c%d%%s, n int)%%s".formatted(seed);
      s.execute("create table tried%d ".formatted(seed) + column.formatted("", ""));
      s.execute("create table keyed%d ".formatted(seed) + column.formatted(" primary key", ""));
      s.execute(
          "create table cut%d ".formatted(seed)
              + column.formatted(" primary key", " with (sharding = 'hash')"));
      s.execute("create table later%d ".formatted(seed) + column.formatted("", ""));
      for (int n = 0; n < TEXTS; n++) {
        String text = author.text();
        s.execute("insert into tried%d values (%s, %d)".formatted(seed, text, n));
        for (String table : List.of("keyed", "cut")) {
          s.execute(
              "insert into %s%d values (%s, %d) on conflict (k) do nothing"
                  .formatted(table, seed, text, n));
        }
      }
      s.execute("create table plain%d ".formatted(seed) + column.formatted("", ""));
      s.execute(
          "insert into plain%1$d select t.k, t.n from tried%1$d t where not exists".formatted(seed)
              + " (select from tried%d o where o.k = t.k and o.n < t.n)".formatted(seed));
      s.execute("insert into later%1$d select * from plain%1$d".formatted(seed));
      s.execute("create unique index on later%d (k desc) include (n)".formatted(seed));
      String all = "select k, n from %s%d order by k";
      List<String> plain = answer(s, all.formatted("plain", seed));
      assertThat(plain).hasSizeGreaterThan(TEXTS / 4);
      for (String table : List.of("keyed", "cut", "later")) {
        assertThat(answer(s, all.formatted(table, seed))).as(table).isEqualTo(plain);
      }
      for (int i = 0; i < QUERIES; i++) {
        String query = author.query();
        List<String> wanted = answer(s, query.replace(" T ", " plain" + seed + " "));
        for (String table : List.of("keyed", "cut", "later")) {
          assertThat(answer(s, query.replace(" T ", " " + table + seed + " ")))
              .as("%s of %s", query, table)
              .isEqualTo(wanted);
        }
      }
      s.execute("drop table tried%1$d, keyed%1$d, cut%1$d, later%1$d, plain%1$d".formatted(seed));
      s.execute("drop collation c%d".formatted(seed));
    }
  }
}
