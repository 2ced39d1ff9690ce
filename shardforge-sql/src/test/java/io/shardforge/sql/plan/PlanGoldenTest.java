package io.shardforge.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which plan a statement gets, as EXPLAIN (COSTS OFF) shows it. */
class PlanGoldenTest {
  private static final TestCatalog CATALOG =
      new TestCatalog()
          .table(
              "t", List.of("id int4 !", "v text", "w int4 !", "n numeric(10,2)"), "id", "v", "w,id")
          .table("u", List.of("id int4 !", "tid int4 !", "name text"), "id", "tid")
          .table("k", List.of("a int4 !", "b int4 !", "c text"), "a,b")
          .table("big", List.of("id int8 !", "ref int4", "x float8"), "id")
          .table(
              "queue", List.of("id int8 !", "state text !", "at timestamptz !"), "id", "state,at")
          .view("tv", "SELECT id, v FROM t WHERE w > 0");

  @Test
  void plansAreAsExpected() {
    List<String> differences = new ArrayList<>();
    TableStatistics statistics = table -> table.name().equals("big") ? 1_000_000 : 1_000;
    try (GoldenStatements golden = new GoldenStatements(CATALOG, statistics)) {
      for (GoldenStatements.Example example : GoldenStatements.examples("plans.txt")) {
        String actual;
        try {
          actual = golden.explained(example.sql());
        } catch (RuntimeException e) {
          actual = e.toString();
        }
        if (!actual.equals(example.expected())) {
          differences.add(example.sql() + "\n" + actual);
        }
      }
    }
    assertThat(String.join("\n\n", differences)).isEmpty();
  }
}
