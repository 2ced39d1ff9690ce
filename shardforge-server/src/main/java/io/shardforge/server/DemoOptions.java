package io.shardforge.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code demo} was asked for; node i uses each port plus (i − 1).
 *
 * @param data where the stores go, or null for a temporary directory
 */
record DemoOptions(int nodes, @Nullable Path data, int pgPort, int httpPort, int nodePort) {
  static final int NODES_MAX = 9;

  DemoOptions {
    if (nodes < 1 || nodes > NODES_MAX) {
      throw new IllegalArgumentException(
          "--nodes " + nodes + ": a demo has 1 to " + NODES_MAX + " nodes.");
    }
    checkPorts("--pg-port", pgPort, nodes);
    checkPorts("--http-port", httpPort, nodes);
    checkPorts("--node-port", nodePort, nodes);
    if (overlap(pgPort, httpPort, nodes)
        || overlap(pgPort, nodePort, nodes)
        || overlap(httpPort, nodePort, nodes)) {
      throw new IllegalArgumentException(
          "The ports overlap: each of --pg-port, --http-port and --node-port is the first of "
              + nodes
              + " in a row.");
    }
  }

  static DemoOptions parse(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      switch (name) {
        case "--nodes", "--data", "--pg-port", "--http-port", "--node-port" -> {}
        default ->
            throw new IllegalArgumentException(
                "demo does not know '"
                    + name
                    + "'. It takes --nodes, --data, --pg-port, --http-port and --node-port.");
      }
      if (equals < 0 && !rest.hasNext()) {
        throw new IllegalArgumentException(name + " needs a value.");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      if (given.put(name, value) != null) {
        throw new IllegalArgumentException(name + " is given twice.");
      }
    }
    String data = given.get("--data");
    return new DemoOptions(
        number(given, "--nodes", 3),
        data == null ? null : Path.of(data).toAbsolutePath().normalize(),
        number(given, "--pg-port", 15432),
        number(given, "--http-port", 18080),
        number(given, "--node-port", 17432));
  }

  private static int number(Map<String, String> given, String name, int otherwise) {
    String text = given.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(name + " " + text + ": not a number.");
    }
  }

  private static void checkPorts(String name, int first, int nodes) {
    if (first < 1 || first + nodes - 1 > 65535) {
      throw new IllegalArgumentException(
          name + " " + first + ": the ports must lie between 1 and 65535.");
    }
  }

  private static boolean overlap(int first, int second, int nodes) {
    return Math.abs(first - second) < nodes;
  }
}
