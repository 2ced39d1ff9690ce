package io.shardforge.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.type.PgTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls with the results that PostgreSQL gave for them, or that its documentation does. */
class FunctionGoldenTest {
  @ParameterizedTest
  @ValueSource(strings = {"core", "families", "later"})
  void matchesPostgres(String family) {
    FixedContext context = new FixedContext();
    List<String> wrong = new ArrayList<>();
    List<String[]> rows =
        PgTypes.resourceRows(FunctionGoldenTest.class, "/golden/function/" + family + ".tsv");
    assertThat(rows).isNotEmpty();
    for (String[] row : rows) {
      String expected = row[row.length - 1];
      List<String> fields = new ArrayList<>();
      for (String field : Arrays.asList(row).subList(0, row.length - 1)) {
        fields.add(field.replace("\\n", "\n"));
      }
      String actual = FunctionCase.of(fields).run(context).replace("\n", "\\n");
      if (!("=> " + actual).equals(expected)) {
        wrong.add(String.join(" | ", row) + " but was " + actual);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyRegisteredImplementationHasItsRow() {
    List<String> withRows =
        FunctionRegistry.allFunctions().stream().map(PgFunction::source).toList();
    assertThat(withRows).containsAll(FunctionRegistry.registeredSources());
  }

  @Test
  void everyRowHasItsImplementation() {
    List<String> missing = new ArrayList<>();
    for (PgFunction function : FunctionRegistry.allFunctions()) {
      if (!FunctionRegistry.registeredSources().contains(function.source())) {
        missing.add(function.name());
      }
    }
    assertThat(missing).isEmpty();
  }
}
