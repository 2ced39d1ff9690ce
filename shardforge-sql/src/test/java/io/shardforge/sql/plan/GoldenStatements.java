package io.shardforge.sql.plan;

import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A planner over a test catalog, and files of statements with what is expected of them. */
final class GoldenStatements implements AutoCloseable {
  /** A statement (one line) and the lines that follow it up to an empty one. */
  record Example(String sql, String expected) {}

  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          1, work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
  private final SqlParser parser = new SqlParser(NativeParser.locate(), executor);
  private final Planner planner = new Planner(parser, () -> 0);
  private final TestCatalog catalog;
  private final TableStatistics statistics;

  GoldenStatements(TestCatalog catalog, TableStatistics statistics) {
    this.catalog = catalog;
    this.statistics = statistics;
  }

  List<Plan> plans(String sql) {
    List<Plan> plans = new ArrayList<>();
    for (ParsedStatement statement : parser.parse(sql)) {
      plans.add(
          planner.plan(
              statement,
              new PlanContext(catalog, List.of("public"), List.of(), TypeContext.UTC, statistics)));
    }
    return plans;
  }

  /** The error of a statement as "SQLSTATE message @position" and its hint, or "ok". */
  String error(String sql) {
    try {
      plans(sql);
      return "ok";
    } catch (ShardForgeException e) {
      String text = e.code().sqlState() + " " + e.message();
      if (e.position() > 0) {
        text += " @" + e.position();
      }
      return e.hint() == null ? text : text + "\nHINT " + e.hint();
    }
  }

  /** The plan of a statement as EXPLAIN (COSTS OFF) shows it. */
  String explained(String sql) {
    Plan plan = plans(sql).getFirst();
    Explain.Options options =
        new Explain.Options(
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            Explain.Serialize.NONE,
            Explain.Format.TEXT);
    Plan.QueryPlan query = java.util.Objects.requireNonNull(plan.query());
    return String.join("\n", Explain.render(query, options, Map.of(), 0));
  }

  static List<Example> examples(String resource) {
    try (InputStream in = GoldenStatements.class.getResourceAsStream("/golden/plan/" + resource)) {
      String all =
          new String(
              java.util.Objects.requireNonNull(in, resource).readAllBytes(),
              StandardCharsets.UTF_8);
      List<Example> examples = new ArrayList<>();
      for (String block : all.split("\n\n+", -1)) {
        if (!block.isBlank()) {
          String[] parts = block.strip().split("\n", 2);
          examples.add(new Example(parts[0], parts.length > 1 ? parts[1] : ""));
        }
      }
      return examples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
