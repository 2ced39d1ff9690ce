package io.shardforge.sql.exec;

import static io.shardforge.sql.exec.Plans.INT4;
import static io.shardforge.sql.exec.Plans.TEXT;
import static io.shardforge.sql.exec.Plans.col;
import static io.shardforge.sql.exec.Plans.delete;
import static io.shardforge.sql.exec.Plans.eq;
import static io.shardforge.sql.exec.Plans.equal;
import static io.shardforge.sql.exec.Plans.insert;
import static io.shardforge.sql.exec.Plans.lookup;
import static io.shardforge.sql.exec.Plans.lt;
import static io.shardforge.sql.exec.Plans.param;
import static io.shardforge.sql.exec.Plans.plus;
import static io.shardforge.sql.exec.Plans.row;
import static io.shardforge.sql.exec.Plans.scan;
import static io.shardforge.sql.exec.Plans.types;
import static io.shardforge.sql.exec.Plans.update;
import static io.shardforge.sql.exec.Plans.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.OuterRef;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.LockPolicy;
import io.shardforge.sql.plan.PlanNode.OnConflict;
import io.shardforge.sql.plan.PlanNode.RowLock;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** INSERT, UPDATE, DELETE and row locks, in row mode and in batches. */
class WriteTest {
  private final TableDescriptor table = Plans.table();
  @TempDir private Path directory;
  private Bench bench = new Bench(Path.of(System.getProperty("java.io.tmpdir"), "unused"));

  @BeforeEach
  void fill() {
    bench = new Bench(directory);
    bench.run(
        insert(
            table,
            Plans.values(
                types(table),
                row(1, "one", 10),
                row(2, "two", 20),
                row(3, null, 20),
                row(4, null, null)),
            null,
            null));
  }

  private List<String> rows() {
    return bench.run(scan(table, 1, List.of(), null, null));
  }

  private List<String> rowsByN(int n) {
    return bench.run(scan(table, 3, List.of(equal(value(INT4, (long) n))), null, null));
  }

