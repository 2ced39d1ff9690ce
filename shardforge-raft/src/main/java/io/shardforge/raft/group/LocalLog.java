package io.shardforge.raft.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A shard's log in memory, shared by members in one process: the second implementation of the seam,
 * for tests and for layers that want a cluster without disks or sockets. Everything happens on the
 * calling thread and at once: a proposal is applied by every reachable member before it returns.
 *
 * <p>Faults are asked for one by one: members that are cut off, proposals whose outcome stays
 * unknown, a change of leader at any point.
 */
public final class LocalLog {
  private final long shardId;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Integer, Member> members = new LinkedHashMap<>();
  private long term;
  private int leader;
  private final Deque<Held> held = new ArrayDeque<>();
  private Fault nextProposal = Fault.NONE;
  private boolean holding;

  public LocalLog(long shardId) {
    this.shardId = shardId;
  }

  /** A log that was cut off another one: it goes on after {@link AppliedIndex#SEED}. */
  public static LocalLog seeded(long shardId) {
    LocalLog log = new LocalLog(shardId);
    log.term = AppliedIndex.SEED.term();
    for (long i = 0; i <= AppliedIndex.SEED.index(); i++) {
      log.entries.add(new Entry(log.term, null));
    }
    return log;
  }

  /** What is to happen to a proposal. */
  public enum Fault {
    NONE,
    /** It is applied, and the proposer does not learn so. */
    ANSWER_LOST,
    /** It never reaches the log, and the proposer does not learn so. */
    PROPOSAL_LOST
  }

  /** An entry; the command is null in those of the log's own. */
  private record Entry(long term, byte @Nullable [] command) {}

  /** A proposal that waits. */
  private record Held(Member by, byte[] command, CompletableFuture<byte[]> result) {}

  /** Joins a member. The first one to join leads. */
  public synchronized RaftGroup join(int nodeId, ReplicatedState state) {
    Member member = new Member(nodeId, state);
    members.put(nodeId, member);
    if (leader == 0) {
      elect(nodeId);
    } else {
      member.catchUp();
    }
    return member;
  }

  /** Whether a node has joined. */
  public synchronized boolean hasMember(int nodeId) {
    return members.containsKey(nodeId);
  }

  /** Makes a member lead in a new term. */
  public synchronized void elect(int nodeId) {
    Member old = members.get(leader);
    Member next = Objects.requireNonNull(members.get(nodeId), "not a member");
    term++;
    leader = nodeId;
    if (old != null && !old.cutOff) {
      old.state.leaderLost();
    }
    entries.add(new Entry(term, null));
    members.values().forEach(Member::catchUp);
    next.state.leaderReady(term);
  }

  /** Cuts a member off: it keeps its state, believes what it believed, and hears nothing. */
  public synchronized void cutOff(int nodeId) {
    Objects.requireNonNull(members.get(nodeId), "not a member").cutOff = true;
  }

  /** Lets a member hear again; it catches up and learns that it does not lead. */
  public synchronized void reconnect(int nodeId) {
    Member member = Objects.requireNonNull(members.get(nodeId), "not a member");
    member.cutOff = false;
    member.catchUp();
    if (leader != nodeId) {
      member.state.leaderLost();
    }
  }

  /** Says what is to happen to the next proposal. */
  public synchronized void failNext(Fault fault) {
    nextProposal = fault;
  }

  /** Keeps proposals from being applied until {@link #letGo}. */
  public synchronized void hold() {
    holding = true;
  }

  /** Applies what was kept, in its order, and everything after it at once again. */
  public void letGo() {
    List<Held> kept;
    synchronized (this) {
      holding = false;
      kept = List.copyOf(held);
      held.clear();
    }
    for (Held proposal : kept) {
      var _ =
          propose(proposal.by, proposal.command)
              .whenComplete((result, failure) -> {
                if (failure == null) {
                  proposal.result.complete(result);
                } else {
                  proposal.result.completeExceptionally(failure);
                }
              });
    }
  }

  /** How many proposals are being kept. */
  public synchronized int heldCount() {
    return held.size();
  }

  public synchronized int leaderNode() {
    return leader;
  }

  private synchronized CompletableFuture<byte[]> propose(Member by, byte[] command) {
    if (by.closed || by.nodeId != leader) {
      return CompletableFuture.failedFuture(
          new NotLeaderException(shardId, by.cutOff ? 0 : leader));
    }
    if (by.cutOff) {
      return CompletableFuture.failedFuture(
          new ProposalUnknownException(shardId, "the other members cannot be reached"));
    }
    if (holding) {
      Held proposal = new Held(by, command, new CompletableFuture<>());
      held.add(proposal);
      return proposal.result;
    }
    Fault fault = nextProposal;
    nextProposal = Fault.NONE;
    if (fault == Fault.PROPOSAL_LOST) {
      return CompletableFuture.failedFuture(new ProposalUnknownException(shardId, "lost"));
    }
    entries.add(new Entry(term, command));
    members.values().forEach(Member::catchUp);
    if (fault == Fault.ANSWER_LOST) {
      return CompletableFuture.failedFuture(new ProposalUnknownException(shardId, "answer lost"));
    }
    return CompletableFuture.completedFuture(by.lastResult);
  }

  /** One node's end of the log. */
  private final class Member implements RaftGroup {
    private final int nodeId;
    private final ReplicatedState state;
    private boolean cutOff;
    private boolean closed;
    private byte[] lastResult = new byte[0];

    Member(int nodeId, ReplicatedState state) {
      this.nodeId = nodeId;
      this.state = state;
    }

    void catchUp() {
      if (cutOff || closed) {
        return;
      }
      for (long index = state.applied().index() + 1; index < entries.size(); index++) {
        Entry entry = entries.get((int) index);
        if (entry.command == null) {
          state.applyNothing(entry.term, index);
        } else {
          lastResult = state.apply(entry.term, index, entry.command);
        }
      }
    }

    @Override
    public long shardId() {
      return shardId;
    }

    @Override
    public boolean isLeaderReady() {
      synchronized (LocalLog.this) {
        return leader == nodeId && !closed;
      }
    }

    @Override
    public long term() {
      synchronized (LocalLog.this) {
        return term;
      }
    }

    @Override
    public int leaderNode() {
      return LocalLog.this.leaderNode();
    }

    @Override
    public CompletableFuture<byte[]> propose(byte[] command) {
      return LocalLog.this.propose(this, command);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(int target) {
      elect(target);
      return CompletableFuture.completedFuture(null);
    }

    /** Takes over: a member that was there before has not been asked anything yet. */
    @Override
    public void stand() {
      if (LocalLog.this.leaderNode() != nodeId) {
        elect(nodeId);
      }
    }

    @Override
    public void close() {
      synchronized (LocalLog.this) {
        closed = true;
      }
    }
  }
}
