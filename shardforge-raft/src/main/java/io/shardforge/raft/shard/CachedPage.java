package io.shardforge.raft.shard;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.ScanLimits;
import java.util.Arrays;

/**
 * The rows of a span, for views that are not below a timestamp. A key is searched in an array of
 * the bytes in which the keys differ, as far as they fit a {@code long}: the keys themselves lie
 * between the values, where each step of a search would wait for memory.
 */
final class CachedPage {
  private static final int OVERHEAD_BYTES = 256;

  final KeySpan span;
  final long newestTs;

  /** Whether no change that came before the page may make it untrue. */
  volatile boolean settled;

  private final KvPage page;
  private final long[] commitTs;

  /** Where in a key the first bytes are that are not the same in all keys, up to eight of them. */
  private final int[] places;

  /** The bytes at these places by row, to be compared as unsigned. */
  private final long[] heads;

  /**
   * @param commitTs of the rows, or more room for them
   * @param newestTs the newest version in the span
   */
  CachedPage(KeySpan span, KvPage page, long[] commitTs, long newestTs) {
    this.span = span;
    this.page = page.compact();
    this.commitTs = Arrays.copyOf(commitTs, page.rows());
    this.newestTs = newestTs;
    this.places = places(this.page);
    this.heads = new long[page.rows()];
    for (int row = 0; row < heads.length; row++) {
      heads[row] = head(this.page.buffer(), this.page.keyOffset(row), this.page.valueOffset(row));
    }
  }

  private static int[] places(KvPage page) {
    int[] places = new int[Long.BYTES];
    int found = 0;
    int longest = 0;
    for (int row = 0; row < page.rows(); row++) {
      longest = Math.max(longest, page.keyLength(row));
    }
    for (int place = commonBytes(page); place < longest && found < places.length; place++) {
      int first = byteAt(page.buffer(), page.keyOffset(0) + place, page.valueOffset(0));
      for (int row = 1; row < page.rows(); row++) {
        if (byteAt(page.buffer(), page.keyOffset(row) + place, page.valueOffset(row)) != first) {
          places[found++] = place;
          break;
        }
      }
    }
    return Arrays.copyOf(places, found);
  }

  private static int commonBytes(KvPage page) {
    if (page.isEmpty()) {
      return 0;
    }
    byte[] first = page.key(0);
    byte[] last = page.key(page.rows() - 1);
    int differs = Arrays.mismatch(first, last);
    return differs < 0 ? first.length : differs;
  }

  private static int byteAt(byte[] buffer, int at, int end) {
    return at < end ? buffer[at] & 0xFF : 0;
  }

  private long head(byte[] buffer, int from, int end) {
    long head = 0;
    for (int place : places) {
      head = head << Byte.SIZE | byteAt(buffer, from + place, end);
    }
    return head;
  }

  int bytes() {
    return page.sizeBytes() + (2 * Integer.BYTES + 2 * Long.BYTES) * page.rows() + OVERHEAD_BYTES;
  }

  /** The row of a key in the span, if that is not below the place that was found for it. */
  KvResult.Value get(byte[] key, int row) {
    return row < page.rows() && page.compareKey(row, key) == 0
        ? new KvResult.Value(page.value(row), commitTs[row])
        : KvResult.Value.NONE;
  }

  /** Where the row of a key in the span is if there is one. */
  int find(byte[] key) {
    // If it is there, its bytes are those of its row at all places.
    return search(key, head(key, 0, key.length));
  }

  /** Has the processor fetch what {@link #get} will look at; the result means nothing. */
  int touch(int row) {
    return row < page.rows() ? page.buffer()[page.keyOffset(row)] + (int) commitTs[row] : 0;
  }

