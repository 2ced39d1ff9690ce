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
 * zeros. etcd tells the two apart in the same way. Nor can another entry begin within one that was
 * torn: where one does, it is the length that is damaged.
 *
 * <pre>
 *   file   header, then entries, then zeros
 *   entry  length (varint) · message · CRC-32C of both (4 bytes, big-endian)
 * </pre>
 */
final class TornTail {
  private static final int HEADER_BYTES = 8;
  private static final int CHECKSUM_BYTES = 4;
  private static final int SECTOR_BYTES = 512;
  private static final int LENGTH_BYTES_MAX = 5;

  /** How the library's message for an entry begins: field 1, a number, is the term, 2 the index. */
  private static final byte TERM_TAG = 0x08;

  private static final byte INDEX_TAG = 0x10;
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
      int end = HEADER_BYTES;
      long index =
          Long.parseLong(segment.getFileName().toString().substring(OPEN_SEGMENT.length()));
      while (isWhole(bytes, end, endOfEntry(bytes, end))) {
        end = endOfEntry(bytes, end);
        index++;
      }
      if (end < bytes.length && isTorn(bytes, end) && !hasEntryWithin(bytes, end, index + 1)) {
        log.warn("a half-written entry is cut off segment={} at={}", segment, end);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
          channel.truncate(end);
          channel.force(true);
        }
      }
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
    if (end <= start || end > bytes.length) {
      return false;
    }
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

  /** Whether the whole entry of an index begins within what another one says that it takes. */
  private static boolean hasEntryWithin(byte[] bytes, int start, long index) {
    int end = Math.min(endOfEntry(bytes, start), bytes.length);
    for (int from = start + 1; from < end; from++) {
      if (hasIndex(bytes, from, index) && isWhole(bytes, from, endOfEntry(bytes, from))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the message after a length begins with a term and this index, as entries do. */
  private static boolean hasIndex(byte[] bytes, int start, long index) {
    int at = endOfNumber(bytes, start);
    if (at >= bytes.length || bytes[at] != TERM_TAG) {
      return false;
    }
    at = endOfNumber(bytes, at + 1);
    if (at >= bytes.length || bytes[at] != INDEX_TAG) {
      return false;
    }
    int end = endOfNumber(bytes, at + 1);
    long found = 0;
    for (int i = Math.min(end, bytes.length) - 1; i > at; i--) {
      found = (found << 7) | (bytes[i] & 0x7f);
    }
    return found == index;
  }

  private static int endOfNumber(byte[] bytes, int start) {
    int at = start;
    while (at < bytes.length && bytes[at] < 0) {
      at++;
    }
    return at + 1;
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
