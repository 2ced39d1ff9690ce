package io.shardforge.sql.exec;

import static io.shardforge.sql.exec.Plans.INT4;
import static io.shardforge.sql.exec.Plans.INT8;
import static io.shardforge.sql.exec.Plans.TEXT;
import static io.shardforge.sql.exec.Plans.col;
import static io.shardforge.sql.exec.Plans.eq;
import static io.shardforge.sql.exec.Plans.lt;
import static io.shardforge.sql.exec.Plans.row;
import static io.shardforge.sql.exec.Plans.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.OuterRef;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.plan.PlanNode.Cte;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.plan.PlanNode.JoinKind;
import io.shardforge.sql.plan.PlanNode.SetOperation;
import io.shardforge.sql.plan.PlanNode.SortKey;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reads: joins, groups, sorts, sets, CTEs, subqueries; in memory and spilled. */
class QueryTest {
  private static final List<SqlType> PAIR = List.of(INT4, TEXT);
  private static final List<SqlType> TWO_PAIRS = List.of(INT4, TEXT, INT4, TEXT);
  private static final int SERIES_INT4 = 1067;
  private static final int SUM_INT4 = 2108;
  private static final int COUNT_STAR = 2803;
  private static final int STRING_AGG = 3538;

  @TempDir private Path directory;
  private Bench bench = new Bench(Path.of(System.getProperty("java.io.tmpdir"), "unused"));

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    assertThat(bench.pool.usedBytes()).isZero();
    assertThat(bench.spill.usedBytes()).isZero();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private static PlanNode pairs(@Nullable Object[]... rows) {
    return Plans.values(PAIR, rows);
  }

  private static PlanNode series(long from, long to) {
    return PlanNode.FunctionScan.of(
        new PlanNode.FunctionCall(
            SERIES_INT4, List.of(value(INT4, from), value(INT4, to)), List.of(INT4)),
        Estimate.UNKNOWN);
  }

  private List<String> sorted(PlanNode plan) {
    List<String> rows = new ArrayList<>(bench.run(plan));
    Collections.sort(rows);
    return rows;
  }

  private static List<SqlType> joinTypes(JoinKind kind) {
    return kind == JoinKind.SEMI || kind == JoinKind.ANTI ? PAIR : TWO_PAIRS;
  }

  @ParameterizedTest
  @EnumSource(JoinKind.class)
  void hashAndNestedLoopJoinsAgree(JoinKind kind) {
    PlanNode left =
        pairs(row(1, "a"), row(2, "b"), row(2, "c"), row(3, "d"), row(null, "e"), row(5, "f"));
    PlanNode right = pairs(row(2, "x"), row(2, "y"), row(3, "z"), row(4, "v"), row(null, "w"));
    Expression residual = lt(value(INT4, 0L), value(INT4, 1L));
    List<String> hashed =
        sorted(
            new PlanNode.HashJoin(
                left,
                right,
                kind,
                List.of(col(INT4, 0)),
                List.of(col(INT4, 0)),
                residual,
                false,
                joinTypes(kind),
                Estimate.UNKNOWN));
    List<String> nested =
        sorted(
            new PlanNode.NestedLoopJoin(
                left,
                right,
                kind,
                eq(col(INT4, 0), col(INT4, 2)),
                joinTypes(kind),
                Estimate.UNKNOWN));
    assertThat(hashed).isEqualTo(nested);
    assertThat(hashed)
        .isEqualTo(
            switch (kind) {
              case INNER -> List.of("2|b|2|x", "2|b|2|y", "2|c|2|x", "2|c|2|y", "3|d|3|z");
              case LEFT ->
                  List.of(
                      "1|a|null|null",
                      "2|b|2|x",
                      "2|b|2|y",
                      "2|c|2|x",
                      "2|c|2|y",
                      "3|d|3|z",
                      "5|f|null|null",
                      "null|e|null|null");
              case RIGHT ->
                  List.of(
                      "2|b|2|x",
                      "2|b|2|y",
                      "2|c|2|x",
                      "2|c|2|y",
                      "3|d|3|z",
                      "null|null|4|v",
                      "null|null|null|w");
              case FULL ->
                  List.of(
                      "1|a|null|null",
                      "2|b|2|x",
                      "2|b|2|y",
                      "2|c|2|x",
                      "2|c|2|y",
                      "3|d|3|z",
                      "5|f|null|null",
                      "null|e|null|null",
                      "null|null|4|v",
                      "null|null|null|w");
              case SEMI -> List.of("2|b", "2|c", "3|d");
              case ANTI -> List.of("1|a", "5|f", "null|e");
            });
  }

