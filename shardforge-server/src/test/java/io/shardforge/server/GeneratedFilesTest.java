package io.shardforge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shardforge.cli.command.Commands;
import io.shardforge.cli.command.Context;
import io.shardforge.cli.shell.Streams;
import io.shardforge.server.telemetry.AlertFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code gen} prints, read by the programs that it is for. */
final class GeneratedFilesTest {
  @TempDir Path directory = Path.of("");

  private static String generate(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        Streams.of(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    List<String> all = Stream.concat(Stream.of("gen"), Stream.of(words)).toList();
    int code = Commands.of(new Context(streams, Map.of())).execute(all.toArray(String[]::new));
    assertThat(code).as(err.toString(UTF_8)).isZero();
    return out.toString(UTF_8);
  }

  private static void assumeThere(String program) {
    boolean found =
        Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
            .anyMatch(at -> Files.isExecutable(Path.of(at, program)));
    assumeTrue(found, "no " + program + " on this machine to read the file with");
  }

  /** What a program says, which must be content. */
  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.onExit().join().exitValue()).as(words).isZero();
    return words;
  }

  @Test
  void systemdTakesTheUnit() throws IOException {
    assumeThere("systemd-analyze");
    Path unit = directory.resolve("shardforge.service");
    Files.writeString(unit, generate("systemd", "--launcher", "/bin/true", "--user", "root"));
    assertThat(run("systemd-analyze", "verify", "--man=no", unit.toString()))
        .doesNotContain("shardforge.service:");
  }

  @Test
  void haproxyTakesTheConfiguration() throws IOException {
    assumeThere("haproxy");
    try (TestServer server = TestServer.start()) {
      Path file = directory.resolve("haproxy.cfg");
      String port = Integer.toString(server.address().getPort());
      Files.writeString(file, generate("haproxy", "-h", "127.0.0.1", "-p", port));
      var _ = run("haproxy", "-c", "-f", file.toString());
    }
  }

  @Test
  void bashCompletesCommands() throws IOException {
    Path file = directory.resolve("completion");
    Files.writeString(file, generate("completion"));
    String words =
        run(
            "bash",
            "-c",
            "set -e; source '%s'; COMP_WORDS=(shardforge job ''); COMP_CWORD=2;".formatted(file)
                + " _complete_shardforge; echo ${COMPREPLY[@]}");
    assertThat(words).contains("list", "pause", "resume", "cancel");
  }

  @Test
  void theDashboardIsTheOneThatNodesServe() {
    assertThat(generate("grafana")).isEqualTo(AlertFile.DASHBOARD.text());
  }
}
