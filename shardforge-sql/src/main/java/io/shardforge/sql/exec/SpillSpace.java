package io.shardforge.sql.exec;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The directory where statements of a node put rows that do not fit their memory. Files of an
 * earlier process are deleted at start-up; a file is deleted when it is closed. Thread-safe.
 */
public final class SpillSpace {
  private static final String SUFFIX = ".spill";

  private final Path directory;
  private final long limitBytes;
  private final BooleanSupplier diskIsLow;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong nextFile = new AtomicLong();

  /**
   * Opens and empties the directory.
   *
   * @param limitBytes what all spill files together may take; beyond it statements get 53400
   * @param diskIsLow whether the file system has too little left to give any of it to temporary
   *     files, which would take it from the store; then statements get 53100
   */
  public SpillSpace(Path directory, long limitBytes, BooleanSupplier diskIsLow) {
    this.directory = directory;
    this.limitBytes = limitBytes;
    this.diskIsLow = diskIsLow;
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
        for (Path file : old) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw failed("prepare temporary directory", e);
    }
  }

  public long usedBytes() {
    return usedBytes.get();
  }

  Path newFile() {
    return directory.resolve(nextFile.incrementAndGet() + SUFFIX);
  }

  void charge(long bytes) {
    if (diskIsLow.getAsBoolean()) {
      throw new ShardForgeException(
              ErrorCode.DISK_FULL,
              "could not write to temporary file: little space is left on the node's disk")
          .withHint("Let the statement touch fewer rows, or give the node more disk space.");
    }
    if (usedBytes.addAndGet(bytes) > limitBytes) {
      usedBytes.addAndGet(-bytes);
      throw new ShardForgeException(
              ErrorCode.CONFIGURATION_LIMIT_EXCEEDED,
              "temporary file size exceeds the node's limit (" + limitBytes / 1024 + "kB)")
          .withHint("Let the statement touch fewer rows, or give the node more temporary space.");
    }
  }

  void discharge(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  static ShardForgeException failed(String action, IOException e) {
    String message = e.getMessage();
    boolean full = message != null && message.contains("No space left");
    return new ShardForgeException(
        full ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR,
        "could not " + action + ": " + (full ? "No space left on device" : e),
        e);
  }
}
