package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of schedules in the meta shard, read and written through a transaction. */
public final class BackupSchedules {
  private BackupSchedules() {}

  /** All that there are, by name. */
  public static List<BackupSchedule> all(Txn txn) {
    List<BackupSchedule> all = new ArrayList<>();
    try (KvCursor cursor = txn.scan(KeySpace.backupScheduleSpan(), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          all.add(BackupSchedule.decode(page.value(row)));
        }
      }
    }
    return all;
  }

  /** The newest state of one, locked until the transaction ends; null if there is none. */
  public static @Nullable BackupSchedule lock(Txn txn, String name) {
    byte[] key = KeySpace.backupScheduleKey(name);
    byte[] value = txn.lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    return value == null ? null : BackupSchedule.decode(value);
  }

  public static void put(Txn txn, BackupSchedule schedule) {
    txn.put(TableVersion.NONE, KeySpace.backupScheduleKey(schedule.name()), schedule.encode());
  }

  public static void remove(Txn txn, String name) {
    txn.delete(TableVersion.NONE, KeySpace.backupScheduleKey(name));
  }

  /** The ids of the databases that a schedule is of; 3D000 if one of them is not there. */
  public static List<Integer> databaseIds(Txn txn, BackupSchedule schedule) {
    List<CatalogObject> shared = CatalogRows.load(txn, CatalogRows.CLUSTER);
    List<Integer> ids = new ArrayList<>();
    for (String name : schedule.databases()) {
      ids.add(
          shared.stream()
              .filter(object -> object instanceof DatabaseDescriptor d && d.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new ShardForgeException(
                      ErrorCode.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist"))
              .id());
    }
    return ids;
  }
}
