package io.shardforge.raft.group;

import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.storage.clock.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Makes the parts of the library's server that talk to other nodes. */
record TransportFactory(
    NodeDialer dialer,
    RpcServices services,
    Executor handlers,
    Predicate<RaftGroupId> opened,
    Function<RaftGroupId, Optional<Arrivals>> arrivals,
    Clock clock)
    implements ServerFactory {
  @Override
  public RpcType getRpcType() {
    return new NodeRpcType();
  }

  @Override
  public RaftServerRpc newRaftServerRpc(RaftServer server) {
    return new NodeTransport(server, dialer, services, handlers, opened, arrivals, clock);
  }

  @Override
  public LogAppender newLogAppender(
      RaftServer.Division division, LeaderState leader, FollowerInfo follower) {
    return new FollowerFeed(division, leader, follower);
  }
}
