package io.shardforge.raft.route;

import io.shardforge.storage.clock.Clock;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a node has to speak with others about its sessions.
 *
 * @param broadcast messages for all of them
 * @param inquiries questions to one of them
 */
public record Peers(Broadcast broadcast, Inquiries inquiries) {
  /**
   * Opens both ways and answers on them.
   *
   * @param nodes all nodes of the cluster, this one perhaps among them
   * @param run a number that no earlier run of this node had
   */
  public static Peers open(
      int self,
      Supplier<Collection<Integer>> nodes,
      NodeDialer dialer,
      RpcServices services,
      Executor blocking,
      Clock clock,
      long run) {
    Broadcast broadcast = new Broadcast(self, nodes, dialer, clock, run);
    broadcast.register(services, blocking);
    Inquiries inquiries = new Inquiries(self, nodes, dialer, clock);
    inquiries.register(services, blocking);
    return new Peers(broadcast, inquiries);
  }
}
