package io.shardforge.raft.group;

import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the library's messages over the connections between nodes, addressed by node id. A
 * message is one byte that says which, and the library's own encoding.
 */
final class NodeTransport implements RaftServerRpc {
  /** Longer than an election, so that a slow disk is told from a lost message by the election. */
  private static final Duration REPLY_TIME_MAX = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(NodeTransport.class);
  private static final byte REQUEST_VOTE = 1;
  private static final byte APPEND_ENTRIES = 2;
  private static final byte INSTALL_SNAPSHOT = 3;
  private static final byte START_ELECTION = 4;

  private final RaftServer server;
  private final NodeDialer dialer;
  private final RpcServices services;
  private final Executor handlers;
  private final Predicate<RaftGroupId> opened;
  private final Function<RaftGroupId, Optional<Arrivals>> arrivals;
  private final Clock clock;
  private final ReentrantLock installing = new ReentrantLock();
  private volatile boolean open;

  NodeTransport(
      RaftServer server,
      NodeDialer dialer,
      RpcServices services,
      Executor handlers,
      Predicate<RaftGroupId> opened,
      Function<RaftGroupId, Optional<Arrivals>> arrivals,
      Clock clock) {
    this.opened = opened;
    this.arrivals = arrivals;
    this.server = server;
    this.dialer = dialer;
    this.services = services;
    this.handlers = handlers;
    this.clock = clock;
  }

  @Override
  public void start() {
    open = true;
    services.register(Services.RAFT, handlers, this::handle);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      services.unregister(Services.RAFT);
    }
  }

  @Override
  public RpcType getRpcType() {
    return new NodeRpcType();
  }

  /** The library wants an address for each peer; nobody ever connects to this one. */
  @Override
  public InetSocketAddress getInetSocketAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    // Peers are found by node id in the address book.
  }

  @Override
  public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {
    // Connections are kept and remade below.
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return RequestVoteReplyProto.parseFrom(
        send(REQUEST_VOTE, request.getServerRequest(), request.toByteArray()));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return AppendEntriesReplyProto.parseFrom(
        send(APPEND_ENTRIES, request.getServerRequest(), request.toByteArray()));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return InstallSnapshotReplyProto.parseFrom(
        send(INSTALL_SNAPSHOT, request.getServerRequest(), request.toByteArray()));
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return StartLeaderElectionReplyProto.parseFrom(
        send(START_ELECTION, request.getServerRequest(), request.toByteArray()));
  }

  /** Sends the request of a leader that may not hear any answer. */
  void nominate(StartLeaderElectionRequestProto request) {
    var _ =
        post(START_ELECTION, request.getServerRequest(), request.toByteArray())
            .exceptionally(e -> {
              LOG.debug("nobody was nominated reason=\"{}\"", e.getMessage());
              return new byte[0];
            });
  }

  private CompletableFuture<byte[]> post(byte kind, RaftRpcRequestProto header, byte[] message) {
    byte[] payload = new byte[1 + message.length];
    payload[0] = kind;
    System.arraycopy(message, 0, payload, 1, message.length);
    return dialer.call(
        nodeOf(header), Services.RAFT, payload, Deadline.after(clock, REPLY_TIME_MAX));
  }

  private static int nodeOf(RaftRpcRequestProto header) {
    return PeerName.parse(header.getReplyId().toStringUtf8()).nodeId();
  }

  private byte[] send(byte kind, RaftRpcRequestProto header, byte[] message) throws IOException {
    try {
      return post(kind, header, message).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException)
          new InterruptedIOException("interrupted while waiting for node " + nodeOf(header))
              .initCause(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
    }
  }

  private CompletableFuture<byte[]> handle(int fromNode, byte[] payload) {
    if (payload.length == 0) {
      return CompletableFuture.failedFuture(new IOException("empty message from " + fromNode));
    }
    byte[] message = new byte[payload.length - 1];
    System.arraycopy(payload, 1, message, 0, message.length);
    try {
      return switch (payload[0]) {
        case REQUEST_VOTE -> {
          RequestVoteRequestProto request = RequestVoteRequestProto.parseFrom(message);
          checkAddressee(request.getServerRequest());
          yield done(server.requestVote(request).toByteArray());
        }
        case APPEND_ENTRIES -> {
          AppendEntriesRequestProto request = AppendEntriesRequestProto.parseFrom(message);
          checkAddressee(request.getServerRequest());
          yield append(request);
        }
        case INSTALL_SNAPSHOT -> {
          InstallSnapshotRequestProto request = InstallSnapshotRequestProto.parseFrom(message);
          checkAddressee(request.getServerRequest());
          yield done(install(request).toByteArray());
        }
        case START_ELECTION -> {
          StartLeaderElectionRequestProto request =
              StartLeaderElectionRequestProto.parseFrom(message);
          checkAddressee(request.getServerRequest());
          yield done(server.startLeaderElection(request).toByteArray());
        }
        default -> throw new IOException("unknown message " + payload[0] + " from " + fromNode);
      };
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * One at a time: the library writes the members to one temporary file, and a request that came
   * again because the first was slow would write it at the same moment.
   */
  private InstallSnapshotReplyProto install(InstallSnapshotRequestProto request)
      throws IOException {
    installing.lock();
    try {
      return server.installSnapshot(request);
    } finally {
      installing.unlock();
    }
  }

  /** Goes to the group itself: the server's own way takes two more thread hand-offs. */
  private CompletableFuture<byte[]> append(AppendEntriesRequestProto request) throws IOException {
    RaftGroupId groupId = ProtoUtils.toRaftGroupId(request.getServerRequest().getRaftGroupId());
    RaftServer.Division division = server.getDivision(groupId);
    int count = request.getEntriesCount();
    if (count > 0) {
      long first = request.getEntries(0).getIndex();
      long now = clock.monotonicNanos();
      arrivals.apply(groupId).ifPresent(log -> log.note(first, count, now));
    }
    CompletableFuture<AppendEntriesReplyProto> reply =
        division instanceof RaftServerAsynchronousProtocol direct
            ? direct.appendEntriesAsync(request)
            : server.appendEntriesAsync(request);
    return reply.thenApply(AppendEntriesReplyProto::toByteArray);
  }

  /**
   * A node that lost its store must not answer for the member that it was before. A group that is
   * still being opened must not see anything: a request to install the state would fail half-way
   * and leave the library believing for good that an installation is under way.
   */
  private void checkAddressee(RaftRpcRequestProto header) throws IOException {
    String addressee = header.getReplyId().toStringUtf8();
    if (!addressee.equals(server.getId().toString())) {
      throw new IOException(addressee + " is gone; " + server.getId() + " is in its place");
    }
    RaftGroupId groupId = ProtoUtils.toRaftGroupId(header.getRaftGroupId());
    if (!opened.test(groupId)) {
      throw new IOException(groupId + " is not open at " + addressee);
    }
  }

  private static CompletableFuture<byte[]> done(byte[] reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
