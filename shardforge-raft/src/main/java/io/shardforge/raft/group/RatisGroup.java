package io.shardforge.raft.group;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One shard's member of a Ratis group on this node. */
final class RatisGroup implements RaftGroup {
  private static final Logger log = LoggerFactory.getLogger(RatisGroup.class);

  /** The time in which another member must have taken over: nothing is proposed meanwhile. */
  private static final long TRANSFER_MILLIS_MAX = 1000;

  private final SyncWatch syncWatch = new SyncWatch();
  private final long shardId;
  private final RaftGroupId groupId;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final ShardStateMachine machine;
  private final ClientId client;
  private final LongSupplier callIds;
  private final Changes changes;

  /** What a group has done by the node's server as a whole. */
  interface Changes {
    CompletableFuture<Void> setVoters(RatisGroup group, Collection<Integer> nodes);

    boolean follows(RatisGroup group, int nodeId);

    long copiedBytes();

    void leave();
  }

  RatisGroup(
      long shardId,
      RaftGroupId groupId,
      RaftServer server,
      RaftServer.Division division,
      ShardStateMachine machine,
      ClientId client,
      LongSupplier callIds,
      Changes changes) {
    this.shardId = shardId;
    this.groupId = groupId;
    this.server = server;
    this.division = division;
    this.machine = machine;
    this.client = client;
    this.callIds = callIds;
    this.changes = changes;
  }

  @Override
  public long shardId() {
    return shardId;
  }

  @Override
  public boolean isLeaderReady() {
    return division.getInfo().isLeaderReady();
  }

  @Override
  public long term() {
    return division.getInfo().getCurrentTerm();
  }

  @Override
  public int leaderNode() {
    return PeerName.nodeOf(Optional.ofNullable(division.getInfo().getLeaderId()));
  }

  boolean isLeader() {
    return division.getInfo().isLeader();
  }

  boolean isAlive() {
    return division.getInfo().isAlive();
  }

  /** One round of looking whether this member leads and its own disk lets nothing through. */
  boolean isStalledLeader() {
    if (!isLeader()) {
      return false;
    }
    RaftLog raftLog = division.getRaftLog();
    TermIndex last = raftLog.getLastEntryTermIndex();
    return last != null && syncWatch.hasStopped(raftLog.getFlushIndex(), last.getIndex());
  }

  RaftServer.Division division() {
    return division;
  }

  RaftGroupId groupId() {
    return groupId;
  }

  ShardStateMachine machine() {
    return machine;
  }

  @Override
  public CompletableFuture<byte[]> propose(byte[] command) {
    if (command.length > COMMAND_BYTES_MAX) {
      throw new IllegalArgumentException("a command of " + command.length + " bytes");
    }
    ProposalMessage message = new ProposalMessage(command);
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(groupId)
            .setCallId(callIds.getAsLong())
            .setMessage(message)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    CompletableFuture<RaftClientReply> reply;
    try {
      // Hot path: straight to the group; the server's own way takes another thread hand-off.
      reply =
          division instanceof RaftClientAsynchronousProtocol direct
              ? direct.submitClientRequestAsync(request)
              : server.submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(outcomeOf(message, e));
    }
    return reply.handle((answer, failure) -> resultOf(message, answer, failure));
  }

  private byte[] resultOf(
      ProposalMessage message, @Nullable RaftClientReply answer, @Nullable Throwable failure) {
    if (answer == null) {
      throw outcomeOf(message, failure);
    }
    if (!answer.isSuccess()) {
      throw outcomeOf(message, answer.getException());
    }
    return answer.getMessage().getContent().toByteArray();
  }

  private GroupException outcomeOf(ProposalMessage message, @Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (message.isAppended()) {
      return new ProposalUnknownException(
          shardId, cause == null ? "no answer" : cause.getClass().getSimpleName());
    }
    if (cause instanceof ResourceUnavailableException) {
      return new GroupOverloadedException(shardId);
    }
    return new NotLeaderException(shardId, leaderNode());
  }

  @Override
  public CompletableFuture<Void> transferLeadership(int nodeId) {
    Optional<RaftPeer> target =
        division.getGroup().getPeers().stream()
            .filter(peer -> PeerName.of(peer.getId()).nodeId() == nodeId)
            .findFirst();
    if (target.isEmpty()) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("node " + nodeId + " has no replica of shard " + shardId));
    }
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            client,
            server.getId(),
            groupId,
            callIds.getAsLong(),
            target.get().getId(),
            TRANSFER_MILLIS_MAX);
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = server.transferLeadershipAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return reply.thenAccept(answer -> {
      if (!answer.isSuccess()) {
        throw new CompletionException(answer.getException());
      }
    });
  }

  @Override
  public List<String> members() {
    return division.getRaftConf().getCurrentPeers().stream()
        .map(peer -> peer.getId().toString())
        .toList();
  }

  @Override
  public Set<Integer> voters() {
    RaftConfiguration configuration = division.getRaftConf();
    if (!configuration.getPreviousPeers().isEmpty()) {
      return Set.of();
    }
    return configuration.getCurrentPeers().stream()
        .map(peer -> PeerName.of(peer.getId()).nodeId())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public CompletableFuture<Void> setVoters(Collection<Integer> nodes) {
    return changes.setVoters(this, nodes);
  }

  @Override
  public boolean hasLeft() {
    return !isAlive()
        && division.getRaftConf().getCurrentPeers().stream()
            .noneMatch(peer -> peer.getId().equals(server.getId()));
  }

  @Override
  public boolean follows(int nodeId) {
    return changes.follows(this, nodeId);
  }

  @Override
  public long copiedBytes() {
    return changes.copiedBytes();
  }

  @Override
  public void stand() {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (division.getInfo().getLeaderId() != null || last == null) {
      return;
    }
    try {
      // As if a leader had asked this member to take over: it does not wait for a silence first.
      var _ = server.startLeaderElection(nomination(server.getId(), last));
    } catch (IOException e) {
      log.debug("standing for election failed shard={}", shardId, e);
    }
  }

  @Override
  public void nominate(int nodeId) {
    if (!isLeader() || !(server.getServerRpc() instanceof NodeTransport transport)) {
      return;
    }
    // What is committed must be there; what is not may be missing.
    TermIndex committed = TermIndex.valueOf(term(), division.getRaftLog().getLastCommittedIndex());
    division.getRaftConf().getCurrentPeers().stream()
        .map(RaftPeer::getId)
        .filter(peer -> PeerName.of(peer).nodeId() == nodeId)
        .forEach(peer -> transport.nominate(nomination(peer, committed)));
  }

  private StartLeaderElectionRequestProto nomination(RaftPeerId heir, TermIndex last) {
    return StartLeaderElectionRequestProto.newBuilder()
        .setServerRequest(
            RaftRpcRequestProto.newBuilder()
                .setRequestorId(server.getId().toByteString())
                .setReplyId(heir.toByteString())
                .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(groupId.toByteString())))
        .setLeaderLastEntry(last.toProto())
        .build();
  }

  /** Whether this member leads and most members, itself one, have answered it lately. */
  boolean isHeard(long silenceMaxMillis) {
    int heard = 1;
    for (ServerRpcProto follower :
        division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
      if (follower.getLastRpcElapsedTimeMs() < silenceMaxMillis) {
        heard++;
      }
    }
    return heard > division.getRaftConf().getCurrentPeers().size() / 2;
  }

  @Override
  public void close() {
    changes.leave();
  }
}
