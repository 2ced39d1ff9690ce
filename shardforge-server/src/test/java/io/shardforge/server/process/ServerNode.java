package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node of a cluster under test: its process, if it runs, and what it keeps on disk.
 *
 * <p>For any thread, but only one at a time starts and ends it.
 */
final class ServerNode {
  private static final int HTTP_TIMEOUT_MILLIS = 2_000;
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

  private static final int CONNECT_ATTEMPTS = 10;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(20);

  private final int number;
  private final String address;
  private final List<String> command;
  private final Path store;
  private final Path log;
  private final Map<String, String> environment = new HashMap<>();
  private volatile @Nullable Process process;
  private volatile boolean paused;

  /**
   * Describes a node.
   *
   * @param command everything before the options that name its store
   */
  ServerNode(int number, String address, List<String> command, Path store, Path log) {
    this.number = number;
    this.address = address;
    this.command = List.copyOf(command);
    this.store = store;
    this.log = log;
  }

  int number() {
    return number;
  }

  /** Sets a variable of the environment for the starts to come, or removes it. */
  void environment(String name, @Nullable String value) {
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
  }

  void start() {
    if (isRunning()) {
      throw new IllegalStateException("node " + number + " runs already");
    }
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--store", store.toString()));
    ProcessBuilder builder = new ProcessBuilder(words);
    // As the launcher sets them: a JVM with many threads pays for glibc's habits otherwise.
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "524288");
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "4194304");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    paused = false;
  }

  /** The number of its process, 0 before the first start. */
  long pid() {
    Process running = process;
    return running == null ? 0 : running.pid();
  }

  boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Whether it runs and has not been stopped by a signal. */
  boolean isUp() {
    return isRunning() && !paused;
  }

  /** Ends it as a power failure would. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  /** Asks it to stop and waits until it has. */
  void terminate() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly();
        throw new IllegalStateException(
            "node " + number + " did not stop within " + STOP_PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void pause() {
    signal("-STOP");
    paused = true;
  }

  void resume() {
    signal("-CONT");
    paused = false;
  }

  private void signal(String name) {
    Process running = process;
    if (running != null && running.isAlive()) {
      ShellCommand.run("kill", name, Long.toString(running.pid()));
    }
  }

  /** Opens a session; whoever waits longer than this for an answer gives the connection up. */
  Connection connect(Duration patience) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/shardforge?user=shardforge&connectTimeout=3&loginTimeout=8&socketTimeout=%d&tcpKeepAlive=true"
            .formatted(address, ServerCluster.PG_PORT, patience.toSeconds()));
  }

  /** Opens a session as soon as that works: a node that was just started answers slowly. */
  Connection connectSoon(Duration patience) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return connect(patience);
      } catch (SQLException e) {
        if (attempt == CONNECT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The number by which the cluster knows the node that listens at an address. */
  int idOf(String listens) {
    try (Connection connection = connectSoon(CONNECT_PATIENCE);
        PreparedStatement query =
            connection.prepareStatement("select node_id from shardforge.nodes where address = ?")) {
      query.setString(1, listens);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new IllegalStateException("nobody knows " + listens);
        }
        return rows.getInt(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isReady() {
    return isUp() && !get("/health?ready=1").isEmpty();
  }

  /** How many shards it leads: those of rows, or those of the cluster's own tables and of time. */
  long leads(boolean meta) {
    if (!isUp()) {
      return 0;
    }
    String holds = "holds=\"" + (meta ? "meta" : "data") + "\"";
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith("shardforge_shard_leader{"))
        .filter(line -> line.contains(holds) && line.endsWith(" 1.0"))
        .count();
  }

  /** What it answers over HTTP; nothing while it does not, or says that something is wrong. */
  private String get(String path) {
    try {
      URI uri = URI.create("http://" + address + ":" + ServerCluster.HTTP_PORT + path);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
      connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK
            ? new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            : "";
      } finally {
        connection.disconnect();
      }
    } catch (IOException _) {
      return "";
    }
  }

  @Override
  public String toString() {
    return "node " + number;
  }
}
