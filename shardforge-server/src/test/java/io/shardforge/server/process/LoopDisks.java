package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Disks for the stores of nodes: file systems in files, which can be filled, stalled, and robbed of
 * power.
 *
 * <p>What a machine without power has on its disk is what the file system had sent there, and not
 * what the kernel still kept in memory: the file under the file system, copied before anybody
 * unmounts it, is exactly that. The kernel sends little by itself in a short test, so what nobody
 * synced is lost as a rule.
 */
final class LoopDisks implements AutoCloseable {
  private static final long BYTES = 640L << 20;
  private static final String FILLER = "filler";

  /** The journal is committed by syncs, and hardly ever by itself. */
  private static final String OPTIONS = "loop,commit=300";

  private final Path directory;
  private final Map<Integer, Path> images = new HashMap<>();
  private final Set<Integer> stalled = new HashSet<>();
  private int copies;

  LoopDisks(Path directory) {
    this.directory = directory;
  }

  /** Why there can be no such disks here, if so. */
  static boolean isPossible() {
    return Files.exists(Path.of("/dev/loop-control"))
        && ShellCommand.tried("mkfs.ext4", "-V").isPresent();
  }

  /** Makes a disk and returns the directory on it for a node's store. */
  Path make(int node) {
    try {
      Path image = directory.resolve("disk" + node + ".img");
      Files.createDirectory(mounted(node));
      ShellCommand.run("truncate", "-s", Long.toString(BYTES), image.toString());
      ShellCommand.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
      images.put(node, image);
      mount(node, image);
      return mounted(node).resolve("store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path mounted(int node) {
    return directory.resolve("disk" + node);
  }

  private void mount(int node, Path image) {
    ShellCommand.run("mount", "-o", OPTIONS, image.toString(), mounted(node).toString());
  }

  private Path image(int node) {
    Path image = images.get(node);
    if (image == null) {
      throw new IllegalStateException("node " + node + " has no disk of its own");
    }
    return image;
  }

  /** Takes all space that is left. */
  void fill(int node) {
    try {
      long bytes = Files.getFileStore(mounted(node)).getUsableSpace();
      ShellCommand.run(
          "fallocate", "-l", Long.toString(bytes), mounted(node).resolve(FILLER).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the space back. */
  void empty(int node) {
    try {
      Files.deleteIfExists(mounted(node).resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets whoever writes wait. */
  void stall(int node) {
    ShellCommand.run("fsfreeze", "-f", mounted(node).toString());
    stalled.add(node);
  }

  /** Lets those go on who wait. */
  void release(int node) {
    if (stalled.remove(node)) {
      ShellCommand.run("fsfreeze", "-u", mounted(node).toString());
    }
  }

  /** Gives the disk of a node that has been killed what it would have after a loss of power. */
  void losePower(int node) {
    try {
      Path before = image(node);
      Path after = directory.resolve("disk" + node + "." + ++copies + ".img");
      ShellCommand.run("cp", "--sparse=always", before.toString(), after.toString());
      ShellCommand.run("umount", mounted(node).toString());
      Files.delete(before);
      images.put(node, after);
      mount(node, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets all go on who wait, so that they can be ended. */
  void releaseAll() {
    Set.copyOf(stalled).forEach(this::release);
  }

  @Override
  public void close() {
    releaseAll();
    for (int node : images.keySet()) {
      var _ = ShellCommand.tried("umount", "-l", mounted(node).toString());
    }
  }

  /** Removes the disks, which have been closed. */
  void delete() {
    try {
      for (Path image : images.values()) {
        Files.deleteIfExists(image);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
