package io.shardforge.raft.kv;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves what other nodes ask for. A scan that says what is to be done with its rows is answered
 * with the results of several pages, each read like any other, if this node knows how.
 */
public final class WorkedScans {
  /** Pages that one answer is made of: more would keep a canceled statement's work going. */
  private static final int PAGES_MAX = 16;

  /** Results after which no further page is read. */
  private static final int RESULT_BYTES = 256 << 10;

  private final PageWork work;
  private final Clock clock;

  /** Who reads a shard on this node. */
  @FunctionalInterface
  public interface Replies {
    KvResponse serve(KvBatch batch) throws InterruptedException;
  }

  public WorkedScans(PageWork work, Clock clock) {
    this.work = work;
    this.clock = clock;
  }

  public KvResponse serve(KvBatch batch, Replies replies) throws InterruptedException {
    KvResponse response = replies.serve(batch);
    KvRequest request = batch.requests().getFirst();
    if (batch.requests().size() > 1 || !(request instanceof KvRequest.Scan scan)) {
      return response;
    }
    byte[] wanted = scan.work();
    KvResult.Page first = page(response);
    PageWork.Run run = wanted == null || first == null ? null : work.begin(wanted);
    if (run == null || first == null || !run.add(first.page())) {
      return response;
    }
    long rows = first.page().rows();
    byte[] resume = first.resumeKey();
    for (int pages = 1;
        resume != null
            && pages < PAGES_MAX
            && run.sizeBytes() < RESULT_BYTES
            && !run.isDone()
            && !batch.deadline().isExpired(clock);
        pages++) {
      KvResult.Page next = page(replies.serve(rest(batch, scan, resume)));
      if (next == null || !run.add(next.page())) {
        break;
      }
      rows += next.page().rows();
      resume = next.resumeKey();
    }
    return new KvResponse.Done(List.of(new KvResult.Page(run.result(), resume, rows)));
  }

  private static KvBatch rest(KvBatch batch, KvRequest.Scan scan, byte[] resume) {
    KeySpan span = scan.span();
    KeySpan rest =
        scan.reverse() ? new KeySpan(span.start(), resume) : new KeySpan(resume, span.end());
    return new KvBatch(
        batch.shardId(), batch.epoch(), batch.txn(), batch.deadline(), List.of(scan.of(rest)));
  }

  private static KvResult.@Nullable Page page(KvResponse response) {
    return response instanceof KvResponse.Done done
            && done.results().getFirst() instanceof KvResult.Page page
        ? page
        : null;
  }
}
