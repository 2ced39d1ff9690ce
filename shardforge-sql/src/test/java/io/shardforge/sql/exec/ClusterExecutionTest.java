package io.shardforge.sql.exec;

import static io.shardforge.sql.exec.Plans.INT4;
import static io.shardforge.sql.exec.Plans.INT8;
import static io.shardforge.sql.exec.Plans.TEXT;
import static io.shardforge.sql.exec.Plans.col;
import static io.shardforge.sql.exec.Plans.eq;
import static io.shardforge.sql.exec.Plans.equal;
import static io.shardforge.sql.exec.Plans.lookup;
import static io.shardforge.sql.exec.Plans.param;
import static io.shardforge.sql.exec.Plans.plus;
import static io.shardforge.sql.exec.Plans.row;
import static io.shardforge.sql.exec.Plans.scan;
import static io.shardforge.sql.exec.Plans.types;
import static io.shardforge.sql.exec.Plans.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.plan.PlanNode.OnConflict;
import io.shardforge.sql.plan.PlanNode.RowLock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executor on the real transactions of a cluster in one process. */
class ClusterExecutionTest {
  private static final int COUNT_STAR = 2803;
  private static final int SUM_INT4 = 2108;

  private final TableDescriptor table = Plans.table();
  private final LocalCluster cluster = LocalCluster.start(3, new SystemClock());
  @TempDir private Path directory;
  private Bench bench = new Bench(Path.of(System.getProperty("java.io.tmpdir"), "unused"));

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private Txn begin(Isolation isolation) {
    Txn txn = cluster.transactions().begin(isolation, false);
    txn.beginStatement(Deadline.never(), Duration.ZERO);
    return txn;
  }

  /** Runs a statement as a session does: again when it must, then commits. */
  private List<String> run(PlanNode plan) {
    Txn txn = begin(Isolation.READ_COMMITTED);
    try {
      while (true) {
        try {
          List<String> rows = bench.run(plan, txn);
          txn.commit();
          return rows;
        } catch (StatementRestart e) {
          txn.restartStatement();
        }
      }
    } finally {
      txn.rollback();
    }
  }

  private PlanNode numbers(int from, int to) {
    PlanNode series =
        PlanNode.FunctionScan.of(
            new PlanNode.FunctionCall(
                1067, List.of(value(INT4, (long) from), value(INT4, (long) to)), List.of(INT4)),
            Estimate.UNKNOWN);
    return new PlanNode.Project(
        series,
        List.of(col(INT4, 0), value(TEXT, null), col(INT4, 0)),
        types(table),
        Estimate.UNKNOWN);
  }

  private PlanNode totals() {
    return new PlanNode.Aggregate(
        scan(table, 1, List.of(), null, null),
        List.of(),
        List.of(
            new AggregateCall(COUNT_STAR, List.of(), false, null, List.of(), INT8),
            new AggregateCall(SUM_INT4, List.of(col(INT4, 2)), false, null, List.of(), INT8)),
        List.of(INT8, INT8),
        Estimate.UNKNOWN);
  }

  @Test
  void manyRowsAreInsertedUpdatedAndDeleted() {
    run(Plans.insert(table, numbers(1, 5_000), null, null));
    assertThat(bench.affected).isEqualTo(5_000);
    assertThat(run(totals())).containsExactly("5000|12502500");
    run(
        Plans.update(
            table,
            scan(table, 1, List.of(), null, RowLock.UPDATE),
            List.of(plus(col(INT4, 0), value(INT4, 1L)), col(TEXT, 1), value(INT4, 1L)),
            null));
    assertThat(run(totals())).containsExactly("5000|5000");
    assertThat(run(scan(table, 3, List.of(equal(value(INT4, 1L))), null, null))).hasSize(5_000);
    assertThat(bench.with(1).affected).isZero();
    assertThat(
            bench
                .with(5_001)
                .run(lookup(table, 1, null, null, param(INT4, 1)), begin(Isolation.READ_COMMITTED)))
        .containsExactly("5001|null|1");
    run(Plans.delete(table, scan(table, 1, List.of(), null, RowLock.UPDATE)));
    assertThat(bench.affected).isEqualTo(5_000);
    assertThat(run(totals())).containsExactly("0|null");
    assertThat(run(scan(table, 3, List.of(), null, null))).isEmpty();
  }

