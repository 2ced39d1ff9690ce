package io.shardforge.sql.bench;

import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SqlParser;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Statements of pgbench through PostgreSQL's parser, as the simple protocol sends them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ParserBench {
  @Param({
    "SELECT abalance FROM pgbench_accounts WHERE aid = 4711",
    "UPDATE pgbench_accounts SET abalance = abalance + 42 WHERE aid = 4711",
    "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)"
        + " VALUES (7, 1, 4711, 42, CURRENT_TIMESTAMP)"
  })
  public String statement = "";

  private final ExecutorService threads =
      Executors.newSingleThreadExecutor(
          work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
  private final SqlParser parser = new SqlParser(NativeParser.locate(), threads);
  private int number;

  @Setup
  public void warmUp() {
    parser.parse("SELECT 1");
  }

  @TearDown
  public void stop() {
    threads.shutdownNow();
  }

  /** A text that was never seen before. */
  @Benchmark
  public List<ParsedStatement> parseNew() {
    return parser.parse(statement + " -- " + number++);
  }
}
