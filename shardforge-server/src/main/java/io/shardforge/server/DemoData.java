package io.shardforge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a demo's stores and logs: one that was named and stays, or a temporary one. A
 * demo that is killed cannot remove its own; the next one does, and knows the dead by the locks
 * that nobody holds.
 */
final class DemoData implements AutoCloseable {
  private static final String PREFIX = "shardforge-demo-";
  private static final String LOCK = "demo.lock";

  private final Path directory;
  private final @Nullable FileChannel lock;

  private DemoData(Path directory, @Nullable FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** A directory that outlives the demo. */
  static DemoData lasting(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new DemoData(directory, null);
  }

  /**
   * A directory that the demo's end removes, as do later demos; first removes those of dead ones.
   *
   * @param unnamed a new directory, which is renamed
   */
  static DemoData temporary(Path unnamed) throws IOException {
    Path parent = unnamed.resolveSibling("");
    try (DirectoryStream<Path> earlier = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : earlier) {
        removeIfDead(directory);
      }
    }
    // It gets the name by which others find it with its lock held, and so is never taken for dead.
    FileChannel lock =
        FileChannel.open(
            unnamed.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    Path directory = unnamed.resolveSibling(PREFIX + unnamed.getFileName());
    Files.move(unnamed, directory, StandardCopyOption.ATOMIC_MOVE);
    return new DemoData(directory, lock);
  }

  private static void removeIfDead(Path directory) {
    try {
      if (isFree(directory.resolve(LOCK)) && nodesEnded(directory)) {
        Directories.delete(directory);
      }
    } catch (IOException | UncheckedIOException _) {
      // Somebody else's, or removed by another demo at this moment.
    }
  }

  /** Nodes end a moment after their demo. */
  private static boolean nodesEnded(Path directory) throws IOException {
    try (DirectoryStream<Path> stores = Files.newDirectoryStream(directory, "node*")) {
      for (Path store : stores) {
        Path lock = store.resolve("LOCK");
        if (Files.exists(lock) && !isFree(lock)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isFree(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  Path resolve(String name) {
    return directory.resolve(name);
  }

  boolean isTemporary() {
    return lock != null;
  }

  /** Removes a temporary directory; what was named stays. */
  void remove() throws IOException {
    if (lock != null) {
      Directories.delete(directory);
      lock.close();
    }
  }

  /** Lets go of the lock, as the end of the process does. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
