package io.shardforge.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random statements have PostgreSQL's answers. {@code -Ddifferential.url} says where one is, {@code
 * differential.seed} is the first seed, {@code differential.worlds} how many follow, {@code
 * differential.queries} how many statements each is asked, and {@code differential.memory} how many
 * bytes they have together: with few, sorts, joins and groups go through files.
 */
@EnabledIfSystemProperty(named = "differential.url", matches = ".+")
class DifferentialIT {
  static final String[] SETTINGS = {"set client_min_messages = error", "set timezone = 'UTC'"};

  @Test
  void answersAsPostgresDoes() throws Exception {
    long first = Long.getLong("differential.seed", 1);
    int worlds = Integer.getInteger("differential.worlds", 20);
    int queries = Integer.getInteger("differential.queries", 200);
    long memory = Long.getLong("differential.memory", TestServer.MEMORY_BYTES);
    Findings findings = new Findings();
    try (TestServer server = TestServer.start(memory);
        Pair pair =
            new Pair(
                new Side(DriverManager.getConnection(System.getProperty("differential.url"))),
                new Side(server.connect("preferQueryMode", "simple")))) {
      for (String setting : SETTINGS) {
        pair.ask(setting, false);
      }
      for (long seed = first; seed < first + worlds; seed++) {
        new Comparison(seed, pair, findings).run(queries);
        System.out.printf("seed %d: %s; %s%n", seed, findings, pair.times());
      }
    }
    assertThat(findings.differences()).isEmpty();
  }
}
