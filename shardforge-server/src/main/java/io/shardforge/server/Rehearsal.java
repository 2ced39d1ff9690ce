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
 * A short life of a node, lived once after a build: it starts on an empty store, answers some
 * statements and stops, and its JVM leaves the cache of loaded classes and profiles that makes
 * every later start fast.
 */
final class Rehearsal {
  private static final long READY_SECONDS = 60;
  private static final long STOP_SECONDS = 120;
  private static final long POLL_MILLIS = 100;
  private static final int REPEATS = 200;

  private static final List<String> ONCE =
      List.of(
          "create table rehearsal (id int primary key, n int not null default 0, t text)",
          "insert into rehearsal select i, i, 'text ' || i from generate_series(1, 100) i",
          "create index rehearsal_n on rehearsal (n)",
          "select count(*), sum(n) from rehearsal",
          "select r.t, s.n from rehearsal r join rehearsal s on s.id = r.n where r.n < 10 order by 1",
          "insert into rehearsal values (1, 2, 'x') on conflict (id) do update set t = excluded.t",
          "select c.relname, n.nspname from pg_catalog.pg_class c"
              + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r'",
          "begin; update rehearsal set n = n + 1 where id = 5; savepoint s; rollback to s; commit",
          "explain select * from rehearsal where n = 3",
          "show server_version");

  private static final List<String> OFTEN =
      List.of(
          "select n from rehearsal where id = $1",
          "update rehearsal set n = n + 1 where id = $1",
          "insert into rehearsal (id, n) values ($1 + 1000, 1)"
              + " on conflict (id) do update set n = excluded.n");

  private Rehearsal() {}

  /** Leaves the cache in {@code cache}; says why when it could not and returns 1. */
  static int run(Path cache, PrintStream out) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("shardforge-rehearsal-");
    try {
      List<Integer> ports = freePorts();
      List<String> line = new ArrayList<>(NodeCommand.forNodes(1));
      line.addAll(
          List.of(
              "-XX:AOTCacheOutput=" + cache,
              Main.class.getName(),
              "start-single-node",
              "--insecure",
              "--stop-with-parent",
              "--store",
              data.resolve("store").toString(),
              "--listen",
              "127.0.0.1:" + ports.get(0),
              "--pg",
              "127.0.0.1:" + ports.get(1),
              "--http",
              "127.0.0.1:" + ports.get(2)));
      Path log = data.resolve("log");
      Process node =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
              .start();
      try {
        if (!awaitReady(node, ports.get(2))) {
          out.println("the rehearsal's node did not become ready:");
          Files.readAllLines(log).forEach(out::println);
          return 1;
        }
        rehearse(ports.get(1));
      } finally {
        node.getOutputStream().close();
        if (!node.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          node.destroyForcibly().waitFor();
        }
      }
      return Files.exists(cache) ? 0 : 1;
    } finally {
      Directories.delete(data);
    }
  }

  private static void rehearse(int port) throws IOException {
    try (PlainClient client = new PlainClient(port)) {
      for (String sql : ONCE) {
        client.simple(sql);
      }
      for (int repeat = 0; repeat < REPEATS; repeat++) {
        for (String sql : OFTEN) {
          client.extended(sql, Integer.toString(repeat % 100 + 1));
        }
      }
      for (String sql : ONCE) {
        client.simple(sql);
      }
    }
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

  /** Three ports that were free a moment ago. */
  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket third = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return List.of(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    }
  }
}
