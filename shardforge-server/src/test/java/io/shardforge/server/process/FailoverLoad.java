package io.shardforge.server.process;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writers that insert rows at a fixed rate, each into a table of its own, through nodes that
 * clients can count on, one after the other; and the times at which they were acknowledged.
 */
final class FailoverLoad {
  static final int TABLES = 6;

  /** Longer than any outage that is of interest. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int ROWS_PER_SECOND = 10;
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1) / ROWS_PER_SECOND;

  private final ServerCluster cluster;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Writer> writers = new ArrayList<>();
  private final Map<String, String> failures = new ConcurrentSkipListMap<>();
  private volatile Set<Integer> avoided = Set.of();

  FailoverLoad(ServerCluster cluster) {
    this.cluster = cluster;
    for (int table = 0; table < TABLES; table++) {
      writers.add(new Writer(table));
    }
  }

  private static String table(int number) {
    return "beat" + number;
  }

  void start() throws SQLException {
    try (Connection connection = cluster.node(1).connectSoon(PATIENCE);
        Statement statement = connection.createStatement()) {
      for (int table = 0; table < TABLES; table++) {
        statement.execute("create table " + table(table) + " (n bigint primary key)");
      }
    }
    writers.forEach(writer -> writer.thread.start());
  }

  void stop() throws InterruptedException {
    stop.countDown();
    for (Writer writer : writers) {
      writer.thread.join();
    }
  }

  /** Says through which nodes nobody shall write from now on. */
  void avoid(Collection<Integer> nodes) {
    avoided = Set.copyOf(nodes);
  }

  /** Whether nothing is under way any more through the nodes that are to be avoided. */
  boolean hasLeft() {
    return writers.stream().noneMatch(writer -> avoided.contains(writer.through));
  }

  /** Errors that clients have got, by SQLSTATE. */
  Map<String, String> failures() {
    return new TreeMap<>(failures);
  }

  /** The longest time, around a period, in which one writer waited for its next success. */
  Duration longestOutage(long fromNanos, long toNanos) {
    long longest = 0;
    for (Writer writer : writers) {
      long before = 0;
      boolean first = true;
      for (long at : writer.acknowledgedNanos) {
        if (!first && at - fromNanos > 0 && before - toNanos < 0) {
          longest = Math.max(longest, at - before);
        }
        first = false;
        before = at;
      }
    }
    return Duration.ofNanos(longest);
  }

  /** Rows that were acknowledged and are not there, through one node. */
  List<String> lost(ServerNode node) throws SQLException {
    List<String> lost = new ArrayList<>();
    try (Connection connection = node.connectSoon(PATIENCE);
        Statement statement = connection.createStatement()) {
      for (Writer writer : writers) {
        Set<Long> there = new HashSet<>();
        try (ResultSet rows = statement.executeQuery("select n from " + table(writer.table))) {
          while (rows.next()) {
            there.add(rows.getLong(1));
          }
        }
        for (long row : writer.acknowledged) {
          if (!there.contains(row)) {
            lost.add(table(writer.table) + " " + row);
          }
        }
      }
    }
    return lost;
  }

  long acknowledged() {
    return writers.stream().mapToLong(writer -> writer.acknowledged.size()).sum();
  }

  private final class Writer {
    private final int table;
    private final Thread thread;
    private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Long> acknowledgedNanos = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Connection> sessions = new HashMap<>();

    /** The node that a row is on its way through; 0 between two rows. */
    private volatile int through;

    Writer(int table) {
      this.table = table;
      this.thread = Thread.ofPlatform().name("beat-" + table).unstarted(this::run);
    }

    private void run() {
      try {
        long due = System.nanoTime();
        for (long row = 0;
            !stop.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
            row++) {
          due = Math.max(due + PERIOD_NANOS, System.nanoTime());
          write(row);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        Set.copyOf(sessions.keySet()).forEach(this::drop);
      }
    }

    private void write(long row) {
      int node = choose(row);
      try {
        Connection session = sessions.get(node);
        if (session == null) {
          session = cluster.node(node).connect(PATIENCE);
          sessions.put(node, session);
        }
        try (PreparedStatement insert =
            session.prepareStatement("insert into " + table(table) + " values (?)")) {
          insert.setLong(1, row);
          insert.executeUpdate();
        }
        acknowledged.add(row);
        acknowledgedNanos.add(System.nanoTime());
      } catch (SQLException e) {
        if (!avoided.contains(node)) {
          failures.putIfAbsent(Fate.state(e), node + ": " + e.getMessage());
        }
        if (Fate.endsConnection(e)) {
          drop(node);
        }
      } finally {
        through = 0;
      }
    }

    /** Said before it is looked at again, so that {@link #hasLeft} misses nobody. */
    private int choose(long row) {
      while (true) {
        List<ServerNode> nodes =
            cluster.nodes().stream().filter(node -> !avoided.contains(node.number())).toList();
        int node = nodes.get((int) (row % nodes.size())).number();
        through = node;
        if (!avoided.contains(node)) {
          return node;
        }
      }
    }

    private void drop(int node) {
      Connection session = sessions.remove(node);
      if (session != null) {
        try {
          session.close();
        } catch (SQLException _) {
          // It is not needed any more.
        }
      }
    }
  }
}
