package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvResult;
import io.shardforge.storage.key.KeySpan;

/**
 * A page of a scan.
 *
 * @param covered the part of the scan that it is about
 */
record PagePart(KvResult.Page page, KeySpan covered) {
  /** The page at the near end of a span. */
  static PagePart of(PageReads.ShardPage read, KeySpan span, boolean reverse) {
    KeySpan part = read.shard().span().intersect(span).orElse(span);
    byte[] resume = read.page().resumeKey();
    KeySpan covered =
        reverse
            ? new KeySpan(resume == null ? part.start() : resume, span.end())
            : new KeySpan(span.start(), resume == null ? part.end() : resume);
    return new PagePart(read.page(), covered);
  }

  /** What of a span that it is the near end of comes after it. */
  KeySpan leftOf(KeySpan span, boolean reverse) {
    if (reverse) {
      return new KeySpan(span.start(), covered.start());
    }
    return covered.hasEnd()
        ? new KeySpan(covered.end(), span.end())
        : new KeySpan(span.start(), span.start());
  }
}
