package io.shardforge.raft.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of logs after a crash, and damage that looks alike. */
final class TornTailTest {
  private static final int LENGTH = 3_000;

  @TempDir Path directory;

  /** An entry as the library writes it. */
  private static byte[] entry(int length, int index) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = length;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) 2);
    body[0] = 0x08;
    body[1] = 7;
    body[2] = 0x10;
    body[3] = (byte) index;
    out.writeBytes(body);
    CRC32C checksum = new CRC32C();
    checksum.update(out.toByteArray());
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    return out.toByteArray();
  }

  /** A file of two entries, the second of which is the one to look at, with room behind. */
  private static byte[] segment() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(entry(100, 0));
    out.writeBytes(entry(LENGTH, 1));
    out.writeBytes(new byte[4_096]);
    return out.toByteArray();
  }

  private static final int FIRST_END = 8 + 1 + 100 + 4;
  private static final int SECOND_END = FIRST_END + 2 + LENGTH + 4;

  private byte[] afterCut(byte[] bytes) throws IOException {
    Path file = directory.resolve("log_inprogress_0");
    Files.write(file, bytes);
    TornTail.cut(directory);
    return Files.readAllBytes(file);
  }

  @Test
  void aWholeLogStaysAsItIs() throws IOException {
    assertThat(afterCut(segment())).isEqualTo(segment());
  }

  /** Sectors begin at multiples of 512: any of them may not have reached the disk. */
  @ParameterizedTest
  @ValueSource(ints = {0, 512, 1_024, 2_560, 3_072})
  void anEntryThatLacksASectorIsCutOff(int sector) throws IOException {
    byte[] bytes = segment();
    Arrays.fill(bytes, Math.max(sector, FIRST_END), Math.min(sector + 512, SECOND_END), (byte) 0);
    assertThat(afterCut(bytes)).isEqualTo(Arrays.copyOf(segment(), FIRST_END));
  }

  @Test
  void anEntryThatEndsWithTheFileIsCutOff() throws IOException {
    assertThat(afterCut(Arrays.copyOf(segment(), SECOND_END - 700)))
        .isEqualTo(Arrays.copyOf(segment(), FIRST_END));
  }

  @Test
  void whatFollowsATornEntryGoesToo() throws IOException {
    byte[] bytes = segment();
    byte[] third = entry(50, 2);
    System.arraycopy(third, 0, bytes, SECOND_END, third.length);
    Arrays.fill(bytes, 1_024, 1_536, (byte) 0);
    assertThat(afterCut(bytes)).isEqualTo(Arrays.copyOf(segment(), FIRST_END));
  }

  /** The length then takes in the entries behind, and the zeros behind those. */
  @Test
  void aDamagedLengthIsNoTornEntry() throws IOException {
    byte[] bytes = segment();
    byte[] third = entry(50, 2);
    System.arraycopy(third, 0, bytes, SECOND_END, third.length);
    bytes[FIRST_END + 1] ^= 0x40;
    assertThat(afterCut(bytes)).isEqualTo(bytes);
  }

  /** Others may rely on it: it is left for whoever rebuilds the store. */
  @ParameterizedTest
  @ValueSource(ints = {FIRST_END, 600, 1_500, SECOND_END - 1})
  void aChangedByteIsDamageAndStays(int place) throws IOException {
    byte[] bytes = segment();
    bytes[place] ^= 0x15;
    assertThat(afterCut(bytes)).isEqualTo(bytes);
  }
}
