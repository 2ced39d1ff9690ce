package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
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
  }

  @Override
  public void work(byte @Nullable [] newWork) {
    work = newWork;
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

  private PageReads.ShardPage read(KeySpan span) {
    try {
      // Where own writes lie they are laid over the rows themselves.
      byte[] asked = work == null || txn.buffer().inside(span).isEmpty() ? work : null;
      return txn.pages().read(span, reverse, readTs, pageRows, PAGE_BYTES, statement, asked);
    } catch (InterruptedException e) {
      throw BufferedTxn.canceled();
    }
  }

  /** Reads one page at the near end of the span and moves on. */
  private KvPage step(KeySpan span) {
    PageReads.ShardPage read = primed == null ? read(span) : primed;
    primed = null;
    ShardDescriptor shard = read.shard();
    KvResult.Page result = read.page();
    KeySpan part = shard.span().intersect(span).orElse(span);
    byte[] resume = result.resumeKey();
    KeySpan left;
    if (reverse) {
      byte[] from = resume == null ? part.start() : resume;
      covered = new KeySpan(from, span.end());
      left = new KeySpan(span.start(), from);
    } else {
      byte[] to = resume == null ? part.end() : resume;
      covered = new KeySpan(span.start(), to);
      left = to.length == 0 ? new KeySpan(span.start(), span.start()) : new KeySpan(to, span.end());
    }
    if (validated) {
      txn.noteRead(covered, readTs);
    }
    rest = left.isEmpty() ? null : left;
    workedRows = result.workedRows();
    return result.isWorked() ? result.page() : overlay(result.page(), covered);
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
