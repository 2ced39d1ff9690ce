package io.shardforge.raft.sim;

import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.NotLeaderException;
import io.shardforge.raft.group.ProposalUnknownException;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.ReplicatedState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One node's end of a simulated log: it leads or follows, applies what is committed, and fetches a
 * copy of the state where it has nothing that entries could be added to.
 */
final class SimMember implements RaftGroup {
  private static final long MILLI = 1_000_000;
  private static final long HEARTBEAT_NANOS = 60 * MILLI;
  private static final long CALL_NANOS_MAX = 3_000 * MILLI;
  private static final long SILENCE_NANOS_MAX = 300 * MILLI;

  /** How long a leader waits for new members to catch up. */
  private static final long CHANGE_NANOS_MAX = 10_000 * MILLI;

  /** A change of members that a leader was asked for: who comes new gets everything first. */
  private record Change(List<Integer> nodes, CompletableFuture<Void> done, long untilNanos) {}

  /** A proposal that this member waits for. */
  private record Pending(long index, CompletableFuture<byte[]> result) {}

  private final SimLog log;
  final int node;
  private final ReplicatedState state;
  private final SimScheduler.SimProcess process;
  private final SimClock clock;
  private final SimPart own;
  private final Deque<Runnable> mailbox = new ArrayDeque<>();
  private final Map<Long, Pending> pending = new TreeMap<>();
  private final Map<Long, Long> receivedNanos = new HashMap<>();
  private final Map<Integer, Long> acked = new TreeMap<>();
  private final Map<Integer, Long> heardNanos = new TreeMap<>();
  private @Nullable Thread listener;
  private @Nullable Thread applier;
  private long knownCommitted;
  private long ledTerm;
  private long firstOwn;

  /** How long it goes on leading without the answers of most others: drawn for each term. */
  private long unheardNanosMax;

  private long stalledUntilNanos;
  private int knownLeader;
  private boolean ready;
  private boolean transferring;
  private @Nullable Change change;
  private boolean copying;
  private boolean closed;
  private boolean ended;

  SimMember(
      SimLog log,
      int node,
      ReplicatedState state,
      SimScheduler.SimProcess process,
      SimClock clock) {
    this.log = log;
    this.node = node;
    this.state = state;
    this.process = process;
    this.clock = clock;
    this.own = log.membership.part(node);
    if (own.isEmpty() && !state.applied().isNone()) {
      // The copy was there, and what says so was not.
      own.filledUpTo(state.applied().index());
    }
    knownCommitted = own.isEmpty() ? -1 : 0;
  }

  // ---- Its own two threads ----

  /** Hands something to this member's thread. */
  void tell(Runnable message) {
    mailbox.add(message);
    LockSupport.unpark(listener);
  }

  /** Keeps it from hearing and saying anything for a while. */
  void stall(long nanos) {
    stalledUntilNanos = log.scheduler.nowNanos() + nanos;
  }

  boolean isRunning() {
    return process.isRunning() && !closed && log.scheduler.nowNanos() >= stalledUntilNanos;
  }

  /** Whether it takes itself for the leader of a term. */
  boolean leads(long ofTerm) {
    return ledTerm == ofTerm;
  }

  /** Whether it has ended by itself. */
  boolean hasEnded() {
    return ended;
  }

  void listen() {
    listener = Thread.currentThread();
    while (!closed) {
      long stalled = stalledUntilNanos - log.scheduler.nowNanos();
      if (stalled > 0) {
        clock.parkNanos(this, stalled + MILLI);
        continue;
      }
      Runnable message = mailbox.poll();
      if (message == null) {
        LockSupport.park(this);
      } else {
        message.run();
      }
    }
  }

  private void wakeApplier() {
    LockSupport.unpark(applier);
  }

  void applyAll() {
    applier = Thread.currentThread();
    while (!closed) {
      long next = state.applied().index() + 1;
      if (next > knownCommitted) {
        reportReady(next - 1);
        if (state.applied().index() >= knownCommitted && !closed) {
          LockSupport.park(this);
        }
        continue;
      }
      if (log.random.nextDouble() < log.applyLate) {
        clock.parkNanos(this, log.random.nextLong(300 * MILLI));
      }
      applyOne(next, log.entries.get((int) next));
      reportReady(next);
    }
  }

  private void applyOne(long index, SimLog.Entry entry) {
    byte[] command = entry.command();
    if (command == null) {
      state.applyNothing(entry.term(), index);
      return;
    }
    Long received = receivedNanos.remove(index);
    if (received != null) {
      state.receivedAt(log.sabotage.receivedNanos(received));
    }
    byte[] applied = log.sabotage.entry(command, state);
    byte[] result = state.apply(entry.term(), index, applied);
    log.trace.detail(
        log.scheduler.nowNanos(),
        () ->
            process.name()
                + " applied "
                + index
                + " of "
                + log.shardId
                + " "
                + HexFormat.of().formatHex(applied)
                + " as "
                + HexFormat.of().formatHex(result));
    Pending waiting = pending.remove(index);
    if (waiting != null) {
      waiting.result.complete(result);
    }
  }

