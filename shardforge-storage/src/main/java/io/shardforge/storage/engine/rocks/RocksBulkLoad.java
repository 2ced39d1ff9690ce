package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.BulkLoad;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** A bulk load that writes table files of its own, which the database takes over as they are. */
final class RocksBulkLoad implements BulkLoad {
  /** What a file holds at most, before compression: about what the engine's own files hold. */
  private static final long FILE_BYTES_MAX = 64L << 20;

  private static final int KEY_CAPACITY = 256;
  private static final int VALUE_CAPACITY = 16 << 10;

  private final RocksEngine engine;
  private final IngestTarget target;
  private final Path directory;
  private final String name;
  private final Options options;
  private final EnvOptions environment = new EnvOptions();
  private final List<Path> files = new ArrayList<>();
  private @Nullable SstFileWriter writer;
  private long written;

  /** Direct buffers, which native code reads without copying. */
  private ByteBuffer key = ByteBuffer.allocateDirect(KEY_CAPACITY);

  private ByteBuffer value = ByteBuffer.allocateDirect(VALUE_CAPACITY);

  /** Where the finished files go. */
  @FunctionalInterface
  interface IngestTarget {
    void ingest(List<String> files) throws RocksDBException;
  }

  /**
   * A load whose files are made in a directory on the database's own file system.
   *
   * @param name the start of the files' names, used by no other load
   * @param options closed with the load
   */
  RocksBulkLoad(
      RocksEngine engine, IngestTarget target, Path directory, String name, Options options) {
    this.engine = engine;
    this.target = target;
    this.directory = directory;
    this.name = name;
    this.options = options;
  }

  @Override
  public void put(byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength) {
    key = filled(key, buffer, keyOffset, keyLength);
    value = filled(value, buffer, valueOffset, valueLength);
    engine.using("load of an entry", () -> current().put(key, value));
    written += keyLength + valueLength;
    if (written >= FILE_BYTES_MAX) {
      engine.using("end of a loaded file", this::endFile);
    }
  }

  @Override
  public void finish() {
    engine.using(
        "load of " + name,
        () -> {
          endFile();
          if (!files.isEmpty()) {
            target.ingest(files.stream().map(Path::toString).toList());
          }
        });
  }

  @Override
  public void close() {
    SstFileWriter open = writer;
    writer = null;
    if (open != null) {
      open.close();
    }
    options.close();
    environment.close();
    try {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot remove a loaded file: " + e.getMessage(), e);
    }
  }

  private SstFileWriter current() throws RocksDBException {
    SstFileWriter open = writer;
    if (open == null) {
      Path file = directory.resolve(name + "-" + files.size() + ".sst");
      files.add(file);
      open = new SstFileWriter(environment, options);
      writer = open;
      open.open(file.toString());
      written = 0;
    }
    return open;
  }

  private void endFile() throws RocksDBException {
    SstFileWriter open = writer;
    if (open != null) {
      open.finish();
      open.close();
      writer = null;
    }
  }

  private static ByteBuffer filled(ByteBuffer into, byte[] bytes, int offset, int length) {
    ByteBuffer buffer =
        length <= into.capacity()
            ? into
            : ByteBuffer.allocateDirect(Math.max(length, 2 * into.capacity()));
    return buffer.clear().put(bytes, offset, length).flip();
  }
}
