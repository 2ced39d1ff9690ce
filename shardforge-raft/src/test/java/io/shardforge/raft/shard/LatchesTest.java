package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Latches: who waits for whom. */
final class LatchesTest {
  private static final byte[] A = {1};
  private static final byte[] B = {2};
  private static final byte[] C = {3};
  private static final KeySpan ALL = KeySpan.ALL;

  private final SystemClock clock = new SystemClock();
  private final LatchManager latches = new LatchManager(clock);

  private Deadline now() {
    return Deadline.after(clock, Duration.ZERO);
  }

  private LatchManager.@Nullable Latch tryWrite(byte[]... keys) throws InterruptedException {
    return latches.acquire(List.of(keys), List.of(), List.of(), now());
  }

  private LatchManager.@Nullable Latch tryRead(KeySpan span) throws InterruptedException {
    return latches.acquire(List.of(), List.of(), List.of(span), now());
  }

  private static LatchManager.Latch held(LatchManager.@Nullable Latch latch) {
    return Objects.requireNonNull(latch, "not held");
  }

  @Test
  void writesExcludeEachOtherAndReads() throws InterruptedException {
    LatchManager.Latch write = held(tryWrite(A));
    assertThat(tryWrite(A)).isNull();
    assertThat(tryRead(ALL)).isNull();
    assertThat(latches.awaitWrites(KeySpan.ofKey(A), now())).isFalse();
    assertThat(latches.awaitWrites(KeySpan.ofKey(B), now())).isTrue();
    held(tryWrite(B)).release();
    write.release();
    held(tryWrite(A)).release();
    assertThat(latches.isWriting()).isFalse();
  }

  @Test
  void readsShareAndKeepWritesOut() throws InterruptedException {
    LatchManager.Latch first = held(tryRead(ALL));
    LatchManager.Latch second = held(tryRead(KeySpan.ofKey(A)));
    assertThat(tryWrite(A)).isNull();
    first.release();
    assertThat(tryWrite(A)).isNull();
    held(tryWrite(B)).release();
    second.release();
    held(tryWrite(A)).release();
  }

  @Test
  void spanWriteExcludesEverythingInside() throws InterruptedException {
    LatchManager.Latch span =
        held(latches.acquire(List.of(), List.of(new KeySpan(A, C)), List.of(), now()));
    assertThat(tryWrite(B)).isNull();
    assertThat(tryRead(KeySpan.ofKey(A))).isNull();
    held(tryWrite(C)).release();
    span.release();
    held(tryWrite(B)).release();
  }

  @Test
  void whoeverGivesUpDoesNotLetOthersPast() throws InterruptedException {
    LatchManager.Latch holder = held(tryWrite(A));
    assertThat(tryWrite(A)).as("gives up").isNull();
    // The one that gave up is not waited for, but the one before it is.
    assertThat(tryWrite(A)).isNull();
    assertThat(latches.awaitWrites(KeySpan.ofKey(A), now())).isFalse();
    holder.release();
    held(tryWrite(A)).release();
    assertThat(latches.isWriting()).isFalse();
  }

  @Test
  void crossingRequestsDoNotDeadlock() throws Exception {
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Void> first = crossing(A, B);
      CompletableFuture<Void> second = crossing(B, A);
      first.get(20, TimeUnit.SECONDS);
      second.get(20, TimeUnit.SECONDS);
    }
  }

  private CompletableFuture<Void> crossing(byte[] write, byte[] read) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            held(latches.acquire(
                    List.of(write), List.of(), List.of(KeySpan.ofKey(read)), Deadline.never()))
                .release();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        Thread::startVirtualThread);
  }
}
