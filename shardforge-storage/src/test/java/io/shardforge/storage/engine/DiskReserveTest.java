package io.shardforge.storage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.engine.DiskReserve.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskReserveTest {
  private static final long RESERVE = 20L << 20;

  @TempDir Path directory;

  private long used;

  /** The space of a file system of ten reserves on which only the ballast and {@code used} lie. */
  private DiskReserve open() throws IOException {
    return DiskReserve.open(directory, () -> 10 * RESERVE - used - ballast(), RESERVE);
  }

  private long ballast() throws IOException {
    Path file = directory.resolve("BALLAST");
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static void settle(DiskReserve reserve) {
    for (long grown = 0; grown <= RESERVE; grown += DiskReserve.GROWTH_BYTES) {
      reserve.tick(0);
    }
  }

  @Test
  void growsItsBallastStepByStep() throws IOException {
    DiskReserve reserve = open();
    assertThat(reserve.tick(0)).isEqualTo(Level.OK);
    assertThat(ballast()).isEqualTo(DiskReserve.GROWTH_BYTES);
    settle(reserve);
    assertThat(ballast()).isEqualTo(RESERVE);
    assertThat(open().tick(0)).isEqualTo(Level.OK);
    assertThat(ballast()).isEqualTo(RESERVE);
  }

  @Test
  void refusesWritesThenLetsTheBallastGoThenGivesUp() throws IOException {
    DiskReserve reserve = open();
    settle(reserve);
    used = 8 * RESERVE;
    assertThat(reserve.tick(0)).isEqualTo(Level.OK);
    used += 1;
    assertThat(reserve.tick(0)).isEqualTo(Level.LOW);
    assertThat(ballast()).isEqualTo(RESERVE);
    used = 9 * RESERVE - RESERVE / 4;
    assertThat(reserve.tick(0)).isEqualTo(Level.LOW);
    assertThat(ballast()).isEqualTo(RESERVE);
    for (int pieces = 3; pieces >= 0; pieces--) {
      // Somebody takes all that is free, and the first piece is what the node goes on with.
      used = 10 * RESERVE - ballast();
      assertThat(reserve.tick(0)).isEqualTo(Level.LOW);
      assertThat(ballast()).isEqualTo(RESERVE / 4 * pieces);
      assertThat(reserve.tick(0)).isEqualTo(Level.LOW);
      assertThat(ballast()).isEqualTo(RESERVE / 4 * pieces);
    }
    used += 1;
    assertThat(reserve.tick(0)).isEqualTo(Level.EXHAUSTED);
  }

  @Test
  void recoversOnlyWithSpaceToSpare() throws IOException {
    used = 9 * RESERVE;
    DiskReserve reserve = open();
    assertThat(reserve.level()).isEqualTo(Level.LOW);
    used = 7 * RESERVE + 1;
    assertThat(reserve.tick(0)).isEqualTo(Level.LOW);
    assertThat(ballast()).isZero();
    used = 7 * RESERVE;
    assertThat(reserve.tick(0)).isEqualTo(Level.OK);
    settle(reserve);
    assertThat(ballast()).isEqualTo(RESERVE);
    assertThat(reserve.level()).isEqualTo(Level.OK);
  }

  @Test
  void whatAFlushWillWriteIsSpokenFor() throws IOException {
    DiskReserve reserve = open();
    settle(reserve);
    used = 5 * RESERVE;
    assertThat(reserve.tick(3 * RESERVE)).isEqualTo(Level.OK);
    assertThat(reserve.tick(3 * RESERVE + 1)).isEqualTo(Level.LOW);
    // The flush is done, and made the logs beside it superfluous.
    used = 6 * RESERVE;
    assertThat(reserve.tick(0)).isEqualTo(Level.OK);
  }

  @Test
  void isASmallPartOfAnyFileSystem() {
    assertThat(DiskReserve.reserveOf(64L << 40)).isEqualTo(DiskReserve.RESERVE_BYTES_MAX);
    assertThat(DiskReserve.reserveOf(10L << 30)).isBetween(100L << 20, 103L << 20);
    assertThat(DiskReserve.reserveOf(1L << 30)).isEqualTo(DiskReserve.RESERVE_BYTES_MIN);
    assertThat(DiskReserve.reserveOf(256L << 20)).isEqualTo(32L << 20);
  }
}
