package io.shardforge.sql.backup;

import io.shardforge.storage.backup.BackupCipher;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the backups of a target without changing anything. */
public final class BackupChecks {
  private BackupChecks() {}

  /**
   * What was found out about one backup.
   *
   * @param timestamp 0 if it cannot be read
   * @param problem null if all of it is as it was written
   */
  public record Finding(
      String backup,
      long timestamp,
      int chunks,
      long entries,
      long bytes,
      @Nullable String problem) {}

  /**
   * A backup as it is listed.
   *
   * @param manifest null if it cannot be read
   */
  public record Listed(
      String name, boolean encrypted, boolean finished, @Nullable BackupManifest manifest) {}

  /** A cipher, kept as long as the salt is the same: making one takes its time. */
  private static final class Ciphers {
    private final @Nullable String secret;
    private @Nullable BackupCipher last;

    Ciphers(@Nullable String secret) {
      this.secret = secret;
    }

    BackupCipher of(byte[] salt) {
      BackupCipher known = last;
      if (known == null || !Arrays.equals(known.salt(), salt)) {
        known = BackupPlaces.cipher(secret, salt);
        last = known;
      }
      return known;
    }
  }

  /** Reads every file of a backup and of those that it continues, the newest first. */
  public static List<Finding> verify(
      String target,
      @Nullable String backup,
      @Nullable String passphrase,
      @Nullable String keyFile) {
    Ciphers ciphers = new Ciphers(BackupPlaces.secret(passphrase, keyFile));
    BackupSet set = BackupPlaces.open(target);
    try {
      String next = backup == null ? newest(set, target) : backup;
      requireFinished(set, next, target);
      List<Finding> findings = new ArrayList<>();
      while (!next.isEmpty()) {
        BackupManifest manifest;
        BackupSet.Link link;
        try {
          byte[] salt = set.salt(next);
          BackupCipher cipher = salt == null ? null : ciphers.of(salt);
          manifest = set.manifest(next, cipher);
          link = new BackupSet.Link(manifest, cipher);
        } catch (ShardForgeException e) {
          if (e.code() != ErrorCode.DATA_CORRUPTED) {
            throw e;
          }
          findings.add(new Finding(next, 0, 0, 0, 0, e.message()));
          return findings;
        }
        findings.add(
            new Finding(
                next,
                manifest.timestamp(),
                manifest.chunks().size(),
                manifest.entries(),
                manifest.bytes(),
                problem(set, link)));
        next = manifest.base();
        if (!next.isEmpty() && !set.finished().contains(next)) {
          findings.add(new Finding(next, 0, 0, 0, 0, "is not there"));
          return findings;
        }
      }
      return findings;
    } catch (IOException e) {
      throw BackupPlaces.failure("backup \"" + target + '"', e);
    }
  }

  private static @Nullable String problem(BackupSet set, BackupSet.Link link) throws IOException {
    for (BackupManifest.Chunk chunk : link.manifest().chunks()) {
      try {
        set.verify(link, chunk);
      } catch (ShardForgeException e) {
        return e.message();
      }
    }
    return null;
  }

  /** All backups of a target, the oldest first; what cannot be read without a key is left out. */
  public static List<Listed> list(
      String target, @Nullable String passphrase, @Nullable String keyFile) {
    String secret = BackupPlaces.secret(passphrase, keyFile);
    Ciphers ciphers = new Ciphers(secret);
    BackupSet set = BackupPlaces.open(target);
    try {
      List<Listed> all = new ArrayList<>();
      for (String name : set.names()) {
        boolean finished = set.isFinished(name);
        byte[] salt = finished ? set.salt(name) : null;
        boolean readable = finished && (salt == null || secret != null);
        all.add(
            new Listed(
                name,
                salt != null,
                finished,
                readable ? set.manifest(name, salt == null ? null : ciphers.of(salt)) : null));
      }
      return all;
    } catch (IOException e) {
      throw BackupPlaces.failure("backup \"" + target + '"', e);
    }
  }

  static String newest(BackupSet set, String target) throws IOException {
    List<String> finished = set.finished();
    if (finished.isEmpty()) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FILE, "there is no backup in \"" + target + '"');
    }
    return finished.getLast();
  }

  static void requireFinished(BackupSet set, String backup, String target) throws IOException {
    if (!set.finished().contains(backup)) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FILE, "there is no backup " + backup + " in \"" + target + '"');
    }
  }
}
