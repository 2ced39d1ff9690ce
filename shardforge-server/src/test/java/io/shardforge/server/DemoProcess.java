package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A demo under test: its process, what it printed, and its nodes by number. */
final class DemoProcess {
  private static final Pattern NODE_LINE =
      Pattern.compile(
          "node (\\d) pid (\\d+) postgresql://shardforge@127\\.0\\.0\\.1:(\\d+)/shardforge"
              + " http://127\\.0\\.0\\.1:(\\d+)");
  private static final long STEP_SECONDS = 120;
  private static final long POLL_MILLIS = 50;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  // Handles and not numbers: a number may be another process by the time it is killed.
  private final Map<Integer, ProcessHandle> nodes = new TreeMap<>();
  private final Map<Integer, Integer> pgPorts = new TreeMap<>();
  private final Map<Integer, Integer> httpPorts = new TreeMap<>();

  private DemoProcess(Process process) {
    this.process = process;
    Thread.ofVirtual()
        .start(() -> {
          try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(lines::add);
          } catch (IOException e) {
            lines.add("reading failed: " + e);
          }
        });
  }

  /** Starts a demo of three nodes on ports that nobody has. */
  static DemoProcess start(String... options) throws IOException {
    return start(3, options);
  }

  /** Starts a demo of so many nodes. */
  static DemoProcess start(int nodes, String... options) throws IOException {
    int port = freePorts(3 * nodes);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dshardforge.libpgquery=" + System.getProperty("shardforge.libpgquery"),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "demo",
            "--node-port=" + port,
            "--nodes=" + nodes,
            "--pg-port=" + (port + nodes),
            "--http-port=" + (port + 2 * nodes)));
    command.addAll(List.of(options));
    return new DemoProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** The first of several ports in a row that were free a moment ago. */
  private static int freePorts(int count) {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      List<ServerSocket> open = new ArrayList<>();
      try {
        for (int i = 0; i < count; i++) {
          open.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
        }
        return first;
      } catch (IOException _) {
        // Somebody has one of them.
      } finally {
        for (ServerSocket socket : open) {
          try {
            socket.close();
          } catch (IOException _) {
            // It was only a question.
          }
        }
      }
    }
  }

  void awaitReady() throws InterruptedException {
    awaitLine(Pattern.compile("ready"));
  }

  /** Reads on to a line of this form, taking note of every node line on the way. */
  private void awaitLine(Pattern wanted) throws InterruptedException {
    List<String> seen = new ArrayList<>();
    while (true) {
      String line = lines.poll(STEP_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("no line like " + wanted + " after " + seen);
      }
      seen.add(line);
      Matcher matcher = NODE_LINE.matcher(line);
      if (matcher.matches()) {
        Integer node = Integer.valueOf(matcher.group(1));
        ProcessHandle.of(Long.parseLong(matcher.group(2)))
            .ifPresent(handle -> nodes.put(node, handle));
        pgPorts.put(node, Integer.valueOf(matcher.group(3)));
        httpPorts.put(node, Integer.valueOf(matcher.group(4)));
      }
      if (wanted.matcher(line).matches()) {
        return;
      }
    }
  }

  /** Waits for something to become true while the demo runs. */
  void awaitUntil(String what, BooleanSupplier condition) throws InterruptedException {
    for (long poll = 0; !condition.getAsBoolean(); poll++) {
      assertThat(poll).as(what).isLessThan(TimeUnit.SECONDS.toMillis(STEP_SECONDS) / POLL_MILLIS);
      assertThat(process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).as("demo ended").isFalse();
    }
  }

  private static <T> T of(int node, Map<Integer, T> map) {
    T value = map.get(node);
    if (value == null) {
      throw new AssertionError("node " + node + " was never announced");
    }
    return value;
  }

  Set<Integer> nodeIds() {
    return nodes.keySet();
  }

  List<Integer> ports() {
    return List.copyOf(pgPorts.values());
  }

  List<ProcessHandle> nodes() {
    return List.copyOf(nodes.values());
  }

  private ProcessHandle node(int node) {
    return of(node, nodes);
  }

  Connection connect(int node) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + of(node, pgPorts)
            + "/shardforge?user=shardforge&loginTimeout=20&socketTimeout=60&connectTimeout=20");
  }

  static int count(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getInt(1);
    }
  }

  /** Whether a node leads a shard of rows, as its metrics tell. */
  boolean leadsData(int node) {
    return answer(node, "/metrics")
        .lines()
        .filter(line -> line.startsWith("shardforge_shard_leader{"))
        .anyMatch(line -> line.contains("holds=\"data\"") && line.endsWith(" 1.0"));
  }

  /** Where a node's console is. */
  String address(int node) {
    return "http://127.0.0.1:" + of(node, httpPorts) + "/";
  }

  boolean isReady(int node) {
    return !answer(node, "/health?ready=1").isEmpty();
  }

  /** What a node answers over HTTP, nothing while it does not or says that it is not ready. */
  private String answer(int node, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address(node)).resolve(path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : "";
    } catch (IOException _) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void killNode(int node) {
    ProcessHandle handle = node(node);
    handle.destroyForcibly();
    awaitEnd(List.of(handle));
  }

  /** Waits until the demo has started a node again and the node serves clients. */
  void awaitRestart(int node) throws InterruptedException {
    ProcessHandle killed = node(node);
    awaitLine(Pattern.compile("node " + node + " pid .*"));
    assertThat(node(node)).isNotEqualTo(killed);
    awaitUntil("node " + node + " is ready", () -> isReady(node));
  }

  /** A node that is stopped until this is closed. */
  record Paused(long pid) implements AutoCloseable {
    @Override
    public void close() {
      signal("-CONT", pid);
    }
  }

  Paused pauseNode(int node) {
    long pid = node(node).pid();
    signal("-STOP", pid);
    return new Paused(pid);
  }

  private static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", name, Long.toString(pid)).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the demo and every node at once, as a power failure would. */
  void killAll() {
    List<ProcessHandle> all = new ArrayList<>();
    // First, or it would start the others again.
    all.add(process.toHandle());
    all.addAll(nodes());
    // Those that were never announced, because the demo did not come that far.
    all.addAll(process.descendants().toList());
    all.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(all);
  }

  /** Kills the demo's own process. */
  void kill() {
    process.destroyForcibly();
  }

  static void awaitEnd(List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      assertThat(process.onExit())
          .as("the end of process %d", process.pid())
          .succeedsWithin(Duration.ofSeconds(STEP_SECONDS));
    }
  }
}
