package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A scan over the shards of a span, one after another, with the transaction's buffered writes laid
 * over it. Writes of the statement that scans are left out: a statement does not see its own.
 */
final class MergedCursor implements KvCursor {
  private static final int FIRST_PAGE_ROWS = 256;
  private static final int PAGE_BYTES = 256 * 1024;

  private final BufferedTxn txn;
  private final boolean reverse;
  private final long readTs;
  private final int statement;
  private final boolean validated;
  private @Nullable KeySpan rest;
  private PageReads.@Nullable ShardPage primed;
  private long rowsWanted;
  private int pageRows;
  private byte @Nullable [] work;
  private boolean wholly;
  private @Nullable PartsAhead ahead;
  private long workedRows = KvResult.Page.PLAIN;
  private KeySpan covered;

  MergedCursor(
      BufferedTxn txn,
      KeySpan span,
      boolean reverse,
      int rowLimitHint,
      long readTs,
      int statement,
      boolean validated) {
    this.txn = txn;
    this.rest = span.isEmpty() ? null : span;
    this.covered = span;
    this.reverse = reverse;
    this.rowsWanted = rowLimitHint > 0 ? rowLimitHint : Long.MAX_VALUE;
    this.pageRows = rowLimitHint > 0 ? Math.min(rowLimitHint, FIRST_PAGE_ROWS) : 0;
    this.readTs = readTs;
    this.statement = statement;
    this.validated = validated;
  }

  @Override
  public @Nullable KvPage next() {
    while (rest != null) {
      KvPage page = step(rest);
      if (!page.isEmpty() || workedRows > 0) {
        rowsWanted -= page.rows();
        pageRows =
            rowsWanted <= 0 || rowsWanted == Long.MAX_VALUE
                ? 0
                : (int) Math.min(rowsWanted, Integer.MAX_VALUE);
        return page;
      }
    }
    return null;
  }

  @Override
  public void close() {
    rest = null;
    endAhead();
  }

  @Override
  public void work(byte @Nullable [] newWork, boolean readsAll) {
    if (!Arrays.equals(work, newWork)) {
      endAhead();
    }
    work = newWork;
    wholly = readsAll;
  }

  @Override
  public long workedRows() {
    return workedRows;
  }

  @Override
  public KeySpan covered() {
    return covered;
  }

  /** What is left to read, if anything is. */
  @Nullable KeySpan rest() {
    return rest;
  }

  /** Hands over the page that the cursor would read next. */
  void prime(PageReads.ShardPage page) {
    primed = page;
  }

  private PageReads.ShardPage read(KeySpan span) throws InterruptedException {
    // Where own writes lie they are laid over the rows themselves.
    byte[] asked = work == null || txn.buffer().inside(span).isEmpty() ? work : null;
    return txn.pages().read(span, reverse, readTs, pageRows, PAGE_BYTES, statement, asked);
  }

  /** Reads one page at the near end of the span and moves on. */
  private KvPage step(KeySpan span) {
    PagePart read;
    try {
      read = primed == null ? nextPart(span) : PagePart.of(primed, span, reverse);
    } catch (InterruptedException e) {
      throw BufferedTxn.canceled();
    }
    primed = null;
    covered = read.covered();
    if (validated) {
      txn.noteRead(covered, readTs);
    }
    KeySpan left = read.leftOf(span, reverse);
    rest = left.isEmpty() ? null : left;
    KvResult.Page result = read.page();
    workedRows = result.workedRows();
    return result.isWorked() ? result.page() : overlay(result.page(), covered);
  }

  private PagePart nextPart(KeySpan span) throws InterruptedException {
    if (ahead == null && readsAhead(span)) {
      PageReads pages = txn.pages();
      byte[] asked = work;
      ahead =
          new PartsAhead(
              pages.calls(),
              span,
              part -> pages.read(part, false, readTs, 0, PAGE_BYTES, statement, asked));
    }
    PagePart next = ahead == null ? null : ahead.next();
    return next == null ? PagePart.of(read(span), span, reverse) : next;
  }

  /** Whether the parts in several shards are to be read beside each other: once others work. */
  private boolean readsAhead(KeySpan span) {
    return wholly
        && work != null
        && workedRows >= 0
        && !reverse
        && txn.buffer().inside(span).isEmpty();
  }

  private void endAhead() {
    if (ahead != null) {
      ahead.close();
      ahead = null;
    }
  }

  private KvPage overlay(KvPage page, KeySpan span) {
    NavigableMap<byte[], Mutation> own = txn.buffer().inside(span);
    if (own.isEmpty()) {
      return page;
    }
    List<Mutation> visible = new ArrayList<>(own.size());
    for (Mutation write : (reverse ? own.descendingMap() : own).values()) {
      Mutation earlier =
          write.statement() < statement ? write : txn.buffer().before(write, statement);
      if (earlier != null) {
        visible.add(earlier);
      }
    }
    if (visible.isEmpty()) {
      return page;
    }
    KvPage.Builder merged = new KvPage.Builder();
    Iterator<Mutation> writes = visible.iterator();
    Mutation write = writes.next();
    int row = 0;
    while (row < page.rows() || write != null) {
      int order;
      if (write == null) {
        order = -1;
      } else if (row == page.rows()) {
        order = 1;
      } else {
        int compared = page.compareKey(row, write.key());
        order = reverse ? -compared : compared;
      }
      if (order < 0) {
        merged.add(
            page.buffer(),
            page.keyOffset(row),
            page.keyLength(row),
            page.buffer(),
            page.valueOffset(row),
            page.valueLength(row));
        row++;
      } else {
        if (write != null) {
          byte[] value = write.value();
          if (value != null) {
            merged.add(write.key(), value);
          }
        }
        if (order == 0) {
          row++;
        }
        write = writes.hasNext() ? writes.next() : null;
      }
    }
    return merged.build();
  }
}
