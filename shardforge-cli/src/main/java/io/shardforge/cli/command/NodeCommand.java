package io.shardforge.cli.command;

import io.shardforge.cli.connect.ConnectionFailedException;
import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.Rows;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node}: shows the nodes of a cluster, and empties one or fills it again. */
@Command(name = "node", description = "Shows nodes, empties one or fills it again.")
final class NodeCommand {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Answers missed one after the other before the command gives up. */
  private static final int MISSES_MAX = 5;

  private final Context context;

  NodeCommand(Context context) {
    this.context = context;
  }

  @Command(description = "Shows all nodes with what they hold.")
  int status(@Mixin AdminOptions options) {
    return options.print(
        context,
        "SELECT node_id AS node, state, CASE WHEN connected THEN 'yes' ELSE 'no' END AS live,"
            + " replicas, leaders, address, sql_address, http_address, locality"
            + " FROM shardforge.nodes ORDER BY node_id");
  }

  @Command(description = "Takes the leaders from a node, for as long as it is to be spared.")
  int drain(
      @Parameters(paramLabel = "NODE", description = "Its number in: node status") int node,
      @Option(names = "--no-wait", description = "Do not stay until it is done") boolean leaves,
      @Mixin AdminOptions options)
      throws InterruptedException {
    return empty(options, node, "drain_node", leaves);
  }

  @Command(description = "Takes all replicas from a node, after which it can be stopped for good.")
  int decommission(
      @Parameters(paramLabel = "NODE", description = "Its number in: node status") int node,
      @Option(names = "--no-wait", description = "Do not stay until it is done") boolean leaves,
      @Mixin AdminOptions options)
      throws InterruptedException {
    return empty(options, node, "decommission_node", leaves);
  }

  @Command(description = "Gives a node its share of leaders and replicas again.")
  int recommission(
      @Parameters(paramLabel = "NODE", description = "Its number in: node status") int node,
      @Mixin AdminOptions options) {
    return options.print(
        context,
        "SELECT " + node + " AS node, shardforge.recommission_node(" + node + ") AS state");
  }

  private int empty(AdminOptions options, int node, String function, boolean leaves)
      throws InterruptedException {
    String statement = "SELECT shardforge." + function + "(" + node + ")";
    try (Wire wire = options.connect(context)) {
      var _ = wire.query(statement);
      if (leaves) {
        say(left(node, state(wire, node)));
        return ExitCode.OK;
      }
    } catch (SQLException e) {
      return AdminOptions.fail(context, e, statement);
    }
    return follow(options, node, function.equals("drain_node"));
  }

  /** Prints what is left to do whenever that has changed, until nothing is. */
  private int follow(AdminOptions options, int node, boolean drains) throws InterruptedException {
    String printed = "";
    int misses = 0;
    while (true) {
      // Each time anew: the node that answers may be the one that is emptied.
      try (Wire wire = options.connect(context)) {
        Rows state = state(wire, node);
        misses = 0;
        String words = left(node, state);
        if (!words.equals(printed)) {
          say(words);
          printed = words;
        }
        boolean isDone =
            drains
                ? state.first(2).equals("0")
                : state.rows().isEmpty()
                    || (state.first(0).equals("decommissioned") && state.first(1).equals("0"));
        if (isDone) {
          say(
              drains
                  ? "Node " + node + " leads nothing any more."
                  : "Node " + node + " is empty and can be stopped.");
          return ExitCode.OK;
        }
      } catch (SQLException | ConnectionFailedException e) {
        if (++misses > MISSES_MAX) {
          context
              .streams()
              .err()
              .println(
                  "No answer for long: " + e.getMessage() + "; the cluster goes on by itself.");
          return ExitCode.FAILED;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  private void say(String words) {
    PrintStream out = context.streams().out();
    out.println(words);
    out.flush();
  }

  private static Rows state(Wire wire, int node) throws SQLException {
    return wire.query(
        "SELECT state, replicas, leaders, (SELECT count(*) FROM shardforge.jobs j WHERE "
            + node
            + " = ANY (j.from_nodes) AND NOT "
            + node
            + " = ANY (j.to_nodes)), (SELECT round(coalesce(sum(bytes_total - bytes_done), 0) /"
            + " 1e6, 1) FROM shardforge.jobs j WHERE "
            + node
            + " = ANY (j.from_nodes) AND NOT "
            + node
            + " = ANY (j.to_nodes)) FROM shardforge.nodes WHERE node_id = "
            + node);
  }

  private static String left(int node, Rows state) {
    return state.rows().isEmpty()
        ? "node " + node + " has left"
        : "node %d %s: %s replicas, %s leaders, %s moves with %s MB to go"
            .formatted(
                node,
                state.first(0),
                state.first(1),
                state.first(2),
                state.first(3),
                state.first(4));
  }
}
