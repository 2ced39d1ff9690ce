package io.shardforge.storage.backup;

import io.shardforge.storage.engine.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Backups in a directory, with a directory each. */
public final class DirectoryTarget implements BackupTarget {
  private static final String UNFINISHED = ".tmp";

  private final Path root;

  public DirectoryTarget(Path root) {
    this.root = root;
  }

  @Override
  public void put(String folder, String name, byte[] content) throws IOException {
    Path directory = root.resolve(folder);
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      AtomicFile.syncDirectory(root);
    }
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      AtomicFile.write(file, content);
    } else if (!Arrays.equals(Files.readAllBytes(file), content)) {
      throw new FileAlreadyExistsException(file.toString());
    }
  }

  @Override
  public boolean exists(String folder, String name) {
    return Files.exists(root.resolve(folder).resolve(name));
  }

  @Override
  public byte[] get(String folder, String name) throws IOException {
    return Files.readAllBytes(root.resolve(folder).resolve(name));
  }

  @Override
  public List<String> folders() throws IOException {
    return names(root, true);
  }

  @Override
  public List<String> files(String folder) throws IOException {
    return names(root.resolve(folder), false);
  }

  private static List<String> names(Path directory, boolean directories) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isDirectory(entry) == directories)
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.endsWith(UNFINISHED))
          .sorted()
          .toList();
    }
  }

  @Override
  public void delete(String folder, String name) throws IOException {
    Files.deleteIfExists(root.resolve(folder).resolve(name));
    if (files(folder).isEmpty()) {
      Files.deleteIfExists(root.resolve(folder));
    }
  }
}
