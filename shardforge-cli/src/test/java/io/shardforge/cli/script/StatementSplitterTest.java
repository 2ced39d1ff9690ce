package io.shardforge.cli.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.cli.script.StatementSplitter.Inside;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {
  private final Variables variables = new Variables();
  private final StatementSplitter splitter = new StatementSplitter(variables);

  private List<String> cut(String text) {
    List<String> found = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      for (Piece piece : splitter.add(line)) {
        found.add(
            switch (piece) {
              case Piece.Statement statement -> statement.text();
              case Piece.Command command -> "\\" + command.line();
            });
      }
    }
    return found;
  }

  @Test
  void semicolonsEndStatements() {
    assertThat(cut("select 1; select\n2;;\n; -- nothing;\nselect 3"))
        .containsExactly("select 1", "select\n2");
    assertThat(splitter.inside()).isEqualTo(Inside.STATEMENT);
    assertThat(splitter.take()).isEqualTo("select 3");
    assertThat(splitter.inside()).isEqualTo(Inside.NOTHING);
  }

  @Test
  void quotesKeepSemicolons() {
    assertThat(cut("select ';''x', \"a;\"\"b\", E'\\';', U&'a;' ;"))
        .containsExactly("select ';''x', \"a;\"\"b\", E'\\';', U&'a;'");
    assertThat(cut("select 'a\\'; select 2;")).containsExactly("select 'a\\'", "select 2");
    assertThat(cut("select 'a\nb;")).isEmpty();
    assertThat(splitter.inside()).isEqualTo(Inside.QUOTE);
    assertThat(cut("c';")).containsExactly("select 'a\nb;\nc'");
  }

  @Test
  void dollarQuotesNeedTheirTag() {
    assertThat(cut("do $x$ begin; $$;$$ $y$; $x$; select $1, a$b$c;"))
        .containsExactly("do $x$ begin; $$;$$ $y$; $x$", "select $1, a$b$c");
    assertThat(cut("select $$a")).isEmpty();
    assertThat(splitter.inside()).isEqualTo(Inside.DOLLAR);
  }

  @Test
  void commentsNest() {
    assertThat(cut("/* a /* b; */ c; */ select /* ; */ 1 -- ; \n + 2;"))
        .containsExactly("/* a /* b; */ c; */ select /* ; */ 1 -- ; \n + 2");
    assertThat(cut("select 1 /* ;")).isEmpty();
    assertThat(splitter.inside()).isEqualTo(Inside.COMMENT);
  }

  @Test
  void parenthesesKeepSemicolons() {
    assertThat(cut("create rule r as on insert to t do (select 1; select 2);"))
        .containsExactly("create rule r as on insert to t do (select 1; select 2)");
    assertThat(cut("select (")).isEmpty();
    assertThat(splitter.inside()).isEqualTo(Inside.PARENTHESIS);
  }

  @Test
  void bodiesOfFunctionsKeepSemicolons() {
    assertThat(
            cut(
                "create or replace function f() returns int begin atomic select case when true"
                    + " then 1 end; select 2; end; begin; select 3;"))
        .containsExactly(
            "create or replace function f() returns int begin atomic select case when true"
                + " then 1 end; select 2; end",
            "begin",
            "select 3");
  }

  @Test
  void commandsTakeTheRestOfTheirLine() {
    assertThat(cut("\\dt a;b\nselect 1 \\gx\n")).containsExactly("\\dt a;b", "\\gx");
    assertThat(splitter.take()).isEqualTo("select 1");
  }

  @Test
  void variablesStandForTheirValues() {
    variables.set("n", "4");
    variables.set("s", "it's :n");
    assertThat(cut("select :n, :'s', :\"n\", ':n', x::n, :unknown, a[1:2], 'a' :n;"))
        .containsExactly("select 4, 'it''s :n', \"4\", ':n', x::n, :unknown, a[1:2], 'a' 4");
  }
}
