package io.shardforge.server;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.Peers;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Several servers in this process on one cluster in memory, which call each other without a
 * network.
 */
public final class TestNodes implements AutoCloseable {
  private static final int CALL_MILLIS = 60_000;

  private final List<TestServer> servers = new ArrayList<>();
  private final List<RpcServices> services = new ArrayList<>();
  private final List<Peers> peers = new ArrayList<>();
  private final Set<Integer> deaf = ConcurrentHashMap.newKeySet();

  private TestNodes() {}

  /** A cluster of so many nodes, which trusts everybody. */
  public static TestNodes start(int count) {
    TestNodes nodes = new TestNodes();
    Clock clock = new SystemClock();
    LocalCluster cluster =
        LocalCluster.start(
            count,
            1,
            clock,
            Randomness.secure(),
            Thread::startVirtualThread,
            ReplicaSettings.defaults());
    List<Integer> ids = IntStream.rangeClosed(1, count).boxed().toList();
    for (int id : ids) {
      RpcServices offered = new RpcServices(clock);
      nodes.services.add(offered);
      nodes.peers.add(
          Peers.open(
              id, () -> ids, nodes.dialerOf(id), offered, Thread::startVirtualThread, clock, id));
    }
    for (int id : ids) {
      nodes.servers.add(TestServer.start(cluster, id, nodes.peers.get(id - 1), clock, true, 100));
    }
    return nodes;
  }

  private NodeDialer dialerOf(int self) {
    return (int node, int service, byte[] payload, Deadline _) ->
        deaf.contains(node)
            ? CompletableFuture.failedFuture(new IllegalStateException("cut off"))
            : services.get(node - 1).dispatch(service, self, payload, CALL_MILLIS);
  }

  /** Nodes are numbered from 1. */
  public TestServer node(int id) {
    return servers.get(id - 1);
  }

  /** Messages for a node do not get through. */
  public void cutOff(int id) {
    deaf.add(id);
  }

  /** They do again, and what waited is sent. */
  public void reconnect(int id) {
    deaf.remove(id);
    peers.forEach(peer -> peer.broadcast().retry());
  }

  @Override
  public void close() {
    servers.forEach(TestServer::close);
  }
}
