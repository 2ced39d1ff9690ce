package io.shardforge.storage.backup;

import io.shardforge.storage.clock.Randomness;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backups of one target: writes, reads and verifies their files. Thread-safe.
 *
 * <p>A folder without a manifest is a backup that is under way, or was given up.
 */
public final class BackupSet {
  private static final String MANIFEST = "manifest";

  private final BackupTarget target;

  public BackupSet(BackupTarget target) {
    this.target = target;
  }

  /** Writes a chunk; the same one may be written again. */
  public BackupManifest.Chunk writeChunk(
      String backup,
      int number,
      long attempt,
      BackupManifest.Span span,
      ChunkWriter content,
      @Nullable BackupCipher cipher,
      Randomness randomness)
      throws IOException {
    byte[] file =
        BackupFile.seal(BackupFile.Kind.CHUNK, content.content(), cipher, nonce(randomness));
    BackupManifest.Chunk chunk =
        new BackupManifest.Chunk(
            number, attempt, span, content.entries(), file.length, BackupFile.sum(file));
    target.put(backup, chunk.fileName(), file);
    return chunk;
  }

  /**
   * Writes the manifest: from here on the backup is one. An earlier attempt may have written it and
   * not have told so; encrypted, it is the same in other bytes.
   */
  public void finish(BackupManifest manifest, @Nullable BackupCipher cipher, Randomness randomness)
      throws IOException {
    byte[] file =
        BackupFile.seal(BackupFile.Kind.MANIFEST, manifest.encode(), cipher, nonce(randomness));
    try {
      target.put(manifest.name(), MANIFEST, file);
    } catch (FileAlreadyExistsException e) {
      if (!Arrays.equals(manifest(manifest.name(), cipher).encode(), manifest.encode())) {
        throw e;
      }
    }
  }

  private static byte[] nonce(Randomness randomness) {
    byte[] nonce = new byte[BackupCipher.NONCE_BYTES];
    randomness.nextBytes(nonce);
    return nonce;
  }

  /** Whole and unfinished ones, the oldest first. */
  public List<String> names() throws IOException {
    return target.folders();
  }

  public boolean isFinished(String backup) throws IOException {
    return target.exists(backup, MANIFEST);
  }

  /** The backups that were finished, the oldest first. */
  public List<String> finished() throws IOException {
    List<String> finished = new ArrayList<>();
    for (String name : names()) {
      if (isFinished(name)) {
        finished.add(name);
      }
    }
    return finished;
  }

  /** The salt of a finished backup's key, null if it is not encrypted. */
  public byte @Nullable [] salt(String backup) throws IOException {
    return BackupFile.salt(target.get(backup, MANIFEST), backup + '/' + MANIFEST);
  }

  /** The manifest of a finished backup. */
  public BackupManifest manifest(String backup, @Nullable BackupCipher cipher) throws IOException {
    BackupManifest manifest =
        BackupManifest.decode(
            BackupFile.open(
                BackupFile.Kind.MANIFEST,
                target.get(backup, MANIFEST),
                cipher,
                backup + '/' + MANIFEST));
    if (!manifest.name().equals(backup)) {
      throw BackupErrors.damaged(backup + " is a copy of " + manifest.name());
    }
    return manifest;
  }

  /**
   * A backup and those that it continues, the full one first.
   *
   * @param ciphers gives the cipher for a salt
   */
  public List<Link> chain(String backup, Function<byte[], BackupCipher> ciphers)
      throws IOException {
    List<Link> chain = new ArrayList<>();
    String next = backup;
    while (!next.isEmpty()) {
      try {
        byte[] salt = salt(next);
        BackupCipher cipher = salt == null ? null : ciphers.apply(salt);
        BackupManifest manifest = manifest(next, cipher);
        chain.addFirst(new Link(manifest, cipher));
        next = manifest.base();
      } catch (NoSuchFileException e) {
        throw BackupErrors.damaged("there is no backup " + next);
      }
    }
    return chain;
  }

  /** A backup of a chain, with what reads its files. */
  public record Link(BackupManifest manifest, @Nullable BackupCipher cipher) {}

  /** The entries of a chunk; XX001 unless the file is what the manifest says it is. */
  public ChunkReader chunk(Link link, BackupManifest.Chunk chunk) throws IOException {
    String name = link.manifest.name() + '/' + chunk.fileName();
    byte[] file;
    try {
      file = target.get(link.manifest.name(), chunk.fileName());
    } catch (NoSuchFileException e) {
      throw BackupErrors.damaged(name + " is not there");
    }
    byte[] content = BackupFile.open(BackupFile.Kind.CHUNK, file, link.cipher, name);
    if (!MessageDigest.isEqual(BackupFile.sum(file), chunk.sum())) {
      throw BackupErrors.damaged(name + " is not the file that the manifest names");
    }
    return new ChunkReader(content);
  }

  /** Reads a chunk to its end; XX001 if anything in it is not what it was. */
  public void verify(Link link, BackupManifest.Chunk chunk) throws IOException {
    ChunkReader reader = chunk(link, chunk);
    long entries = 0;
    while (reader.next()) {
      entries++;
    }
    if (entries != chunk.entries()) {
      throw BackupErrors.damaged(
          "%s has %d entries, not %d".formatted(chunk.fileName(), entries, chunk.entries()));
    }
  }

  /** Removes what attempts have left that did not come to their end. */
  public void tidy(BackupManifest manifest) throws IOException {
    Set<String> wanted = new HashSet<>(Set.of(MANIFEST));
    manifest.chunks().forEach(chunk -> wanted.add(chunk.fileName()));
    for (String file : target.files(manifest.name())) {
      if (!wanted.contains(file)) {
        target.delete(manifest.name(), file);
      }
    }
  }

  /** Removes all files of a backup that was given up or is not wanted any more. */
  public void discard(String backup) throws IOException {
    // Without its manifest it is none: one half of which is removed is not taken for damaged.
    target.delete(backup, MANIFEST);
    for (String file : target.files(backup)) {
      target.delete(backup, file);
    }
  }
}
