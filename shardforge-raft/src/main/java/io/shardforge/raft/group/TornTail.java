package io.shardforge.raft.group;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the last write before a crash left half-done at the end of a log: nobody was promised it, as
 * an entry counts once it is synced. It has to be told from an entry that was whole and is damaged
 * now, and that others may rely on.
 *
 * <p>Disks write sectors whole. So an entry that was never written as a whole lacks at least one,
 * and where it lies there are the zeros with which the file was made; damage is something else than
 * zeros. etcd tells the two apart in the same way.
 *
 * <pre>
 *   file   header, then entries, then zeros
 *   entry  length (varint) · bytes · CRC-32C of both (4 bytes, big-endian)
 * </pre>
 */
final class TornTail {
  private static final int HEADER_BYTES = 8;
  private static final int CHECKSUM_BYTES = 4;
  private static final int SECTOR_BYTES = 512;
  private static final int LENGTH_BYTES_MAX = 5;
  private static final String OPEN_SEGMENT = "log_inprogress_";
  private static final Logger log = LoggerFactory.getLogger(TornTail.class);

  private TornTail() {}

  /** Cuts it off, durably, where a log has one. */
  static void cut(Path current) throws IOException {
    List<Path> open;
    try (Stream<Path> files = Files.list(current)) {
      open = files.filter(file -> file.getFileName().toString().startsWith(OPEN_SEGMENT)).toList();
    }
    for (Path segment : open) {
      byte[] bytes = Files.readAllBytes(segment);
      int end = endOfEntries(bytes);
      if (end < bytes.length && isTorn(bytes, end)) {
        log.warn("a half-written entry is cut off segment={} at={}", segment, end);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
          channel.truncate(end);
          channel.force(true);
        }
      }
    }
  }

  /** Where the entries that are whole end. */
  private static int endOfEntries(byte[] bytes) {
    int end = Math.min(HEADER_BYTES, bytes.length);
    while (true) {
      int next = endOfEntry(bytes, end);
      if (next > bytes.length || next <= end || !isWhole(bytes, end, next)) {
        return end;
      }
      end = next;
    }
  }

  /** Where the entry at a place says that it ends; that place itself if it says nothing. */
  private static int endOfEntry(byte[] bytes, int start) {
    long length = 0;
    for (int i = 0; i < LENGTH_BYTES_MAX && start + i < bytes.length; i++) {
      length |= (long) (bytes[start + i] & 0x7f) << (7 * i);
      if (bytes[start + i] >= 0) {
        long end = start + i + 1 + length + CHECKSUM_BYTES;
        return length == 0 || end > Integer.MAX_VALUE ? start : (int) end;
      }
    }
    return start;
  }

  private static boolean isWhole(byte[] bytes, int start, int end) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, start, end - CHECKSUM_BYTES - start);
    int expected = 0;
    for (int i = end - CHECKSUM_BYTES; i < end; i++) {
      expected = (expected << 8) | (bytes[i] & 0xff);
    }
    return (int) checksum.getValue() == expected;
  }

  /** Whether a sector of the entry that begins here was never written, and anything was. */
  private static boolean isTorn(byte[] bytes, int start) {
    if (isZero(bytes, start, bytes.length)) {
      return false;
    }
    int end = endOfEntry(bytes, start);
    if (end > bytes.length) {
      return true;
    }
    // Where there is no length, it may be the sector with the length that is missing.
    int last = end > start ? end : start + 1;
    for (int from = start; from < last; ) {
      int sectorEnd = Math.min((from / SECTOR_BYTES + 1) * SECTOR_BYTES, bytes.length);
      int to = end > start ? Math.min(sectorEnd, last) : sectorEnd;
      if (isZero(bytes, from, to)) {
        return true;
      }
      from = to;
    }
    return false;
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
