package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.backup.BackupManifest.Chunk;
import io.shardforge.storage.backup.BackupManifest.Span;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The rows of backups and restores in the meta shard, read and written through a transaction. */
public final class BackupJobs {
  /** Jobs that have ended and are still shown. */
  private static final int ENDED_MAX = 100;

  private BackupJobs() {}

  /** All that are known, in the order in which they began. */
  public static List<BackupJob> all(Txn txn) {
    List<BackupJob> jobs = new ArrayList<>();
    scan(
        txn,
        KeySpace.backupJobSpan(),
        (key, value) ->
            jobs.add(BackupJob.decode(Bytes.getInt(key, key.length - Integer.BYTES), value)));
    jobs.sort(Comparator.comparingLong(BackupJob::beganTs));
    return jobs;
  }

  /** The newest state of one, locked until the transaction ends; null if it is not known. */
  public static @Nullable BackupJob lock(Txn txn, int id) {
    byte[] key = KeySpace.backupJobKey(id);
    byte[] value = txn.lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    return value == null ? null : BackupJob.decode(id, value);
  }

  public static void put(Txn txn, BackupJob job) {
    txn.put(TableVersion.NONE, job.rowKey(), job.encode());
  }

  /** Forgets the oldest of those that have ended. */
  public static void forgetOld(Txn txn) {
    List<BackupJob> ended = all(txn).stream().filter(BackupJob::isEnded).toList();
    for (BackupJob job : ended.subList(0, Math.max(0, ended.size() - ENDED_MAX))) {
      txn.delete(TableVersion.NONE, job.rowKey());
    }
  }

  /**
   * A chunk that a backup has written.
   *
   * @param last the last key of it, as it is in the chunk
   */
  public record Written(Chunk chunk, byte[] last) {}

  /** Notes a chunk of a backup. */
  public static void putChunk(Txn txn, BackupJob job, Written written) {
    Chunk chunk = written.chunk;
    byte[] value =
        new DescriptorWriter()
            .putLong(chunk.attempt())
            .putInt(chunk.span().dataId())
            .putInt(chunk.span().index())
            .putLong(chunk.entries())
            .putLong(chunk.bytes())
            .putBytes(chunk.sum())
            .putBytes(written.last)
            .toByteArray();
    txn.put(TableVersion.NONE, KeySpace.backupChunkKey(job.id(), chunk.number()), value);
  }

  /** The chunks of a backup under way, in their order. */
  public static List<Written> chunks(Txn txn, int id) {
    List<Written> chunks = new ArrayList<>();
    scan(
        txn,
        KeySpace.backupChunkSpan(id),
        (key, value) -> {
          DescriptorReader in = new DescriptorReader(value, 0, value.length);
          Chunk chunk =
              new Chunk(
                  Bytes.getInt(key, key.length - Integer.BYTES),
                  in.getLong(),
                  new Span(in.getInt(), in.getInt()),
                  in.getLong(),
                  in.getLong(),
                  in.getBytes());
          chunks.add(new Written(chunk, in.getBytes()));
        });
    return chunks;
  }

  /** Forgets the chunks of a backup that has ended. */
  public static void forgetChunks(Txn txn, BackupJob job, List<Written> chunks) {
    for (Written written : chunks) {
      txn.delete(TableVersion.NONE, KeySpace.backupChunkKey(job.id(), written.chunk.number()));
    }
  }

  private static void scan(Txn txn, KeySpan span, BiConsumer<byte[], byte[]> visitor) {
    try (KvCursor cursor = txn.scan(span, false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          visitor.accept(page.key(row), page.value(row));
        }
      }
    }
  }
}
