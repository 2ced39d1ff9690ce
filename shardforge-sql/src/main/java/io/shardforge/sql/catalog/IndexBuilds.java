package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of index builds in the meta shard, read and written through a transaction. */
public final class IndexBuilds {
  /** Builds that have ended and are still shown. */
  private static final int ENDED_MAX = 100;

  private IndexBuilds() {}

  /** All that are known, in the order in which they began. */
  public static List<IndexBuild> all(Txn txn) {
    List<IndexBuild> builds = new ArrayList<>();
    try (KvCursor cursor = txn.scan(KeySpace.indexBuildSpan(), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          byte[] key = page.key(row);
          builds.add(
              IndexBuild.decode(Bytes.getInt(key, key.length - Integer.BYTES), page.value(row)));
        }
      }
    }
    builds.sort(Comparator.comparingLong(IndexBuild::beganTs));
    return builds;
  }

  /** The newest state of one, locked until the transaction ends; null if it is not known. */
  public static @Nullable IndexBuild lock(Txn txn, int indexOid) {
    byte[] key = KeySpace.indexBuildKey(indexOid);
    byte[] value = txn.lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    return value == null ? null : IndexBuild.decode(indexOid, value);
  }

  public static void put(Txn txn, IndexBuild build) {
    txn.put(TableVersion.NONE, build.key(), build.encode());
  }

  /** Forgets the oldest of those that have ended. */
  public static void forgetOld(Txn txn) {
    List<IndexBuild> ended = all(txn).stream().filter(build -> !build.isRunning()).toList();
    for (IndexBuild build : ended.subList(0, Math.max(0, ended.size() - ENDED_MAX))) {
      txn.delete(TableVersion.NONE, build.key());
    }
  }
}
