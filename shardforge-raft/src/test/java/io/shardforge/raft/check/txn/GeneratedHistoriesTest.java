package io.shardforge.raft.check.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.txn.ModelDatabase.Isolation;
import io.shardforge.raft.check.txn.ModelDatabase.Workload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The judges against histories of a database whose isolation is known, and against the definition
 * of serializability tried out on small histories with one thing changed.
 */
class GeneratedHistoriesTest {
  private static final int SEEDS = 12;
  private static final int SMALL_SEEDS = 80;
  private static final List<Isolation> ISOLATIONS =
      List.of(Isolation.SERIALIZABLE, Isolation.SNAPSHOT, Isolation.COMMITTED);
  private static final int CHANGES = 5;

  private static Workload workload(Isolation isolation, boolean lists) {
    return new Workload(isolation, lists, 5, 4, 0.1, 0.05);
  }

  private static Verdict judge(
      History<Transaction> history, boolean lists, ConsistencyModel model) {
    return lists
        ? ListAppend.judge(history, model)
        : RwRegister.judge(history, model, EnumSet.allOf(KeyOrder.class));
  }

  private static void keeps(Isolation isolation, boolean lists, ConsistencyModel model) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Verdict verdict =
          judge(ModelDatabase.run(seed, workload(isolation, lists), 120), lists, model);
      assertThat(verdict.isValid()).as("seed %d: %s", seed, verdict.words()).isTrue();
    }
  }

  /** Runs until a phenomenon has been seen. */
  private static void shows(Isolation isolation, boolean lists, Phenomenon phenomenon) {
    for (int seed = 0; seed < SEEDS; seed++) {
      History<Transaction> history = ModelDatabase.run(seed, workload(isolation, lists), 120);
      if (judge(history, lists, ConsistencyModel.STRICT_SERIALIZABLE).shows(phenomenon)) {
        return;
      }
    }
    throw new AssertionError("never saw " + phenomenon);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void serializableHistoriesAreStrictSerializable(boolean lists) {
    keeps(Isolation.SERIALIZABLE, lists, ConsistencyModel.STRICT_SERIALIZABLE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void snapshotsAllowWriteSkewAndNothingWorse(boolean lists) {
    keeps(Isolation.SNAPSHOT, lists, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION);
    shows(Isolation.SNAPSHOT, lists, Phenomenon.G2_ITEM);
  }

  @Test
  void readCommittedAllowsReadSkewAndLostUpdates() {
    keeps(Isolation.COMMITTED, true, ConsistencyModel.STRONG_READ_COMMITTED);
    shows(Isolation.COMMITTED, true, Phenomenon.G_SINGLE);
    shows(Isolation.COMMITTED, true, Phenomenon.LOST_UPDATE);
    shows(Isolation.COMMITTED, true, Phenomenon.INTERNAL);
  }

  @Test
  void withoutIsolationEverythingHappens() {
    shows(Isolation.NONE, true, Phenomenon.G0);
    shows(Isolation.NONE, true, Phenomenon.G1A);
    shows(Isolation.NONE, true, Phenomenon.G1B);
    shows(Isolation.NONE, true, Phenomenon.DIRTY_UPDATE);
    shows(Isolation.NONE, false, Phenomenon.G1A);
    shows(Isolation.NONE, false, Phenomenon.G1B);
  }

  private static History<Transaction> small(long seed, boolean lists) {
    Isolation isolation = ISOLATIONS.get((int) (seed % ISOLATIONS.size()));
    return ModelDatabase.run(seed, new Workload(isolation, lists, 3, 2, 0.1, 0.1), 8);
  }

  /** On lists that are read to the end, the judge knows every order: it must be exact. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listsAreJudgedAsByDefinition(boolean realTime) {
    ConsistencyModel model =
        realTime ? ConsistencyModel.STRICT_SERIALIZABLE : ConsistencyModel.SERIALIZABLE;
    int wrong = 0;
    for (int seed = 0; seed < SMALL_SEEDS; seed++) {
      History<Transaction> history = small(seed, true);
      Spoiler spoiler = new Spoiler(seed);
      for (int change = 0; change < CHANGES; change++) {
        Verdict verdict = ListAppend.judge(history, model);
        assertThat(verdict.isValid())
            .as("seed %d, change %d: %s\n%s", seed, change, history, verdict.words())
            .isEqualTo(SerialOrderSearch.exists(history, realTime));
        wrong += verdict.isValid() ? 0 : 1;
        history = spoiler.spoil(small(seed, true));
      }
    }
    assertThat(wrong).isGreaterThan(SMALL_SEEDS);
  }

  /** Orders of registers are guessed: what is reported is wrong, but not all that is wrong. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void registersAreNeverAccusedFalsely(boolean realTime) {
    ConsistencyModel model =
        realTime ? ConsistencyModel.STRICT_SERIALIZABLE : ConsistencyModel.SERIALIZABLE;
    Set<KeyOrder> assumptions =
        realTime ? EnumSet.allOf(KeyOrder.class) : EnumSet.of(KeyOrder.WRITES_FOLLOW_READS);
    int wrong = 0;
    int found = 0;
    for (int seed = 0; seed < SMALL_SEEDS; seed++) {
      History<Transaction> history = small(seed, false);
      Spoiler spoiler = new Spoiler(seed);
      for (int change = 0; change < CHANGES; change++) {
        Verdict verdict = RwRegister.judge(history, model, assumptions);
        boolean right = SerialOrderSearch.exists(history, realTime);
        if (right) {
          assertThat(verdict.isValid())
              .as("seed %d, change %d: %s\n%s", seed, change, history, verdict.words())
              .isTrue();
        } else {
          wrong++;
          found += verdict.isValid() ? 0 : 1;
        }
        history = spoiler.spoil(small(seed, false));
      }
    }
    assertThat(wrong).isGreaterThan(SMALL_SEEDS);
    assertThat(found).as("of %d", wrong).isGreaterThan(wrong * (realTime ? 9 : 7) / 10);
  }

  /** It ends: forty thousand transactions of 100,000 steps, with thousands of cycles. */
  @Test
  void aHundredThousandOperationsAreJudged() {
    History<Transaction> history =
        ModelDatabase.run(1, new Workload(Isolation.SNAPSHOT, true, 20, 10, 0.05, 0.001), 40_000);
    assertThat(ListAppend.judge(history, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION).isValid())
        .isTrue();
  }

  /** It ends: one stale read at the end ties all that came before it into one component. */
  @Test
  void aTangleOfTenThousandTransactionsIsJudged() {
    History<Transaction> history =
        ModelDatabase.run(1, new Workload(Isolation.SERIALIZABLE, true, 20, 10, 0.05, 0), 10_000);
    List<Operation<Transaction>> operations = new ArrayList<>(history.operations());
    Operation<Transaction> last = operations.removeLast();
    List<MicroOp> steps = new ArrayList<>(last.action().steps());
    steps.set(0, new MicroOp.Read(steps.getFirst().key(), List.of()));
    operations.add(
        new Operation<>(
            0,
            last.process(),
            last.invoked(),
            last.completed(),
            last.outcome(),
            new Transaction(steps)));
    Verdict verdict =
        ListAppend.judge(History.of(operations), ConsistencyModel.STRICT_SERIALIZABLE);
    assertThat(verdict.shows(Phenomenon.G_SINGLE) || verdict.shows(Phenomenon.G_SINGLE_REALTIME))
        .isTrue();
  }
}