  private void reportReady(long applied) {
    if (ledTerm != 0 && !ready && applied >= firstOwn) {
      ready = true;
      state.leaderReady(ledTerm);
    }
  }

  // ---- Leading ----

  void startLeading(long newTerm, long first) {
    if (newTerm < own.term || closed) {
      return;
    }
    stepDown(newTerm, node);
    ledTerm = newTerm;
    firstOwn = first;
    unheardNanosMax = 1_000 * MILLI + log.random.nextLong(4_000 * MILLI);
    acked.clear();
    heardNanos.clear();
    long now = log.scheduler.nowNanos();
    for (int other : log.membership.newest().all()) {
      heardNanos.put(other, now);
    }
    received(first);
    heartbeat(newTerm);
    wakeApplier();
  }

  private void received(long upTo) {
    long now = clock.monotonicNanos();
    for (long index = own.received + 1; index <= upTo; index++) {
      receivedNanos.put(index, now);
    }
    own.received = Math.max(own.received, upTo);
    own.match = Math.max(own.match, upTo);
  }

  private void heartbeat(long ofTerm) {
    if (ledTerm != ofTerm || closed || !process.isAlive()) {
      return;
    }
    send();
    heardNanos.put(node, log.scheduler.nowNanos());
    if (ledTerm == log.term) {
      goOnChanging();
    }
    if (!log.membership.knownTo(node).isMajority(other -> hasHeard(other, unheardNanosMax))) {
      log.trace.note(
          log.scheduler.nowNanos(), "leader " + node + " of " + log.shardId + " steps down");
      stepDown(own.term, 0);
      return;
    }
    log.scheduler.after(HEARTBEAT_NANOS, () -> tell(() -> heartbeat(ofTerm)));
  }

  private boolean hasHeard(int other, long nanos) {
    Long at = heardNanos.get(other);
    return at != null && log.scheduler.nowNanos() - at < nanos;
  }

  /** Sends everything that is in the log to everybody. */
  private void send() {
    if (ledTerm != log.term) {
      // Deposed, and does not know it: nobody takes its entries.
      for (int other : log.membership.knownTo(node).all()) {
        if (other != node && log.network.arrives(node, other)) {
          log.scheduler.after(log.network.delayNanos(), () -> refuse(other));
        }
      }
      return;
    }
    long last = log.entries.size() - 1L;
    long known = log.committed;
    long ofTerm = ledTerm;
    for (int other : receivers()) {
      if (other == node) {
        log.scheduler.after(
            log.network.delayNanos(), () -> tell(() -> acknowledged(own, node, last, ofTerm)));
      } else if (log.network.arrives(node, other)) {
        log.scheduler.after(
            log.network.delayNanos(),
            () -> {
              SimMember member = log.members.get(other);
              if (member != null) {
                member.tell(() -> member.append(ofTerm, node, last, known));
              }
            });
      }
    }
  }

  /** The voters, those that get everything before they vote, and those that are let go. */
  private Set<Integer> receivers() {
    Set<Integer> all = log.membership.hearers(log.committed);
    Change wanted = change;
    if (wanted != null) {
      all.addAll(wanted.nodes);
    }
    return all;
  }

  /** Another member answers that there is a newer term. */
  private void refuse(int other) {
    SimMember member = log.members.get(other);
    if (member == null || !member.process.isRunning() || !log.network.arrives(other, node)) {
      return;
    }
    long newer = member.own.term;
    int newLeader = member.knownLeader;
    log.scheduler.after(
        log.network.delayNanos(),
        () ->
            tell(() -> {
              if (newer > own.term) {
                stepDown(newer, newLeader);
              }
            }));
  }

  private void acknowledged(SimPart part, int by, long upTo, long ofTerm) {
    if (ledTerm != ofTerm || ofTerm != log.term || closed || !log.membership.isPart(by, part)) {
      return;
    }
    heardNanos.put(by, log.scheduler.nowNanos());
    acked.merge(by, upTo, Math::max);
    log.commitUpTo(log.membership.newest().agreed(acked));
    goOnChanging();
    if (log.committed > knownCommitted) {
      knownCommitted = log.committed;
      wakeApplier();
    }
  }

  // ---- Changing the members ----

  /** Whether a node is to become a member. */
  boolean isAwaited(int other) {
    Change wanted = change;
    return wanted != null && wanted.nodes.contains(other);
  }

