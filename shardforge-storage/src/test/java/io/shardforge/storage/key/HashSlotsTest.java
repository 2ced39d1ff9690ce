package io.shardforge.storage.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Slots that must stay what they are, and their spread. */
class HashSlotsTest {
  private static int slot(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.US_ASCII);
    return HashSlots.of(bytes, 1, bytes.length - 1);
  }

  @Test
  void slotsAreWhatTheyWere() {
    assertThat(slot("")).isEqualTo(61_392);
    assertThat(slot("a")).isEqualTo(33_442);
    assertThat(slot("123456789")).isEqualTo(51_038);
    assertThat(slot("The quick brown fox jumps over the lazy dog")).isEqualTo(33_883);
    byte[] high = {(byte) 0x80, (byte) 0xFF, 0x00, 0x7F};
    assertThat(HashSlots.of(high, 0, high.length)).isEqualTo(42_745);
  }

  @Test
  void numbersThatFollowOneAnotherAreSpreadEvenly() {
    int arcs = 256;
    int keys = 256_000;
    for (long first : new long[] {0, 1L << 40, -keys / 2}) {
      int[] counts = new int[arcs];
      KeyEncoder encoder = new KeyEncoder();
      for (int i = 0; i < keys; i++) {
        encoder.reset().putInt8(first + i, KeyOrder.ASC_NULLS_LAST);
        counts[HashSlots.of(encoder.buffer(), 0, encoder.length()) * arcs / HashSlots.COUNT]++;
      }
      double mean = (double) keys / arcs;
      double chiSquare = 0;
      for (int count : counts) {
        chiSquare += (count - mean) * (count - mean) / mean;
      }
      // With 255 degrees of freedom more than 330.5 has a probability of 0.001; less than 190.9,
      // too.
      assertThat(chiSquare).isBetween(190.9, 330.5);
    }
  }
}
