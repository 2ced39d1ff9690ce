package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a scan that lie in several shards, read beside each other where the nodes that lead
 * them do most of the work; their pages come in the order of the parts. For the transaction's
 * thread, which remembers what was read.
 */
final class PartsAhead implements AutoCloseable {
  /** Parts read at a time. */
  private static final int PARTS_MAX = 4;

  /** Pages of a part that wait. */
  private static final int PAGES_MAX = 4;

  private final PageReader reader;
  private final Deque<KeySpan> later = new ArrayDeque<>();
  private final Deque<Part> underWay = new ArrayDeque<>();
  private final ShardCalls calls;

  /** Reads a page at the beginning of a span, on any thread. */
  @FunctionalInterface
  interface PageReader {
    PageReads.ShardPage read(KeySpan span) throws InterruptedException;
  }

  PartsAhead(ShardCalls calls, KeySpan span, PageReader reader) {
    this.calls = calls;
    this.reader = reader;
    KeySpan rest = span;
    for (ShardDescriptor shard : calls.locator().locate(span)) {
      // Shards may be in the middle of a split: what matters is that nothing is left out.
      KeySpan part = shard.span().intersect(rest).orElse(null);
      if (part != null && part.hasEnd() && Bytes.compare(part.start(), rest.start()) == 0) {
        later.add(part);
        rest = new KeySpan(part.end(), rest.end());
      }
    }
    if (!rest.isEmpty()) {
      later.add(rest);
    }
  }

  /** The next page, null after the last. */
  @Nullable PagePart next() throws InterruptedException {
    while (true) {
      while (underWay.size() < PARTS_MAX && !later.isEmpty()) {
        Part part = new Part(later.remove());
        underWay.add(part);
        calls.execute(part);
      }
      Part first = underWay.peek();
      if (first == null) {
        return null;
      }
      PagePart answer = first.take();
      if (answer != null) {
        return answer;
      }
      underWay.remove();
    }
  }

  /** Ends what is being read. */
  @Override
  public void close() {
    later.clear();
    underWay.forEach(Part::stop);
    underWay.clear();
  }

  /** One of the parts: read by a thread of its own, as far as its pages are taken. */
  private final class Part implements Runnable {
    private final Deque<PagePart> ready = new ArrayDeque<>();
    private KeySpan left;
    private @Nullable Thread thread;
    private @Nullable RuntimeException failure;
    private boolean stopped;
    private boolean done;

    Part(KeySpan span) {
      this.left = span;
    }

    @Override
    public void run() {
      begin();
      try {
        while (awaitRoom()) {
          PagePart answer = PagePart.of(reader.read(left), left, false);
          left = answer.leftOf(left, false);
          add(answer);
        }
      } catch (InterruptedException e) {
        fail(new KvException(new KvError.Canceled()));
      } catch (RuntimeException e) {
        fail(e);
      } finally {
        end();
      }
    }

    private synchronized void begin() {
      thread = Thread.currentThread();
    }

    private synchronized void end() {
      thread = null;
      done = true;
      notifyAll();
      // What was meant for this part must not meet the thread's next task.
      Thread.interrupted();
    }

    /** Waits until another page may be read; false if none has to be. */
    private synchronized boolean awaitRoom() throws InterruptedException {
      while (ready.size() >= PAGES_MAX && !stopped) {
        wait();
      }
      return !stopped && !left.isEmpty();
    }

    private synchronized void add(PagePart answer) {
      ready.add(answer);
      notifyAll();
    }

    private synchronized void fail(RuntimeException e) {
      failure = e;
    }

    /** The next page, null after the last. */
    synchronized @Nullable PagePart take() throws InterruptedException {
      while (ready.isEmpty() && !done) {
        wait();
      }
      PagePart answer = ready.poll();
      if (answer == null && failure != null) {
        throw failure;
      }
      notifyAll();
      return answer;
    }

    synchronized void stop() {
      stopped = true;
      ready.clear();
      notifyAll();
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