  /** The rows from the start of another span, which is in this one, as far as both go. */
  KvResult.Page forward(KeySpan wanted, ScanLimits limits) {
    int from = Arrays.equals(span.start(), wanted.start()) ? 0 : rowAt(wanted.start());
    byte[] end = span.end();
    boolean goesOn = end.length > 0 && wanted.isBeforeEnd(end);
    int to = goesOn || !wanted.hasEnd() ? page.rows() : rowAt(wanted.end());
    int cut = to;
    if (to > from && !fits(to - 1 - from, bytesBetween(from, to - 1), limits)) {
      cut = from;
      while (fits(cut - from, bytesBetween(from, cut), limits)) {
        cut++;
      }
    }
    if (cut < to) {
      return new KvResult.Page(page.rows(from, cut), page.key(cut));
    }
    return new KvResult.Page(page.rows(from, to), goesOn ? end : null);
  }

  /** The rows from the end of another span on, which this one reaches, down as far as both go. */
  KvResult.Page backward(KeySpan wanted, ScanLimits limits) {
    int to = wanted.hasEnd() ? rowAt(wanted.end()) : page.rows();
    boolean goesOn = Bytes.compare(wanted.start(), span.start()) < 0;
    int from = goesOn ? 0 : rowAt(wanted.start());
    KvPage.Builder rows = new KvPage.Builder();
    int row = to;
    while (row > from && fits(rows.rows(), rows.sizeBytes(), limits)) {
      row--;
      rows.add(
          page.buffer(),
          page.keyOffset(row),
          page.keyLength(row),
          page.buffer(),
          page.valueOffset(row),
          page.valueLength(row));
    }
    byte[] rest = row > from ? page.key(row) : goesOn ? span.start() : null;
    return new KvResult.Page(rows.build(), rest);
  }

  private int bytesBetween(int from, int to) {
    return page.keyOffset(to) - page.keyOffset(from);
  }

  /** Whether an answer that has so much already may get another row. */
  private static boolean fits(int rows, int bytes, ScanLimits limits) {
    return rows < limits.rowsMax() && bytes < limits.bytesMax();
  }

  /** The first row whose key is not below the given one. */
  private int rowAt(byte[] key) {
    int row = search(key, head(key, 0, key.length));
    if ((row == 0 || page.compareKey(row - 1, key) < 0)
        && (row == page.rows() || page.compareKey(row, key) >= 0)) {
      return row;
    }
    // It differs from all keys where these are the same.
    int low = 0;
    int high = page.rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (page.compareKey(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * What {@link #rowAt} says of a key that is like those of the rows where these are the same.
   * Starts where the row would be if the heads were evenly spread, as they mostly are, and goes on
   * from there in growing steps: each place looked at is a wait for memory.
   */
  private int search(byte[] key, long head) {
    int low = heads.length == 0 ? 0 : guess(head);
    int high = low;
    int step = 1;
    if (low < heads.length && isBelow(low, key, head)) {
      do {
        low = high + 1;
        high = Math.min(low + step, heads.length);
        step *= 2;
      } while (high < heads.length && isBelow(high, key, head));
    } else {
      while (low > 0 && !isBelow(low - 1, key, head)) {
        high = low - 1;
        low = Math.max(high - step, 0);
        step *= 2;
      }
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isBelow(middle, key, head)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int guess(long head) {
    if (heads.length < 2) {
      return 0;
    }
    int last = heads.length - 1;
    if (Long.compareUnsigned(head, heads[0]) <= 0) {
      return 0;
    }
    if (Long.compareUnsigned(head, heads[last]) >= 0) {
      return last;
    }
    // Half of each fits a signed number.
    double part = (double) ((head - heads[0]) >>> 1) / ((heads[last] - heads[0]) >>> 1);
    return (int) (part * last);
  }

  private boolean isBelow(int row, byte[] key, long head) {
    int below = Long.compareUnsigned(heads[row], head);
    return below < 0 || (below == 0 && isAmbiguous(row, head) && page.compareKey(row, key) < 0);
  }

  /** Whether other rows have the same bytes at the places. */
  private boolean isAmbiguous(int row, long head) {
    return (row > 0 && heads[row - 1] == head)
        || (row + 1 < heads.length && heads[row + 1] == head);
  }
}
