package io.shardforge.sql.backup;

import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.RestorePlan;
import io.shardforge.storage.backup.BackupManifest.Chunk;
import io.shardforge.storage.backup.BackupManifest.Span;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.backup.ChunkReader;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.mvcc.VersionedValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The restoring of a backup, from the chunk on that was noted last. */
final class RestoreRun {
  /** What one transaction writes. */
  private static final int ROWS_MAX = 2_048;

  private static final int BYTES_MAX = 1 << 20;

  private final JobHold hold;
  private final BackupJob.Order order;
  private final BackupSet set;

  RestoreRun(JobHold hold) {
    this.hold = hold;
    this.order = hold.job().order();
    this.set = BackupPlaces.open(order.target());
  }

  /**
   * A chunk, and where its entries come to.
   *
   * @param upToTs of several versions of a key the newest up to here counts
   */
  private record Piece(BackupSet.Link link, Chunk chunk, Span destination, long upToTs) {}

  private record Entry(byte[] key, byte @Nullable [] value) {}

  /** Returns what there is now, in words for the client. */
  RestorePlan run() throws IOException {
    List<BackupSet.Link> chain =
        set.chain(order.backup(), salt -> BackupPlaces.cipher(order.key(), order.salt(), salt));
    RestorePlan plan =
        hold.certainly(txn ->
            RestorePlan.of(
                hold.services().catalog(),
                txn,
                BackupOrders.asOf(chain.getLast().manifest(), order.timestamp()),
                order));
    List<Piece> pieces = new ArrayList<>();
    for (BackupSet.Link link : chain) {
      List<Chunk> chunks = link.manifest().chunks();
      // The newest version of a key comes first, and what is written last counts.
      for (Chunk chunk : link.manifest().hasHistory() ? chunks.reversed() : chunks) {
        Span destination = plan.destination(chunk.span());
        if (destination != null) {
          long upToTs = Math.min(link.manifest().timestamp(), order.timestamp());
          pieces.add(new Piece(link, chunk, destination, upToTs));
        }
      }
    }
    if (order.dataIds().isEmpty()) {
      for (Piece piece : pieces) {
        hold.checkCanceled();
        set.verify(piece.link, piece.chunk);
        hold.note(job -> job, txn -> {});
      }
      hold.reached(Step.VERIFIED);
      hold.note(job -> job.planned(pieces.size(), plan.dataIds()), txn -> {});
    }
    for (Piece piece : pieces.subList(hold.job().chunks(), pieces.size())) {
      write(piece);
      hold.note(job -> job.advanced(piece.chunk.entries(), piece.chunk.bytes()), txn -> {});
      hold.reached(Step.NOTED);
    }
    hold.reached(Step.FILLED);
    hold.end(plan::publish);
    return plan;
  }

  /** Everything may be written twice: nobody reads it before all of it is there. */
  private void write(Piece piece) throws IOException {
    byte[] prefix = KeySpace.indexPrefix(piece.destination.dataId(), piece.destination.index());
    ChunkReader reader = set.chunk(piece.link, piece.chunk);
    List<Entry> batch = new ArrayList<>();
    int bytes = 0;
    boolean versions = piece.link.manifest().hasHistory();
    byte[] decided = null;
    while (reader.next()) {
      byte[] value = reader.value();
      if (versions) {
        VersionedValue version = VersionedValue.decode(Objects.requireNonNull(value));
        if (version.commitTs() > piece.upToTs || Arrays.equals(reader.key(), decided)) {
          continue;
        }
        decided = reader.key();
        value = version.valueOrNull();
      }
      byte[] key = new KeyEncoder().putRaw(prefix).putRaw(reader.key()).toByteArray();
      batch.add(new Entry(key, value));
      bytes += key.length + (value == null ? 0 : value.length);
      if (batch.size() == ROWS_MAX || bytes >= BYTES_MAX) {
        write(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      write(batch);
    }
  }

  private void write(List<Entry> batch) {
    hold.checkCanceled();
    hold.note(job -> job, txn -> batch.forEach(entry -> write(txn, entry)));
    hold.reached(Step.WRITTEN);
  }

  private static void write(Txn txn, Entry entry) {
    if (entry.value == null) {
      txn.delete(TableVersion.NONE, entry.key);
    } else {
      txn.put(TableVersion.NONE, entry.key, Objects.requireNonNull(entry.value));
    }
  }
}
