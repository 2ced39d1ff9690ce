package io.shardforge.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComplaintTest {
  private static Complaint at(int position) {
    return new Complaint("ERROR", "42703", "no such column", "a detail", "a hint", null, position);
  }

  @Test
  void aCaretShowsThePlace() {
    assertThat(at(15).describe("select a,\n  b, c\nfrom t", false))
        .isEqualTo(
            """
            ERROR:  no such column
            LINE 2:   b, c
                        ^
            DETAIL:  a detail
            HINT:  a hint
            """);
  }

  @Test
  void longLinesAreCut() {
    String statement = "select '" + "x".repeat(100) + "', b, '" + "y".repeat(100) + "'";
    String text = at(112).describe(statement, true);
    assertThat(text).startsWith("ERROR:  42703: no such column\nLINE 1: ...");
    String[] lines = text.split("\n", -1);
    assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('b');
    assertThat(lines[1]).endsWith("...").hasSizeLessThan(80);
  }

  @Test
  void withoutAPlaceThereIsNoCaret() {
    assertThat(at(0).describe("select 1", false)).doesNotContain("LINE");
  }
}
