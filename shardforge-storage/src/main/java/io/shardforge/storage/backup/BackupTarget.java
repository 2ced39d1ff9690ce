package io.shardforge.storage.backup;

import java.io.IOException;
import java.util.List;

/** A place that backups are kept in: files by name, each in a folder. Thread-safe. */
public interface BackupTarget {
  /**
   * Stores a whole file durably, or nothing. What is there is never replaced by something else:
   * {@link java.nio.file.FileAlreadyExistsException}.
   */
  void put(String folder, String name, byte[] content) throws IOException;

  /** A whole file; {@link java.nio.file.NoSuchFileException} if it is not there. */
  byte[] get(String folder, String name) throws IOException;

  boolean exists(String folder, String name) throws IOException;

  /** All folders, in order; none if there is nothing at all yet. */
  List<String> folders() throws IOException;

  /** The files of a folder, in order; none if there is no such folder. */
  List<String> files(String folder) throws IOException;

  /** Removes a file, if it is there. */
  void delete(String folder, String name) throws IOException;
}
