package io.shardforge.sql.exec;

import static io.shardforge.sql.exec.Plans.INT4;
import static io.shardforge.sql.exec.Plans.INT8;
import static io.shardforge.sql.exec.Plans.col;
import static io.shardforge.sql.exec.Plans.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.FrameShape;
import io.shardforge.sql.function.FrameShape.Edge;
import io.shardforge.sql.function.FrameShape.Exclusion;
import io.shardforge.sql.function.FrameShape.Mode;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.plan.PlanNode.SortKey;
import io.shardforge.sql.plan.PlanNode.WindowCall;
import io.shardforge.sql.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Window calls within little memory: spilled partitions, and rows that are let go. */
class WindowTest {
  private static final int SERIES_INT4 = 1067;
  private static final int SUM_INT4 = 2108;
  private static final int ROW_NUMBER = 3100;
  private static final int LAG_OFFSET = 3107;
  private static final int ROWS = 20_000;

  @TempDir private Path directory;

  private static PlanNode window(WindowCall... calls) {
    PlanNode input =
        PlanNode.FunctionScan.of(
            new PlanNode.FunctionCall(
                SERIES_INT4, List.of(value(INT4, 1L), value(INT4, (long) ROWS)), List.of(INT4)),
            Estimate.UNKNOWN);
    List<SqlType> types = new ArrayList<>(List.of(INT4));
    for (WindowCall call : calls) {
      types.add(call.type());
    }
    return new PlanNode.Window(
        input,
        List.of(),
        List.of(new SortKey(0, false, false)),
        List.of(calls),
        types,
        Estimate.UNKNOWN);
  }

  private static WindowCall call(
      int function,
      boolean aggregate,
      SqlType type,
      FrameShape frame,
      @Nullable Expression start,
      @Nullable Expression end,
      Expression... arguments) {
    return new WindowCall(function, aggregate, List.of(arguments), null, frame, start, end, type);
  }

  @Test
  void spilledPartitionsAreReadAtAnyPlace() {
    FrameShape around =
        new FrameShape(
            Mode.ROWS, Edge.OFFSET_PRECEDING, Edge.OFFSET_FOLLOWING, Exclusion.CURRENT_ROW);
    PlanNode plan =
        window(
            call(SUM_INT4, true, INT8, around, value(INT8, 2L), value(INT8, 1L), col(INT4, 0)),
            call(
                LAG_OFFSET,
                false,
                INT4,
                FrameShape.DEFAULT,
                null,
                null,
                col(INT4, 0),
                value(INT4, 5000L)));
    Bench bench = new Bench(directory);
    List<String> inMemory = bench.run(plan);
    assertThat(inMemory).hasSize(ROWS).contains("10000|29998|5000", "1|2|null");
    bench.statementBytes = 200_000;
    assertThat(bench.run(plan)).isEqualTo(inMemory);
    assertThat(bench.pool.usedBytes()).isZero();
    assertThat(bench.spill.usedBytes()).isZero();
  }

  @Test
  void runningTotalsNeedNoSpill() {
    PlanNode plan =
        window(
            call(ROW_NUMBER, false, INT8, FrameShape.DEFAULT, null, null),
            call(SUM_INT4, true, INT8, FrameShape.DEFAULT, null, null, col(INT4, 0)));
    Bench bench = new Bench(directory);
    bench.statementBytes = 400_000;
    assertThat(bench.run(plan)).hasSize(ROWS).endsWith("20000|20000|200010000");
    assertThat(bench.spill.newFile()).hasFileName("1.spill");
  }
}
