package io.shardforge.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Parsing through the real native library: trees, positions, limits. */
class SqlParserTest {
  private static ExecutorService executor;
  private static SqlParser parser;

  @BeforeAll
  static void start() {
    executor =
        Executors.newFixedThreadPool(
            2, work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
    parser = new SqlParser(NativeParser.locate(), executor);
  }

  @AfterAll
  static void stop() {
    executor.shutdownNow();
  }

  private static ShardForgeException failure(String sql) {
    ShardForgeException error =
        catchThrowableOfType(ShardForgeException.class, () -> parser.parse(sql));
    assertThat(error).as(sql.substring(0, Math.min(60, sql.length()))).isNotNull();
    return error;
  }

  @Test
  void splitsStatements() {
    List<ParsedStatement> statements = parser.parse("select 1; ; insert into t values ('a;b') ;");
    assertThat(statements)
        .extracting(ParsedStatement::text)
        .containsExactly("select 1", "insert into t values ('a;b')");
    assertThat(statements.get(0).node().getNodeCase()).isEqualTo(Node.NodeCase.SELECT_STMT);
    assertThat(statements.get(1).node().getNodeCase()).isEqualTo(Node.NodeCase.INSERT_STMT);
    assertThat(parser.parse("  -- nothing\n")).isEmpty();
  }

  @Test
  void syntaxErrorsCountCharacters() {
    ShardForgeException error = failure("select 'äöü€😀' frm x y");
    assertThat(error.code().sqlState()).isEqualTo("42601");
    assertThat(error.message()).isEqualTo("syntax error at or near \"x\"");
    assertThat(error.position()).isEqualTo(20);
    assertThat(failure("select (").message()).isEqualTo("syntax error at end of input");
    assertThat(failure("select 'a").message()).startsWith("unterminated quoted string");
  }

  @Test
  void treeLocationsBecomeCharacters() {
    ParsedStatement statement = parser.parse("select 'äö', nope").getFirst();
    int location =
        statement
            .node()
            .getSelectStmt()
            .getTargetList(1)
            .getResTarget()
            .getVal()
            .getColumnRef()
            .getLocation();
    assertThat(location).isEqualTo(15);
    assertThat(statement.source().position(location)).isEqualTo(14);
  }

  @Test
  void deepStatementsAreRefusedNotFatal() {
    assertThat(failure("select 1" + "+1".repeat(1_000_000)).code().sqlState()).isEqualTo("54001");
    assertThat(failure("select 1" + "::int".repeat(200_000)).code().sqlState()).isEqualTo("54001");
    assertThat(failure("select " + "(".repeat(500_000)).code().sqlState()).isEqualTo("54001");
    assertThat(failure("select " + "[".repeat(500_000)).code().sqlState()).isEqualTo("54001");
    assertThat(failure("select 1" + " union select 1".repeat(200_000)).code().sqlState())
        .isEqualTo("54001");
    assertThat(failure("select " + "not ".repeat(300_000) + "true").code().sqlState())
        .isEqualTo("54001");
    assertThat(failure("select " + "- ".repeat(300_000) + "1").code().sqlState())
        .isEqualTo("54001");
    assertThat(failure("select " + "(select ".repeat(100_000)).code().sqlState())
        .isEqualTo("54001");
    assertThat(failure("select a" + "[1]".repeat(100_000)).code().sqlState()).isEqualTo("54001");
    assertThat(failure("select * from a" + " join a on true".repeat(100_000)).code().sqlState())
        .isEqualTo("54001");
    assertThat(failure("select " + "case when true then ".repeat(50_000)).code().sqlState())
        .isEqualTo("54001");
  }

  @Test
  void depthBelowTheLimitParses() {
    int deep = DepthGuard.DEPTH_MAX - 100;
    assertThat(parser.parse("select 1" + "+1".repeat(deep))).hasSize(1);
    assertThat(parser.parse("select 1" + "::int".repeat(deep))).hasSize(1);
    assertThat(parser.parse("select 1" + " union select 1".repeat(deep / 2 - 10))).hasSize(1);
    assertThat(parser.parse("select * from a" + ",a".repeat(100_000))).hasSize(1);
    assertThat(parser.parse("select 1 where true" + " and a = -1".repeat(50_000))).hasSize(1);
    assertThat(parser.parse("insert into t values (1, -1)" + ", (1+2, 'x'::text)".repeat(50_000)))
        .hasSize(1);
    String nested = "select " + "(select ".repeat(1_500) + "1" + ")".repeat(1_500);
    assertThat(parser.parse(nested)).hasSize(1);
    String calls = "select " + "f(".repeat(3_000) + "1" + ")".repeat(3_000);
    assertThat(parser.parse(calls)).hasSize(1);
    String joins = "select * from a" + " join a on true".repeat(deep - 20);
    assertThat(parser.parse(joins)).hasSize(1);
  }

  @Test
  void longStringsAreRefusedOrParsed() {
    String big = "select '" + "x".repeat(20_000_000) + "'";
    assertThat(parser.parse(big)).hasSize(1);
    assertThat(failure("select '" + "x".repeat(100_000_000) + "'").code().sqlState())
        .isEqualTo("54000");
  }

  @Test
  void bytesMustBeUtf8() {
    ShardForgeException error =
        catchThrowableOfType(
            ShardForgeException.class,
            () -> parser.parse(new byte[] {'s', 'e', 'l', (byte) 0xC3, 0x28}));
    assertThat(error.code().sqlState()).isEqualTo("22021");
    assertThat(error.message()).isEqualTo("invalid byte sequence for encoding \"UTF8\": 0xc3 0x28");
    assertThat(failure("select '\0'").code().sqlState()).isEqualTo("22021");
    assertThat(parser.parse("select 'ü'".getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  @Test
  void repeatedTextIsParsedOnce() {
    assertThat(parser.parse("select 4711")).isSameAs(parser.parse("select 4711"));
  }

  private static String written(String sql) {
    return parser.write(parser.parse(sql).getFirst().node());
  }

  @Test
  void writesOperandsInTheirParentheses() {
    assertThat(written("select (a = b) in (c), a = (b in (c))"))
        .isEqualTo("SELECT (a = b) IN (c), a = (b IN (c))");
    assertThat(written("select (not a) is null, not a is null"))
        .isEqualTo("SELECT (NOT a) IS NULL, NOT a IS NULL");
    assertThat(
            written(
                "select (a = any (select b)) = (c > all (select d)), (a is null) = (b is true)"))
        .isEqualTo("SELECT (a = ANY (SELECT b)) = (c > ALL (SELECT d)), (a IS NULL) = (b IS TRUE)");
    assertThat(written("select a = (b = any (c)), (a = any (b)) = c, (a at time zone b) = c"))
        .isEqualTo("SELECT a = (b = ANY(c)), (a = ANY(b)) = c, a AT TIME ZONE b = c");
    assertThat(
            written(
                "select (a || b) is distinct from c, (a is distinct from b) = c, - (a is null)::int"))
        .isEqualTo(
            "SELECT (a || b) IS DISTINCT FROM c, (a IS DISTINCT FROM b) = c, - (a IS NULL)::int");
    assertThat(written("select a between (b = c) and (b or c), (a or b) = any (c)"))
        .isEqualTo("SELECT a BETWEEN (b = c) AND (b OR c), (a OR b) = ANY(c)");
  }

  @Test
  void refusesToWriteWhatWouldBeReadOtherwise() {
    String sql = "select 'shardforge_operand(' || x";
    ShardForgeException error = catchThrowableOfType(ShardForgeException.class, () -> written(sql));
    assertThat(error.code().sqlState()).isEqualTo("0A000");
  }
}
