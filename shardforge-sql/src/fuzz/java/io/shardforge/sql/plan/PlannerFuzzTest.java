package io.shardforge.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a statement, parsed, bound and planned: a plan, or the user's error. */
class PlannerFuzzTest {
  /** Daemons, so that the fuzzer can end. */
  private static final ExecutorService THREADS =
      Executors.newFixedThreadPool(
          1,
          work -> {
            Thread thread = new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES);
            thread.setDaemon(true);
            return thread;
          });

  private static final SqlParser PARSER = new SqlParser(NativeParser.locate(), THREADS);
  private static final Planner PLANNER = new Planner(PARSER, () -> 0);

  private static final TestCatalog CATALOG =
      new TestCatalog()
          .table("t", List.of("a int4 !", "b text", "n numeric", "j jsonb", "s timestamptz"), "a")
          .table("u", List.of("a int4 !", "c int8", "r int4[]"), "a", "c");

  static Stream<byte[]> statements() throws IOException {
    try (InputStream in =
        PlannerFuzzTest.class.getResourceAsStream("/golden/plan/hand-written.sql")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(all.split("\n?--@[a-z]+\n", -1))
          .map(sql -> sql.getBytes(StandardCharsets.UTF_8));
    }
  }

  @MethodSource("statements")
  @DictionaryEntries({
    "select ",
    " from t ",
    " from u ",
    " where ",
    " a ",
    " b ",
    " c ",
    " n ",
    " j ",
    " s ",
    " r ",
    "insert into t ",
    " values (",
    "update t set ",
    "delete from u ",
    " join u using (a) ",
    " left join u on ",
    " group by ",
    " having ",
    " order by ",
    " union all ",
    " intersect ",
    "with q as (",
    " as ",
    " case when ",
    " then ",
    " end ",
    " between ",
    " and ",
    " or ",
    " not ",
    " in (",
    " exists (",
    " any (",
    "array[",
    "::int",
    "::text",
    "::numeric",
    "::jsonb",
    "::int[]",
    "$1",
    "count(*)",
    "sum(",
    "coalesce(",
    "lower(",
    "generate_series(",
    "now()",
    "interval '1 day'",
    " limit ",
    " for update",
    " on conflict (a) do update set ",
    " returning ",
    "excluded.",
    "null",
    "lateral (",
    "->>",
    "||",
    " is null ",
    " like ",
    "distinct on (",
    "explain ",
    " is distinct from "
  })
  @FuzzTest
  void plansOrRefuses(byte[] sql) {
    try {
      for (ParsedStatement statement : PARSER.parse(sql)) {
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
