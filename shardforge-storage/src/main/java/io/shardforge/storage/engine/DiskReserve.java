package io.shardforge.storage.engine;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch over the space that a store's file system has left, with a ballast file that keeps some
 * of it for the end: a node without any could neither flush nor apply nor renew a lease.
 *
 * <pre>
 *  free + ballast - owed to a flush
 *                   ≥ 3 reserves        &lt; 2 reserves          ballast gone, free &lt; 1/4 reserve
 *  level            OK: ballast grows   LOW: no new writes     EXHAUSTED: stop in order
 *                                       free &lt; 1/4 reserve: a quarter of the ballast is let go
 * </pre>
 *
 * The ballast goes piece by piece, because whoever fills the disk takes what is let go, and stops
 * only at the first write that fails. Not thread-safe but for {@link #level}: one thread calls
 * {@link #tick} several times a second.
 */
public final class DiskReserve {
  /** The greatest reserve. */
  public static final long RESERVE_BYTES_MAX = 256L << 20;

  /** The least reserve, unless the file system is so small that it would be a large part of it. */
  public static final long RESERVE_BYTES_MIN = 64L << 20;

  /** The reserve is this part of the file system, between those bounds. */
  static final int RESERVE_PARTS = 100;

  /** On a small file system the reserve is at most this part of it. */
  static final int SMALL_PARTS = 8;

  /** What the ballast grows by in one tick, so that making it disturbs nobody. */
  static final int GROWTH_BYTES = 8 << 20;

  /**
   * In so many pieces the ballast is let go; with less than one of them free a node cannot live.
   */
  static final int PIECES = 4;

  private static final Logger log = LoggerFactory.getLogger(DiskReserve.class);
  private static final String FILE_NAME = "BALLAST";
  private static final int CHUNK_BYTES = 1 << 20;

  private final Space space;
  private final Path file;
  private final long reserveBytes;
  private long ballastBytes;
  private volatile Level level;

  /** How much space there is. */
  public enum Level {
    /** Enough. */
    OK,
    /** Too little for new writes; reads, and the end of what has begun, go on. */
    LOW,
    /** Too little to go on at all. */
    EXHAUSTED
  }

  /** What is asked about the file system. */
  @FunctionalInterface
  interface Space {
    long usableBytes() throws IOException;
  }

  private DiskReserve(Space space, Path file, long reserveBytes) throws IOException {
    this.space = space;
    this.file = file;
    this.reserveBytes = reserveBytes;
    this.ballastBytes = Files.exists(file) ? Files.size(file) : 0;
    this.level = free() + ballastBytes < 2 * reserveBytes ? Level.LOW : Level.OK;
  }

  /** Starts to watch the file system of a directory, with the ballast that is there. */
  public static DiskReserve open(Path directory) {
    try {
      FileStore fileSystem = Files.getFileStore(directory);
      return new DiskReserve(
          fileSystem::getUsableSpace,
          directory.resolve(FILE_NAME),
          reserveOf(fileSystem.getTotalSpace()));
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot see the space that is left for " + directory, e);
    }
  }

  /** For tests: another idea of the space that is left. */
  static DiskReserve open(Path directory, Space space, long reserveBytes) throws IOException {
    return new DiskReserve(space, directory.resolve(FILE_NAME), reserveBytes);
  }

  /** The reserve of a file system of this size. */
  static long reserveOf(long totalBytes) {
    long reserve = Math.clamp(totalBytes / RESERVE_PARTS, RESERVE_BYTES_MIN, RESERVE_BYTES_MAX);
    return Math.min(reserve, totalBytes / SMALL_PARTS);
  }

  /** The level at the last tick; any thread may ask. */
  public Level level() {
    return level;
  }

  /** What is kept free. */
  public long reserveBytes() {
    return reserveBytes;
  }

  /**
   * Looks at the space, lets ballast go or takes some on, and returns the level.
   *
   * @param owedBytes what a flush would write now: spoken for, though it is free still
   */
  public Level tick(long owedBytes) {
    try {
      long free = free();
      if (free < reserveBytes / PIECES && ballastBytes > 0) {
        shrink();
        free = free();
      }
      Level now = levelOf(free, owedBytes);
      if (now == Level.OK && ballastBytes < reserveBytes && free > reserveBytes) {
        grow();
      }
      if (now != level) {
        log.warn(
            "space for the store was={} is={} free_bytes={} owed_bytes={} reserve_bytes={} ballast_bytes={}",
            level,
            now,
            free,
            owedBytes,
            reserveBytes,
            ballastBytes);
        level = now;
      }
    } catch (IOException e) {
      log.warn("the space that is left cannot be seen reason=\"{}\"", e.getMessage());
    }
    return level;
  }

  private Level levelOf(long free, long owedBytes) {
    if (ballastBytes == 0 && free < reserveBytes / PIECES) {
      return Level.EXHAUSTED;
    }
    long enough = level == Level.OK ? 2 * reserveBytes : 3 * reserveBytes;
    return free + ballastBytes - owedBytes < enough ? Level.LOW : Level.OK;
  }

  private long free() throws IOException {
    return space.usableBytes();
  }

  private void shrink() throws IOException {
    long rest = Math.max(0, ballastBytes - Math.ceilDiv(reserveBytes, PIECES));
    log.warn("some of the store's ballast is let go was={} is={}", ballastBytes, rest);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(rest);
    }
    ballastBytes = rest;
  }

  private void grow() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long end = Math.min(reserveBytes, ballastBytes + GROWTH_BYTES);
      ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
      while (ballastBytes < end) {
        zeros.clear().limit((int) Math.min(CHUNK_BYTES, end - ballastBytes));
        ballastBytes += channel.write(zeros, ballastBytes);
      }
    } catch (IOException e) {
      log.info("the store's ballast cannot grow reason=\"{}\"", e.getMessage());
      ballastBytes = Files.exists(file) ? Files.size(file) : 0;
    }
  }
}
