package io.shardforge.sql.exec;

import static io.shardforge.sql.exec.Plans.INT4;
import static io.shardforge.sql.exec.Plans.INT8;
import static io.shardforge.sql.exec.Plans.TEXT;
import static io.shardforge.sql.exec.Plans.col;
import static io.shardforge.sql.exec.Plans.lt;
import static io.shardforge.sql.exec.Plans.plus;
import static io.shardforge.sql.exec.Plans.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages aggregated where they are read come to the same groups, in the same order. */
class PartialAggregationTest {
  private static final int ROWS = 3000;
  private static final SqlType NUMERIC = SqlType.of(PgOid.NUMERIC);

  private static final int COUNT_STAR = 2803;
  private static final int AVG_INT4 = 2101;
  private static final int SUM_INT4 = 2108;
  private static final int MIN_TEXT = 2145;
  private static final int MAX_INT4 = 2116;

  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private final TableDescriptor table = Plans.table();

  @TempDir private Path directory;
  private Bench bench;

  @BeforeEach
  void fill() {
    bench = new Bench(directory);
    Random random = new Random(3);
    @Nullable Object[][] rows = new @Nullable Object[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      Object group = random.nextInt(20) == 0 ? null : (long) random.nextInt(1 + i / 10);
      rows[i] = Plans.row(i, "name" + i, group);
    }
    bench.run(Plans.insert(table, Plans.values(Plans.types(table), rows), null, null));
    bench.scanWorkers = threads;
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private PlanNode scan(@Nullable Expression filter) {
    return Plans.scan(table, 1, List.of(), filter, null);
  }

  /** The same rows, of which no page is aggregated. */
  private static PlanNode opaque(PlanNode input) {
    return new PlanNode.Filter(input, value(Plans.BOOL, true), Estimate.UNKNOWN);
  }

  private static AggregateCall call(
      int oid, SqlType type, @Nullable Expression filter, Expression... arguments) {
    return new AggregateCall(oid, List.of(arguments), false, filter, List.of(), type);
  }

  private static PlanNode aggregate(PlanNode input, List<Integer> groups, AggregateCall... calls) {
    List<SqlType> types = new ArrayList<>();
    groups.forEach(column -> types.add(input.types().get(column)));
    for (AggregateCall call : calls) {
      types.add(call.type());
    }
    return new PlanNode.Aggregate(input, groups, List.of(calls), types, Estimate.UNKNOWN);
  }

  private static PlanNode figures(PlanNode input, Integer... groups) {
    return aggregate(
        input,
        List.of(groups),
        call(COUNT_STAR, INT8, null),
        call(SUM_INT4, INT8, null, col(INT4, 0)),
        call(AVG_INT4, NUMERIC, lt(col(INT4, 2), value(INT4, 50L)), col(INT4, 2)),
        call(MIN_TEXT, TEXT, null, col(TEXT, 1)),
        call(MAX_INT4, INT4, null, plus(col(INT4, 0), value(INT4, 1L))));
  }

  @Test
  void groupsAreTheSameInTheSameOrder() {
    Expression some = lt(col(INT4, 0), value(INT4, 2000L));
    Expression none = lt(col(INT4, 0), value(INT4, 0L));
    for (@Nullable Expression filter : Arrays.asList(null, some, none)) {
      assertThat(bench.run(figures(scan(filter))))
          .isEqualTo(bench.run(figures(opaque(scan(filter)))));
      assertThat(bench.run(figures(scan(filter), 2)))
          .isEqualTo(bench.run(figures(opaque(scan(filter)), 2)));
      assertThat(bench.run(figures(scan(filter), 1, 2)))
          .isEqualTo(bench.run(figures(opaque(scan(filter)), 1, 2)));
    }
  }

  @Test
  void computedColumnsAreGroupedBy() {
    List<SqlType> types = List.of(INT4, TEXT, INT4);
    PlanNode direct = project(scan(null), types);
    assertThat(bench.run(figures(direct, 2)))
        .isEqualTo(bench.run(figures(opaque(project(scan(null), types)), 2)))
        .hasSizeGreaterThan(100);
  }

  private static PlanNode project(PlanNode input, List<SqlType> types) {
    return new PlanNode.Project(
        input,
        List.of(col(INT4, 0), col(TEXT, 1), plus(col(INT4, 2), col(INT4, 2))),
        types,
        Estimate.UNKNOWN);
  }

  @Test
  void pagesAreTakenWithoutTheirRows() {
    bench.scanWorkers = Runnable::run;
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    try (Execution execution = bench.execution(txn)) {
      PlanNode.Aggregate node = (PlanNode.Aggregate) figures(scan(null), 2);
      PartialAggregation partial = Objects.requireNonNull(PartialAggregation.of(node, execution));
      long[] taken = {0};
      partial.into(groups -> {
        taken[0] += groups.rows();
        return true;
      });
      long rows = 0;
      try (Operator operator =
          new IndexScanOperator((PlanNode.IndexScan) node.input(), execution, 0, partial, null)) {
        operator.open();
        RowBatch batch;
        while ((batch = operator.next()) != null) {
          rows += batch.size();
        }
      }
      assertThat(rows + taken[0]).isEqualTo(ROWS);
      assertThat(rows).isLessThan(ROWS / 100);
    }
  }

  @Test
  void whatFindsNoRoomIsSetAside() {
    PlanNode plan = figures(scan(null), 1, 2);
    List<String> expected = bench.run(plan);
    bench.statementBytes = 100_000;
    assertThat(bench.run(plan)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(bench.pool.usedBytes()).isZero();
    assertThat(bench.spill.usedBytes()).isZero();
  }

  @Test
  void errorsAreThoseOfTheRows() {
    Expression overflowing = plus(col(INT4, 0), value(INT4, Integer.MAX_VALUE - 2000L));
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() ->
            bench.run(aggregate(scan(null), List.of(2), call(SUM_INT4, INT8, null, overflowing))))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE));
    assertThat(bench.pool.usedBytes()).isZero();
  }

  @Test
  void busyWorkersHoldNobodyUp() {
    List<String> expected = bench.run(figures(scan(null), 2));
    bench.scanWorkers =
        _ -> {
          throw new RejectedExecutionException();
        };
    assertThat(bench.run(figures(scan(null), 2))).isEqualTo(expected);
    bench.scanWorkers = _ -> {};
    assertThat(bench.run(figures(scan(null), 2))).isEqualTo(expected);
  }

  @Test
  void roundedSumsAreLeftToOneThread() {
    Execution execution = bench.execution(new SimpleTxn(bench.kv, Isolation.READ_COMMITTED));
    SqlType float8 = SqlType.of(PgOid.FLOAT8);
    Expression asDouble = FunctionRegistry.call(316, List.of(col(INT4, 0)), float8);
    PlanNode.Aggregate sum =
        (PlanNode.Aggregate) aggregate(scan(null), List.of(), call(2111, float8, null, asDouble));
    assertThat(PartialAggregation.of(sum, execution)).isNull();
    execution.close();
  }
}
