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

  @Test
  void aSlowDiskThatGetsOnHasNotStopped() {
    // Always something that waits, and one sync in the last round before the disk is given up.
    for (long synced = 1; synced <= 20; synced++) {
      for (int round = 1; round <= SyncWatch.ROUNDS_MAX; round++) {
        assertThat(watch.hasStopped(synced, synced + 100)).isFalse();
      }
    }
  }

  @Test
  void aPausedNodeDoesNotBlameItsDisk() {
    assertThat(watch.hasStopped(7, 9)).isFalse();
    // However long the pause before this round was: it is one round, and the next one sees a sync.
    assertThat(watch.hasStopped(7, 9)).isFalse();
    assertThat(watch.hasStopped(9, 9)).isFalse();
    assertThat(roundsUntilStopped(9, 9)).isZero();
  }

  @Test
  void aStopThatEndedMustLastAsLongAgainTheNextTime() {
    assertThat(watch.hasStopped(7, 7)).isFalse();
    for (int round = 1; round < SyncWatch.ROUNDS_MAX; round++) {
      assertThat(watch.hasStopped(7, 9)).isFalse();
    }
    assertThat(watch.hasStopped(9, 9)).isFalse();
    assertThat(roundsUntilStopped(9, 10)).isEqualTo(SyncWatch.ROUNDS_MAX);
  }
}
