package io.shardforge.sql.session;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file of the node that the client is connected to, written by COPY TO. */
final class CopyOutput implements AutoCloseable {
  private final String name;
  private final OutputStream out;

  private CopyOutput(String name, OutputStream out) {
    this.name = name;
    this.out = out;
  }

  /** Makes it, or empties it: for few roles, as it is written with the rights of the server. */
  static CopyOutput open(String name, AccessCheck access) {
    CopyFile.require(access, PredefinedRole.WRITE_SERVER_FILES, "to");
    try {
      Path path = Path.of(name);
      if (!path.isAbsolute()) {
        throw new ShardForgeException(
            ErrorCode.INVALID_NAME, "relative path not allowed for COPY to file");
      }
      if (Files.isDirectory(path)) {
        throw new ShardForgeException(
            ErrorCode.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
      }
      return new CopyOutput(name, new BufferedOutputStream(Files.newOutputStream(path)));
    } catch (IOException | InvalidPathException e) {
      throw CopyFile.notOpened(name, "writing", "TO", "write", e);
    }
  }

  void write(ByteWriter bytes) {
    try {
      out.write(bytes.array(), 0, bytes.size());
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  private ShardForgeException notWritten(IOException cause) {
    return new ShardForgeException(
        ErrorCode.IO_ERROR, "could not write to COPY file \"" + name + "\"", cause);
  }
}
