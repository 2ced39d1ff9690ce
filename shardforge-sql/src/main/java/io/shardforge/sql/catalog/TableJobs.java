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

/** The rows of tables' jobs in the meta shard, read and written through a transaction. */
public final class TableJobs {
  /** Jobs that have ended and are still shown. */
  private static final int ENDED_MAX = 100;

  private TableJobs() {}

  /** All that are known, in the order in which they began. */
  public static List<TableJob> all(Txn txn) {
    List<TableJob> jobs = new ArrayList<>();
    try (KvCursor cursor = txn.scan(KeySpace.tableJobSpan(), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          byte[] key = page.key(row);
          jobs.add(TableJob.decode(Bytes.getInt(key, key.length - Integer.BYTES), page.value(row)));
        }
      }
    }
    jobs.sort(Comparator.comparingLong(TableJob::beganTs));
    return jobs;
  }

  /** The newest state of one, locked until the transaction ends; null if it is not known. */
  public static @Nullable TableJob lock(Txn txn, int oid) {
    byte[] key = KeySpace.tableJobKey(oid);
    byte[] value = txn.lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    return value == null ? null : TableJob.decode(oid, value);
  }

  public static void put(Txn txn, TableJob job) {
    txn.put(TableVersion.NONE, job.key(), job.encode());
  }

  /** Forgets the oldest of those that have ended. */
  public static void forgetOld(Txn txn) {
    List<TableJob> ended = all(txn).stream().filter(TableJob::isEnded).toList();
    for (TableJob job : ended.subList(0, Math.max(0, ended.size() - ENDED_MAX))) {
      txn.delete(TableVersion.NONE, job.key());
    }
  }
}
