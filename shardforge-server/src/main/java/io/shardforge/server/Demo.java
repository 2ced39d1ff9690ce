package io.shardforge.server;

import io.shardforge.server.config.NodeCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster on this machine: real node processes on loopback, watched and restarted.
 *
 * <p>Each node reads from a pipe whose other end only this process holds, and stops when the pipe
 * closes; so the nodes end with the demo however the demo ends. One thread runs the demo and takes
 * events from a queue; {@link #stop} may come from any other.
 */
final class Demo {
  private static final long RESTART_SECONDS = 2;
  private static final long STOP_SECONDS = 15;
  private static final long READY_SECONDS = 120;
  private static final long POLL_MILLIS = 40;
  private static final int LOG_LINES_SHOWN = 20;
  private static final int EVENTS_MAX = 1_024;
  private static final String INITIALIZED = "initialized";

  /** Something that the demo's thread must react to. */
  private sealed interface Event {
    record Ended(int node, Process process) implements Event {}

    record RestartDue(int node) implements Event {}

    record InitEnded(int exitCode) implements Event {}
  }

  private final DemoOptions options;
  private final DemoData data;
  private final PrintStream out;
  private final List<String> command;
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(EVENTS_MAX);
  private final Executor afterDelay =
      CompletableFuture.delayedExecutor(RESTART_SECONDS, TimeUnit.SECONDS);
  private final @Nullable Process[] nodes;
  private boolean stopping;

  private Demo(DemoOptions options, DemoData data, PrintStream out) {
    this.options = options;
    this.data = data;
    this.out = out;
    this.command = NodeCommand.forNodes(options.nodes());
    this.nodes = new @Nullable Process[options.nodes()];
  }

  static Demo open(DemoOptions options, PrintStream out) throws IOException {
    Path named = options.data();
    DemoData data =
        named == null
            ? DemoData.temporary(Files.createTempDirectory("new"))
            : DemoData.lasting(named);
    return new Demo(options, data, out);
  }

  /** Runs until {@link #stop}, or until the cluster cannot be started; returns the exit code. */
  int run() throws IOException, InterruptedException {
    for (int node = 1; node <= options.nodes(); node++) {
      start(node);
    }
    if (!awaitReady()) {
      stop();
      return 1;
    }
    out.println("ready");
    explain();
    while (true) {
      switch (events.take()) {
        case Event.Ended(int node, Process process) -> {
          if (isStopping()) {
            return 0;
          }
          out.println(
              "Lost node "
                  + node
                  + " ("
                  + ending(process.exitValue())
                  + "); it is started again in "
                  + RESTART_SECONDS
                  + " s.");
          var _ =
              CompletableFuture.runAsync(() -> events.add(new Event.RestartDue(node)), afterDelay);
        }
        case Event.RestartDue(int node) -> start(node);
        case Event.InitEnded _ -> {}
      }
    }
  }

  /** Ends every node cleanly, by force after a while, and removes temporary data. */
  void stop() {
    List<Process> running = new ArrayList<>();
    synchronized (this) {
      if (stopping) {
        return;
      }
      stopping = true;
      for (Process process : nodes) {
        if (process != null) {
          process.destroy();
          running.add(process);
        }
      }
    }
    try {
      CompletableFuture<?>[] exits =
          running.stream().map(Process::onExit).toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(exits).completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS).join();
      for (Process process : running) {
        if (process.isAlive()) {
          process.destroyForcibly();
          process.onExit().join();
        }
      }
    } finally {
      deleteData();
    }
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized void start(int node) throws IOException {
    if (stopping) {
      return;
    }
    List<String> line = new ArrayList<>(command);
    line.add(Main.class.getName());
    line.addAll(
        List.of(
            options.nodes() == 1 ? "start-single-node" : "start",
            "--insecure",
            "--stop-with-parent",
            "--store",
            data.resolve("node" + node).toString(),
            "--listen",
            address(options.nodePort(), node),
            "--pg",
            address(options.pgPort(), node),
            "--http",
            address(options.httpPort(), node),
            "--memory-share",
            Integer.toString(options.nodes())));
    if (options.nodes() > 1) {
      List<String> join = new ArrayList<>();
      for (int other = 1; other <= options.nodes(); other++) {
        join.add(address(options.nodePort(), other));
      }
      line.add("--join");
      line.add(String.join(",", join));
    }
    Process process = spawn(line, log(node));
    nodes[node - 1] = process;
    var _ = process.onExit().thenAccept(ended -> events.add(new Event.Ended(node, ended)));
    out.println(
        "node "
            + node
            + " pid "
            + process.pid()
            + " "
            + databaseUrl(node)
            + " http://"
            + address(options.httpPort(), node));
  }

  private static Process spawn(List<String> line, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line);
    // glibc gives every thread its own arena otherwise, which a JVM with many threads pays for.
    builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
    // Large pieces, such as those of the engine's buffers, are returned when they are freed.
    builder.environment().putIfAbsent("MALLOC_MMAP_THRESHOLD_", "524288");
    builder.environment().putIfAbsent("MALLOC_TRIM_THRESHOLD_", "4194304");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  /** Initializes a new cluster and waits until every node serves; says why if that fails. */
  private boolean awaitReady() throws IOException, InterruptedException {
    boolean initialized = options.nodes() == 1 || Files.exists(data.resolve(INITIALIZED));
    if (!initialized) {
      startInit();
    }
    int readyCount = 0;
    long polls = TimeUnit.SECONDS.toMillis(READY_SECONDS) / POLL_MILLIS;
    for (long poll = 0; poll < polls; poll++) {
      switch (events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        case null -> {}
        case Event.Ended(int node, Process process) -> {
          if (!isStopping()) {
            fail(
                "node " + node + " did not start (" + ending(process.exitValue()) + ")", log(node));
          }
          return false;
        }
        case Event.InitEnded(int exitCode) -> {
          if (exitCode != 0) {
            fail("the cluster could not be initialized", data.resolve("init.log"));
            return false;
          }
          Files.createFile(data.resolve(INITIALIZED));
          initialized = true;
        }
        case Event.RestartDue _ -> {}
      }
      while (initialized
          && readyCount < options.nodes()
          && HealthProbe.isReady(address(options.httpPort(), readyCount + 1))) {
        readyCount++;
      }
      if (readyCount == options.nodes()) {
        return true;
      }
    }
    fail("the nodes were not ready after " + READY_SECONDS + " s", log(readyCount + 1));
    return false;
  }

  private void startInit() throws IOException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(Main.class.getName(), "init", "--host", address(options.nodePort(), 1)));
    Process init = spawn(line, data.resolve("init.log"));
    var _ = init.onExit().thenAccept(ended -> events.add(new Event.InitEnded(ended.exitValue())));
  }

  private void explain() {
    out.println(
        """

        Open a session:  psql %s
        Kill a node:     kill -9 <pid of a node line above>; the others go on, it comes back by itself,
                         and nothing that was committed is lost.
        Data and logs:   %s%s
        Stop with Ctrl-C.\
        """
            .formatted(databaseUrl(1), data, data.isTemporary() ? " (removed at the end)" : ""));
  }

  private void fail(String what, Path log) throws IOException {
    out.println(what + ". The end of " + log + ":");
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    lines.stream().skip(Math.max(0, lines.size() - LOG_LINES_SHOWN)).forEach(out::println);
  }

  private void deleteData() {
    try {
      data.remove();
    } catch (IOException | UncheckedIOException e) {
      out.println("could not remove " + data + ": " + e.getMessage());
    }
  }

  private String databaseUrl(int node) {
    return "postgresql://shardforge@" + address(options.pgPort(), node) + "/shardforge";
  }

  private Path log(int node) {
    return data.resolve("node" + node + ".log");
  }

  private static String address(int firstPort, int node) {
    return "127.0.0.1:" + (firstPort + node - 1);
  }

  private static String ending(int exitCode) {
    return exitCode > 128 ? "signal " + (exitCode - 128) : "exit code " + exitCode;
  }
}
