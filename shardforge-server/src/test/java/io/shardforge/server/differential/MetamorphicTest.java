package io.shardforge.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Random queries asked in ways that have to agree, whatever the answer is: of tables with and
 * without indexes, hashes and statistics; with constants and with parameters; and with a predicate
 * that parts or counts the rows.
 */
final class MetamorphicTest {
  private static final TestServer SERVER = TestServer.start();
  private static final int WORLDS = Integer.getInteger("differential.worlds", 3);
  private static final int QUERIES = Integer.getInteger("differential.queries", 40);
  private static final long SEED = Long.getLong("differential.seed", 1);

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** A check of one query made from some choices; it says what is wrong, or nothing. */
  @FunctionalInterface
  private interface Check {
    String problem(Statement statement, Queries queries) throws SQLException;
  }

  /** Runs a script; rows that break a constraint are refused, in every schema alike. */
  private static void build(Statement statement, List<String> script) {
    for (String sql : script) {
      Answer answer = Answer.to(statement, sql, false);
      assertThat(answer.failed() && !answer.head().startsWith("error 23"))
          .as("%s: %s", sql, answer)
          .isFalse();
    }
  }

  /** Asks each world; a problem is reported with what repeats it. */
  private static void inAllWorlds(Check check) throws SQLException {
    for (long seed = SEED; seed < SEED + WORLDS; seed++) {
      World world = World.random(Choices.random(seed));
      try (Connection connection = SERVER.connect();
          Statement statement = connection.createStatement()) {
        for (String setting : DifferentialIT.SETTINGS) {
          statement.execute(setting);
        }
        List<String> script = world.script("indexed", true, true);
        build(statement, world.script("bare", false, false));
        build(statement, script);
        statement.execute(Comparison.LONG);
        for (int i = 0; i < QUERIES; i++) {
          Choices choices = Choices.random(seed * 1_000_003 + i);
          String problem = check.problem(statement, new Queries(world, choices));
          assertThat(problem).as("seed %d\n%s;\n", seed, String.join(";\n", script)).isEmpty();
        }
      }
    }
  }

  private static String compare(String asked, Answer expected, Answer actual) {
    return expected.gaveUp() || actual.gaveUp() || expected.agrees(actual)
        ? ""
        : asked + ";\nexpected: " + expected + "\nbut was: " + actual;
  }

  @Test
  void indexesHashesAndStatisticsChangeNoAnswer() throws SQLException {
    inAllWorlds((statement, queries) -> {
      Query query = queries.statement();
      statement.execute("set search_path to bare");
      Answer expected = Answer.to(statement, query.sql(), query.ordered());
      statement.execute("set search_path to indexed");
      Answer actual = Answer.to(statement, query.sql(), query.ordered());
      return compare(query.sql(), expected, actual);
    });
  }

  @Test
  void parametersAnswerAsConstants() throws SQLException {
    inAllWorlds((statement, queries) -> {
      Query query = queries.statement();
      Answer expected = Answer.to(statement, query.sql(), query.ordered());
      Parameters parameters = Parameters.of(query.sql());
      Answer prepared = Answer.to(statement, parameters.prepare(), query.ordered());
      if (prepared.failed()) {
        return compare(parameters.prepare(), expected, prepared);
      }
      Answer actual = Answer.to(statement, parameters.execute(), query.ordered());
      statement.execute("deallocate p");
      return compare(parameters.prepare() + ";\n" + parameters.execute(), expected, actual);
    });
  }

  @Test
  void aPredicateItsNegationAndItsNullPartTheRows() throws SQLException {
    inAllWorlds((statement, queries) -> {
      Source source = queries.source();
      String p = "(" + queries.condition(Scope.NONE.with(source.columns()), 2) + ")";
      String all = "select * from " + source.sql();
      Answer expected = Answer.to(statement, all, false);
      List<String> rows = new ArrayList<>();
      for (String where : List.of(p, "not " + p, p + " is null")) {
        Answer part = Answer.to(statement, all + " where " + where, false);
        if (expected.failed() || part.failed()) {
          return "";
        }
        rows.addAll(part.rows());
      }
      rows.sort(null);
      return compare(all + " where " + p, expected, new Answer(expected.head(), rows, ""));
    });
  }

  @Test
  void asManyRowsAsThePredicateIsTrueFor() throws SQLException {
    inAllWorlds((statement, queries) -> {
      Source source = queries.source();
      String p = "(" + queries.condition(Scope.NONE.with(source.columns()), 2) + ")";
      String filtered = "select count(*) from " + source.sql() + " where " + p;
      String counted =
          "select coalesce(sum(case when %s then 1 else 0 end), 0) as count from %s"
              .formatted(p, source.sql());
      Answer expected = Answer.to(statement, counted, false);
      Answer actual = Answer.to(statement, filtered, false);
      return compare(filtered + ";\n" + counted, expected, actual);
    });
  }
}