  @ParameterizedTest
  @EnumSource(JoinKind.class)
  void spilledHashJoinsGiveTheSameRows(JoinKind kind) {
    PlanNode left = numbered(1, 6_000);
    PlanNode right = numbered(3_000, 9_000);
    PlanNode join =
        new PlanNode.HashJoin(
            left,
            right,
            kind,
            List.of(col(INT4, 0)),
            List.of(col(INT4, 0)),
            null,
            false,
            joinTypes(kind),
            Estimate.UNKNOWN);
    List<String> inMemory = sorted(join);
    bench.statementBytes = 300_000;
    assertThat(sorted(join)).isEqualTo(inMemory);
  }

  /** Numbers with a text each. */
  private static PlanNode numbered(long from, long to) {
    return new PlanNode.Project(
        series(from, to),
        List.of(col(INT4, 0), value(TEXT, "some text to fill the memory with")),
        PAIR,
        Estimate.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void notInKnowsNulls(boolean rightHasNull) {
    PlanNode left = pairs(row(1, "a"), row(2, "b"), row(null, "c"));
    PlanNode right = rightHasNull ? pairs(row(2, "x"), row(null, "y")) : pairs(row(2, "x"));
    PlanNode join =
        new PlanNode.HashJoin(
            left,
            right,
            JoinKind.ANTI,
            List.of(col(INT4, 0)),
            List.of(col(INT4, 0)),
            null,
            true,
            PAIR,
            Estimate.UNKNOWN);
    assertThat(bench.run(join)).isEqualTo(rightHasNull ? List.of() : List.of("1|a"));
    PlanNode againstNone =
        new PlanNode.HashJoin(
            left,
            new PlanNode.Filter(right, value(Plans.BOOL, false), Estimate.UNKNOWN),
            JoinKind.ANTI,
            List.of(col(INT4, 0)),
            List.of(col(INT4, 0)),
            null,
            true,
            PAIR,
            Estimate.UNKNOWN);
    assertThat(bench.run(againstNone)).containsExactly("1|a", "2|b", "null|c");
  }

  @Test
  void sortsInMemoryAsHeapAndSpilled() {
    PlanNode input = numbered(1, 20_000);
    List<SortKey> keys = List.of(new SortKey(0, true, false));
    PlanNode all = new PlanNode.Sort(input, keys, null, Estimate.UNKNOWN);
    List<String> inMemory = bench.run(all);
    assertThat(inMemory).hasSize(20_000).startsWith("20000|some text to fill the memory with");
    PlanNode heap = new PlanNode.Sort(input, keys, value(INT8, 5L), Estimate.UNKNOWN);
    assertThat(bench.run(heap)).isEqualTo(inMemory.subList(0, 5));
    bench.statementBytes = 200_000;
    assertThat(bench.run(all)).isEqualTo(inMemory);
  }

  @Test
  void nothingSpillsToADiskWithLittleSpace() {
    PlanNode all =
        new PlanNode.Sort(
            numbered(1, 20_000), List.of(new SortKey(0, true, false)), null, Estimate.UNKNOWN);
    bench.statementBytes = 200_000;
    bench.diskIsLow = true;
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(all))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
  }

  @Test
  void nullsSortWhereTheyAreTold() {
    PlanNode input = pairs(row(2, "b"), row(null, "n"), row(1, "a"));
    assertThat(
            bench.run(
                new PlanNode.Sort(
                    input, List.of(new SortKey(0, false, false)), null, Estimate.UNKNOWN)))
        .containsExactly("1|a", "2|b", "null|n");
    assertThat(
            bench.run(
                new PlanNode.Sort(
                    input, List.of(new SortKey(0, true, true)), null, Estimate.UNKNOWN)))
        .containsExactly("null|n", "2|b", "1|a");
  }

  @Test
  void groupsInMemoryAndSpilled() {
    PlanNode input = numbered(1, 10_000);
    AggregateCall count = call(COUNT_STAR, INT8);
    AggregateCall sum = call(SUM_INT4, INT8, col(INT4, 0));
    for (int column = 0; column < 2; column++) {
      PlanNode plan =
          new PlanNode.Aggregate(
              input,
              List.of(column),
              List.of(count, sum),
              List.of(PAIR.get(column), INT8, INT8),
              Estimate.UNKNOWN);
      List<String> inMemory = sorted(plan);
      assertThat(inMemory).hasSize(column == 0 ? 10_000 : 1);
      bench.statementBytes = 200_000;
      assertThat(sorted(plan)).isEqualTo(inMemory);
      bench.statementBytes = Bench.MEMORY_BYTES;
    }
    PlanNode total =
        new PlanNode.Aggregate(
            input, List.of(), List.of(count, sum), List.of(INT8, INT8), Estimate.UNKNOWN);
    assertThat(bench.run(total)).containsExactly("10000|50005000");
  }

  private static AggregateCall call(int oid, SqlType type, Expression... arguments) {
    return new AggregateCall(oid, List.of(arguments), false, null, List.of(), type);
  }

  @Test
  void aggregatesWithoutRowsGiveOneRowAndGroupsNone() {
    PlanNode none =
        new PlanNode.Filter(pairs(row(1, "a")), value(Plans.BOOL, false), Estimate.UNKNOWN);
    List<AggregateCall> calls = List.of(call(COUNT_STAR, INT8), call(SUM_INT4, INT8, col(INT4, 0)));
    assertThat(
            bench.run(
                new PlanNode.Aggregate(
                    none, List.of(), calls, List.of(INT8, INT8), Estimate.UNKNOWN)))
        .containsExactly("0|null");
    assertThat(
            bench.run(
                new PlanNode.Aggregate(
                    none, List.of(0), calls, List.of(INT4, INT8, INT8), Estimate.UNKNOWN)))
        .isEmpty();
  }

  @Test
  void aggregatesTakeDistinctFilterAndOrder() {
    PlanNode input =
        pairs(row(1, "b"), row(1, "a"), row(1, "b"), row(2, "c"), row(null, "d"), row(null, "d"));
    Expression comma = value(TEXT, ",");
    AggregateCall ordered =
        new AggregateCall(
            STRING_AGG,
            List.of(col(TEXT, 1), comma),
            false,
            null,
            List.of(new SortKey(1, true, true)),
            TEXT);
    AggregateCall distinct =
        new AggregateCall(STRING_AGG, List.of(col(TEXT, 1), comma), true, null, List.of(), TEXT);
    AggregateCall filtered =
        new AggregateCall(
            COUNT_STAR, List.of(), false, eq(col(INT4, 0), value(INT4, 1L)), List.of(), INT8);
    PlanNode plan =
        new PlanNode.Aggregate(
            input,
            List.of(0),
            List.of(ordered, distinct, filtered),
            List.of(INT4, TEXT, TEXT, INT8),
            Estimate.UNKNOWN);
    assertThat(bench.run(plan)).containsExactly("1|b,b,a|a,b|3", "2|c|c|0", "null|d,d|d|0");
  }

  @Test
  void setOperationsCountRows() {
    PlanNode a = pairs(row(1, "a"), row(1, "a"), row(1, "a"), row(2, "b"), row(null, null));
    PlanNode b = pairs(row(1, "a"), row(1, "a"), row(3, "c"), row(null, null));
    assertThat(sorted(set(SetOperation.Kind.UNION, false, a, b)))
        .containsExactly("1|a", "2|b", "3|c", "null|null");
    assertThat(bench.run(set(SetOperation.Kind.UNION, true, a, b))).hasSize(9);
    assertThat(sorted(set(SetOperation.Kind.INTERSECT, false, a, b)))
        .containsExactly("1|a", "null|null");
    assertThat(sorted(set(SetOperation.Kind.INTERSECT, true, a, b)))
        .containsExactly("1|a", "1|a", "null|null");
    assertThat(sorted(set(SetOperation.Kind.EXCEPT, false, a, b))).containsExactly("2|b");
    assertThat(sorted(set(SetOperation.Kind.EXCEPT, true, a, b))).containsExactly("1|a", "2|b");
  }

  private static PlanNode set(SetOperation.Kind kind, boolean all, PlanNode... inputs) {
    return new SetOperation(kind, all, List.of(inputs), PAIR, Estimate.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(SetOperation.Kind.class)
  void spilledSetOperationsGiveTheSameRows(SetOperation.Kind kind) {
    PlanNode plan = set(kind, false, numbered(1, 6_000), numbered(3_000, 9_000));
    List<String> inMemory = sorted(plan);
    bench.statementBytes = 300_000;
    assertThat(sorted(plan)).isEqualTo(inMemory);
    assertThat(inMemory)
        .hasSize(
            switch (kind) {
              case UNION -> 9_000;
              case INTERSECT -> 3_001;
              case EXCEPT -> 2_999;
            });
  }

  @Test
  void limitAndOffsetCutAcrossBatches() {
    PlanNode input = series(1, 5_000);
    assertThat(bench.run(limit(input, 3L, 1_023L))).containsExactly("1024", "1025", "1026");
    assertThat(bench.run(limit(input, null, 4_999L))).containsExactly("5000");
    assertThat(bench.run(limit(input, 0L, null))).isEmpty();
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(limit(input, -1L, null)))
        .satisfies(
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE));
  }

  private static PlanNode limit(PlanNode input, @Nullable Long limit, @Nullable Long offset) {
    return new PlanNode.Limit(
        input, value(INT8, limit), value(INT8, offset), List.of(), Estimate.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recursionEndsWhenThereIsNothingNew(boolean unionAll) {
    PlanNode scan = new PlanNode.CteScan(0, "r", false, List.of(INT4), Estimate.UNKNOWN);
    PlanNode last = new PlanNode.CteScan(0, "r", true, List.of(INT4), Estimate.UNKNOWN);
    PlanNode step =
        new PlanNode.Project(
            new PlanNode.Filter(last, lt(col(INT4, 0), value(INT4, 5L)), Estimate.UNKNOWN),
            List.of(Plans.plus(col(INT4, 0), value(INT4, 1L))),
            List.of(INT4),
            Estimate.UNKNOWN);
    Cte cte = new Cte(0, "r", Plans.values(List.of(INT4), row(1)), step, unionAll);
    assertThat(bench.run(new PlanNode.With(List.of(cte), scan, Estimate.UNKNOWN)))
        .containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void correlatedPlansSeeTheirOuterRow() {
    PlanNode left = pairs(row(1, "a"), row(2, "b"), row(0, "z"));
    PlanNode right =
        PlanNode.FunctionScan.of(
            new PlanNode.FunctionCall(
                SERIES_INT4, List.of(value(INT4, 1L), new OuterRef(INT4, 3, 0)), List.of(INT4)),
            Estimate.UNKNOWN);
    PlanNode lateral =
        new PlanNode.Correlate(
            left, right, 3, JoinKind.LEFT, List.of(INT4, TEXT, INT4), Estimate.UNKNOWN);
    assertThat(bench.run(lateral)).containsExactly("1|a|1", "2|b|1", "2|b|2", "0|z|null");
  }

  @Test
  void subqueriesRunOncePerOuterRowOrOnceAtAll() {
    TableDescriptor table = Plans.table();
    bench.run(
        Plans.insert(
            table,
            Plans.values(Plans.types(table), row(1, "one", 10), row(2, "two", 20)),
            null,
            null));
    PlanNode inner = Plans.scan(table, 1, List.of(), null, null);
    PlanNode count =
        new PlanNode.Aggregate(
            inner, List.of(), List.of(call(COUNT_STAR, INT8)), List.of(INT8), Estimate.UNKNOWN);
    Expression uncorrelated =
        new SubPlan(
            INT8, SubPlan.Kind.SCALAR, count, SubPlan.UNCORRELATED, List.of(), List.of(), false);
    PlanNode matching =
        Plans.scan(table, 1, List.of(), eq(col(INT4, 0), new OuterRef(INT4, 7, 0)), null);
    Expression exists =
        new SubPlan(Plans.BOOL, SubPlan.Kind.EXISTS, matching, 7, List.of(), List.of(), false);
    PlanNode plan =
        new PlanNode.Project(
            pairs(row(1, "a"), row(5, "b"), row(2, "c")),
            List.of(col(INT4, 0), uncorrelated, exists),
            List.of(INT4, INT8, Plans.BOOL),
            Estimate.UNKNOWN);
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    assertThat(bench.run(plan, txn)).containsExactly("1|2|true", "5|2|false", "2|2|true");
    assertThat(txn.requests).isEqualTo(1 + 3);
    Expression scalarOfTwo =
        new SubPlan(
            INT4, SubPlan.Kind.SCALAR, inner, SubPlan.UNCORRELATED, List.of(), List.of(), false);
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(scalar(scalarOfTwo)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CARDINALITY_VIOLATION));
  }

  private static PlanNode scalar(Expression expression) {
    return new PlanNode.Values(
        List.of(List.of(expression)), List.of(expression.type()), Estimate.UNKNOWN);
  }

  @Test
  void whatCannotSpillFailsWithinItsBudget() {
    bench.statementBytes = 100_000;
    AggregateCall collect =
        new AggregateCall(
            STRING_AGG,
            List.of(col(TEXT, 1), value(TEXT, ",")),
            false,
            null,
            List.of(new SortKey(0, false, false)),
            TEXT);
    PlanNode plan =
        new PlanNode.Aggregate(
            numbered(1, 20_000), List.of(), List.of(collect), List.of(TEXT), Estimate.UNKNOWN);
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(plan))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
          assertThat(e.message()).isEqualTo("out of memory");
          assertThat(e.hint()).isNotNull();
        });
  }

