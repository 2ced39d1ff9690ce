package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProofPaceTest {
  private final ProofPace pace = new ProofPace();

  /** Commits that are not tried before one is. */
  private int pause() {
    int pause = 0;
    while (!pace.mayTry()) {
      pause++;
    }
    return pause;
  }

  @Test
  void whatSucceedsIsAlwaysTried() {
    assertThat(pause()).isZero();
    pace.succeeded();
    assertThat(pause()).isZero();
  }

  @Test
  void whatIsRefusedIsTriedEverMoreSeldom() {
    for (int expected = ProofPace.PAUSE_MIN;
        expected < ProofPace.PAUSE_MAX;
        expected = 2 * expected) {
      pace.refused();
      assertThat(pause()).isEqualTo(expected);
    }
    pace.refused();
    assertThat(pause()).isEqualTo(ProofPace.PAUSE_MAX);
    pace.refused();
    assertThat(pause()).isEqualTo(ProofPace.PAUSE_MAX);
  }

  @Test
  void aSuccessStartsOver() {
    pace.refused();
    pace.refused();
    var _ = pause();
    pace.succeeded();
    pace.refused();
    assertThat(pause()).isEqualTo(ProofPace.PAUSE_MIN);
  }
}
