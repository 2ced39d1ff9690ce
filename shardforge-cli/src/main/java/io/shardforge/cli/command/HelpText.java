package io.shardforge.cli.command;

/** All commands in one list, those that the server itself runs among them. */
final class HelpText {
  static final String ALL =
      """
      ShardForge, a distributed SQL database that speaks PostgreSQL's protocol.

      Nodes
        demo                      a cluster of several nodes on this machine
        start-single-node         a node that is a cluster of its own
        start, init               a node of a cluster; makes a cluster of nodes that were started
        node recover              makes shards of what is left after most stores were lost

      At work
        sql                       SQL: a shell on a terminal, -e and -f, or what comes in
        node status               the nodes, and what they hold and lead
        node drain|decommission|recommission NODE
                                  takes the leaders from a node, or all its replicas; or gives it its share again
        shard list|balance        the shards; how they are spread over the nodes
        shard split|merge|move    makes a border, takes it back; moves a replica to another node
        job list|pause|resume     what the cluster does by itself
        backup create|list|verify|schedule TARGET
                                  writes what the cluster has at one time; shows that and looks whether it is whole
        restore TARGET            brings back a cluster, a database or tables

        workload init|run bank|kv|tpcb|ycsb
                                  a load that tries the cluster

      Beside it
        cert create-ca|create-node|create-client
                                  certificates of nodes and clients, and the authorities that sign them
        gen systemd|haproxy|completion
                                  files that other programs read
        debug bundle [FILE]       a zip file for somebody who is to help
        version                   what this is
        help [COMMAND]            this list, or what a command takes, as COMMAND --help does

      Options for connecting: --url, -h HOST, -p PORT, -U USER, -d DATABASE, or libpq's environment (PGHOST, …) and ~/.pgpass.
      """;

  private HelpText() {}
}
