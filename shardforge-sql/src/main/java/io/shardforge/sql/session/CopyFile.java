package io.shardforge.sql.session;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a file of the node that the client is connected to, for COPY FROM. */
final class CopyFile implements CopySource, AutoCloseable {
  private static final int PIECE_BYTES = 64 << 10;

  private final String name;
  private final InputStream in;

  private CopyFile(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  /** Opens it: for superusers, as it is read with the rights of the server. */
  static CopyFile open(String name, AccessCheck access) {
    if (!access.isSuperuser()) {
      throw new ShardForgeException(
              ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to COPY from a file")
          .withDetail("Only superusers may COPY from a file.")
          .withHint(
              "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for"
                  + " anyone.");
    }
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new ShardForgeException(
            ErrorCode.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
      }
      return new CopyFile(name, Files.newInputStream(path));
    } catch (NoSuchFileException e) {
      throw notOpened(ErrorCode.UNDEFINED_FILE, name, "No such file or directory", e);
    } catch (AccessDeniedException e) {
      throw notOpened(ErrorCode.INSUFFICIENT_PRIVILEGE, name, "Permission denied", e);
    } catch (IOException | InvalidPathException e) {
      throw notOpened(ErrorCode.IO_ERROR, name, String.valueOf(e.getMessage()), e);
    }
  }

  private static ShardForgeException notOpened(
      ErrorCode code, String name, String reason, Exception cause) {
    return new ShardForgeException(
            code, "could not open file \"" + name + "\" for reading: " + reason, cause)
        .withHint(
            "COPY FROM instructs the PostgreSQL server process to read a file. You may want a"
                + " client-side facility such as psql's \\copy.");
  }

  @Override
  public byte @Nullable [] next() {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      int count = in.read(piece);
      return count < 0 ? null : Arrays.copyOf(piece, count);
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "could not read from COPY file \"" + name + "\"", e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new ShardForgeException(ErrorCode.IO_ERROR, "could not close file \"" + name + "\"", e);
    }
  }
}
