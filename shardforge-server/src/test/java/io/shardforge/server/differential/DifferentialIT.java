package io.shardforge.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random statements have PostgreSQL's answers. {@code -Ddifferential.url} says where one is, {@code
 * differential.seed} is the first seed, {@code differential.worlds} how many follow, {@code
 * differential.queries} how many each is asked.
 */
@EnabledIfSystemProperty(named = "differential.url", matches = ".+")
class DifferentialIT {
  static final String[] SETTINGS = {
    "set client_min_messages = error", "set timezone = 'UTC'", "set statement_timeout = '1s'"
  };

  @Test
  void answersAsPostgresDoes() throws Exception {
    long first = Long.getLong("differential.seed", 1);
    int worlds = Integer.getInteger("differential.worlds", 20);
    int queries = Integer.getInteger("differential.queries", 200);
    List<String> found = new ArrayList<>();
    long asked = 0;
    long answered = 0;
    try (TestServer server = TestServer.start();
        Connection reference = DriverManager.getConnection(System.getProperty("differential.url"));
        Connection own = server.connect()) {
      for (String setting : SETTINGS) {
        reference.createStatement().execute(setting);
        own.createStatement().execute(setting);
      }
      for (long seed = first; seed < first + worlds; seed++) {
        Comparison comparison =
            new Comparison(
                seed,
                reference,
                own,
                text -> {
                  System.out.println(text);
                  found.add(text);
                });
        comparison.run(queries);
        asked += comparison.asked();
        answered += comparison.answered();
      }
    }
    System.out.printf(
        "%d statements, %d with rows, %d differences%n", asked, answered, found.size());
    assertThat(found).isEmpty();
  }
}
