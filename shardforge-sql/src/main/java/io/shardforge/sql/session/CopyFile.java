package io.shardforge.sql.session;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.PredefinedRole;
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

  /** Opens it: for few roles, as it is read with the rights of the server. */
  static CopyFile open(String name, AccessCheck access) {
    require(access, PredefinedRole.READ_SERVER_FILES, "from");
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new ShardForgeException(
            ErrorCode.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
      }
      return new CopyFile(name, Files.newInputStream(path));
    } catch (IOException | InvalidPathException e) {
      throw notOpened(name, "reading", "FROM", "read", e);
    }
  }

  static void require(AccessCheck access, PredefinedRole role, String direction) {
    if (!access.actsAs(role)) {
      throw new ShardForgeException(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              "permission denied to COPY " + direction + " a file")
          .withDetail(
              "Only roles with privileges of the \"%s\" role may COPY %s a file."
                  .formatted(role.roleName(), direction))
          .withHint(
              "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for"
                  + " anyone.");
    }
  }

  static ShardForgeException notOpened(
      String name, String purpose, String direction, String verb, Exception cause) {
    ErrorCode code =
        switch (cause) {
          case NoSuchFileException _ -> ErrorCode.UNDEFINED_FILE;
          case AccessDeniedException _ -> ErrorCode.INSUFFICIENT_PRIVILEGE;
          default -> ErrorCode.IO_ERROR;
        };
    String reason =
        switch (cause) {
          case NoSuchFileException _ -> "No such file or directory";
          case AccessDeniedException _ -> "Permission denied";
          default -> String.valueOf(cause.getMessage());
        };
    return new ShardForgeException(
            code, "could not open file \"" + name + "\" for " + purpose + ": " + reason, cause)
        .withHint(
            "COPY "
                + direction
                + " instructs the PostgreSQL server process to "
                + verb
                + " a file. You may want a client-side facility such as psql's \\copy.");
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
