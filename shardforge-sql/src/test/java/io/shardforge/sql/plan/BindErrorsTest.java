package io.shardforge.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mistakes in statements: the SQLSTATE, text, place and hint that PostgreSQL reports. */
class BindErrorsTest {
  @Test
  void errorsAreThoseOfPostgresql() {
    TestCatalog catalog =
        new TestCatalog()
            .table(
                "t",
                List.of(
                    "id int4 !",
                    "v text",
                    "w int4",
                    "n numeric(10,2)",
                    "ts timestamptz",
                    "c char(5)",
                    "b bool",
                    "u8 int8",
                    "vc varchar(10)",
                    "a int4[]",
                    "j json"),
                "id")
            .table("u", List.of("id int4 !", "tid int4", "name text"), "id")
            .table("p2", List.of("a int4 !", "b int4 !", "x text"), "a,b");
    List<String> differences = new ArrayList<>();
    try (GoldenStatements golden = new GoldenStatements(catalog, TableStatistics.NONE)) {
      for (GoldenStatements.Example example : GoldenStatements.examples("errors.txt")) {
        String actual = golden.error(example.sql());
        if (!actual.equals(example.expected())) {
          differences.add(
              example.sql() + "\n  expected " + example.expected() + "\n  but was  " + actual);
        }
      }
    }
    assertThat(differences).isEmpty();
  }
}