  /** Takes the next step of a change, whoever began it, if it can be taken. */
  private void goOnChanging() {
    Change wanted = change;
    SimVoters voters = log.membership.newest();
    if (log.membership.newestIndex() > log.committed) {
      return;
    }
    if (voters.isChanging()) {
      addVoters(SimVoters.of(voters.now()));
    } else if (wanted == null) {
      return;
    } else if (voters.now().equals(wanted.nodes)) {
      acked.keySet().retainAll(wanted.nodes);
      heardNanos.keySet().retainAll(wanted.nodes);
      change = null;
      wanted.done.complete(null);
    } else if (wanted.nodes.stream().allMatch(other -> voters.contains(other) || hasAll(other))) {
      addVoters(voters.changingTo(wanted.nodes));
    } else if (log.scheduler.nowNanos() >= wanted.untilNanos) {
      endChange("a new member does not catch up");
    }
  }

  private boolean hasAll(int other) {
    return acked.getOrDefault(other, -1L) >= log.committed;
  }

  private void addVoters(SimVoters next) {
    log.trace.note(log.scheduler.nowNanos(), "shard " + log.shardId + " members " + next);
    log.entries.add(new SimLog.Entry(log.term, null));
    log.membership.add(log.entries.size() - 1L, next);
    for (int other : next.all()) {
      heardNanos.putIfAbsent(other, log.scheduler.nowNanos());
    }
    received(log.entries.size() - 1L);
    long ofTerm = ledTerm;
    tell(() -> {
      if (ledTerm == ofTerm) {
        send();
      }
    });
  }

  private void endChange(String why) {
    Change given = change;
    change = null;
    if (given != null) {
      given.done.completeExceptionally(new ProposalUnknownException(log.shardId, why));
    }
  }

  // ---- Following ----

