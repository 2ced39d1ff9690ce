package io.shardforge.server.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scripts under golden/sql, whose answers are PostgreSQL's own. {@code -Dgolden.rewrite} writes
 * the answers anew; with {@code -Dgolden.url=jdbc:postgresql://…} they come from that server;
 * {@code -Dgolden.script=name} runs those whose names start so.
 */
class GoldenSqlTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/golden/sql");
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Path> scripts() throws Exception {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      String only = System.getProperty("golden.script", "");
      return files
          .filter(file -> file.getFileName().toString().startsWith(only))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void answersAsWritten(Path script) throws Exception {
    String written = Files.readString(script);
    String url = System.getProperty("golden.url");
    String answered =
        GoldenScript.parse(written)
            .run(() ->
                url == null
                    ? server.connect("preferQueryMode", "simple")
                    : DriverManager.getConnection(url));
    if (System.getProperty("golden.rewrite") != null) {
      Files.writeString(script, answered);
      return;
    }
    assertThat(answered).as("%s (rerun with -Dtest=GoldenSqlTest)", script).isEqualTo(written);
  }
}
