package io.shardforge.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Statements as people write them: each is planned, or refused by a SQLSTATE, never by accident.
 */
class HandWrittenStatementsTest {
  @Test
  void everyStatementIsPlannedOrRefusedByName() throws IOException {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            1, work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
    try {
      SqlParser parser = new SqlParser(NativeParser.locate(), executor);
      Planner planner = new Planner(parser, () -> 0);
      TestCatalog catalog = catalog();
      List<String> accidents = new ArrayList<>();
      int planned = 0;
      StringBuilder refused = new StringBuilder();
      List<String> statements = statements();
      for (String sql : statements) {
        try {
          for (ParsedStatement statement : parser.parse(sql)) {
            planner.plan(
                statement,
                new PlanContext(
                    catalog, List.of("public"), List.of(), TypeContext.UTC, TableStatistics.NONE));
          }
          planned++;
        } catch (ShardForgeException e) {
          refused
              .append(e.code().sqlState())
              .append(' ')
              .append(e.message())
              .append(" <- ")
              .append(sql)
              .append('\n');
          if (e.code().isServerFault()) {
            accidents.add(sql + " -> " + e);
          }
        } catch (RuntimeException e) {
          accidents.add(sql + " -> " + e + " at " + e.getStackTrace()[0]);
        }
      }
      if (Boolean.getBoolean("show.refused")) {
        throw new AssertionError(refused.toString());
      }
      assertThat(accidents).isEmpty();
      assertThat(planned).isGreaterThan(statements.size() * 3 / 4);
    } finally {
      executor.shutdownNow();
    }
  }

  private static TestCatalog catalog() {
    return new TestCatalog()
        .table(
            "t",
            List.of(
                "id int4 !",
                "v text",
                "w int4",
                "x text",
                "y int4",
                "a int4[]",
                "b int4",
                "c int4",
                "d int4",
                "j jsonb",
                "n numeric",
                "ts timestamptz"),
            "id",
            "v")
        .table("u", List.of("id int4 !", "v text"), "id")
        .table("a", List.of("id int4 !", "x int4"), "id")
        .table("b", List.of("id int4 !", "y int4"), "id")
        .table("c", List.of("y int4 !", "z int4"), "y")
        .table("d", List.of("q int4 !"), "q")
        .table("e", List.of("x int4 !", "k text"), "x")
        .table("users", List.of("id int8 !", "name text"), "id")
        .table("hibernate_sequences", List.of("name text !", "next_val int8"), "name")
        .table(
            "pgbench_accounts",
            List.of("aid int4 !", "bid int4", "abalance int4", "filler char(84)"),
            "aid")
        .table("pgbench_tellers", List.of("tid int4 !", "bid int4", "tbalance int4"), "tid")
        .table(
            "pgbench_history",
            List.of(
                "tid int4",
                "bid int4",
                "aid int4",
                "delta int4",
                "mtime timestamp",
                "filler char(22)"));
  }

  private static List<String> statements() throws IOException {
    try (InputStream in =
        HandWrittenStatementsTest.class.getResourceAsStream("/golden/plan/hand-written.sql")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> statements = new ArrayList<>();
      for (String part : all.split("\n?--@[a-z]+\n", -1)) {
        if (!part.isBlank()) {
          statements.add(part);
        }
      }
      return statements;
    }
  }
}
