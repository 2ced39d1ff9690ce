package io.shardforge.server.process;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network of this machine alone: a namespace for each node, all joined by one bridge, over which
 * the machine itself reaches them too.
 *
 * <p>Namespaces, bridge and addresses come from the number of this process, so that several runs
 * live side by side. What is cut is cut at the receiver: packets arrive at its namespace and are
 * dropped there.
 */
final class NodeNetwork implements AutoCloseable {
  /** Packets of one node to another. */
  record Path(int from, int to) {}

  static final int NODES_MAX = 99;

  private static final String PREFIX = "sfp";
  private static final int RADIX = 36;
  private static final int SUBNETS = 1 << 15;
  private static final int HOST = 254;

  private final String name;
  private final String subnet;
  private final Set<Integer> nodes = new TreeSet<>();
  private final Set<Path> cuts = ConcurrentHashMap.newKeySet();

  private NodeNetwork(String name, String subnet) {
    this.name = name;
    this.subnet = subnet;
  }

  /** Why there can be no such network here, if so. */
  static Optional<String> missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("network namespaces need root");
    }
    if (ShellCommand.tried("ip", "-Version").isEmpty()) {
      return Optional.of("there is no ip command (Debian: iproute2)");
    }
    if (ShellCommand.tried("iptables", "--version").isEmpty()) {
      return Optional.of("there is no iptables command (Debian: iptables)");
    }
    String probe = PREFIX + "probe" + Long.toString(ProcessHandle.current().pid(), RADIX);
    if (ShellCommand.tried("ip", "netns", "add", probe).isEmpty()) {
      return Optional.of("this machine lets nobody make network namespaces");
    }
    boolean filters =
        ShellCommand.tried("ip", "netns", "exec", probe, "iptables", "-w", "-L").isPresent();
    boolean links =
        ShellCommand.tried("ip", "-n", probe, "link", "add", "b0", "type", "bridge").isPresent()
            && ShellCommand.tried("ip", "-n", probe, "link", "add", "v0", "type", "veth")
                .isPresent();
    ShellCommand.run("ip", "netns", "del", probe);
    if (!filters || !links) {
      return Optional.of("this machine has no " + (filters ? "bridges" : "packet filter"));
    }
    return Optional.empty();
  }

  /** Makes a network without nodes, and removes what killed runs have left behind. */
  static NodeNetwork create() {
    removeForsaken();
    long pid = ProcessHandle.current().pid();
    String name = PREFIX + Long.toString(pid, RADIX);
    NodeNetwork network = new NodeNetwork(name, freeSubnet(pid));
    ShellCommand.run("ip", "link", "add", name, "type", "bridge");
    ShellCommand.run("ip", "addr", "add", network.address(HOST) + "/24", "dev", name);
    ShellCommand.run("ip", "link", "set", name, "up");
    return network;
  }

  /** The first three parts of an address range that nobody on this machine uses. */
  private static String freeSubnet(long pid) {
    Set<String> used = new HashSet<>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(address -> used.add(address.getHostAddress().replaceFirst("\\.\\d+$", "")));
    } catch (SocketException e) {
      throw new IllegalStateException(e);
    }
    for (long place = pid; place < pid + SUBNETS; place++) {
      String subnet = "10." + (128 + (place >> 8) % 128) + "." + place % 256;
      if (!used.contains(subnet)) {
        return subnet;
      }
    }
    throw new IllegalStateException("no range of addresses is free");
  }

  private static void removeForsaken() {
    String listed = ShellCommand.run("ip", "-o", "link", "show", "type", "bridge");
    for (String line : listed.lines().toList()) {
      String bridge = line.replaceFirst("^\\d+: ([^:@]+).*", "$1");
      if (bridge.startsWith(PREFIX)) {
        long pid = Long.parseLong(bridge.substring(PREFIX.length()), RADIX);
        if (ProcessHandle.of(pid).isEmpty()) {
          remove(bridge);
        }
      }
    }
  }

  private static void remove(String name) {
    for (String line : ShellCommand.run("ip", "netns", "list").lines().toList()) {
      String namespace = line.replaceFirst(" .*", "");
      if (namespace.matches(name + "n\\d+")) {
        // With the namespace it would go too, but some time later, and its name is used again.
        var _ = ShellCommand.tried("ip", "link", "del", namespace);
        var _ = ShellCommand.tried("ip", "netns", "del", namespace);
      }
    }
    var _ = ShellCommand.tried("ip", "link", "del", name);
  }

  /** Gives a node its namespace. */
  void add(int node) {
    if (node < 1 || node > NODES_MAX) {
      throw new IllegalArgumentException("no node " + node);
    }
    String namespace = namespace(node);
    ShellCommand.run("ip", "netns", "add", namespace);
    ShellCommand.run(
        "ip", "link", "add", namespace, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    ShellCommand.run("ip", "link", "set", namespace, "master", name, "up");
    ShellCommand.run("ip", "-n", namespace, "addr", "add", address(node) + "/24", "dev", "eth0");
    ShellCommand.run("ip", "-n", namespace, "link", "set", "eth0", "up");
    ShellCommand.run("ip", "-n", namespace, "link", "set", "lo", "up");
    nodes.add(node);
  }

  String namespace(int node) {
    return name + "n" + node;
  }

  String address(int node) {
    return subnet + "." + node;
  }

  /** The words that run a command as a node's. */
  List<String> in(int node) {
    return List.of("ip", "netns", "exec", namespace(node));
  }

  /** Drops the packets of these paths and of no others. */
  void cutOnly(Collection<Path> paths) {
    Set<Integer> receivers = new TreeSet<>();
    cuts.forEach(path -> receivers.add(path.to()));
    cuts.clear();
    cuts.addAll(paths);
    cuts.forEach(path -> receivers.add(path.to()));
    for (int receiver : receivers) {
      StringBuilder rules = new StringBuilder("*filter\n:INPUT ACCEPT [0:0]\n");
      for (Path path : paths) {
        if (path.to() == receiver) {
          rules.append("-A INPUT -s ").append(address(path.from())).append(" -j DROP\n");
        }
      }
      List<String> command = new ArrayList<>(in(receiver));
      command.addAll(List.of("iptables-restore", "-w"));
      ShellCommand.run(command, rules.append("COMMIT\n").toString());
    }
  }

  @Override
  public void close() {
    remove(name);
  }
}
