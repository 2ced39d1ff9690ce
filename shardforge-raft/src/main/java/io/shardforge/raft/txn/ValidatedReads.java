package io.shardforge.raft.txn;

import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a transaction has read and must find unchanged at its commit. Neighbors are joined; beyond a
 * bound spans grow to cover the gaps between them, which can only make a commit fail for nothing.
 * For one thread.
 */
final class ValidatedReads {
  /** Spans remembered one by one. */
  static final int SPANS_MAX = 4096;

  private final List<ValidatedRead> reads = new ArrayList<>();
  private int compactAt = SPANS_MAX;

  boolean isEmpty() {
    return reads.isEmpty();
  }

  void add(KeySpan span, long readTs) {
    if (span.isEmpty()) {
      return;
    }
    if (!reads.isEmpty()) {
      ValidatedRead last = reads.getLast();
      if (last.readTs() == readTs
          && last.span().hasEnd()
          && Bytes.compare(last.span().end(), span.start()) == 0) {
        reads.set(
            reads.size() - 1,
            new ValidatedRead(new KeySpan(last.span().start(), span.end()), readTs));
        return;
      }
    }
    reads.add(new ValidatedRead(span, readTs));
    if (reads.size() >= compactAt) {
      compact();
      compactAt = Math.max(SPANS_MAX, reads.size() * 2);
    }
  }

  List<ValidatedRead> all() {
    return reads;
  }

  /**
   * Forgets the reads of single rows that the transaction writes over the version that it has read:
   * a shard takes such a write only if no other version has come meanwhile, and none can come
   * before the commit.
   */
  void dropThoseProvedBy(WriteBuffer writes) {
    reads.removeIf(read -> {
      Mutation write = writes.get(read.span().start());
      return write != null
          && write.replacesTs() > 0
          && write.replacesTs() <= read.readTs()
          && read.span().equals(KeySpan.ofKey(write.key()));
    });
  }

  /** Joins overlapping reads of one timestamp; with too many left, neighbors two by two. */
  private void compact() {
    List<ValidatedRead> joined = join(reads, false);
    while (joined.size() > SPANS_MAX / 2) {
      List<ValidatedRead> fewer = join(joined, true);
      if (fewer.size() == joined.size()) {
        break;
      }
      joined = fewer;
    }
    reads.clear();
    reads.addAll(joined);
  }

  private static List<ValidatedRead> join(List<ValidatedRead> from, boolean pairs) {
    List<ValidatedRead> sorted = new ArrayList<>(from);
    sorted.sort(
        Comparator.comparingLong(ValidatedRead::readTs)
            .thenComparing(read -> read.span().start(), Bytes::compare));
    List<ValidatedRead> result = new ArrayList<>();
    boolean justPaired = false;
    for (ValidatedRead read : sorted) {
      ValidatedRead last = result.isEmpty() ? null : result.getLast();
      boolean joinable = last != null && last.readTs() == read.readTs();
      boolean touching =
          joinable
              && last != null
              && (!last.span().hasEnd()
                  || Bytes.compare(read.span().start(), last.span().end()) <= 0);
      if (last != null && joinable && (touching || (pairs && !justPaired))) {
        result.set(
            result.size() - 1, new ValidatedRead(hull(last.span(), read.span()), read.readTs()));
        justPaired = !touching;
      } else {
        result.add(read);
        justPaired = false;
      }
    }
    return result;
  }

  private static KeySpan hull(KeySpan first, KeySpan second) {
    boolean endless = !first.hasEnd() || !second.hasEnd();
    byte[] end =
        endless
            ? Bytes.EMPTY
            : Bytes.compare(first.end(), second.end()) >= 0 ? first.end() : second.end();
    return new KeySpan(first.start(), end);
  }
}
