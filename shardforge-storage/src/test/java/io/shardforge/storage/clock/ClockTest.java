package io.shardforge.storage.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Clocks, deadlines and timestamps. */
class ClockTest {
  @Test
  void theSystemsClockRunsForwardAndCountsSuspendedTimeOnLinux() {
    SystemClock clock = new SystemClock();
    long before = clock.monotonicNanos();
    assertThat(clock.monotonicNanos()).isGreaterThanOrEqualTo(before);
    long millis = clock.wallMillis();
    assertThat(millis).isGreaterThan(1_700_000_000_000L);
    assertThat(clock.wallMicros() / 1000).isBetween(millis - 60_000, millis + 60_000);
    assertThat(LongStream.generate(clock::wallMicros).limit(1000))
        .anyMatch(micros -> micros % 1000 != 0);
    if (Files.exists(Path.of("/proc/uptime"))) {
      assertThat(clock.countsSuspendedTime()).isTrue();
    }
  }

  @Test
  void aManualClockMovesOnlyWhenTold() {
    ManualClock clock = new ManualClock(1_000);
    clock.advance(Duration.ofNanos(999_999));
    assertThat(clock.wallMillis()).isEqualTo(1_000);
    clock.advance(Duration.ofNanos(1));
    assertThat(clock.wallMillis()).isEqualTo(1_001);
    assertThat(clock.monotonicNanos()).isEqualTo(1_000_000);
    clock.setWallMillis(5);
    assertThat(clock.wallMillis()).isEqualTo(5);
    assertThat(clock.monotonicNanos()).isEqualTo(1_000_000);
  }

  @Test
  void aSleeperOnAManualClockWakesWhenItsTimeHasCome() throws Exception {
    ManualClock clock = new ManualClock(0);
    CompletableFuture<Long> woken = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            clock.sleep(Duration.ofSeconds(10));
            woken.complete(clock.monotonicNanos());
          } catch (InterruptedException e) {
            woken.completeExceptionally(e);
          }
        });
    while (clock.waiterCount() == 0) {
      Thread.onSpinWait();
    }
    clock.advance(Duration.ofSeconds(4));
    assertThat(woken).isNotDone();
    clock.advance(Duration.ofSeconds(6));
    assertThat(woken.get()).isEqualTo(Duration.ofSeconds(10).toNanos());
    assertThat(clock.waiterCount()).isZero();
  }

  @Test
  void deadlinesRunOut() {
    ManualClock clock = new ManualClock(0);
    Deadline deadline = Deadline.after(clock, Duration.ofMillis(5));
    assertThat(deadline.isExpired(clock)).isFalse();
    assertThat(deadline.remaining(clock)).isEqualTo(Duration.ofMillis(5));
    clock.advance(Duration.ofMillis(5));
    assertThat(deadline.isExpired(clock)).isTrue();
    assertThat(deadline.remainingNanos(clock)).isZero();
    assertThat(Deadline.after(clock, Duration.ofSeconds(Long.MAX_VALUE)).isNever()).isTrue();
    assertThat(Deadline.never().isExpired(clock)).isFalse();
    assertThat(Deadline.never().earlier(deadline)).isEqualTo(deadline);
    assertThat(deadline.earlier(Deadline.afterNanos(clock, 1))).isEqualTo(deadline);
  }

  @Test
  void timersMeasure() {
    ManualClock clock = new ManualClock(0);
    MonotonicTimer timer = MonotonicTimer.start(clock);
    clock.advance(Duration.ofMillis(7));
    assertThat(timer.elapsed()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void timestampsHaveTwoPartsAndSortAsNumbers() {
    long timestamp = Timestamp.of(1_700_000_000_123L, 42);
    assertThat(Timestamp.physicalMillis(timestamp)).isEqualTo(1_700_000_000_123L);
    assertThat(Timestamp.logical(timestamp)).isEqualTo(42);
    assertThat(Timestamp.format(timestamp)).isEqualTo("1700000000123.42");
    assertThat(Timestamp.parse("1700000000123.42")).isEqualTo(timestamp);
    assertThat(Timestamp.formatUtc(timestamp)).isEqualTo("2023-11-14T22:13:20.123Z#42");
    assertThat(Timestamp.of(1, Timestamp.LOGICAL_MAX)).isLessThan(Timestamp.of(2, 0));
    assertThat(Timestamp.parse(Timestamp.format(Timestamp.MAX))).isEqualTo(Timestamp.MAX);
    assertThatThrownBy(() -> Timestamp.of(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Timestamp.of(1, 1 << 18)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Timestamp.parse("12")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void seededRandomnessRepeats() {
    Randomness a = Randomness.seeded(5);
    Randomness b = Randomness.seeded(5);
    assertThat(a.nextLong()).isEqualTo(b.nextLong());
    assertThat(a.nextInt(100)).isEqualTo(b.nextInt(100)).isBetween(0, 99);
    assertThat(Randomness.secure().nextLong()).isNotEqualTo(Randomness.secure().nextLong());
  }

  @Test
  void aLongWaitEndsByItsTimeAndByWhatItWaitsFor() throws Exception {
    SystemClock clock = new SystemClock();
    Thread ticker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                clock.endLongWaits();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      CompletableFuture<Integer> never = new CompletableFuture<>();
      Deadline soon = Deadline.after(clock, SystemClock.LONG_WAIT_MIN.plusMillis(20));
      assertThatThrownBy(() -> soon.await(clock, never)).isInstanceOf(TimeoutException.class);
      assertThat(soon.isExpired(clock)).isTrue();

      CompletableFuture<Integer> answer = new CompletableFuture<>();
      Thread waiting = Thread.currentThread();
      Thread.ofVirtual()
          .start(() -> {
            while (waiting.getState() != Thread.State.TIMED_WAITING
                && waiting.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
            answer.complete(7);
          });
      assertThat(Deadline.after(clock, Duration.ofDays(1)).await(clock, answer)).isEqualTo(7);
    } finally {
      ticker.interrupt();
      ticker.join();
    }
  }

  @Test
  void aWaitForAFutureIsInterruptedAndPassesItsFailureOn() {
    ManualClock clock = new ManualClock(0);
    Deadline deadline = Deadline.after(clock, Duration.ofSeconds(1));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> deadline.await(clock, new CompletableFuture<>()))
        .isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() ->
            deadline.await(clock, CompletableFuture.failedFuture(new IllegalStateException())))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }
}
