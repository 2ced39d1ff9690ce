package io.shardforge.storage.engine.rocks;

import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native code, loaded once for each process. It comes out of a jar, and so through a file
 * of 15 MB that only an orderly end removes: a node puts it where it cleans up at every start, lest
 * one that is killed again and again fill the machine's temporary directory.
 */
public final class RocksLibrary {
  private static final Logger log = LoggerFactory.getLogger(RocksLibrary.class);

  private RocksLibrary() {}

  /** Loads the library through a file in this directory, unless it is loaded already. */
  public static void loadFrom(Path directory) {
    try {
      NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      // A store may be mounted noexec; what cannot be loaded from anywhere fails in load.
      log.info(
          "the engine's library cannot be loaded from there directory={} reason=\"{}\"",
          directory,
          e.getMessage());
    }
    load();
  }

  /** Loads the library through the JVM's temporary directory, unless it is loaded already. */
  static void load() {
    RocksDB.loadLibrary();
  }
}
