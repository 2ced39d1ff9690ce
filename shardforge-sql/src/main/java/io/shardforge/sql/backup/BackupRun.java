package io.shardforge.sql.backup;

import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.BackupJobs.Written;
import io.shardforge.sql.catalog.CatalogExport;
import io.shardforge.storage.backup.BackupCipher;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.backup.BackupManifest.Chunk;
import io.shardforge.storage.backup.BackupManifest.Span;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.backup.ChunkWriter;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.VersionWalk;
import io.shardforge.storage.mvcc.VersionedValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The making of a backup, from the chunk on that was noted last. */
final class BackupRun {
  private final JobHold hold;
  private final BackupJob.Order order;
  private final BackupServices services;
  private final BackupSet set;
  private final @Nullable BackupCipher cipher;

  BackupRun(JobHold hold) {
    this.hold = hold;
    this.order = hold.job().order();
    this.services = hold.services();
    this.set = BackupPlaces.open(order.target());
    this.cipher = BackupPlaces.cipher(order.key(), order.salt());
  }

  void run() throws IOException {
    BackupManifest base = order.base().isEmpty() ? null : set.manifest(order.base(), cipher);
    Set<Span> known = base == null ? Set.of() : new HashSet<>(base.spans());
    List<Written> written =
        new ArrayList<>(hold.certainly(txn -> BackupJobs.chunks(txn, hold.job().id())));
    // Their being there keeps the versions that they read.
    Txn now = services.transactions().beginAsOf(order.timestamp());
    long since = order.since() > 0 ? order.since() : base == null ? 0 : base.timestamp();
    Txn then = since == 0 ? now : services.transactions().beginAsOf(since);
    try {
      CatalogExport export =
          hold.persistently(() -> {
            now.beginStatement(hold.deadline(), Duration.ZERO);
            then.beginStatement(hold.deadline(), Duration.ZERO);
            return order.since() == 0
                ? CatalogExport.read(now, order.databases(), order.tables())
                : CatalogExport.read(now, order.databases(), order.tables(), order.since());
          });
      Written last = written.isEmpty() ? null : written.getLast();
      int from = last == null ? 0 : export.spans().indexOf(last.chunk().span());
      for (Span span : export.spans().subList(from, export.spans().size())) {
        boolean begun = last != null && last.chunk().span().equals(span);
        byte @Nullable [] after = begun && last != null ? last.last() : null;
        boolean more = true;
        while (more) {
          hold.checkCanceled();
          byte @Nullable [] place = after;
          int number = written.size() + 1;
          boolean whole = !known.contains(span);
          Part part =
              hold.persistently(() ->
                  order.since() > 0
                      ? readVersions(now, whole, span, place)
                      : read(now, whole ? null : then, span, place));
          if (part.content.entries() > 0) {
            after = part.last;
            written.add(write(number, span, part));
          }
          more = part.more;
        }
      }
      hold.reached(Step.FILLED);
      finish(export, written);
    } finally {
      now.rollback();
      then.rollback();
    }
  }

  /** Some entries of a span, the last key of them, and whether there are more. */
  private record Part(ChunkWriter content, byte[] last, boolean more) {}

  private Part read(Txn now, @Nullable Txn then, Span span, byte @Nullable [] after) {
    byte[] prefix = KeySpace.indexPrefix(span.dataId(), span.index());
    KeySpan all = KeySpan.ofPrefix(prefix);
    KeySpan rest =
        after == null ? all : new KeySpan(Bytes.successor(concat(prefix, after)), all.end());
    now.beginStatement(hold.deadline(), Duration.ZERO);
    if (then != null) {
      then.beginStatement(hold.deadline(), Duration.ZERO);
    }
    ChunkWriter content = new ChunkWriter();
    byte[] last = {};
    try (Entries entries = entries(now, then, rest)) {
      while (entries.next()) {
        last = Arrays.copyOfRange(entries.key(), prefix.length, entries.key().length);
        content.add(last, entries.value());
        if (content.bytes() >= services.chunkBytes()) {
          return new Part(content, last, true);
        }
      }
    }
    return new Part(content, last, false);
  }

  /**
   * The same with all versions; the last key then has the timestamp of the last version behind it.
   */
  private Part readVersions(Txn now, boolean whole, Span span, byte @Nullable [] after) {
    byte[] prefix = KeySpace.indexPrefix(span.dataId(), span.index());
    KeySpan rest = KeySpan.ofPrefix(prefix);
    long beforeTs = Timestamp.MAX;
    if (after != null) {
      byte[] key = Arrays.copyOf(after, after.length - Long.BYTES);
      beforeTs = Bytes.getLong(after, key.length);
      rest = new KeySpan(concat(prefix, key), rest.end());
    }
    now.beginStatement(hold.deadline(), Duration.ZERO);
    ChunkWriter content = new ChunkWriter(true);
    byte[] last = {};
    VersionWalk walk = new VersionWalk(rest, order.since(), order.timestamp(), beforeTs, whole);
    try (Entries entries = Entries.of(now.versions(walk))) {
      while (entries.next()) {
        byte[] key = Arrays.copyOfRange(entries.key(), prefix.length, entries.key().length);
        byte[] version = Objects.requireNonNull(entries.value());
        content.add(key, version);
        last = Arrays.copyOf(key, key.length + Long.BYTES);
        Bytes.putLong(last, key.length, VersionedValue.decode(version).commitTs());
        if (content.bytes() >= services.chunkBytes()) {
          return new Part(content, last, true);
        }
      }
    }
    return new Part(content, last, false);
  }

  private static Entries entries(Txn now, @Nullable Txn then, KeySpan rest) {
    return then == null
        ? Entries.of(now, rest)
        : Entries.changes(Entries.of(then, rest), Entries.of(now, rest));
  }

  private Written write(int number, Span span, Part part) throws IOException {
    Chunk chunk =
        set.writeChunk(
            order.backup(),
            number,
            hold.job().owner(),
            span,
            part.content,
            cipher,
            services.randomness());
    hold.reached(Step.WRITTEN);
    Written written = new Written(chunk, part.last);
    hold.note(
        job -> job.advanced(chunk.entries(), chunk.bytes()),
        txn -> BackupJobs.putChunk(txn, hold.job(), written));
    hold.reached(Step.NOTED);
    return written;
  }

  private void finish(CatalogExport export, List<Written> written) throws IOException {
    BackupManifest manifest =
        new BackupManifest(
            order.backup(),
            order.base(),
            order.timestamp(),
            order.since(),
            order.scope(),
            export.rows(),
            export.revisions(),
            export.spans(),
            written.stream().map(Written::chunk).toList());
    hold.note(job -> job, txn -> {});
    set.finish(manifest, cipher, services.randomness());
    hold.end(txn -> BackupJobs.forgetChunks(txn, hold.job(), written));
    set.tidy(manifest);
  }

  private static byte[] concat(byte[] prefix, byte[] rest) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, key, prefix.length, rest.length);
    return key;
  }
}
