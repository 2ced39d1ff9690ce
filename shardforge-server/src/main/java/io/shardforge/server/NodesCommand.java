package io.shardforge.server;

import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.NodeAdmin;
import io.shardforge.raft.placement.NodeAdmin.NodeLine;
import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.Locality;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeIdentity;
import io.shardforge.raft.route.PeerDialer;
import io.shardforge.raft.route.RpcLoops;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.RpcTls;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.SystemClock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands that show the nodes of a cluster, and empty one or fill it again.
 *
 * @param node the one that is meant, 0 for the status of all
 * @param host any node of the cluster, which is asked
 * @param certsDirectory holds the certificates that the nodes use too, or null
 * @param waits whether to stay until the node is empty
 */
record NodesCommand(
    Verb verb, int node, HostPort host, @Nullable Path certsDirectory, boolean waits) {
  private static final HostPort DEFAULT_HOST = new HostPort("127.0.0.1", 17432);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Answers missed one after the other before the command gives up. */
  private static final int MISSES_MAX = 5;

  /** What is to be done. */
  enum Verb {
    STATUS,
    DRAIN,
    DECOMMISSION,
    RECOMMISSION
  }

  static NodesCommand parse(List<String> options) {
    Verb verb = null;
    int node = 0;
    HostPort host = DEFAULT_HOST;
    Path certificates = null;
    boolean waits = true;
    Iterator<String> words = options.iterator();
    while (words.hasNext()) {
      String word = words.next();
      String[] parts = word.split("=", 2);
      switch (parts[0]) {
        case "status" -> verb = Verb.STATUS;
        case "drain" -> verb = Verb.DRAIN;
        case "decommission" -> verb = Verb.DECOMMISSION;
        case "recommission" -> verb = Verb.RECOMMISSION;
        case "--insecure" -> {}
        case "--no-wait" -> waits = false;
        case "--host", "--certs-dir" -> {
          if (parts.length == 1 && !words.hasNext()) {
            throw new IllegalArgumentException(word + " needs a value");
          }
          String value = parts.length == 2 ? parts[1] : words.next();
          if (parts[0].equals("--host")) {
            host = HostPort.parse(value);
          } else {
            certificates = Path.of(value);
          }
        }
        default -> {
          if (!word.matches("\\d{1,9}") || node != 0) {
            throw new IllegalArgumentException("node has no option " + word);
          }
          node = Integer.parseInt(word);
        }
      }
    }
    if (verb == null) {
      throw new IllegalArgumentException(
          "node needs a verb: status, drain, decommission, recommission or recover");
    }
    if (verb == Verb.STATUS ? node != 0 : node == 0) {
      throw new IllegalArgumentException(
          verb == Verb.STATUS
              ? "node status shows all nodes"
              : "say which node, by its number in: node status");
    }
    return new NodesCommand(verb, node, host, certificates, waits);
  }

  int run(PrintStream out, PrintStream err) throws IOException, InterruptedException {
    Clock clock = new SystemClock();
    NodeIdentity nobody =
        new NodeIdentity(
            new NodeIdentity.Self(
                "", new NodeAddress(0, 0, 0, new HostPort("node", 0), "", "", Locality.NONE)));
    RpcTls tls = certsDirectory == null ? null : RpcTls.load(certsDirectory);
    try (RpcLoops loops = new RpcLoops(1, Thread.ofPlatform().daemon().factory());
        PeerDialer dialer =
            new PeerDialer(loops, nobody, new AddressBook(), new RpcServices(clock), tls, clock)) {
      switch (verb) {
        case STATUS -> print(NodeAdmin.status(dialer, host, clock), out);
        case RECOMMISSION ->
            print(NodeAdmin.setState(dialer, host, clock, node, NodeState.ACTIVE), out);
        case DRAIN, DECOMMISSION -> {
          NodeState wanted = verb == Verb.DRAIN ? NodeState.DRAINING : NodeState.DECOMMISSIONING;
          NodeLine now = find(NodeAdmin.setState(dialer, host, clock, node, wanted));
          return follow(dialer, clock, now, out, err);
        }
      }
      return 0;
    }
  }

  private @Nullable NodeLine find(List<NodeLine> lines) {
    return lines.stream().filter(line -> line.nodeId() == node).findFirst().orElse(null);
  }

  /** Prints what is left to do whenever that has changed, until nothing is. */
  private int follow(
      PeerDialer dialer, Clock clock, @Nullable NodeLine first, PrintStream out, PrintStream err)
      throws InterruptedException {
    NodeLine now = first;
    String printed = "";
    int misses = 0;
    while (true) {
      String words = now == null ? "" : left(now);
      if (!words.equals(printed)) {
        out.println(words);
        printed = words;
      }
      if (now == null || isDone(now)) {
        out.println(
            verb == Verb.DRAIN
                ? "Node " + node + " leads nothing any more."
                : "Node " + node + " is empty and can be stopped.");
        return 0;
      }
      if (!waits) {
        return 0;
      }
      clock.sleep(PAUSE);
      try {
        now = find(NodeAdmin.status(dialer, host, clock));
        misses = 0;
      } catch (IOException e) {
        // Leaders move, maybe the one that would have answered.
        if (++misses > MISSES_MAX) {
          err.println("No answer for long: " + e.getMessage() + "; the cluster goes on by itself.");
          return 1;
        }
      }
    }
  }

  private boolean isDone(NodeLine line) {
    return verb == Verb.DRAIN
        ? line.leaders() == 0
        : line.state() == NodeState.DECOMMISSIONED && line.replicas() == 0;
  }

  private static String left(NodeLine line) {
    return "node %d %s: %d replicas, %d leaders, %.1f MB to go"
        .formatted(
            line.nodeId(),
            line.state().word(),
            line.replicas(),
            line.leaders(),
            line.leaving() / 1e6);
  }

  private static void print(List<NodeLine> lines, PrintStream out) {
    out.println("node  state            live  replicas  leaders  address                locality");
    for (NodeLine line : lines) {
      out.println(
          "%4d  %-15s  %-4s  %8d  %7d  %-21s  %s"
              .formatted(
                  line.nodeId(),
                  line.state().word(),
                  line.isLive() ? "yes" : "no",
                  line.replicas(),
                  line.leaders(),
                  line.address(),
                  line.locality()));
    }
  }
}
