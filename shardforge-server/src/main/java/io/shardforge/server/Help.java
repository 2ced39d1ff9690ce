package io.shardforge.server;

import io.shardforge.server.config.Option;

/** What the commands that the server runs itself say of themselves. */
final class Help {
  private static final String COMMAND = "  ./shardforge ";

  private static final String COMMANDS =
      """
      ShardForge, a distributed SQL database that speaks PostgreSQL's protocol.

        ./shardforge demo [--nodes 3] [--data DIR] [--pg-port 15432] [--http-port 18080] [--node-port 17432]
            Starts a whole cluster on this machine. Temporary unless --data names a directory.
        ./shardforge start --store DIR --join HOST:PORT,... [--listen HOST:PORT] [--advertise HOST:PORT] [--pg HOST:PORT] [--http HOST:PORT]
            Starts a node. The join list names the --listen addresses of the first nodes, the same on all of them.
        ./shardforge init [--host HOST:PORT] [--certs-dir DIR]
            Makes a cluster of the nodes that were started, once; the host is the --listen address of any of them.
        ./shardforge node recover --store DIR [--survivors N,...] [--above TIMESTAMP] [--apply]
            On a stopped node whose cluster lost most stores for good: says which shards have no majority and what may be
            lost; with --apply they go on from this store alone. The survivors are the nodes whose stores still exist.
        ./shardforge start-single-node --store DIR [--listen HOST:PORT] [--pg HOST:PORT] [--http HOST:PORT]
            Starts a node that is a cluster of its own.
        ./shardforge version
        ./shardforge help
      """;

  private Help() {}

  /** All commands. */
  static String all() {
    return COMMANDS;
  }

  /** One command with everything that it may be given; all of them if there is none of the name. */
  static String of(String verb) {
    boolean inside = false;
    StringBuilder found = new StringBuilder();
    for (String line : COMMANDS.lines().toList()) {
      if (line.startsWith(COMMAND)) {
        inside = (line + " ").startsWith(COMMAND + verb + " ");
      }
      if (inside) {
        found.append(line).append(System.lineSeparator());
      }
    }
    if (found.isEmpty()) {
      return COMMANDS;
    }
    return verb.startsWith("start")
        ? found + "    Options:\n" + Option.describeAll()
        : found.toString();
  }
}
