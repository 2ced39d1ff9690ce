package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** File systems of their own for the stores of some nodes, small enough to be filled. */
final class SmallDisks implements AutoCloseable {
  private static final long BYTES = 512L << 20;
  private static final String FILLER = "filler";

  private final Path directory;
  private final Map<Integer, Path> disks = new HashMap<>();

  SmallDisks(Path directory) {
    this.directory = directory;
  }

  /** Makes a disk and returns the directory on it for a node's store. */
  Path make(int node) {
    try {
      Path image = directory.resolve("disk" + node + ".img");
      Path mounted = Files.createDirectory(directory.resolve("disk" + node));
      ShellCommand.run("truncate", "-s", Long.toString(BYTES), image.toString());
      ShellCommand.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
      ShellCommand.run("mount", "-o", "loop", image.toString(), mounted.toString());
      disks.put(node, mounted);
      return mounted.resolve("store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path disk(int node) {
    Path disk = disks.get(node);
    if (disk == null) {
      throw new IllegalStateException("node " + node + " has no disk of its own");
    }
    return disk;
  }

  /** Takes all space that is left. */
  void fill(int node) {
    try {
      Path disk = disk(node);
      long bytes = Files.getFileStore(disk).getUsableSpace();
      ShellCommand.run(
          "fallocate", "-l", Long.toString(bytes), disk.resolve(FILLER).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the space back. */
  void empty(int node) {
    try {
      Files.deleteIfExists(disk(node).resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Path disk : disks.values()) {
      var _ = ShellCommand.tried("umount", "-l", disk.toString());
    }
  }
}
