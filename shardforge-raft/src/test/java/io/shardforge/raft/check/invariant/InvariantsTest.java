package io.shardforge.raft.check.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.check.Anomaly;
import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.invariant.MonotonicAction.Row;
import io.shardforge.raft.check.txn.MicroOp;
import io.shardforge.raft.check.txn.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A right history and the smallest wrong ones for each invariant. */
class InvariantsTest {
  private static final ConsistencyModel STRICT = ConsistencyModel.STRICT_SERIALIZABLE;

  private static <T> Operation<T> at(long invoked, long completed, Outcome outcome, T action) {
    return new Operation<>(0, invoked, invoked, completed, outcome, action);
  }

  private static <T> Operation<T> ok(long invoked, long completed, T action) {
    return at(invoked, completed, Outcome.OK, action);
  }

  @SafeVarargs
  private static <T> History<T> history(Operation<T>... operations) {
    List<Operation<T>> list = new ArrayList<>();
    for (Operation<T> operation : operations) {
      list.add(operation);
    }
    return History.of(list);
  }

  private static Set<Phenomenon> shown(Verdict verdict) {
    return verdict.anomalies().stream().map(Anomaly::phenomenon).collect(Collectors.toSet());
  }

  private static void valid(Verdict verdict) {
    assertThat(verdict.isValid()).as(verdict.words()).isTrue();
    assertThat(verdict.anomalies()).isEmpty();
  }

  // Bank.

  private static Verdict bank(boolean negativeAllowed, Map<Object, @Nullable Long> balances) {
    return new Bank(Set.of("a", "b"), 20, negativeAllowed)
        .judge(
            history(
                ok(0, 1, new BankAction.Transfer("a", "b", 5)),
                ok(2, 3, new BankAction.Read(balances))),
            STRICT);
  }

  @Test
  void moneyOnlyMoves() {
    valid(bank(false, Map.of("a", 5L, "b", 15L)));
    valid(bank(true, Map.of("a", -5L, "b", 25L)));
  }

  @Test
  void moneyThatComesFromNowhereIsAWrongTotal() {
    Verdict verdict = bank(false, Map.of("a", 10L, "b", 15L));
    assertThat(shown(verdict)).containsExactly(Phenomenon.WRONG_TOTAL);
    assertThat(verdict.words()).contains("25 instead of 20");
    assertThat(verdict.ruledOut()).contains(ConsistencyModel.SNAPSHOT_ISOLATION);
  }

  @Test
  void balancesBelowZeroAreFound() {
    assertThat(shown(bank(false, Map.of("a", -5L, "b", 25L))))
        .containsExactly(Phenomenon.NEGATIVE_BALANCE);
  }

  @Test
  void missingAccountsAreFound() {
    assertThat(shown(bank(false, Map.of("a", 20L)))).containsExactly(Phenomenon.WRONG_ACCOUNTS);
    assertThat(shown(bank(false, Map.of("a", 5L, "b", 15L, "c", 0L))))
        .containsExactly(Phenomenon.WRONG_ACCOUNTS);
  }

  @Test
  void aBankThatNobodyReadIsUnknown() {
    assertThat(
            new Bank(Set.of("a"), 1, true)
                .judge(history(ok(0, 1, new BankAction.Transfer("a", "a", 1))), STRICT)
                .result())
        .isEqualTo(Verdict.Result.UNKNOWN);
  }

  // Set.

  private static SetAction add(long element) {
    return new SetAction.Add(element);
  }

  private static SetAction read(Long... elements) {
    return new SetAction.Read(List.of(elements));
  }

  @Test
  void setsGrow() {
    Verdict verdict =
        GrowOnlySet.judge(
            history(
                ok(0, 10, add(1)),
                ok(5, 15, read()),
                at(16, 16, Outcome.INFO, add(2)),
                at(16, 20, Outcome.FAIL, add(3)),
                at(16, 16, Outcome.INFO, add(4)),
                ok(17, 20, read(1L)),
                ok(21, 30, read(1L, 2L)),
                ok(31, 40, add(5))),
            STRICT);
    valid(verdict);
    assertThat(verdict.remarks())
        .contains("3 reads of 5 elements: 2 stable, 1 recovered, 1 never read");
  }

  @Test
  void acknowledgedElementsMustStay() {
    assertThat(shown(GrowOnlySet.judge(history(ok(0, 10, add(1)), ok(11, 20, read())), STRICT)))
        .containsExactly(Phenomenon.LOST_ELEMENT);
  }

