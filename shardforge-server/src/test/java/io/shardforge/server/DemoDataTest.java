package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.engine.StoreDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What demos leave behind, and who removes it. */
final class DemoDataTest {
  @TempDir private Path parent;

  private DemoData temporary() throws IOException {
    return DemoData.temporary(Files.createTempDirectory(parent, ""));
  }

  @Test
  void aDeadDemosDirectoryIsRemovedByTheNext() throws IOException {
    DemoData killed = temporary();
    Files.writeString(Files.createDirectory(killed.resolve("node1")).resolve("LOCK"), "");
    killed.close();
    try (DemoData next = temporary()) {
      assertThat(parent)
          .isDirectoryNotContaining(path -> path.toString().equals(killed.toString()));
      assertThat(next.resolve("demo.lock")).exists();
    }
  }

  @Test
  void aLivingDemoKeepsItsDirectory() throws IOException {
    try (DemoData living = temporary();
        DemoData _ = temporary()) {
      assertThat(living.resolve("demo.lock")).exists();
    }
  }

  @Test
  void nodesThatStillEndKeepTheDirectory() throws IOException {
    DemoData killed = temporary();
    try (StoreDirectory _ = StoreDirectory.open(killed.resolve("node2"))) {
      killed.close();
      try (DemoData _ = temporary()) {
        assertThat(killed.resolve("demo.lock")).exists();
      }
    }
  }

  @Test
  void foreignDirectoriesAreLeftAlone() throws IOException {
    Path foreign = Files.createDirectory(parent.resolve("shardforge-demo-of-another-kind"));
    try (DemoData mine = temporary()) {
      mine.remove();
    }
    assertThat(foreign).exists();
    assertThat(parent.toFile().list()).containsExactly("shardforge-demo-of-another-kind");
  }

  @Test
  void aNamedDirectoryStays() throws IOException {
    Path named = parent.resolve("named");
    try (DemoData data = DemoData.lasting(named)) {
      data.remove();
    }
    assertThat(named).exists();
  }
}
