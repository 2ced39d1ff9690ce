package io.shardforge.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements that once broke the planner, most of them found by its fuzzer: none does again. */
class FindingsTest {
  private static final ExecutorService THREADS =
      Executors.newSingleThreadExecutor(
          work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
  private static final SqlParser PARSER = new SqlParser(NativeParser.locate(), THREADS);
  private static final Planner PLANNER = new Planner(PARSER, () -> 0);
  private static final TestCatalog CATALOG =
      new TestCatalog()
          .table("t", List.of("a int4 !", "b text", "n numeric", "j jsonb", "s timestamptz"), "a")
          .table("u", List.of("a int4 !", "c int8", "r int4[]"), "a", "c");

  static Stream<Path> findings() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/findings/sql"))) {
      return files.sorted().toList().stream();
    }
  }

  @AfterAll
  static void stop() {
    THREADS.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("findings")
  void isPlannedOrRefused(Path finding) throws Exception {
    try {
      for (ParsedStatement statement : PARSER.parse(Files.readAllBytes(finding))) {
        Plan plan =
            PLANNER.plan(
                statement,
                new PlanContext(
                    CATALOG, List.of("public"), List.of(), TypeContext.UTC, TableStatistics.NONE));
        assertThat(plan).isNotNull();
      }
    } catch (ShardForgeException e) {
      assertThat(e.code().isServerFault()).as(e.message()).isFalse();
    }
  }
}
