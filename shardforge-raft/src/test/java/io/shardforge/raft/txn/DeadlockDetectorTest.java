package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits for whom, and until when that counts. */
final class DeadlockDetectorTest {
  private static final TxnId A = new TxnId(1, 1);
  private static final TxnId B = new TxnId(2, 2);
  private static final TxnId C = new TxnId(3, 3);

  private final DeadlockDetector detector = new DeadlockDetector(new SystemClock());

  @Test
  void whoeverClosesACycleOverShardsIsToldWithWhom() {
    assertThat(detector.report(A, List.of(B), 2, 1)).isNull();
    assertThat(detector.report(B, List.of(C), 3, 1)).isNull();
    assertThat(detector.report(C, List.of(A), 4, 1)).isEqualTo(A);
  }

  @Test
  void aWaitThatIsOverClosesNothing() {
    assertThat(detector.report(A, List.of(B), 2, 1)).isNull();
    assertThat(detector.report(A, List.of(), 2, 1)).isNull();
    assertThat(detector.report(B, List.of(A), 3, 1)).isNull();
  }

  /** The old holder died while A waited for B there; the new one has let A in first. */
  @Test
  void waitsUnderAnOlderLeaseOfTheShardAreOver() {
    assertThat(detector.report(A, List.of(B), 2, 1)).isNull();
    assertThat(detector.report(B, List.of(A), 2, 2)).isNull();
    assertThat(detector.report(A, List.of(B), 2, 1)).as("the old holder still reports").isNull();
    assertThat(detector.report(A, List.of(B), 3, 1)).as("on another shard").isEqualTo(B);
  }
}
