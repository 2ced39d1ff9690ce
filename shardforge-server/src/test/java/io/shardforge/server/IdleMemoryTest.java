package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleMemoryTest {
  private final IdleMemory idle = new IdleMemory();
  private long allocated;

  @Test
  void givesBackOnceAfterWork() {
    allocate(IdleMemory.WORK_BYTES_MIN);
    assertThat(looksUntilDue(100)).isEqualTo(IdleMemory.IDLE_LOOKS);
    assertThat(looksUntilDue(1000)).isZero();
    allocate(IdleMemory.WORK_BYTES_MIN);
    assertThat(looksUntilDue(100)).isEqualTo(IdleMemory.IDLE_LOOKS);
  }

  @Test
  void keepsMemoryDuringWork() {
    for (int i = 0; i < 1000; i++) {
      allocate(IdleMemory.IDLE_BYTES_MAX + 1);
      // A short pause is not the end.
      assertThat(looksUntilDue(IdleMemory.IDLE_LOOKS - 1)).isZero();
    }
  }

  @Test
  void ignoresLittleWorkUntilItAddsUp() {
    long piece = IdleMemory.WORK_BYTES_MIN / 4;
    for (int i = 0; i < 3; i++) {
      allocate(piece);
      assertThat(looksUntilDue(100)).isZero();
    }
    allocate(piece);
    assertThat(looksUntilDue(100)).isEqualTo(IdleMemory.IDLE_LOOKS);
  }

  private void allocate(long bytes) {
    allocated += bytes;
    assertThat(idle.isDue(allocated)).isFalse();
  }

  /** The idle look at which memory is given back, zero if at none of them. */
  private int looksUntilDue(int looksMax) {
    for (int look = 1; look <= looksMax; look++) {
      allocated += IdleMemory.IDLE_BYTES_MAX;
      if (idle.isDue(allocated)) {
        return look;
      }
    }
    return 0;
  }
}
