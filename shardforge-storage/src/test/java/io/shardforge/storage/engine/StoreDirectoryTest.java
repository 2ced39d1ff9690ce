package io.shardforge.storage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a store lets in. */
class StoreDirectoryTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final StoreIdentity IDENTITY = new StoreIdentity(CLUSTER, 3);

  @TempDir private Path root = Path.of("");

  private Path store() {
    return root.resolve("node").resolve("store");
  }

  @Test
  void remembersWhoseItIs() {
    try (StoreDirectory store = StoreDirectory.open(store())) {
      assertThat(store.identity()).isEmpty();
      store.requireCluster(CLUSTER);
      store.initialize(IDENTITY);
      assertThat(store.identity()).contains(IDENTITY);
    }
    try (StoreDirectory store = StoreDirectory.open(store())) {
      assertThat(store.identity()).contains(IDENTITY);
      store.initialize(IDENTITY);
      assertThat(store.engineDirectory()).isDirectory();
      assertThat(store.raftDirectory()).isDirectory();
    }
  }

  @Test
  void refusesAnotherClusterAndAnotherNode() {
    try (StoreDirectory store = StoreDirectory.open(store())) {
      store.initialize(IDENTITY);
      assertRefused(
          () -> store.requireCluster(new UUID(9, 9)),
          ErrorCode.CONFIG_FILE_ERROR,
          "belongs to cluster " + CLUSTER);
      assertRefused(
          () -> store.initialize(new StoreIdentity(CLUSTER, 4)),
          ErrorCode.CONFIG_FILE_ERROR,
          "belongs to node 3");
    }
  }

  @Test
  void refusesASecondUser() {
    try (StoreDirectory _ = StoreDirectory.open(store())) {
      assertRefused(
          () -> StoreDirectory.open(store()), ErrorCode.LOCK_FILE_EXISTS, "is in use by another");
    }
    StoreDirectory.open(store()).close();
  }

  @Test
  void refusesANewerFormat() throws IOException {
    try (StoreDirectory store = StoreDirectory.open(store())) {
      store.initialize(IDENTITY);
    }
    Path file = store().resolve("STORE");
    Files.writeString(file, Files.readString(file).replace("format=1", "format=2"));
    assertRefused(() -> StoreDirectory.open(store()), ErrorCode.CONFIG_FILE_ERROR, "has format 2");
    // A refusal lets go of the lock.
    assertRefused(() -> StoreDirectory.open(store()), ErrorCode.CONFIG_FILE_ERROR, "has format 2");
  }

  @Test
  void refusesADamagedIdentity() throws IOException {
    try (StoreDirectory store = StoreDirectory.open(store())) {
      store.initialize(IDENTITY);
    }
    Path file = store().resolve("STORE");
    String good = Files.readString(file);
    for (String bad :
        new String[] {
          "",
          good.substring(0, good.length() / 2),
          good.replace("node=3", "node=4"),
          good.replace("format=1", "format=x"),
          "x".repeat(10_000)
        }) {
      Files.writeString(file, bad);
      assertRefused(() -> StoreDirectory.open(store()), ErrorCode.DATA_CORRUPTED, "is damaged");
    }
  }

  @Test
  void emptiesItsTemporaryDirectory() throws IOException {
    Path leftover;
    try (StoreDirectory store = StoreDirectory.open(store())) {
      leftover = Files.createDirectories(store.temporaryDirectory().resolve("a/b"));
      Files.writeString(leftover.resolve("c"), "x");
    }
    try (StoreDirectory store = StoreDirectory.open(store())) {
      assertThat(leftover).doesNotExist();
      assertThat(store.temporaryDirectory()).isEmptyDirectory();
    }
  }

  @Test
  void aDamagedStoreIsPutAsideWholeAndLeavesAnEmptyOne() throws IOException {
    try (StoreDirectory store = StoreDirectory.open(store())) {
      store.initialize(new StoreIdentity(CLUSTER, 3));
      Files.writeString(store.engineDirectory().resolve("rows"), "rows");
      Files.writeString(store.raftDirectory().resolve("log"), "log");
      Files.writeString(store().resolve("EXTRA"), "extra");
      assertThat(store.damage()).isEmpty();
      store.markDamaged("block 7");
      store.markDamaged("what followed from it");
    }
    try (StoreDirectory store = StoreDirectory.open(store())) {
      assertThat(store.damage()).contains("block 7");
      store.setAside("EXTRA");
      assertThat(store.damage()).isEmpty();
      assertThat(store.identity()).isEmpty();
      assertThat(store.engineDirectory()).isEmptyDirectory();
      assertThat(store.raftDirectory()).isEmptyDirectory();
      assertThat(store().resolve("EXTRA")).doesNotExist();
      Path aside = store().resolve("damaged");
      assertThat(aside.resolve("db/rows")).hasContent("rows");
      assertThat(aside.resolve("raft/log")).hasContent("log");
      assertThat(aside.resolve("EXTRA")).hasContent("extra");
      assertThat(aside.resolve("STORE")).exists();
    }
  }

  @Test
  void puttingAsideGoesOnAfterACrash() throws IOException {
    try (StoreDirectory store = StoreDirectory.open(store())) {
      store.initialize(new StoreIdentity(CLUSTER, 3));
      Files.writeString(store.raftDirectory().resolve("log"), "log");
    }
    // As a crash leaves it that came when the engine had been moved, and nothing else.
    Path moved = Files.createDirectories(store().resolve("damaged/db"));
    Files.writeString(moved.resolve("rows"), "rows");
    Files.writeString(store().resolve("DAMAGED"), "block 7\nmoving");
    try (StoreDirectory store = StoreDirectory.open(store())) {
      assertThat(store.damage()).contains("block 7");
      store.setAside();
      assertThat(moved.resolve("rows")).hasContent("rows");
      assertThat(store().resolve("damaged/raft/log")).hasContent("log");
      assertThat(store.identity()).isEmpty();
    }
  }

  @Test
  void replacesFilesAsAWhole() throws IOException {
    Path file = root.resolve("file");
    AtomicFile.write(file, new byte[] {1, 2, 3});
    AtomicFile.write(file, new byte[] {4});
    assertThat(file).hasBinaryContent(new byte[] {4});
    assertThat(root.toFile().list()).containsExactly("file");
  }

  private static void assertRefused(ThrowingCallable action, ErrorCode code, String words) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ShardForgeException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
