package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a long scan, read by several threads: the statement's thread fetches pages, as only
 * it may use the transaction, and hands some of them ahead to workers, which decode and filter
 * them, or aggregate them page by page. What they make comes out in the order of the pages. The
 * statement's thread reads pages that no worker has begun instead of waiting, so that busy workers
 * hold nobody up.
 */
final class ScanAhead {
  /** Pages handed out and not used up. */
  private static final int PAGES_AHEAD_MAX = 6;

  private final Supplier<@Nullable ScanPage> pages;
  private final Function<KeySpan, KvCursor> again;
  private final Function<Execution, PageReader> ownReader;
  private final Execution execution;
  private final Executor workers;
  private final @Nullable PartialAggregation aggregation;
  private final Deque<Ahead> underWay = new ArrayDeque<>();
  private final Deque<PageReader> idle = new ArrayDeque<>();
  private @Nullable PageReader current;
  private @Nullable PageReader own;
  private @Nullable PageReader borrowed;
  private @Nullable KvCursor replayed;
  private boolean alone;

  /**
   * @param reader of the page's rows, null if it has groups
   */
  private record Ahead(ScanPage page, @Nullable PageReader reader, FutureTask<?> reading) {}

  /**
   * @param pages the pages, in order; asked by the statement's thread
   * @param again reads rows that pages had the groups of
   * @param leafReader makes a reader for other threads
   * @param ownReader makes a reader for the statement's thread
   * @param aggregation what to do with pages, if anything
   */
  ScanAhead(
      Supplier<@Nullable ScanPage> pages,
      Function<KeySpan, KvCursor> again,
      Function<LeafContext, PageReader> leafReader,
      Function<Execution, PageReader> ownReader,
      Execution execution,
      @Nullable PartialAggregation aggregation) {
    this.pages = pages;
    this.again = again;
    this.ownReader = ownReader;
    this.execution = execution;
    this.workers = execution.scanWorkers();
    this.aggregation = aggregation;
    LeafContext context = new LeafContext(execution);
    for (int i = 0; i < PAGES_AHEAD_MAX; i++) {
      idle.add(leafReader.apply(context));
    }
  }

  /** The next batch, null after the last. */
  @Nullable RowBatch next() {
    while (true) {
      PageReader reader = current;
      if (reader != null) {
        RowBatch batch = reader.next();
        if (batch != null) {
          return batch;
        }
        current = null;
        if (borrowed != null) {
          idle.add(borrowed);
          borrowed = null;
        }
      }
      execution.checkCanceled();
      if (!advance()) {
        return null;
      }
    }
  }

  private boolean advance() {
    KvCursor stored = replayed;
    if (stored != null) {
      KvPage page = stored.next();
      if (page != null) {
        readAlone(ScanPage.of(page, stored));
        return true;
      }
      replayed = null;
    }
    while (!alone && !idle.isEmpty() && underWay.size() < PAGES_AHEAD_MAX) {
      ScanPage page = pages.get();
      if (page == null) {
        break;
      }
      handOut(page);
    }
    Ahead next = underWay.poll();
    if (next != null) {
      finish(next);
      take(next);
      return true;
    }
    ScanPage page = alone ? pages.get() : null;
    if (page == null) {
      return false;
    }
    if (page.form() == ScanPage.Form.GROUPS) {
      takeGroups(page);
    } else {
      readAlone(page);
    }
    return true;
  }

  private void take(Ahead ahead) {
    PageReader reader = ahead.reader;
    if (reader == null) {
      takeGroups(ahead.page);
      return;
    }
    PageGroups groups = reader.groups();
    if (aggregation != null) {
      switch (reader.aggregated()) {
        case NOT -> {}
        case TOO_MANY_GROUPS -> aggregation.tooManyGroups();
        case FAILED -> aggregation.end();
      }
      if (groups != null && aggregation.take(groups)) {
        idle.add(reader);
        return;
      }
    }
    if (groups != null || reader.needsStatement()) {
      alone |= reader.needsStatement();
      idle.add(reader);
      readAlone(ahead.page);
      return;
    }
    current = reader;
    borrowed = reader;
  }

  /** Passes on the groups that another node made, or has the rows themselves read instead. */
  private void takeGroups(ScanPage page) {
    if (aggregation == null || !aggregation.takeTold(page.page(), execution)) {
      replayed = again.apply(page.covered());
    }
  }

  private void handOut(ScanPage page) {
    if (page.form() == ScanPage.Form.GROUPS) {
      FutureTask<?> nothing = new FutureTask<>(() -> {}, Boolean.TRUE);
      underWay.add(new Ahead(page, null, nothing));
      return;
    }
    PageReader reader = idle.remove();
    boolean groups = aggregation != null && aggregation.nextPage();
    Runnable work = groups ? () -> reader.readGroups(page) : () -> reader.read(page);
    FutureTask<?> reading = new FutureTask<>(TypeScope.keeping(work), Boolean.TRUE);
    underWay.add(new Ahead(page, reader, reading));
    try {
      workers.execute(reading);
    } catch (RejectedExecutionException _) {
      // All are busy: it is read when its turn comes.
    }
  }

  private void finish(Ahead ahead) {
    ahead.reading.run();
    // A worker may still be at it: what comes after it is read meanwhile.
    for (Ahead later : underWay) {
      if (ahead.reading.isDone()) {
        break;
      }
      later.reading.run();
    }
    try {
      var _ = ahead.reading.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      execution.checkCanceled();
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading a page", e.getCause());
    }
  }

  private void readAlone(ScanPage page) {
    PageReader reader = own;
    if (reader == null) {
      reader = ownReader.apply(execution);
      own = reader;
    }
    reader.read(page);
    current = reader;
  }
}
