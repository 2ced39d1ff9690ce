package io.shardforge.server.process;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who changes the tables of a load all the time: adds and drops columns, indexes and
 * constraints, and makes and drops tables beside them. None of it changes what the load reads.
 */
final class TableChanges {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ServerCluster cluster;
  private final List<String> tables;
  private final boolean searched;
  private final Random random;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("ddl").unstarted(this::run);
  private final Map<String, Integer> endings = new TreeMap<>();
  private final Map<String, String> examples = new TreeMap<>();
  private int round;

  /**
   * Describes changes.
   *
   * @param searched whether rows of the last table are found by its column sk and index NAME_sk
   */
  TableChanges(ServerCluster cluster, List<String> tables, boolean searched, long seed) {
    this.cluster = cluster;
    this.tables = List.copyOf(tables);
    this.searched = searched;
    this.random = new Random(seed);
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stop.countDown();
    thread.join();
  }

  /** How the changes ended, once stopped. */
  String words() {
    return endings + (examples.isEmpty() ? "" : " " + examples);
  }

  private void run() {
    Connection connection = null;
    try {
      while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          if (connection == null) {
            List<ServerNode> nodes = cluster.nodes();
            connection = nodes.get(random.nextInt(nodes.size())).connect(LoadClients.PATIENCE);
          }
          change(connection);
          endings.merge("ok", 1, Integer::sum);
        } catch (SQLException e) {
          endings.merge(Fate.state(e), 1, Integer::sum);
          examples.putIfAbsent(Fate.state(e), String.valueOf(e.getMessage()));
          if (Fate.endsConnection(e)) {
            close(connection);
            connection = null;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(connection);
    }
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException _) {
        // It is not needed any more.
      }
    }
  }

  private void change(Connection connection) throws SQLException {
    round++;
    String table = tables.get(random.nextInt(tables.size()));
    try (Statement statement = connection.createStatement()) {
      switch (random.nextInt(searched ? 4 : 3)) {
        case 0 -> {
          statement.execute("alter table %s add column c%d int default 7".formatted(table, round));
          statement.execute("alter table %s drop column c%d".formatted(table, round));
        }
        case 1 -> {
          statement.execute("alter table %s add column c%d text".formatted(table, round));
          statement.execute("create index %s_i%d on %1$s (c%2$d)".formatted(table, round));
          statement.execute("drop index %s_i%d".formatted(table, round));
          statement.execute("alter table %s drop column c%d".formatted(table, round));
        }
        case 3 -> {
          String last = tables.getLast();
          // The load reads by this column, by one index, by the other, or by none.
          statement.execute("create index %s_j%d on %1$s (sk)".formatted(last, round));
          statement.execute("drop index %s_sk".formatted(last));
          statement.execute("create index %s_sk on %1$s (sk)".formatted(last));
          statement.execute("drop index %s_j%d".formatted(last, round));
        }
        default -> {
          statement.execute("create table beside%d (id int primary key, v text)".formatted(round));
          statement.execute("insert into beside%d values (1, 'one')".formatted(round));
          statement.execute("drop table beside%d".formatted(round));
        }
      }
    }
  }
}
