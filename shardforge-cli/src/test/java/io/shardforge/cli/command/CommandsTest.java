package io.shardforge.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.cli.shell.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return commands().execute(arguments);
  }

  private CommandLine commands() {
    Streams streams =
        Streams.of(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Commands.of(new Context(streams, Map.of()));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpListsEverything() {
    assertThat(run()).isZero();
    assertThat(run("help")).isZero();
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("start-single-node", "node recover", "sql");
    for (CommandLine command : commands().getSubcommands().values()) {
      assertThat(out()).contains("\n  " + command.getCommandName());
    }
  }

  @Test
  void everyCommandHasHelp() {
    assertThat(run("sql", "--help")).isZero();
    assertThat(out()).contains("--retry", "--host", "PGPORT");
  }

  @Test
  void unknownCommandsSuggestTheNearest() {
    assertThat(run("sqk")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("'sqk'", "Did you mean", "sql").hasLineCount(1);
  }

  @Test
  void wrongOptionsGetALine() {
    assertThat(run("sql", "--on-error", "never")).isEqualTo(ExitCode.USAGE);
    assertThat(run("sql", "--format", "xml")).isEqualTo(ExitCode.USAGE);
    assertThat(run("sql", "--watch", "3")).isEqualTo(ExitCode.USAGE);
    assertThat(err())
        .contains("stop or continue", "there is no format xml", "--watch")
        .hasLineCount(3);
  }

  @Test
  void nobodyListens() {
    assertThat(run("sql", "-h", "127.0.0.1", "-p", "1", "-e", "SELECT 1"))
        .isEqualTo(ExitCode.NO_CONNECTION);
    assertThat(err()).contains("no connection to 127.0.0.1:1", "./shardforge demo").hasLineCount(1);
  }
}
