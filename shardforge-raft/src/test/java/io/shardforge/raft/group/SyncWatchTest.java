package io.shardforge.raft.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SyncWatchTest {
  private final SyncWatch watch = new SyncWatch();

  private int roundsUntilStopped(long synced, long last) {
    for (int round = 1; round <= 10 * SyncWatch.ROUNDS_MAX; round++) {
      if (watch.hasStopped(synced, last)) {
        return round;
      }
    }
    return 0;
  }

  @Test
  void idleLogsAndLogsThatGetOnHaveNotStopped() {
    assertThat(roundsUntilStopped(7, 7)).isZero();
    for (long index = 8; index < 8 + 3L * SyncWatch.ROUNDS_MAX; index++) {
      assertThat(watch.hasStopped(index, index + 5)).isFalse();
    }
  }

  @Test
  void entriesThatNoRoundBringsOnMeanAStop() {
    assertThat(watch.hasStopped(7, 7)).isFalse();
    assertThat(roundsUntilStopped(7, 9)).isEqualTo(SyncWatch.ROUNDS_MAX);
    assertThat(roundsUntilStopped(7, 9)).isEqualTo(SyncWatch.ROUNDS_MAX);
    assertThat(watch.hasStopped(8, 9)).isFalse();
    assertThat(roundsUntilStopped(8, 9)).isEqualTo(SyncWatch.ROUNDS_MAX);
  }
}
