package io.shardforge.server;

import io.shardforge.raft.meta.Bootstrap;
import io.shardforge.raft.proto.InitReplyMessage;
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
 * The command that makes a cluster: it asks one of the nodes to do so.
 *
 * @param certsDirectory holds the certificates that the nodes use too, or null
 */
record InitCommand(HostPort host, @Nullable Path certsDirectory) {
  private static final HostPort DEFAULT_HOST = new HostPort("127.0.0.1", 17432);

  /** Nodes that were started just before may not listen yet. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static InitCommand parse(List<String> options) {
    HostPort host = DEFAULT_HOST;
    Path certificates = null;
    Iterator<String> words = options.iterator();
    while (words.hasNext()) {
      String word = words.next();
      String[] parts = word.split("=", 2);
      switch (parts[0]) {
        case "--insecure" -> {}
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
        default -> throw new IllegalArgumentException("init has no option " + word);
      }
    }
    return new InitCommand(host, certificates);
  }

  int run(PrintStream out, PrintStream err) throws IOException, InterruptedException {
    Clock clock = new SystemClock();
    NodeIdentity nobody =
        new NodeIdentity(
            new NodeIdentity.Self(
                "", new NodeAddress(0, 0, 0, new HostPort("init", 0), "", "", Locality.NONE)));
    AddressBook book = new AddressBook();
    RpcTls tls = certsDirectory == null ? null : RpcTls.load(certsDirectory);
    try (RpcLoops loops = new RpcLoops(1, Thread.ofPlatform().daemon().factory());
        PeerDialer dialer =
            new PeerDialer(loops, nobody, book, new RpcServices(clock), tls, clock)) {
      InitReplyMessage reply = Bootstrap.requestInit(dialer, host, PATIENCE, clock);
      if (reply.getAlready()) {
        out.println(
            "There is a cluster already: " + reply.getClusterId() + ". Nothing was changed.");
        return 0;
      }
      out.println("Made cluster " + reply.getClusterId() + " of " + reply.getNodes() + " nodes.");
      for (String address : List.copyOf(reply.getUnreachableList())) {
        err.println("Not reached: " + address + "; it joins by itself once it runs.");
      }
      return 0;
    }
  }
}
