package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.VersionWalk;
import io.shardforge.storage.mvcc.VersionedValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The versions of a span, page by page, over its shards one after another. */
final class VersionCursor implements KvCursor {
  private final PageReads pages;
  private @Nullable VersionWalk rest;
  private KeySpan covered;

  VersionCursor(PageReads pages, VersionWalk walk) {
    this.pages = pages;
    this.rest = walk.span().isEmpty() ? null : walk;
    this.covered = walk.span();
  }

  @Override
  public @Nullable KvPage next() {
    for (VersionWalk walk = rest; walk != null; walk = rest) {
      PageReads.ShardPage read;
      try {
        read = pages.read(walk);
      } catch (InterruptedException e) {
        throw BufferedTxn.canceled();
      }
      PagePart part = PagePart.of(read, walk.span(), false);
      covered = part.covered();
      KvPage page = read.page().page();
      KeySpan left = part.leftOf(walk.span(), false);
      long beforeTs = beforeTs(walk, page, left);
      rest =
          left.isEmpty()
              ? null
              : new VersionWalk(left, walk.sinceTs(), walk.upToTs(), beforeTs, walk.whole());
      if (!page.isEmpty()) {
        return page;
      }
    }
    return null;
  }

  /** Which versions of the key that the rest begins with are still to come. */
  private static long beforeTs(VersionWalk walk, KvPage page, KeySpan left) {
    int last = page.rows() - 1;
    if (last >= 0 && page.compareKey(last, left.start()) == 0) {
      return VersionedValue.decode(page.value(last)).commitTs();
    }
    boolean sameStart = Arrays.equals(walk.span().start(), left.start());
    return sameStart ? walk.beforeTs() : Timestamp.MAX;
  }

  @Override
  public KeySpan covered() {
    return covered;
  }

  @Override
  public void close() {
    rest = null;
  }
}
