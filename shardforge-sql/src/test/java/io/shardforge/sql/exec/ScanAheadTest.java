package io.shardforge.sql.exec;

import static io.shardforge.sql.exec.Plans.INT4;
import static io.shardforge.sql.exec.Plans.col;
import static io.shardforge.sql.exec.Plans.eq;
import static io.shardforge.sql.exec.Plans.lt;
import static io.shardforge.sql.exec.Plans.plus;
import static io.shardforge.sql.exec.Plans.row;
import static io.shardforge.sql.exec.Plans.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.OuterRef;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.plan.PlanNode.JoinKind;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long scans, whoever reads their pages: the rows, their order and their errors are the same. */
class ScanAheadTest {
  /** Some forty pages of {@link SimpleTxn}. */
  private static final int ROWS = 300;

  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  /** What workers do with a page. */
  enum Workers {
    /** They read it at once. */
    EAGER,
    /** Nobody has time. */
    BUSY,
    /** They take it and never come to it. */
    STUCK,
    /** Other threads read it sooner or later. */
    THREADS
  }

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private Bench bench(Workers workers) {
    Executor executor =
        switch (workers) {
          case EAGER -> Runnable::run;
          case BUSY ->
              _ -> {
                throw new RejectedExecutionException();
              };
          case STUCK -> _ -> {};
          case THREADS -> threads;
        };
    Bench bench = new Bench(directory);
    bench.scanWorkers = executor;
    TableDescriptor table = Plans.table();
    @Nullable Object[][] rows = new @Nullable Object[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = row(i, "name" + i, i % 10);
    }
    bench.run(Plans.insert(table, Plans.values(Plans.types(table), rows), null, null));
    return bench;
  }

  private static String text(int id) {
    return id + "|name" + id + "|" + id % 10;
  }

  private static PlanNode scan(@Nullable Expression filter) {
    return Plans.scan(Plans.table(), 1, List.of(), filter, null);
  }

  @ParameterizedTest
  @EnumSource(Workers.class)
  void rowsComeInOrder(Workers workers) {
    Bench bench = bench(workers);
    assertThat(bench.run(scan(null)))
        .isEqualTo(IntStream.range(0, ROWS).mapToObj(ScanAheadTest::text).toList());
    assertThat(bench.run(scan(eq(col(INT4, 2), value(INT4, 3L)))))
        .isEqualTo(
            IntStream.range(0, ROWS)
                .filter(i -> i % 10 == 3)
                .mapToObj(ScanAheadTest::text)
                .toList());
    assertThat(bench.run(scan(lt(col(INT4, 0), value(INT4, 0L))))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Workers.class)
  void anErrorComesAfterTheRowsBeforeIt(Workers workers) {
    Bench bench = bench(workers);
    // Fails at row 200, where the sum leaves the range of the type.
    Expression overflowing =
        lt(plus(col(INT4, 0), value(INT4, Integer.MAX_VALUE - 199L)), value(INT4, 1L << 31));
    List<String> seen = new ArrayList<>();
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    try (Execution execution = bench.execution(txn);
        Operator operator = OperatorBuilder.build(scan(overflowing), execution)) {
      operator.open();
      assertThatExceptionOfType(ShardForgeException.class)
          .isThrownBy(() -> {
            RowBatch batch;
            while ((batch = operator.next()) != null) {
              for (int i = 0; i < batch.size(); i++) {
                seen.add(Bench.text(BatchBuilder.row(batch, i)));
              }
            }
          })
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE));
    }
    assertThat(seen).isEqualTo(IntStream.range(0, 200).mapToObj(ScanAheadTest::text).toList());
  }

  @ParameterizedTest
  @EnumSource(Workers.class)
  void whatNeedsTheStatementIsReadByItsThread(Workers workers) {
    Bench bench = bench(workers);
    PlanNode matching = scan(eq(col(INT4, 0), new OuterRef(INT4, 3, 0)));
    PlanNode lateral =
        new PlanNode.Correlate(
            Plans.values(List.of(INT4), row(250), row(5), row(-1)),
            matching,
            3,
            JoinKind.INNER,
            List.of(INT4, INT4, Plans.TEXT, INT4),
            Estimate.UNKNOWN);
    assertThat(bench.run(lateral)).containsExactly("250|" + text(250), "5|" + text(5));
  }
}