  @Test
  void duplicatesAreFoundAcrossTransactionsAndWithinOne() {
    PlanNode one = Plans.insert(table, Plans.values(types(table), row(1, "one", 1)), null, null);
    run(one);
    assertDuplicate(one, "Key (id)=(1) already exists.");
    assertDuplicate(
        Plans.insert(table, Plans.values(types(table), row(2, "one", 1)), null, null),
        "Key (name)=(one) already exists.");
    assertDuplicate(
        Plans.insert(table, Plans.values(types(table), row(3, "x", 1), row(3, "y", 1)), null, null),
        "Key (id)=(3) already exists.");
    assertThat(run(totals())).containsExactly("1|1");
  }

  private void assertDuplicate(PlanNode plan, String detail) {
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> run(plan))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION);
          assertThat(e.detail()).isEqualTo(detail);
        });
  }

  @Test
  void aRowGivesUpItsKeysToAnother() {
    run(
        Plans.insert(
            table, Plans.values(types(table), row(1, "a", 1), row(2, "b", 2)), null, null));
    // One statement deletes and a later one of the same transaction inserts the key again.
    Txn txn = begin(Isolation.READ_COMMITTED);
    bench.run(Plans.delete(table, lookup(table, 1, null, RowLock.UPDATE, value(INT4, 1L))), txn);
    txn.beginStatement(Deadline.never(), Duration.ZERO);
    bench.run(Plans.insert(table, Plans.values(types(table), row(1, "a", 7)), null, null), txn);
    txn.commit();
    assertThat(run(scan(table, 1, List.of(), null, null))).containsExactly("1|a|7", "2|b|2");
    assertThat(
            bench
                .with("a")
                .run(lookup(table, 2, null, null, param(TEXT, 1)), begin(Isolation.READ_COMMITTED)))
        .containsExactly("1|a|7");
  }

  @Test
  void upsertsCount() {
    List<Expression> assignments =
        List.of(col(INT4, 0), col(TEXT, 1), plus(col(INT4, 2), col(INT4, 5)));
    PlanNode upsert =
        Plans.insert(
            table,
            Plans.values(types(table), row(1, null, 1)),
            new OnConflict(List.of(table.primaryIndex()), assignments, null),
            List.of(col(INT4, 2)));
    for (int i = 1; i <= 5; i++) {
      assertThat(run(upsert)).containsExactly(String.valueOf(i));
    }
  }

  @Test
  void aScanSeesAConcurrentChangeByRunningAgain() {
    run(
        Plans.insert(
            table, Plans.values(types(table), row(1, null, 1), row(2, null, 1)), null, null));
    PlanNode scan = scan(table, 1, List.of(), eq(col(INT4, 2), value(INT4, 1L)), RowLock.UPDATE);
    Txn txn = begin(Isolation.READ_COMMITTED);
    PlanNode change =
        Plans.update(
            table,
            lookup(table, 1, null, RowLock.NO_KEY_UPDATE, value(INT4, 1L)),
            List.of(col(INT4, 0), col(TEXT, 1), value(INT4, 9L)),
            null);
    run(change);
    assertThatExceptionOfType(StatementRestart.class).isThrownBy(() -> bench.run(scan, txn));
    txn.restartStatement();
    assertThat(bench.run(scan, txn)).containsExactly("2|null|1");
    txn.rollback();
    Txn snapshot = begin(Isolation.REPEATABLE_READ);
    assertThat(bench.run(totals(), snapshot)).containsExactly("2|10");
    run(change);
    assertThatExceptionOfType(KvException.class).isThrownBy(() -> bench.run(change, snapshot));
    snapshot.rollback();
  }
}