  @Test
  void elementsOnceReadMustStay() {
    assertThat(
            shown(
                GrowOnlySet.judge(
                    history(at(0, 0, Outcome.INFO, add(1)), ok(1, 2, read(1L)), ok(3, 4, read())),
                    STRICT)))
        .containsExactly(Phenomenon.LOST_ELEMENT);
  }

  @Test
  void elementsMissedAndFoundAgainAreStale() {
    Verdict verdict =
        GrowOnlySet.judge(
            history(ok(0, 10, add(1)), ok(11, 20, read()), ok(21, 30, read(1L))), STRICT);
    assertThat(shown(verdict)).containsExactly(Phenomenon.STALE_ELEMENT);
    assertThat(verdict.isValid()).isFalse();
  }

  @Test
  void setsHoldNothingElse() {
    assertThat(shown(GrowOnlySet.judge(history(ok(0, 1, read(7L))), STRICT)))
        .containsExactly(Phenomenon.GARBAGE_READ);
    assertThat(
            shown(
                GrowOnlySet.judge(
                    history(at(0, 1, Outcome.FAIL, add(1)), ok(2, 3, read(1L))), STRICT)))
        .containsExactly(Phenomenon.G1A);
    assertThat(shown(GrowOnlySet.judge(history(ok(0, 1, add(1)), ok(2, 3, read(1L, 1L))), STRICT)))
        .containsExactly(Phenomenon.DUPLICATE_ELEMENTS);
  }

  // Long fork.

  private static Transaction write(String key) {
    return Transaction.of(new MicroOp.Write(key, 1L));
  }

  private static Transaction views(@Nullable Long x, @Nullable Long y) {
    return Transaction.of(new MicroOp.Read("x", x), new MicroOp.Read("y", y));
  }

  @Test
  void viewsGrow() {
    valid(
        LongFork.judge(
            history(
                ok(0, 9, write("x")),
                ok(0, 9, write("y")),
                ok(0, 9, views(null, null)),
                ok(0, 9, views(1L, null)),
                ok(0, 9, views(1L, null)),
                ok(0, 9, views(1L, 1L))),
            STRICT));
  }

  @Test
  void viewsThatMissEachOtherAreALongFork() {
    Verdict verdict =
        LongFork.judge(
            history(
                ok(0, 9, write("x")),
                ok(0, 9, write("y")),
                ok(0, 9, views(1L, null)),
                ok(0, 9, views(1L, 1L)),
                ok(0, 9, views(null, 1L))),
            ConsistencyModel.SNAPSHOT_ISOLATION);
    assertThat(shown(verdict)).containsExactly(Phenomenon.LONG_FORK);
    assertThat(verdict.isValid()).isFalse();
  }

  // Monotonic.

  private static MonotonicAction added(long value, long timestamp) {
    return new MonotonicAction.Add(new Row(value, timestamp));
  }

  private static MonotonicAction rows(Row... rows) {
    return new MonotonicAction.Read(List.of(rows));
  }

  @Test
  void valuesGrowWithTime() {
    valid(
        Monotonic.judge(
            history(
                ok(0, 1, added(1, 10)),
                ok(2, 5, added(3, 30)),
                ok(2, 5, added(2, 20)),
                ok(6, 7, rows(new Row(3, 30), new Row(1, 10), new Row(2, 20)))),
            STRICT));
  }

  @Test
  void valuesThatFallAreFound() {
    assertThat(
            shown(Monotonic.judge(history(ok(0, 1, rows(new Row(2, 10), new Row(1, 20)))), STRICT)))
        .containsExactly(Phenomenon.NOT_MONOTONIC);
    assertThat(
            shown(
                Monotonic.judge(
                    history(
                        ok(0, 1, added(2, 20)),
                        ok(2, 3, added(1, 10)),
                        ok(4, 5, rows(new Row(1, 10), new Row(2, 20)))),
                    STRICT)))
        .containsExactly(Phenomenon.NOT_MONOTONIC);
  }

  @Test
  void rowsMustStayOnce() {
    assertThat(shown(Monotonic.judge(history(ok(0, 1, added(1, 10)), ok(2, 3, rows())), STRICT)))
        .containsExactly(Phenomenon.LOST_ELEMENT);
    assertThat(
            shown(Monotonic.judge(history(ok(2, 3, rows(new Row(1, 10), new Row(1, 20)))), STRICT)))
        .containsExactly(Phenomenon.DUPLICATE_ELEMENTS);
    assertThat(
            shown(
                Monotonic.judge(
                    history(at(0, 1, Outcome.FAIL, added(1, 10)), ok(2, 3, rows(new Row(1, 10)))),
                    STRICT)))
        .containsExactly(Phenomenon.G1A);
  }
}