  /** Fetches a copy of the state from the leader, for there is nothing to add entries to. */
  private void copyFrom(int from) {
    SimCopy copy = new SimCopy(from, node, log.scheduler, log.network, clock);
    if (log.network.arrives(node, from)) {
      log.scheduler.after(
          log.network.delayNanos(),
          () -> {
            SimMember member = log.members.get(from);
            if (member != null && !member.own.isEmpty()) {
              member.process.start("export" + log.shardId, () -> copy.export(member.state));
            }
          });
    }
    try {
      AppliedIndex at = copy.at();
      state.installState(at, copy);
      tell(() -> filled(at));
    } catch (IOException e) {
      log.trace.detail(
          log.scheduler.nowNanos(), () -> process.name() + " not copied: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tell(() -> copying = false);
  }

  private void filled(AppliedIndex at) {
    log.trace.note(
        log.scheduler.nowNanos(), "shard " + log.shardId + " copied to " + node + " at " + at);
    own.filledUpTo(at.index());
    knownCommitted = at.index();
    wakeApplier();
  }

  /** Ends, because it is told that it is no member. */
  void end() {
    log.trace.note(log.scheduler.nowNanos(), "shard " + log.shardId + " ended at " + node);
    stepDown(own.term, 0);
    ended = true;
    close();
  }

  void append(long ofTerm, int from, long upTo, long commit) {
    if (ofTerm < own.term || closed) {
      return;
    }
    if (ofTerm > own.term || knownLeader != from) {
      stepDown(ofTerm, from);
    }
    if (ofTerm != log.term) {
      // A late message of a deposed leader: what it tells of is gone or known.
      return;
    }
    if (!own.isEmpty()) {
      received(upTo);
    } else if (!copying) {
      copying = true;
      process.start("copy" + log.shardId, () -> copyFrom(from));
    }
    long has = own.isEmpty() ? own.match : upTo;
    long known = Math.min(commit, own.match);
    if (known > knownCommitted) {
      knownCommitted = known;
      wakeApplier();
    }
    if (log.network.arrives(node, from)) {
      log.scheduler.after(
          log.network.delayNanos(),
          () -> {
            SimMember member = log.members.get(from);
            if (member != null) {
              member.tell(() -> member.acknowledged(own, node, has, ofTerm));
            }
          });
    }
  }

  /** Learns of a term, and that it does not lead (any more). */
  private void stepDown(long newTerm, int newLeader) {
    own.term = Math.max(own.term, newTerm);
    own.received = Math.min(own.received, own.match);
    knownLeader = newLeader;
    transferring = false;
    endChange("the leader has changed");
    if (ledTerm != 0) {
      ledTerm = 0;
      ready = false;
      state.leaderLost();
    }
    List<Pending> left = List.copyOf(pending.values());
    pending.clear();
    for (Pending proposal : left) {
      proposal.result.completeExceptionally(
          new ProposalUnknownException(log.shardId, "the leader has changed"));
    }
  }

  // ---- RaftGroup ----

  @Override
  public long shardId() {
    return log.shardId;
  }

  @Override
  public boolean isLeaderReady() {
    return ready;
  }

  @Override
  public long term() {
    return own.term;
  }

  @Override
  public int leaderNode() {
    return ledTerm != 0 ? node : knownLeader == node ? 0 : knownLeader;
  }

  @Override
  public CompletableFuture<byte[]> propose(byte[] command) {
    if (ledTerm == 0 || !ready || transferring || closed) {
      return CompletableFuture.failedFuture(new NotLeaderException(log.shardId, leaderNode()));
    }
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    SimScheduler.Timer patience =
        log.scheduler.after(CALL_NANOS_MAX, () -> tell(() -> unknown(result, "no answer in time")));
    var _ = result.whenComplete((_, _) -> patience.cancel());
    boolean vanishes = log.random.nextDouble() < log.proposalsLost || ledTerm != log.term;
    if (vanishes) {
      long ofTerm = ledTerm;
      long late = ofTerm == log.term ? log.random.nextLong(100 * MILLI) : CALL_NANOS_MAX;
      log.scheduler.after(late, () -> tell(() -> unknown(result, "lost")));
      if (log.random.nextBoolean()) {
        // It was only slow: it gets into the log after all, when nobody waits for it any more.
        log.scheduler.after(
            late + log.random.nextLong(500 * MILLI), () -> tell(() -> appendLate(ofTerm, command)));
      }
      return result;
    }
    log.entries.add(new SimLog.Entry(log.term, command));
    long index = log.entries.size() - 1L;
    received(index);
    if (log.random.nextDouble() < log.answersLost) {
      log.scheduler.after(
          log.random.nextLong(100 * MILLI), () -> tell(() -> unknown(result, "answer lost")));
    } else {
      pending.put(index, new Pending(index, result));
    }
    long ofTerm = ledTerm;
    tell(() -> {
      if (ledTerm == ofTerm) {
        send();
      }
    });
    return result;
  }

  private void appendLate(long ofTerm, byte[] command) {
    if (ledTerm == ofTerm && ofTerm == log.term && !closed) {
      log.entries.add(new SimLog.Entry(log.term, command));
      received(log.entries.size() - 1);
      send();
    }
  }

  private void unknown(CompletableFuture<byte[]> result, String reason) {
    result.completeExceptionally(new ProposalUnknownException(log.shardId, reason));
    pending.values().removeIf(waiting -> waiting.result.isDone());
  }

  @Override
  public CompletableFuture<Void> transferLeadership(int target) {
    if (ledTerm == 0 || ledTerm != log.term || !log.membership.newest().contains(target)) {
      return CompletableFuture.failedFuture(new NotLeaderException(log.shardId, leaderNode()));
    }
    CompletableFuture<Void> moved = new CompletableFuture<>();
    transferring = true;
    long ofTerm = ledTerm;
    log.scheduler.after(
        log.random.nextLong(200 * MILLI),
        () ->
            tell(() -> {
              transferring = false;
              boolean can =
                  ledTerm == ofTerm
                      && ofTerm == log.term
                      && target != node
                      && log.mayLead(target)
                      && log.network.isUp(node, target)
                      && log.membership.part(target).match == log.entries.size() - 1;
              if (can) {
                log.lead(target);
                moved.complete(null);
              } else {
                moved.completeExceptionally(new NotLeaderException(log.shardId, leaderNode()));
              }
            }));
    return moved;
  }

  @Override
  public List<String> members() {
    return log.membership.knownTo(node).now().stream().map(String::valueOf).toList();
  }

  @Override
  public Set<Integer> voters() {
    SimVoters known = log.membership.knownTo(node);
    return known.isChanging() ? Set.of() : known.all();
  }

  @Override
  public CompletableFuture<Void> setVoters(Collection<Integer> nodes) {
    if (ledTerm == 0 || ledTerm != log.term || !nodes.contains(node)) {
      return CompletableFuture.failedFuture(new NotLeaderException(log.shardId, leaderNode()));
    }
    if (change != null || log.membership.newest().isChanging()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("another change of members is under way"));
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    acked.keySet().retainAll(log.membership.newest().now());
    change =
        new Change(
            List.copyOf(new TreeSet<>(nodes)), done, log.scheduler.nowNanos() + CHANGE_NANOS_MAX);
    return done;
  }

  @Override
  public boolean follows(int nodeId) {
    return ready && hasHeard(nodeId, SILENCE_NANOS_MAX);
  }

  @Override
  public boolean hasLeft() {
    return ended && !log.membership.knownTo(node).contains(node);
  }

  @Override
  public void stand() {
    if (log.leader == 0 && log.mayLead(node)) {
      log.lead(node);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(listener);
    LockSupport.unpark(applier);
  }
}
