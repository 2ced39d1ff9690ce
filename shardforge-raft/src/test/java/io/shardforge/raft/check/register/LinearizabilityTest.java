package io.shardforge.raft.check.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Registers that are linearizable and that are not, and random ones against the definition. */
class LinearizabilityTest {
  private static final String KEY = "x";

  private final List<Operation<RegisterAction>> operations = new ArrayList<>();

  private void add(Outcome outcome, long invoked, long completed, RegisterAction action) {
    operations.add(
        new Operation<>(operations.size(), invoked, invoked, completed, outcome, action));
  }

  private static RegisterAction read(@Nullable Long value) {
    return new RegisterAction.Read(KEY, value);
  }

  private static RegisterAction write(long value) {
    return new RegisterAction.Write(KEY, value);
  }

  private static RegisterAction set(@Nullable Long expected, long value) {
    return new RegisterAction.CompareAndSet(KEY, expected, value);
  }

  private Verdict judge() {
    return Linearizability.judge(History.of(operations));
  }

  private void valid() {
    assertThat(judge().isValid()).as(judge().words()).isTrue();
  }

  private void invalid() {
    assertThat(judge().result()).isEqualTo(Verdict.Result.INVALID);
    assertThat(judge().shows(Phenomenon.NONLINEARIZABLE)).isTrue();
  }

  @Test
  void readsSeeTheLastWrite() {
    add(Outcome.OK, 0, 1, read(null));
    add(Outcome.OK, 2, 3, write(1));
    add(Outcome.OK, 4, 5, read(1L));
    add(Outcome.OK, 6, 7, set(1L, 2));
    add(Outcome.OK, 8, 9, read(2L));
    valid();
  }

  @Test
  void aStaleReadIsNone() {
    add(Outcome.OK, 0, 1, write(1));
    add(Outcome.OK, 2, 3, write(2));
    add(Outcome.OK, 4, 5, read(1L));
    invalid();
    assertThat(judge().words()).contains("{read 1}").contains("could have been one of [2]");
  }

  @Test
  void aReadDuringAWriteMaySeeEither() {
    add(Outcome.OK, 0, 10, write(1));
    add(Outcome.OK, 1, 2, read(null));
    add(Outcome.OK, 3, 4, read(1L));
    valid();
    add(Outcome.OK, 5, 6, read(null));
    invalid();
  }

  @Test
  void aSetOverAnotherValueIsNone() {
    add(Outcome.OK, 0, 1, write(1));
    add(Outcome.OK, 2, 3, set(2L, 3));
    invalid();
  }

  @Test
  void onlyOneSetWins() {
    add(Outcome.OK, 0, 1, write(1));
    add(Outcome.OK, 2, 10, set(1L, 2));
    add(Outcome.OK, 2, 10, set(1L, 3));
    invalid();
  }

  @Test
  void anUnknownWriteMayTakeEffectAtAnyTimeOrNever() {
    add(Outcome.INFO, 0, 0, write(1));
    add(Outcome.OK, 1, 2, write(2));
    add(Outcome.OK, 3, 4, read(2L));
    add(Outcome.OK, 5, 6, read(1L));
    valid();
    add(Outcome.OK, 7, 8, read(2L));
    invalid();
  }

  @Test
  void anUnknownWriteTakesEffectNotBeforeItsTime() {
    add(Outcome.OK, 0, 1, read(1L));
    add(Outcome.INFO, 2, 2, write(1));
    invalid();
  }

  @Test
  void aFailedWriteNeverTakesEffect() {
    add(Outcome.FAIL, 0, 1, write(1));
    add(Outcome.OK, 2, 3, read(1L));
    invalid();
  }

  @Test
  void unknownWritesThatNobodySeesCostNothing() {
    for (int i = 0; i < 600; i++) {
      add(Outcome.INFO, 3L * i, 3L * i, write(1_000_000 + i));
      add(Outcome.OK, 3L * i + 1, 3L * i + 2, i % 2 == 0 ? write(i) : read(i - 1L));
    }
    valid();
  }

  @Test
  void everyRegisterIsJudgedByItself() {
    add(Outcome.OK, 0, 1, write(1));
    operations.add(new Operation<>(9, 9, 2, 3, Outcome.OK, new RegisterAction.Read("y", null)));
    valid();
    operations.add(new Operation<>(9, 9, 4, 5, Outcome.OK, new RegisterAction.Read("y", 1L)));
    invalid();
    assertThat(judge().words()).contains("register y");
  }

  @Test
  void randomRegistersAreJudgedAsByDefinition() {
    int right = 0;
    for (int seed = 0; seed < 500; seed++) {
      operations.clear();
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 7; i++) {
        long invoked = random.nextInt(30);
        long value = random.nextInt(3);
        add(
            random.nextInt(4) == 0 ? Outcome.INFO : Outcome.OK,
            invoked,
            invoked + 1 + random.nextInt(15),
            switch (random.nextInt(3)) {
              case 0 -> read(value);
              case 1 -> write(value);
              default -> set((long) random.nextInt(3), value);
            });
      }
      History<RegisterAction> history = History.of(operations);
      boolean expected = isLinearizable(history, 0, null, new HashSet<>());
      right += expected ? 1 : 0;
      assertThat(Linearizability.judge(history).result())
          .as("seed %d: %s", seed, history)
          .isNotEqualTo(expected ? Verdict.Result.INVALID : Verdict.Result.VALID);
    }
    assertThat(right).isBetween(50, 450);
  }

  private record Tried(int done, @Nullable Object value) {}

  /** Tries every order. */
  private static boolean isLinearizable(
      History<RegisterAction> history, int done, @Nullable Object value, Set<Tried> tried) {
    if (!tried.add(new Tried(done, value))) {
      return false;
    }
    boolean all = true;
    for (Operation<RegisterAction> operation : history.operations()) {
      if ((done & (1 << operation.index())) != 0) {
        continue;
      }
      all &= operation.outcome() != Outcome.OK;
      boolean isNext =
          history.operations().stream()
              .noneMatch(other -> (done & (1 << other.index())) == 0 && other.precedes(operation));
      if (isNext) {
        int after = done | (1 << operation.index());
        boolean explained =
            switch (operation.action()) {
              case RegisterAction.Read read ->
                  (operation.outcome() != Outcome.OK || Objects.equals(read.value(), value))
                      && isLinearizable(history, after, value, tried);
              case RegisterAction.Write write ->
                  isLinearizable(history, after, write.value(), tried);
              case RegisterAction.CompareAndSet set ->
                  Objects.equals(set.expected(), value)
                      && isLinearizable(history, after, set.value(), tried);
            };
        if (explained) {
          return true;
        }
      }
    }
    return all;
  }
}
