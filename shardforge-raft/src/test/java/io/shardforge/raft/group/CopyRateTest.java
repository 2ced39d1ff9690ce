package io.shardforge.raft.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Bytes that copies may send in a time. */
final class CopyRateTest {
  private static final int MIB = 1 << 20;

  /** Time passes for whoever sleeps, at once. */
  private static final class Sleeping implements Clock {
    private final ManualClock clock = new ManualClock(0);

    @Override
    public long wallMillis() {
      return clock.wallMillis();
    }

    @Override
    public long monotonicNanos() {
      return clock.monotonicNanos();
    }

    @Override
    public void sleep(Duration duration) {
      clock.advance(duration);
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
      clock.advance(Duration.ofNanos(nanos));
    }
  }

  private final Sleeping clock = new Sleeping();
  private final CopyRate rate = new CopyRate(clock);

  private long millisFor(int pieces) throws InterruptedException {
    long start = clock.monotonicNanos();
    for (int i = 0; i < pieces; i++) {
      rate.take(MIB);
    }
    return (clock.monotonicNanos() - start) / 1_000_000;
  }

  @Test
  void withoutABoundNothingWaits() throws InterruptedException {
    assertThat(millisFor(1_000)).isZero();
  }

  @Test
  void piecesArePacedAndTheFirstGoesAtOnce() throws InterruptedException {
    rate.limit(4 * MIB);
    assertThat(millisFor(1)).isZero();
    assertThat(millisFor(20)).isEqualTo(5_000);
  }

  @Test
  void idleTimeIsNotSavedUp() throws InterruptedException {
    rate.limit(4 * MIB);
    assertThat(millisFor(1)).isZero();
    clock.sleep(Duration.ofSeconds(100));
    assertThat(millisFor(5)).isEqualTo(1_000);
  }

  @Test
  void aNewBoundHoldsFromTheNextPieceOn() throws InterruptedException {
    rate.limit(MIB);
    assertThat(millisFor(2)).isEqualTo(1_000);
    rate.limit(10 * MIB);
    assertThat(millisFor(11)).as("one piece at the old rate").isEqualTo(2_000);
  }
}
