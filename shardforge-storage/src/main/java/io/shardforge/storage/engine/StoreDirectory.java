package io.shardforge.storage.engine;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A node's store on disk, held exclusively while it is open.
 *
 * <pre>
 * STORE     format version, cluster and node, with a checksum
 * LOCK      locked by the process that uses the store
 * db/       the engine
 * raft/     Raft logs, a directory per group
 * BALLAST   space held back for a full disk
 * tmp/      emptied at every start
 * DAMAGED   there once something in the store was found damaged: why
 * damaged/  what was the store before it was found damaged
 * </pre>
 */
public final class StoreDirectory implements AutoCloseable {
  /** The layout that this version writes, and the newest that it can read. */
  public static final int FORMAT_VERSION = 1;

  private static final String IDENTITY_FILE = "STORE";
  private static final String LOCK_FILE = "LOCK";
  private static final String FORMAT = "format";
  private static final String CLUSTER = "cluster";
  private static final String NODE = "node";
  private static final String CHECKSUM = "crc32c";
  private static final long IDENTITY_BYTES_MAX = 4096;
  private static final String DAMAGE_FILE = "DAMAGED";
  private static final String DAMAGED_DIRECTORY = "damaged";

  /** The end of the damage file once what is set aside is being moved. */
  private static final String MOVING = "\nmoving";

  private final Path root;
  private final FileChannel lockChannel;
  private final FileLock lock;
  private Optional<StoreIdentity> identity;

  private StoreDirectory(Path root, FileChannel lockChannel, FileLock lock) {
    this.root = root;
    this.lockChannel = lockChannel;
    this.lock = lock;
    this.identity = Optional.empty();
  }

  /** Opens a store, or makes an empty one that has no identity yet. */
  public static StoreDirectory open(Path root) {
    try {
      Files.createDirectories(root);
      StoreDirectory store = lock(root);
      boolean opened = false;
      try {
        store.identity = readIdentity(root);
        Files.createDirectories(store.engineDirectory());
        Files.createDirectories(store.raftDirectory());
        deleteTree(store.temporaryDirectory());
        Files.createDirectories(store.temporaryDirectory());
        AtomicFile.syncDirectory(root);
        opened = true;
        return store;
      } finally {
        if (!opened) {
          store.close();
        }
      }
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot use the store directory " + root + ": " + e.getMessage(), e);
    }
  }

  /** Whose store this is; nothing for one that is new. */
  public Optional<StoreIdentity> identity() {
    return identity;
  }

  /** Gives a new store its identity; an identity never changes. */
  public void initialize(StoreIdentity newIdentity) {
    if (identity.isPresent()) {
      requireCluster(newIdentity.clusterId());
      if (!identity.get().equals(newIdentity)) {
        throw new ShardForgeException(
            ErrorCode.CONFIG_FILE_ERROR,
            "the store in %s belongs to node %d, it cannot become node %d"
                .formatted(root, identity.get().nodeId(), newIdentity.nodeId()));
      }
      return;
    }
    try {
      AtomicFile.write(root.resolve(IDENTITY_FILE), encode(newIdentity));
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot write the identity of the store in " + root, e);
    }
    identity = Optional.of(newIdentity);
  }

  /** Refuses a store that belongs to another cluster; one without identity passes. */
  public void requireCluster(UUID clusterId) {
    if (identity.isPresent() && !identity.get().clusterId().equals(clusterId)) {
      throw new ShardForgeException(
              ErrorCode.CONFIG_FILE_ERROR,
              "the store in %s belongs to cluster %s, not to cluster %s"
                  .formatted(root, identity.get().clusterId(), clusterId))
          .withHint("Start this node with a directory of its own, or join the store's cluster.");
    }
  }

  public Path root() {
    return root;
  }

  public Path engineDirectory() {
    return root.resolve("db");
  }

  public Path raftDirectory() {
    return root.resolve("raft");
  }

  /** Where a damaged store is put aside. */
  public Path asideDirectory() {
    return root.resolve(DAMAGED_DIRECTORY);
  }

  /** A place for files that need not outlive the process. */
  public Path temporaryDirectory() {
    return root.resolve("tmp");
  }

