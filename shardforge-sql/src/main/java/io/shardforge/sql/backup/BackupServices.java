package io.shardforge.sql.backup;

import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import java.time.Duration;

/**
 * What backups need of a node.
 *
 * @param chunkBytes how long the content of a chunk becomes
 * @param historyRetention how long versions that were overwritten stay readable
 */
public record BackupServices(
    int nodeId,
    TxnClient transactions,
    Catalog catalog,
    Clock clock,
    Randomness randomness,
    BackupSteps steps,
    int chunkBytes,
    Duration historyRetention) {
  public static final int CHUNK_BYTES = 8 << 20;
}
