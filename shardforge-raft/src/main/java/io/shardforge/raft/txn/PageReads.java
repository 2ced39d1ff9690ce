package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.VersionWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The reading of pages for the cursors of a transaction, from the shards that have them. */
final class PageReads {
  /** Scans sent to a shard at once. */
  private static final int SCANS_MAX = 256;

  /** Bytes of the first page of each of them: together they fit into a message many times. */
  private static final int FIRST_PAGE_BYTES = 8 << 10;

  private final ShardCalls calls;
  private final @Nullable TxnHeader txn;
  private final Deadline deadline;
  private final @Nullable ReadMeter meter;

  PageReads(
      ShardCalls calls, @Nullable TxnHeader txn, Deadline deadline, @Nullable ReadMeter meter) {
    this.calls = calls;
    this.txn = txn;
    this.deadline = deadline;
    this.meter = meter;
  }

  ShardCalls calls() {
    return calls;
  }

  /** A page and the shard that it was read from. */
  record ShardPage(ShardDescriptor shard, KvResult.Page page) {}

  /**
   * Reads a page at the near end of a span.
   *
   * @param work what another node that reads it is to do with the rows, null for nothing
   */
  ShardPage read(
      KeySpan span,
      boolean reverse,
      long timestamp,
      int rows,
      int bytes,
      int statementLimit,
      byte @Nullable [] work)
      throws InterruptedException {
    return read(
        span,
        reverse,
        part -> new KvRequest.Scan(part, reverse, timestamp, rows, bytes, statementLimit, work));
  }

  /** Reads a page of versions at the beginning of what is to be walked. */
  ShardPage read(VersionWalk walk) throws InterruptedException {
    return read(
        walk.span(),
        false,
        part ->
            new KvRequest.Versions(
                new VersionWalk(
                    part, walk.sinceTs(), walk.upToTs(), walk.beforeTs(), walk.whole())));
  }

  private ShardPage read(KeySpan span, boolean reverse, Function<KeySpan, KvRequest> requestOf)
      throws InterruptedException {
    for (int i = 0; ; i++) {
      ShardDescriptor shard = nearShard(span, reverse);
      KeySpan part = shard.span().intersect(span).orElse(span);
      try {
        KvRequest request = requestOf.apply(part);
        return new ShardPage(
            shard,
            (KvResult.Page) calls.call(shard, txn, deadline, List.of(request), meter).getFirst());
      } catch (KvException e) {
        if (!calls.mayRegroup(e, i, deadline)) {
          throw e;
        }
        if (meter != null) {
          meter.retried();
        }
      }
    }
  }

  private ShardDescriptor nearShard(KeySpan span, boolean reverse) {
    return reverse ? calls.locator().locate(span).getLast() : calls.locator().locate(span.start());
  }

  /**
   * Reads the first page of many forward cursors, each shard's at once and all shards beside each
   * other. Those whose span does not lie in one shard, and all of a shard that has been split or
   * moved, are left to read for themselves.
   */
  void prime(List<MergedCursor> cursors, long timestamp, int statementLimit)
      throws InterruptedException {
    List<Beginning> beginnings = new ArrayList<>(cursors.size());
    for (MergedCursor cursor : cursors) {
      KeySpan span = cursor.rest();
      if (span != null) {
        beginnings.add(new Beginning(cursor, span));
      }
    }
    Map<ShardDescriptor, List<Beginning>> groups =
        calls.group(beginnings, beginning -> beginning.span.start());
    var _ =
        calls.all(
            groups.keySet(),
            shard -> {
              prime(shard, groups.getOrDefault(shard, List.of()), timestamp, statementLimit);
              return true;
            });
  }

  /** A cursor and what it is about to read. */
  private record Beginning(MergedCursor cursor, KeySpan span) {}

  private void prime(
      ShardDescriptor shard, List<Beginning> beginnings, long timestamp, int statementLimit)
      throws InterruptedException {
    List<Beginning> inside =
        beginnings.stream().filter(beginning -> shard.span().contains(beginning.span)).toList();
    for (int from = 0; from < inside.size(); from += SCANS_MAX) {
      List<Beginning> some = inside.subList(from, Math.min(inside.size(), from + SCANS_MAX));
      List<KvRequest> requests = new ArrayList<>(some.size());
      for (Beginning beginning : some) {
        requests.add(
            new KvRequest.Scan(
                beginning.span, false, timestamp, 0, FIRST_PAGE_BYTES, statementLimit, null));
      }
      List<KvResult> results;
      try {
        results = calls.call(shard, txn, deadline, requests, meter);
      } catch (KvException e) {
        if (e.error() instanceof KvError.StaleShard) {
          return;
        }
        throw e;
      }
      for (int i = 0; i < some.size(); i++) {
        some.get(i).cursor.prime(new ShardPage(shard, (KvResult.Page) results.get(i)));
      }
    }
  }
}
