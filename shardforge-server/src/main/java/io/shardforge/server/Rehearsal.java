package io.shardforge.server;

import io.shardforge.server.config.NodeCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A short life of a cluster of three nodes, lived once after a build: it starts on empty stores,
 * answers some statements and stops, and the first node's JVM leaves the cache of loaded classes
 * and profiles that makes every later start fast, and the first seconds of work too.
 */
final class Rehearsal {
  private static final int NODES = 3;
  private static final long READY_SECONDS = 60;
  private static final long STOP_SECONDS = 120;
  private static final long POLL_MILLIS = 100;

  /**
   * Rounds of the statements that applications run all the time, through each of two nodes: enough
   * for the compiler to have seen all that they pass through often.
   */
  private static final int ROUNDS = 400;

  /** Clients that ask at the same time, so that nodes gather what comes together. */
  private static final int CLIENTS = 8;

  private static final int READS_PER_ROUND = 4;

  private static final int ROWS = 1_000;

  /** Rows of a table that is loaded as {@code pgbench -i} and pg_dump's scripts do it. */
  private static final int LOADED_ROWS = 20_000;

  private static final List<String> ONCE =
      List.of(
          "create table rehearsal (id int primary key, n int not null default 0, t text)",
          "create table rehearsal_log (id int, n int, at timestamptz)",
          "insert into rehearsal select i, i, 'text ' || i from generate_series(1, 1000) i",
          "create index rehearsal_n on rehearsal (n)",
          "select count(*), sum(n) from rehearsal",
          "select r.t, s.n from rehearsal r join rehearsal s on s.id = r.n where r.n < 10 order by 1",
          "insert into rehearsal values (1, 2, 'x') on conflict (id) do update set t = excluded.t",
          "select c.relname, n.nspname from pg_catalog.pg_class c"
              + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r'",
          "begin; update rehearsal set n = n + 1 where id = 5; savepoint s; rollback to s; commit",
          "explain select * from rehearsal where n = 3",
          "show server_version");

  private static final String READ = "select n, t from rehearsal where id = $1";

  private static final String UPSERT =
      "insert into rehearsal (id, n) values ($1 + 1000, 1)"
          + " on conflict (id) do update set n = excluded.n";

  private static final List<String> IN_A_TRANSACTION =
      List.of(
          "begin",
          "update rehearsal set n = n + 1 where id = $1",
          "select n from rehearsal where id = $1",
          "insert into rehearsal_log (id, n, at) values ($1, 1, current_timestamp)",
          "commit");

  private final Path data;
  private final List<Integer> ports = freePorts(3 * NODES);
  private final List<Process> running = new ArrayList<>();

  private Rehearsal(Path data) throws IOException {
    this.data = data;
  }

  /** Leaves the cache in {@code cache}; says why when it could not and returns 1. */
  static int run(Path cache, PrintStream out) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("shardforge-rehearsal-");
    try {
      return new Rehearsal(data).live(cache, out);
    } finally {
      Directories.delete(data);
    }
  }

  private int live(Path cache, PrintStream out) throws IOException, InterruptedException {
    try {
      for (int node = 1; node <= NODES; node++) {
        start(node, node == 1 ? List.of("-XX:AOTCacheOutput=" + cache) : List.of());
      }
      initialize();
      for (int node = 1; node <= NODES; node++) {
        if (!awaitReady(running.get(node - 1), port(node, 2))) {
          out.println("node " + node + " of the rehearsal did not become ready:");
          Files.readAllLines(log(node)).forEach(out::println);
          return 1;
        }
      }
      rehearse(1);
      rehearse(2);
    } finally {
      for (Process process : running) {
        process.getOutputStream().close();
      }
      for (Process process : running) {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    }
    return Files.exists(cache) ? 0 : 1;
  }

  private void start(int node, List<String> options) throws IOException {
    List<String> line = new ArrayList<>(NodeCommand.forNodes(NODES));
    line.addAll(options);
    line.addAll(
        List.of(
            Main.class.getName(),
            "start",
            "--insecure",
            "--stop-with-parent",
            "--store",
            data.resolve("store" + node).toString(),
            "--listen",
            address(node, 0),
            "--pg",
            address(node, 1),
            "--http",
            address(node, 2),
            "--memory-share",
            Integer.toString(NODES),
            "--join",
            String.join(",", address(1, 0), address(2, 0), address(3, 0))));
    running.add(
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log(node).toFile()))
            .start());
  }

  private void initialize() throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(NodeCommand.forNodes(NODES));
    line.addAll(List.of(Main.class.getName(), "init", "--host", address(1, 0)));
    Process init =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(data.resolve("init.log").toFile()))
            .start();
    if (!init.waitFor(READY_SECONDS, TimeUnit.SECONDS)) {
      init.destroyForcibly().waitFor();
    }
  }

  private void rehearse(int node) throws IOException {
    List<PlainClient> clients = new ArrayList<>();
    try {
      for (int client = 0; client < CLIENTS; client++) {
        clients.add(new PlainClient(port(node, 1)));
      }
      for (String sql : ONCE) {
        clients.getFirst().simple(sql);
      }
      load(clients.getFirst());
      for (int round = 0; round < ROUNDS; round++) {
        for (int read = 0; read < READS_PER_ROUND; read++) {
          together(clients, READ, round);
        }
        together(clients, UPSERT, round);
        for (String sql : IN_A_TRANSACTION) {
          together(clients, sql, round);
        }
      }
      for (String sql : ONCE) {
        clients.getFirst().simple(sql);
      }
    } finally {
      for (PlainClient client : clients) {
        client.close();
      }
    }
  }

  private static void load(PlainClient client) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int row = 1; row <= LOADED_ROWS; row++) {
      lines.append(row).append('\t').append(row % 10).append("\ttext ").append(row).append('\n');
    }
    client.simple("create table rehearsal_load (id int not null, n int, t text)");
    client.copy("copy rehearsal_load from stdin", lines.toString());
    client.simple("alter table rehearsal_load add primary key (id)");
    client.simple("drop table rehearsal_load");
  }

  /** Lets all clients run a statement at once, each on a row of its own. */
  private static void together(List<PlainClient> clients, String sql, int round)
      throws IOException {
    for (int client = 0; client < clients.size(); client++) {
      String id = Integer.toString((round * clients.size() + client) % ROWS + 1);
      clients.get(client).send(sql, sql.contains("$1") ? List.of(id) : List.of());
    }
    for (PlainClient client : clients) {
      client.awaitReady();
    }
  }

  private Path log(int node) {
    return data.resolve("log" + node);
  }

  private int port(int node, int kind) {
    return ports.get(3 * (node - 1) + kind);
  }

  private String address(int node, int kind) {
    return "127.0.0.1:" + port(node, kind);
  }

  private static boolean awaitReady(Process node, int httpPort) throws InterruptedException {
    for (long poll = 0; poll < TimeUnit.SECONDS.toMillis(READY_SECONDS) / POLL_MILLIS; poll++) {
      if (HealthProbe.isReady("127.0.0.1:" + httpPort)) {
        return true;
      }
      if (node.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  /** Ports that were free a moment ago. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<Integer> found = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        found.add(socket.getLocalPort());
      }
      return found;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