  /**
   * Says durably that something in the store is not what was written, so that no later start relies
   * on it.
   */
  public void markDamaged(String why) {
    try {
      Path file = root.resolve(DAMAGE_FILE);
      if (!Files.exists(file)) {
        AtomicFile.write(file, why.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot write down that the store in " + root + " is damaged", e);
    }
  }

  /** What was found to be damaged; nothing if nothing was. */
  public Optional<String> damage() {
    try {
      String text = Files.readString(root.resolve(DAMAGE_FILE));
      return Optional.of(
          text.endsWith(MOVING) ? text.substring(0, text.length() - MOVING.length()) : text);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot see whether the store in " + root + " is damaged", e);
    }
  }

  /** Whether a store is set aside here, whole, and no other can be. */
  public boolean hasSetAside() {
    try {
      return Files.exists(asideDirectory())
          && !Files.readString(root.resolve(DAMAGE_FILE)).endsWith(MOVING);
    } catch (NoSuchFileException e) {
      return Files.exists(asideDirectory());
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot see what was put aside in " + root, e);
    }
  }

  /**
   * Puts a damaged store aside, whole, and leaves an empty one; only where none is set aside yet.
   * Can be done again after a crash.
   *
   * @param others the names of further files of the store
   */
  public void setAside(String... others) {
    Path aside = asideDirectory();
    Path mark = root.resolve(DAMAGE_FILE);
    try {
      String why = Files.readString(mark);
      if (!why.endsWith(MOVING)) {
        Files.createDirectories(aside);
        AtomicFile.syncDirectory(root);
        AtomicFile.write(mark, (why + MOVING).getBytes(StandardCharsets.UTF_8));
      }
      Set<Path> parts = new LinkedHashSet<>(List.of(engineDirectory(), raftDirectory()));
      for (String name : others) {
        parts.add(root.resolve(name));
      }
      parts.add(root.resolve(IDENTITY_FILE));
      for (Path part : parts) {
        Path target = aside.resolve(part.getFileName());
        // Made anew, and empty, by a start after a crash.
        if (Files.exists(part) && !Files.exists(target)) {
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      AtomicFile.syncDirectory(aside);
      AtomicFile.syncDirectory(root);
      Files.delete(mark);
      identity = Optional.empty();
      Files.createDirectories(engineDirectory());
      Files.createDirectories(raftDirectory());
      AtomicFile.syncDirectory(root);
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot put the damaged store in " + root + " aside", e);
    }
  }

  /** Lets another process have the store. */
  @Override
  public void close() {
    try {
      lock.release();
      lockChannel.close();
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot release the store directory " + root, e);
    }
  }

  private static StoreDirectory lock(Path root) throws IOException {
    FileChannel channel =
        FileChannel.open(
            root.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process, which is as bad.
      lock = null;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new ShardForgeException(
              ErrorCode.LOCK_FILE_EXISTS,
              "the store in " + root + " is in use by another ShardForge process")
          .withHint("Stop that process, or give this node a directory of its own.");
    }
    return new StoreDirectory(root, channel, lock);
  }

  private static byte[] encode(StoreIdentity identity) {
    String body =
        "%s=%d\n%s=%s\n%s=%d\n"
            .formatted(
                FORMAT, FORMAT_VERSION, CLUSTER, identity.clusterId(), NODE, identity.nodeId());
    return (body + CHECKSUM + "=" + checksum(body) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<StoreIdentity> readIdentity(Path root) throws IOException {
    Path file = root.resolve(IDENTITY_FILE);
    String content;
    try {
      if (Files.size(file) > IDENTITY_BYTES_MAX) {
        throw damaged(file, "it is too long");
      }
      content = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : content.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        fields.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    // The version is looked at first: a newer format may have another checksum.
    try {
      int version = Integer.parseInt(fields.getOrDefault(FORMAT, ""));
      if (version > FORMAT_VERSION) {
        throw new ShardForgeException(
                ErrorCode.CONFIG_FILE_ERROR,
                "the store in %s has format %d, this version of ShardForge reads formats up to %d"
                    .formatted(root, version, FORMAT_VERSION))
            .withHint("Start it with the version of ShardForge that wrote it, or a newer one.");
      }
      int bodyEnd = content.indexOf(CHECKSUM + "=");
      if (version < 1
          || bodyEnd < 0
          || !checksum(content.substring(0, bodyEnd)).equals(fields.get(CHECKSUM))) {
        throw damaged(file, "its checksum does not match");
      }
      UUID cluster = UUID.fromString(fields.getOrDefault(CLUSTER, ""));
      return Optional.of(
          new StoreIdentity(cluster, Integer.parseInt(fields.getOrDefault(NODE, ""))));
    } catch (IllegalArgumentException e) {
      throw damaged(file, "a field is missing or malformed");
    }
  }

  private static String checksum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
    return Long.toHexString(crc.getValue());
  }

  private static ShardForgeException damaged(Path file, String how) {
    return new ShardForgeException(
        ErrorCode.DATA_CORRUPTED, "the store's identity file " + file + " is damaged: " + how);
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