  @Test
  void anInterruptCancels() {
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(ShardForgeException.class)
          .isThrownBy(() -> bench.run(series(1, 1_000_000)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_CANCELED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void instrumentationCountsRowsAndLoops() {
    PlanNode right =
        PlanNode.FunctionScan.of(
            new PlanNode.FunctionCall(
                SERIES_INT4, List.of(value(INT4, 1L), new OuterRef(INT4, 3, 0)), List.of(INT4)),
            Estimate.UNKNOWN);
    PlanNode plan =
        new PlanNode.Correlate(
            pairs(row(2, "a"), row(3, "b")),
            right,
            3,
            JoinKind.INNER,
            List.of(INT4, TEXT, INT4),
            Estimate.UNKNOWN);
    long[] ticks = new long[1];
    Instrumentation counters = new Instrumentation(() -> ticks[0]++);
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    try (Execution execution = bench.execution(txn)) {
      execution.instrument(counters);
      try (Operator operator = new ExecutablePlan(plan).operator(execution)) {
        operator.open();
        while (operator.next() != null) {
          assertThat(counters.actual(plan)).isNotNull();
        }
      }
    }
    Instrumentation.Actual actual = counters.actual(right);
    assertThat(actual).isNotNull();
    if (actual != null) {
      assertThat(actual.rows()).isEqualTo(5);
      assertThat(actual.loops()).isEqualTo(2);
      assertThat(actual.totalNanos()).isPositive();
    }
  }
}