  private PlanNode insertOne(@Nullable Object... values) {
    return insert(table, Plans.values(types(table), row(values)), null, List.of(col(INT4, 0)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void insertedRowsAreFoundByEveryIndex(boolean batches) {
    bench.batches = batches;
    assertThat(bench.run(insertOne(5, "five", 20))).containsExactly("5");
    assertThat(bench.affected).isEqualTo(1);
    assertThat(rows())
        .containsExactly("1|one|10", "2|two|20", "3|null|20", "4|null|null", "5|five|20");
    assertThat(rowsByN(20)).containsExactly("2|two|20", "3|null|20", "5|five|20");
    assertThat(bench.with("five").run(lookup(table, 2, null, null, param(TEXT, 1))))
        .containsExactly("5|five|20");
    assertThat(bench.with(5).run(lookup(table, 1, null, null, param(INT4, 1))))
        .containsExactly("5|five|20");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void duplicatesNameConstraintAndKey(boolean batches) {
    bench.batches = batches;
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(insertOne(1, "x", 1)))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION);
          assertThat(e.message())
              .isEqualTo("duplicate key value violates unique constraint \"t_pkey\"");
          assertThat(e.detail()).isEqualTo("Key (id)=(1) already exists.");
          assertThat(e.constraintName()).isEqualTo("t_pkey");
          assertThat(e.schemaName()).isEqualTo("public");
        });
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(insertOne(9, "two", 1)))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("Key (name)=(two) already exists."));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void constraintsAreJudged(boolean batches) {
    bench.batches = batches;
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(insertOne(null, "x", 1)))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.NOT_NULL_VIOLATION);
          assertThat(e.message())
              .isEqualTo(
                  "null value in column \"id\" of relation \"t\" violates not-null constraint");
          assertThat(e.detail()).isEqualTo("Failing row contains (null, x, 1).");
        });
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(insertOne(7, "x", 1_000_000)))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.CHECK_VIOLATION);
          assertThat(e.message())
              .isEqualTo("new row for relation \"t\" violates check constraint \"t_n_check\"");
        });
    assertThat(rows()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void updateKeepsIndexesInStep(boolean batches) {
    bench.batches = batches;
    PlanNode plan =
        update(
            table,
            lookup(table, 1, null, RowLock.NO_KEY_UPDATE, param(INT4, 1)),
            List.of(col(INT4, 0), col(TEXT, 1), plus(col(INT4, 2), value(INT4, 5L))),
            List.of(col(INT4, 2)));
    assertThat(bench.with(2).run(plan)).containsExactly("25");
    assertThat(bench.affected).isEqualTo(1);
    assertThat(rowsByN(20)).containsExactly("3|null|20");
    assertThat(rowsByN(25)).containsExactly("2|two|25");
    assertThat(bench.with(77).run(plan)).isEmpty();
    assertThat(bench.affected).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keysMayMoveThroughEachOther(boolean batches) {
    bench.batches = batches;
    PlanNode plan =
        update(
            table,
            scan(table, 1, List.of(), null, RowLock.UPDATE),
            List.of(plus(col(INT4, 0), value(INT4, 1L)), col(TEXT, 1), col(INT4, 2)),
            null);
    bench.run(plan);
    assertThat(bench.affected).isEqualTo(4);
    assertThat(rows()).containsExactly("2|one|10", "3|two|20", "4|null|20", "5|null|null");
    assertThat(rowsByN(20)).containsExactly("3|two|20", "4|null|20");
    assertThat(bench.with("one").run(lookup(table, 2, null, null, param(TEXT, 1))))
        .containsExactly("2|one|10");
    int entries = bench.kv.liveRows();
    assertThat(entries).isEqualTo(3 * 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void updateIntoAnotherRowsKeyIsADuplicate(boolean batches) {
    bench.batches = batches;
    PlanNode plan =
        update(
            table,
            lookup(table, 1, null, RowLock.UPDATE, param(INT4, 1)),
            List.of(value(INT4, 2L), col(TEXT, 1), col(INT4, 2)),
            null);
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.with(1).run(plan))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("Key (id)=(2) already exists."));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deleteRemovesRowAndEntries(boolean batches) {
    bench.batches = batches;
    bench.with(2).run(delete(table, lookup(table, 1, null, RowLock.UPDATE, param(INT4, 1))));
    assertThat(bench.affected).isEqualTo(1);
    assertThat(rows()).containsExactly("1|one|10", "3|null|20", "4|null|null");
    assertThat(bench.kv.liveRows()).isEqualTo(9);
    bench.run(delete(table, scan(table, 1, List.of(), null, RowLock.UPDATE)));
    assertThat(bench.affected).isEqualTo(3);
    assertThat(bench.kv.liveRows()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onConflictDoNothingLeavesRowsAlone(boolean batches) {
    bench.batches = batches;
    OnConflict nothing = new OnConflict(List.of(), null, null);
    PlanNode plan =
        insert(
            table,
            Plans.values(
                types(table), row(1, "x", 1), row(6, "two", 1), row(7, "y", 1), row(7, "z", 1)),
            nothing,
            List.of(col(INT4, 0), col(TEXT, 1)));
    assertThat(bench.run(plan)).containsExactly("7|y");
    assertThat(bench.affected).isEqualTo(1);
    PlanNode single = insert(table, Plans.values(types(table), row(1, "x", 1)), nothing, null);
    assertThat(bench.run(single)).isEmpty();
    assertThat(bench.affected).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onConflictDoUpdateSeesOldAndProposedRow(boolean batches) {
    bench.batches = batches;
    PlanNode single =
        insert(
            table,
            Plans.values(types(table), row(1, "new", 5)),
            upsert(1),
            List.of(col(INT4, 0), col(TEXT, 1), col(INT4, 2)));
    assertThat(bench.run(single)).containsExactly("1|one|15");
    assertThat(bench.affected).isEqualTo(1);
    PlanNode byName =
        insert(
            table,
            Plans.values(types(table), row(90, "two", 5)),
            upsert(2),
            List.of(col(INT4, 0), col(TEXT, 1), col(INT4, 2)));
    assertThat(bench.run(byName)).containsExactly("2|two|25");
    assertThat(rowsByN(25)).containsExactly("2|two|25");
    PlanNode twice =
        insert(table, Plans.values(types(table), row(8, "a", 5), row(8, "b", 5)), upsert(1), null);
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> bench.run(twice))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CARDINALITY_VIOLATION));
  }

  /** DO UPDATE SET n = t.n + excluded.n WHERE t.n < 100. */
  private OnConflict upsert(int index) {
    List<Expression> assignments =
        List.of(col(INT4, 0), col(TEXT, 1), plus(col(INT4, 2), col(INT4, 5)));
    return new OnConflict(
        List.of(table.indexes().get(index - 1)), assignments, lt(col(INT4, 2), value(INT4, 100L)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keyLookupsLockAndJudgeTheNewestVersion(boolean batches) {
    bench.batches = batches;
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    bench.run(
        update(
            table,
            lookup(table, 1, null, RowLock.NO_KEY_UPDATE, value(INT4, 1L)),
            List.of(col(INT4, 0), col(TEXT, 1), value(INT4, 100L)),
            null));
    PlanNode plus1 =
        update(
            table,
            lookup(table, 1, null, RowLock.NO_KEY_UPDATE, value(INT4, 1L)),
            List.of(col(INT4, 0), col(TEXT, 1), plus(col(INT4, 2), value(INT4, 1L))),
            List.of(col(INT4, 2)));
    assertThat(bench.run(plus1, txn)).containsExactly("101");
    txn.commit();
    SimpleTxn filtered = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    PlanNode ifSmall =
        update(
            table,
            lookup(
                table,
                1,
                lt(col(INT4, 2), value(INT4, 50L)),
                RowLock.NO_KEY_UPDATE,
                value(INT4, 1L)),
            List.of(col(INT4, 0), col(TEXT, 1), value(INT4, 0L)),
            null);
    bench.run(ifSmall, filtered);
    assertThat(bench.affected).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changedRowsOfAScanRestartTheStatementOrAreJudgedAgain(boolean mayRestart) {
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    txn.mayRestart = mayRestart;
    bench.run(
        update(
            table,
            lookup(table, 1, null, RowLock.NO_KEY_UPDATE, value(INT4, 2L)),
            List.of(col(INT4, 0), col(TEXT, 1), value(INT4, 21L)),
            null));
    PlanNode scan =
        scan(
            table,
            1,
            List.of(Plans.from(value(INT4, 2L))),
            eq(col(INT4, 2), value(INT4, 20L)),
            RowLock.UPDATE);
    if (mayRestart) {
      assertThatExceptionOfType(StatementRestart.class).isThrownBy(() -> bench.run(scan, txn));
      txn.restartStatement();
    }
    assertThat(bench.run(scan, txn)).containsExactly("3|null|20");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void repeatableReadFailsOnAChangedRow(boolean batches) {
    bench.batches = batches;
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.REPEATABLE_READ);
    bench.with(2).run(delete(table, lookup(table, 1, null, RowLock.UPDATE, param(INT4, 1))));
    assertThatExceptionOfType(KvException.class)
        .isThrownBy(() -> bench.run(lookup(table, 1, null, RowLock.UPDATE, value(INT4, 2L)), txn))
        .satisfies(e -> assertThat(e.error()).isInstanceOf(KvError.WriteConflict.class));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void limitedQueueReadersLockOnlyWhatTheyTake(boolean batches) {
    bench.batches = batches;
    PlanNode.IndexScan locked =
        new PlanNode.IndexScan(
            table,
            table.indexes().getFirst(),
            List.of(),
            false,
            Plans.all(table),
            null,
            0,
            RowLock.UPDATE,
            LockPolicy.SKIP_LOCKED,
            types(table),
            PlanNode.Estimate.UNKNOWN);
    PlanNode first =
        new PlanNode.Limit(
            locked, value(Plans.INT8, 1L), null, List.of(), PlanNode.Estimate.UNKNOWN);
    SimpleTxn one = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    SimpleTxn two = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    assertThat(bench.run(first, one)).containsExactly("1|one|10");
    assertThat(bench.run(first, two)).containsExactly("2|two|20");
    assertThat(bench.kv.locks).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStatementDoesNotReadItsOwnInserts(boolean batches) {
    bench.batches = batches;
    PlanNode.Project shifted =
        new PlanNode.Project(
            scan(table, 1, List.of(), null, null),
            List.of(plus(col(INT4, 0), value(INT4, 2L)), value(TEXT, null), col(INT4, 2)),
            types(table),
            PlanNode.Estimate.UNKNOWN);
    PlanNode beyond =
        new PlanNode.Filter(shifted, lt(value(INT4, 4L), col(INT4, 0)), PlanNode.Estimate.UNKNOWN);
    bench.run(insert(table, beyond, null, null));
    assertThat(bench.affected).isEqualTo(2);
    assertThat(rows()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void assignmentsReadTheTableAsItWas(boolean batches) {
    bench.batches = batches;
    PlanNode smaller =
        new PlanNode.Aggregate(
            scan(table, 1, List.of(), lt(col(INT4, 2), new OuterRef(INT4, 1, 2)), null),
            List.of(),
            List.of(
                new PlanNode.AggregateCall(2803, List.of(), false, null, List.of(), Plans.INT8)),
            List.of(Plans.INT8),
            PlanNode.Estimate.UNKNOWN);
    Expression count =
        new SubPlan(INT4, SubPlan.Kind.SCALAR, smaller, 1, List.of(), List.of(), false);
    bench.run(
        update(
            table,
            scan(table, 1, List.of(), null, RowLock.UPDATE),
            List.of(col(INT4, 0), col(TEXT, 1), count),
            null));
    assertThat(rows()).containsExactly("1|one|0", "2|two|1", "3|null|1", "4|null|0");
  }
}
