package io.shardforge.sql.backup;

import io.shardforge.storage.backup.BackupCipher;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.backup.DirectoryTarget;
import io.shardforge.storage.backup.PlaceException;
import io.shardforge.storage.backup.s3.S3Target;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What texts that name places and keys of backups stand for. */
public final class BackupPlaces {
  private static final String FILE = "file://";
  private static final int KEY_FILE_BYTES_MIN = 16;
  private static final int KEY_FILE_BYTES_MAX = 1 << 16;

  private BackupPlaces() {}

  /** The backups of a place: a directory of the node, or of all nodes, or a part of a bucket. */
  public static BackupSet open(String target) {
    if (S3Target.isNamedBy(target)) {
      return new BackupSet(S3Target.of(target));
    }
    String path = target.startsWith(FILE) ? target.substring(FILE.length()) : target;
    if (!path.startsWith("/")) {
      throw path.contains("://")
          ? new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "backups in " + path.substring(0, path.indexOf("://")) + " are not implemented")
          : new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "the place of a backup must be an absolute path: \"" + target + '"');
    }
    try {
      return new BackupSet(new DirectoryTarget(Path.of(path)));
    } catch (InvalidPathException e) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE, "not a path: \"" + target + '"');
    }
  }

  /** The words that a key is made of, null if there is to be none. */
  public static @Nullable String secret(@Nullable String passphrase, @Nullable String keyFile) {
    if (passphrase != null && keyFile != null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "there can be a passphrase or a key file, but not both");
    }
    if (passphrase != null && passphrase.isEmpty()) {
      throw new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, "the passphrase is empty");
    }
    if (keyFile == null) {
      return passphrase;
    }
    try {
      byte[] key = Files.readAllBytes(Path.of(keyFile));
      if (key.length < KEY_FILE_BYTES_MIN || key.length > KEY_FILE_BYTES_MAX) {
        throw new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "a key file has from %d to %d bytes, not %d"
                .formatted(KEY_FILE_BYTES_MIN, KEY_FILE_BYTES_MAX, key.length));
      }
      return Base64.getEncoder().encodeToString(key);
    } catch (IOException | InvalidPathException e) {
      throw failure("could not read key file \"" + keyFile + '"', e);
    }
  }

  /** The cipher of a backup for who knows the secret. */
  static BackupCipher cipher(@Nullable String secret, byte[] salt) {
    if (secret == null) {
      throw new ShardForgeException(ErrorCode.INVALID_PASSWORD, "backup is encrypted")
          .withHint("Give the passphrase or the key file that it was made with.");
    }
    return BackupCipher.ofPassphrase(secret, salt);
  }

  /** The cipher that a job has; all backups of a chain have the same. */
  static @Nullable BackupCipher cipher(byte[] key, byte[] salt) {
    return key.length == 0 ? null : BackupCipher.ofKey(key, salt);
  }

  static BackupCipher cipher(byte[] key, byte[] salt, byte[] wanted) {
    if (key.length == 0 || !Arrays.equals(salt, wanted)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PASSWORD, "backup is encrypted with another key");
    }
    return BackupCipher.ofKey(key, salt);
  }

  /** What is said of a file that cannot be read or written. */
  static ShardForgeException failure(String what, Exception cause) {
    if (Thread.currentThread().isInterrupted()) {
      return new ShardForgeException(
          ErrorCode.QUERY_CANCELED, "canceling statement due to user request", cause);
    }
    ErrorCode code =
        switch (cause) {
          case PlaceException told -> told.code();
          case FileAlreadyExistsException _ -> ErrorCode.DUPLICATE_FILE;
          case NoSuchFileException _ -> ErrorCode.UNDEFINED_FILE;
          case AccessDeniedException _ -> ErrorCode.INSUFFICIENT_PRIVILEGE;
          default -> ErrorCode.IO_ERROR;
        };
    String reason =
        switch (cause) {
          case FileAlreadyExistsException there -> there.getMessage() + " is there already";
          case NoSuchFileException _ -> "No such file or directory";
          case AccessDeniedException _ -> "Permission denied";
          default -> String.valueOf(cause.getMessage());
        };
    ShardForgeException failure = new ShardForgeException(code, what + ": " + reason, cause);
    return code == ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION
        ? failure.withHint(
            "Nodes have their keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in"
                + " ~/.aws/credentials, or of their machine's role.")
        : failure;
  }
}
