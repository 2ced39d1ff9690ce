package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.shardforge.sql.session.LogChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSetupTest {
  @TempDir private Path directory;

  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void prepare() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void writesEachChannelToItsFile() throws IOException {
    LogSetup.use(context, true, directory, "1.2", LogSetup.FILE_BYTES_MAX);
    context.getLogger("io.shardforge.Anything").info("an event");
    context.getLogger(LogChannel.AUDIT.logger().getName()).info("a grant");
    context.getLogger(LogChannel.SQL_SLOW.logger().getName()).info("a sloth");
    context.stop();
    assertThat(directory.resolve("ops.log")).content().contains("an event").hasLineCount(1);
    assertThat(directory.resolve("audit.log")).content().contains("a grant").hasLineCount(1);
    assertThat(directory.resolve("sql-slow.log")).content().contains("a sloth").hasLineCount(1);
    assertThat(files()).hasSize(LogChannel.values().length);
  }

  @Test
  void keepsFilesWithinTheirSizeAndNumber() throws IOException {
    long bytesMax = 2_000;
    LogSetup.use(context, true, directory, "1.2", bytesMax);
    Logger audit = context.getLogger(LogChannel.AUDIT.logger().getName());
    for (int i = 0; i < 1_000; i++) {
      audit.info("number {}", i);
    }
    context.stop();
    List<Path> kept =
        files().stream().filter(file -> file.getFileName().toString().startsWith("audit")).toList();
    assertThat(kept).hasSize(LogSetup.FILES_KEPT + 1);
    for (Path file : kept) {
      assertThat(Files.size(file)).as(file.toString()).isLessThan(2 * bytesMax);
    }
    assertThat(directory.resolve("audit.log")).content().contains("number 999");
  }
}
