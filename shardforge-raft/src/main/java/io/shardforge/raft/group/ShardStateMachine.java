package io.shardforge.raft.group;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a {@link ReplicatedState} to the library's log.
 *
 * <p>The state keeps its own applied index beside its data, so a "snapshot" is no file: it is the
 * place up to which the state is durable. After a restart the log is replayed from there, and
 * entries that the state has already are skipped.
 */
final class ShardStateMachine extends BaseStateMachine {
  private static final Logger log = LoggerFactory.getLogger(ShardStateMachine.class);

  private final long shardId;
  private final ReplicatedState state;
  private final StateTransfers transfers;
  private final Arrivals arrivals;
  private final Executor copying;
  private final FatalHandler fatal;

  /** Held while entries are applied, and while the whole state is replaced. */
  private final ReentrantLock applying = new ReentrantLock();

  /** At most what is durable; read on every message, so it is not fetched each time. */
  private volatile AppliedIndex durable = AppliedIndex.NONE;

  private final Object leadership = new Object();
  private boolean leading;

  ShardStateMachine(
      long shardId,
      ReplicatedState state,
      StateTransfers transfers,
      Arrivals arrivals,
      Executor copying,
      FatalHandler fatal) {
    this.shardId = shardId;
    this.arrivals = arrivals;
    this.state = state;
    this.transfers = transfers;
    this.copying = copying;
    this.fatal = fatal;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage)
      throws IOException {
    super.initialize(server, groupId, storage);
    getLifeCycle().startAndTransition(this::load, IOException.class);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() {
    load();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  private void load() {
    AppliedIndex applied = state.applied();
    setLastAppliedTermIndex(applied.isNone() ? TermIndex.INITIAL_VALUE : toTermIndex(applied));
    refreshDurable();
  }

  /**
   * How far the state is durable now. The log is told only when it is to be purged: it does not
   * purge for a snapshot that it knows already.
   */
  AppliedIndex durableNow() {
    return state.durable();
  }

  /** Looks up how far the state is durable, tells the log, and returns it. */
  AppliedIndex refreshDurable() {
    AppliedIndex now = state.durable();
    durable = now;
    return now;
  }

  AppliedIndex applied() {
    return state.applied();
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    AppliedIndex known = durable;
    return known.isNone() ? null : new FileListSnapshotInfo(List.of(), toTermIndex(known));
  }

  @Override
  public long takeSnapshot() {
    return refreshDurable().index();
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setStateMachineContext(request.getMessage())
        .build();
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction) {
    if (transaction.getStateMachineContext() instanceof ProposalMessage proposal) {
      proposal.markAppended();
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    applying.lock();
    try {
      if (entry.getIndex() <= state.applied().index()) {
        return CompletableFuture.completedFuture(Message.EMPTY);
      }
      OptionalLong received = arrivals.of(entry.getIndex());
      if (received.isPresent()) {
        state.receivedAt(received.getAsLong());
      }
      byte[] result =
          state.apply(
              entry.getTerm(),
              entry.getIndex(),
              entry.getStateMachineLogEntry().getLogData().toByteArray());
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(
          Message.valueOf(UnsafeByteOperations.unsafeWrap(result)));
    } catch (RuntimeException | Error e) {
      // A future that fails would only be logged, and the next entry applied.
      fatal.stopNode("shard " + shardId + " cannot apply entry " + entry.getIndex(), e);
      throw e;
    } finally {
      applying.unlock();
    }
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    applying.lock();
    try {
      if (index > state.applied().index()) {
        state.applyNothing(term, index);
        updateLastAppliedTermIndex(term, index);
      }
    } catch (RuntimeException | Error e) {
      fatal.stopNode("shard " + shardId + " cannot apply entry " + index, e);
      throw e;
    } finally {
      applying.unlock();
    }
  }

  @Override
  public void notifyLeaderReady() {
    synchronized (leadership) {
      try {
        var info = getServer().join().getDivision(getGroupId()).getInfo();
        if (info.isLeader() && !leading) {
          leading = true;
          state.leaderReady(info.getCurrentTerm());
        }
      } catch (IOException e) {
        log.warn("leader of a group that is gone shard={}", shardId, e);
      }
    }
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
    loseLeadership();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId newLeader) {
    if (!member.getPeerId().equals(newLeader)) {
      loseLeadership();
    }
  }

  private void loseLeadership() {
    synchronized (leadership) {
      if (leading) {
        leading = false;
        state.leaderLost();
      }
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
    // The member would stay in the group without a log: leaving lets the others go on cleanly.
    fatal.stopNode("the log of shard " + shardId + " cannot be written", cause);
  }

  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstInLog) {
    int leader =
        PeerName.parse(role.getFollowerInfo().getLeaderInfo().getId().getId().toStringUtf8())
            .nodeId();
    return CompletableFuture.supplyAsync(() -> install(leader, firstInLog), copying);
  }

  private TermIndex install(int leader, TermIndex firstInLog) {
    log.info("fetching state shard={} from={} first_in_log={}", shardId, leader, firstInLog);
    applying.lock();
    try {
      AppliedIndex at = transfers.fetch(shardId, leader, state);
      if (at.index() + 1 < firstInLog.getIndex()) {
        throw new IOException("the copy is at " + at + ", the log starts at " + firstInLog);
      }
      AppliedIndex now = refreshDurable();
      if (now.compareTo(at) < 0) {
        throw new IOException("the copy is at " + at + ", but durable only up to " + now);
      }
      log.info("fetched state shard={} from={} at={}", shardId, leader, at);
      return toTermIndex(at);
    } catch (IOException e) {
      log.warn(
          "fetching state failed shard={} from={} reason=\"{}\"", shardId, leader, e.getMessage());
      throw new java.util.concurrent.CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CompletionException(e);
    } finally {
      applying.unlock();
    }
  }

  private static TermIndex toTermIndex(AppliedIndex index) {
    return TermIndex.valueOf(index.term(), index.index());
  }
}
