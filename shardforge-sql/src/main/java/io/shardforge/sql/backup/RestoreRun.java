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
import java.io.IOException;
import java.util.ArrayList;
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

  /** A chunk, and where its entries come to. */
  private record Piece(BackupSet.Link link, Chunk chunk, Span destination) {}

  private record Entry(byte[] key, byte @Nullable [] value) {}

  /** Returns what there is now, in words for the client. */
  RestorePlan run() throws IOException {
    List<BackupSet.Link> chain =
        set.chain(order.backup(), salt -> BackupPlaces.cipher(order.key(), order.salt(), salt));
    RestorePlan plan =
        hold.certainly(txn ->
            RestorePlan.of(hold.services().catalog(), txn, chain.getLast().manifest(), order));
    List<Piece> pieces = new ArrayList<>();
    for (BackupSet.Link link : chain) {
      for (Chunk chunk : link.manifest().chunks()) {
        Span destination = plan.destination(chunk.span());
        if (destination != null) {
          pieces.add(new Piece(link, chunk, destination));
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
    while (reader.next()) {
      byte[] key = new KeyEncoder().putRaw(prefix).putRaw(reader.key()).toByteArray();
      byte[] value = reader.value();
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
