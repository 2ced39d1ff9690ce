package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command for lost majorities understands, and refuses. */
final class RecoverCommandTest {
  @TempDir @Nullable Path directory;

  @Test
  void takesItsOptionsInBothForms() {
    assertThat(
            RecoverCommand.parse(
                List.of("--store=/s", "--survivors=1,4", "--above", "77", "--apply")))
        .isEqualTo(new RecoverCommand(Path.of("/s"), Set.of(1, 4), 77, true));
    assertThat(RecoverCommand.parse(List.of("--store", "/s")))
        .isEqualTo(new RecoverCommand(Path.of("/s"), Set.of(), 0, false));
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    assertRefused("say which store");
    assertRefused("no option --aply", "--store=/s", "--aply");
    assertRefused("--store needs a value", "--store");
    assertRefused("not a list of nodes", "--store=/s", "--survivors=1;2");
    assertRefused("not a timestamp", "--store=/s", "--above=yesterday");
  }

  private static void assertRefused(String words, String... options) {
    assertThatThrownBy(() -> RecoverCommand.parse(List.of(options)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @Test
  void makesNoStoreWhereThereIsNone() throws IOException {
    Path root = directory;
    if (root == null) {
      throw new IllegalStateException("no directory");
    }
    Path missing = root.resolve("missing");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        RecoverCommand.parse(List.of("--store=" + missing))
            .run(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("no node's store");
    assertThat(missing).doesNotExist();
  }
}
