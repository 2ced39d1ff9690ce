package io.shardforge.raft.group;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to one follower, one request at a time: what arrives meanwhile becomes the next
 * request. A follower that needs entries which the log no longer has is told to fetch the state
 * instead; the library's own synchronous appender can only send files.
 */
final class FollowerFeed extends LogAppenderBase {
  private static final Logger log = LoggerFactory.getLogger(FollowerFeed.class);

  /** The pause after a request that failed, and between questions whether a copy has arrived. */
  private static final long RETRY_PAUSE_MILLIS = 50;

  private @Nullable AppendEntriesRequestProto unanswered;
  private boolean failing;

  FollowerFeed(RaftServer.Division division, LeaderState leader, FollowerInfo follower) {
    super(division, leader, follower);
  }

  @Override
  public long getCallId() {
    return CallId.get();
  }

  @Override
  public Comparator<Long> getCallIdComparator() {
    return CallId.getComparator();
  }

  @Override
  public void run() throws InterruptedException, IOException {
    while (isRunning()) {
      boolean pause = false;
      if (shouldSendAppendEntries()) {
        TermIndex firstInLog = unanswered == null ? firstIfTooFarOn() : null;
        try {
          pause = firstInLog != null ? notifyInstall(firstInLog) : append();
          if (failing) {
            failing = false;
            log.info("follower answers again member={}", this);
          }
        } catch (InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          if (!failing) {
            failing = true;
            log.info("follower does not answer member={} reason=\"{}\"", this, e.getMessage());
          }
          pause = true;
        }
      }
      if (pause) {
        getEventAwaitForSignal().await(RETRY_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } else if (isRunning() && !hasAppendEntries()) {
        getEventAwaitForSignal().await(getHeartbeatWaitTimeMs(), TimeUnit.MILLISECONDS);
      }
      getLeaderState().checkHealth(getFollower());
    }
  }

  /**
   * The first entry of the log if the follower cannot be continued from there; null if it can. Not
   * even the entry before is needed where its state is known to end, though the library asks for it
   * and would have the follower say so for ever.
   */
  private @Nullable TermIndex firstIfTooFarOn() {
    TermIndex first = shouldNotifyToInstallSnapshot();
    FollowerInfo follower = getFollower();
    boolean continues =
        first != null
            && follower.hasAttemptedToInstallSnapshot()
            && follower.getSnapshotIndex() + 1 == first.getIndex()
            && follower.getNextIndex() == first.getIndex();
    return continues ? null : first;
  }

  /** Sends entries or a heartbeat; returns whether there was nothing that could be sent. */
  private boolean append() throws IOException {
    AppendEntriesRequestProto request = unanswered;
    if (request == null || request.getEntriesCount() == 0) {
      request = newAppendEntriesRequest(CallId.getAndIncrement(), false);
    }
    if (request == null) {
      return true;
    }
    unanswered = request;
    resetHeartbeatTrigger();
    Timestamp sent = Timestamp.currentTime();
    getFollower().updateLastRpcSendTime(request.getEntriesCount() == 0);
    AppendEntriesReplyProto reply = getServerRpc().appendEntries(request);
    unanswered = null;
    getFollower().updateLastRpcResponseTime();
    getFollower().updateLastRespondedAppendEntriesSendTime(sent);
    getLeaderState().onFollowerCommitIndex(getFollower(), reply.getFollowerCommit());
    take(request, reply);
    return false;
  }

  private void take(AppendEntriesRequestProto request, AppendEntriesReplyProto reply) {
    boolean heartbeat = request.getEntriesCount() == 0;
    switch (reply.getResult()) {
      case SUCCESS -> {
        long known = getFollower().getNextIndex();
        long previous =
            request.hasPreviousLog()
                ? request.getPreviousLog().getIndex()
                : RaftLog.INVALID_LOG_INDEX;
        long next = heartbeat ? Math.max(known, previous + 1) : reply.getNextIndex();
        if (next > known) {
          getFollower().updateMatchIndex(next - 1);
          getFollower().increaseNextIndex(next);
          getLeaderState().onFollowerSuccessAppendEntries(getFollower());
        }
      }
      case NOT_LEADER -> {
        tellTerm(reply.getTerm());
      }
      case INCONSISTENCY -> {
        long first = heartbeat ? RaftLog.INVALID_LOG_INDEX : request.getEntries(0).getIndex();
        getFollower().setNextIndex(getNextIndexForInconsistency(first, reply.getNextIndex()));
      }
      case UNRECOGNIZED -> throw new IllegalStateException("unknown answer of " + getFollowerId());
    }
    getLeaderState().onAppendEntriesReply(this, reply);
  }

  /**
   * Reports a follower's newer term. The base class does so under the server's lock, which may be
   * held by a thread that steps down and waits for this one to end.
   */
  private void tellTerm(long term) {
    try {
      if (isRunning()) {
        var _ = getLeaderState().onFollowerTerm(getFollower(), term);
      }
    } catch (IllegalStateException e) {
      log.debug("leader of an older term member={}", this, e);
    }
  }

  /** Tells the follower to fetch the state; returns whether to ask again after a pause. */
  private boolean notifyInstall(TermIndex firstInLog) throws IOException {
    getFollower().updateLastRpcSendTime(false);
    InstallSnapshotReplyProto reply =
        getServerRpc().installSnapshot(newInstallSnapshotNotificationRequest(firstInLog));
    getFollower().updateLastRpcResponseTime();
    return switch (reply.getResult()) {
      case SNAPSHOT_INSTALLED, ALREADY_INSTALLED -> {
        long index = reply.getSnapshotIndex();
        getFollower().setSnapshotIndex(index);
        getFollower().setAttemptedToInstallSnapshot();
        getLeaderState().onFollowerCommitIndex(getFollower(), index);
        getLeaderState().onFollowerSuccessAppendEntries(getFollower());
        log.info("follower has the state member={} index={}", this, index);
        yield false;
      }
      case NOT_LEADER -> {
        tellTerm(reply.getTerm());
        yield true;
      }
      case SUCCESS, SNAPSHOT_UNAVAILABLE -> {
        getFollower().setAttemptedToInstallSnapshot();
        yield true;
      }
      case IN_PROGRESS, CONF_MISMATCH, SNAPSHOT_EXPIRED, UNRECOGNIZED -> true;
    };
  }
}
