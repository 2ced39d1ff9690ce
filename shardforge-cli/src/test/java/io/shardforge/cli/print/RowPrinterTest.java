package io.shardforge.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What psql 15 prints of the same rows is written here as it printed it. */
class RowPrinterTest {
  private static final Rows ROWS =
      new Rows(
          List.of(
              new Column("id", 23),
              new Column("name", 25),
              new Column("is_on", 16),
              new Column("doc", 3802)),
          List.of(
              row("1", "a,b", "t", "{\"a\": 1}"),
              row("-20", "two\nlines|\"x\"", "f", null),
              row(null, "\u4f60\u597d<&>", null, "[1, \"b\"]")));

  private static @Nullable String[] row(@Nullable String... values) {
    return values;
  }

  private static String print(OutputFormat format, String nullText) {
    return new RowPrinter(format, nullText, false).print(ROWS, null);
  }

  @Test
  void table() {
    assertThat(print(OutputFormat.TABLE, "NULL"))
        .isEqualTo(
            """
              id  |   name    | is_on |   doc   \s
            ------+-----------+-------+----------
                1 | a,b       | t     | {"a": 1}
              -20 | two      +| f     | NULL
                  | lines|"x" |       |\s
             NULL | \u4f60\u597d<&>   | NULL  | [1, "b"]
            (3 rows)

            """);
  }

  @Test
  void vertical() {
    assertThat(print(OutputFormat.VERTICAL, ""))
        .isEqualTo(
            """
            -[ RECORD 1 ]----
            id    | 1
            name  | a,b
            is_on | t
            doc   | {"a": 1}
            -[ RECORD 2 ]----
            id    | -20
            name  | two      +
                  | lines|"x"
            is_on | f
            doc   |\s
            -[ RECORD 3 ]----
            id    |\s
            name  | \u4f60\u597d<&>
            is_on |\s
            doc   | [1, "b"]

            """);
  }

  @Test
  void forPrograms() {
    assertThat(print(OutputFormat.CSV, "unused"))
        .isEqualTo(
            """
            id,name,is_on,doc
            1,"a,b",t,"{""a"": 1}"
            -20,"two
            lines|""x""\",f,
            ,\u4f60\u597d<&>,,"[1, ""b""]"
            """);
    assertThat(print(OutputFormat.TSV, "unused"))
        .isEqualTo(
            """
            id\tname\tis_on\tdoc
            1\ta,b\tt\t{"a": 1}
            -20\ttwo\\nlines|"x"\tf\t\\N
            \\N\t\u4f60\u597d<&>\t\\N\t[1, "b"]
            """);
    assertThat(print(OutputFormat.JSON, "unused"))
        .isEqualTo(
            """
            [
              {"id": 1, "name": "a,b", "is_on": true, "doc": {"a": 1}},
              {"id": -20, "name": "two\\nlines|\\"x\\"", "is_on": false, "doc": null},
              {"id": null, "name": "\u4f60\u597d<&>", "is_on": null, "doc": [1, "b"]}
            ]
            """);
  }

  @Test
  void forDocuments() {
    assertThat(print(OutputFormat.MARKDOWN, ""))
        .isEqualTo(
            """
            | id | name | is_on | doc |
            |---:|---|---|---|
            | 1 | a,b | t | {"a": 1} |
            | -20 | two<br>lines\\|"x" | f |  |
            |  | \u4f60\u597d<&> |  | [1, "b"] |
            """);
    assertThat(print(OutputFormat.HTML, ""))
        .contains("<th>id</th>", "<td align=\"right\">-20</td>", "&lt;&amp;&gt;", "two<br>lines");
  }

  @Test
  void nothingAtAll() {
    Rows none = new Rows(List.of(new Column("a", 23)), List.of());
    assertThat(new RowPrinter(OutputFormat.TABLE, "", false).print(none, null))
        .isEqualTo(" a \n---\n(0 rows)\n\n");
    assertThat(new RowPrinter(OutputFormat.TABLE, "", true).print(none, null)).isEqualTo("\n");
    assertThat(new RowPrinter(OutputFormat.JSON, "", false).print(none, null)).isEqualTo("[]\n");
  }
}
