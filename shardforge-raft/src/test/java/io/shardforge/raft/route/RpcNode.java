package io.shardforge.raft.route;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.SystemClock;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One node's end of the connections between nodes, for tests on loopback. */
public final class RpcNode implements AutoCloseable {
  public static final String CLUSTER = "000102030405060708090a0b0c0d0e0f";

  public final Clock clock = new SystemClock();
  public final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  public final ExecutorService handlers = Executors.newFixedThreadPool(4);
  public final RpcLoops loops = new RpcLoops(1, Thread.ofPlatform().daemon().factory());
  public final AddressBook book = new AddressBook();
  public final RpcServices services = new RpcServices(clock);
  public final NodeIdentity identity;
  public final PeerDialer dialer;
  public final RpcServer server;

  public RpcNode(int nodeId, int incarnation, long announcement, String clusterId)
      throws IOException {
    this(nodeId, incarnation, announcement, clusterId, null);
  }

  private RpcNode(
      int nodeId, int incarnation, long announcement, String clusterId, @Nullable RpcTls tls)
      throws IOException {
    NodeAddress unbound =
        new NodeAddress(
            nodeId, incarnation, announcement, new HostPort("127.0.0.1", 0), "", "", Locality.NONE);
    this.identity = new NodeIdentity(new NodeIdentity.Self(clusterId, unbound));
    this.dialer = new PeerDialer(loops, identity, book, services, tls, clock);
    this.server = RpcServer.listen(unbound.rpc(), loops, identity, book, services, tls);
    NodeAddress bound =
        new NodeAddress(
            nodeId,
            incarnation,
            announcement,
            new HostPort("127.0.0.1", server.port()),
            "",
            "",
            Locality.NONE);
    identity.become(new NodeIdentity.Self(clusterId, bound));
    book.learn(bound);
  }

  public RpcNode(int nodeId) throws IOException {
    this(nodeId, 1, 1, CLUSTER);
  }

  /** A node that demands TLS. */
  static RpcNode withTls(int nodeId, RpcTls tls) throws IOException {
    return new RpcNode(nodeId, 1, 1, CLUSTER, tls);
  }

  public int id() {
    return identity.nodeId();
  }

  public NodeAddress address() {
    return identity.self().address();
  }

  public Executor sameThread() {
    return Runnable::run;
  }

  @Override
  public void close() {
    dialer.close();
    server.close();
    loops.close();
    handlers.shutdownNow();
    blocking.shutdownNow();
  }
}
