package io.shardforge.server.logic;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import io.shardforge.server.logic.LogicRun.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public corpus of sqllogictest, or the scripts under {@code -Dlogic.files=DIRECTORY}: a share
 * of their queries by lot ({@code -Dlogic.share}, {@code -Dlogic.seed}), 2 % if nothing is said.
 * With {@code -Dlogic.url=jdbc:postgresql://…} another server answers.
 *
 * <p>The corpus was written down from other databases. Where PostgreSQL itself answers otherwise,
 * its answer is the right one: logic/postgresql.txt has those, and {@code -Dlogic.rewrite} with the
 * URL of a PostgreSQL writes them anew.
 */
class LogicIT {
  private static final double SHARE = Double.parseDouble(System.getProperty("logic.share", "0.02"));
  private static final long SEED = Long.getLong("logic.seed", 1);

  /** Of a share of the queries, five times as many scripts are run and a fifth of their queries. */
  private static final double SCRIPTS = Math.min(1, 5 * SHARE);

  private static final String ONLY = System.getProperty("logic.only", "");
  private static final Path POSTGRESQL = Path.of("src/test/resources/logic/postgresql.txt");
  private static final int FAILURES_SHOWN = 50;

  private record Total(long statements, long queries, List<Failure> failures) {}

  @Test
  void answersAsTheScriptsSay() throws Exception {
    String url = System.getProperty("logic.url");
    if (url != null) {
      judge(runAll(() -> DriverManager.getConnection(url)));
      return;
    }
    try (TestServer server = TestServer.start()) {
      judge(runAll(() -> server.connect("preferQueryMode", "simple")));
    }
  }

  private interface Server {
    Connection connect() throws SQLException;
  }

  private static void judge(Total total) throws IOException {
    if (System.getProperty("logic.rewrite") != null) {
      new KnownAnswers(total.failures).write(POSTGRESQL);
      return;
    }
    KnownAnswers answersOfPostgresql = KnownAnswers.read(POSTGRESQL);
    List<Failure> failures =
        total.failures.stream().filter(f -> !answersOfPostgresql.has(f)).toList();
    System.out.printf(
        "sqllogictest: %d statements, %d queries, %d answers as PostgreSQL's instead of the script's,"
            + " %d failures (share %s, seed %d)%n",
        total.statements,
        total.queries,
        total.failures.size() - failures.size(),
        failures.size(),
        SHARE,
        SEED);
    Path report = Path.of("target/logic-failures.txt");
    Files.write(report, failures.stream().map(Failure::toString).sorted().toList());
    assertThat(failures.stream().limit(FAILURES_SHOWN).map(Failure::toString))
        .as("all of them in %s", report)
        .isEmpty();
  }

  private static Total runAll(Server server) throws Exception {
    String files = System.getProperty("logic.files");
    if (files != null) {
      return run(Path.of(files), server);
    }
    URI corpus = LogicIT.class.getResource("/test/select1.test").toURI();
    try (FileSystem jar =
        FileSystems.newFileSystem(
            URI.create(corpus.toString().substring(0, corpus.toString().indexOf('!'))), Map.of())) {
      return run(jar.getPath("/test"), server);
    }
  }

  private static Total run(Path root, Server server) throws Exception {
    List<Path> scripts;
    try (Stream<Path> all = Files.walk(root)) {
      scripts =
          all.filter(file -> file.toString().endsWith(".test") && file.toString().contains(ONLY))
              .filter(file -> lot(file).nextDouble() < SCRIPTS)
              .sorted()
              .toList();
    }
    List<Future<LogicRun>> runs = new ArrayList<>();
    long statements = 0;
    long queries = 0;
    List<Failure> failures = new ArrayList<>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Path script : scripts) {
        runs.add(workers.submit(() -> runOne(script, server)));
      }
      for (int i = 0; i < runs.size(); i++) {
        LogicRun run = runs.get(i).get();
        statements += run.statements();
        queries += run.queries();
        failures.addAll(run.failures());
        System.out.printf(
            "%d of %d %s: %d queries, %d failures so far%n",
            i + 1, runs.size(), scripts.get(i), queries, failures.size());
      }
    }
    return new Total(statements, queries, failures);
  }

  private static LogicRun runOne(Path script, Server server) throws IOException, SQLException {
    SplittableRandom lot = lot(script).split();
    try (BufferedReader reader = Files.newBufferedReader(script);
        Connection connection = server.connect()) {
      return new LogicRun(script.toString(), connection)
          .run(LogicScript.read(reader), query -> lot.nextDouble() * SCRIPTS < SHARE);
    }
  }

  private static SplittableRandom lot(Path script) {
    return new SplittableRandom(SEED ^ script.toString().hashCode());
  }
}
