package io.shardforge.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a query string: statements that lie inside it, or an error of the user's class. */
class SqlParserFuzzTest {
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

  static Stream<byte[]> statements() {
    return Stream.of(
            "select a.*, count(*) filter (where b > 1) over (partition by c) from t as a(x, y)"
                + " left join u using (id) where x in (1, 2.5e3, $1) group by 1 having true"
                + " order by 2 desc nulls last limit 10 offset 1 for update skip locked",
            "insert into t (a, b) values (1, 'x'), (default, E'\\n') on conflict (a) do update set"
                + " b = excluded.b where t.b is null returning *",
            "update t set (a, b) = (select 1, 2) from u where t.id = u.id; delete from t using u",
            "create table if not exists s.t (id bigserial primary key, n numeric(10,2) not null"
                + " default 0 check (n >= 0), a int[] references u (id) on delete cascade,"
                + " unique (n, id)) with (fillfactor = 70)",
            "create unique index concurrently i on t (lower(a) collate \"C\" desc) where b",
            "with recursive r as (select 1 union all select n + 1 from r) select * from r,"
                + " lateral (select 1) l",
            "begin isolation level serializable; savepoint a; rollback to a; commit",
            "copy t (a, b) from stdin with (format csv, header, delimiter ';')",
            "select case when a then b else c end, cast(x as int), x::text[], row(1, 2), array[1],"
                + " interval '1 day', date '2020-01-01', u&'\\0041', $tag$body$tag$, b'01', x'ff'",
            "explain (analyze, format json) values (1), (2) except select 1 -- tail\n/* c /* d */ */")
        .map(sql -> sql.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("statements")
  @DictionaryEntries({
    "select ",
    " from ",
    " where ",
    "insert into ",
    " values ",
    "update ",
    " set ",
    "delete from ",
    "create table ",
    "create index ",
    "alter table ",
    "drop ",
    " join ",
    " on ",
    " group by ",
    " order by ",
    " union ",
    " intersect ",
    " with ",
    " recursive ",
    " as ",
    " case when ",
    " end ",
    " between ",
    " and ",
    " or ",
    " not ",
    " in ",
    " exists ",
    " any ",
    " all ",
    " array[",
    "::",
    "(((((((",
    ")))))))",
    "[1:2]",
    "$1",
    "$$",
    "E'\\u0041'",
    "U&\"\\0041\"",
    "/*",
    "*/",
    "--",
    ";",
    "'",
    "\"",
    "..",
    ":=",
    "=>",
    "<>",
    "|| ",
    "-> ",
    "->>",
    "@>",
    "1e400",
    "0x7f",
    "1_000",
    "null",
    " over (",
    " partition by ",
    " rows between ",
    " filter (",
    " within group (",
    "grant ",
    "begin;",
    "commit;",
    "copy t from stdin",
    "explain ",
    "prepare p as ",
    "execute p(",
    "declare ",
    "\u00e9",
    "\ud83d\ude00"
  })
  @FuzzTest
  void refusesOrParses(byte[] sql) {
    try {
      for (ParsedStatement statement : PARSER.parse(sql)) {
        assertThat(new String(sql, StandardCharsets.UTF_8)).contains(statement.text());
      }
    } catch (ShardForgeException e) {
      assertThat(e.code().isServerFault()).as(e.message()).isFalse();
      assertThat(e.position()).isBetween(0, sql.length + 1);
    }
  }
}
