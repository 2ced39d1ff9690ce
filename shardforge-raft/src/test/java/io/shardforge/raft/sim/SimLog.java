package io.shardforge.raft.sim;

import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.NotLeaderException;
import io.shardforge.raft.group.ProposalUnknownException;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.ReplicatedState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One shard's log in a simulation: what a consensus library promises, and no more. Entries are
 * committed once a majority has them; members hear of entries, commits and new leaders late or not
 * at all; a new leader keeps all that was committed and as much of the rest as it had; a deposed
 * leader goes on believing for a while; what becomes of a proposal may stay unknown.
 *
 * <p>All members share one list of entries, for what a member has is always a prefix of it. Only
 * what a deposed leader takes for the log is not in it: that can never be committed.
 */
final class SimLog {
  private static final long MILLI = 1_000_000;
  private static final long HEARTBEAT_NANOS = 60 * MILLI;
  private static final long CALL_NANOS_MAX = 3_000 * MILLI;

  private final long shardId;
  private final SimScheduler scheduler;
  private final SimNetwork network;
  private final RandomGenerator random;
  private final SimTrace trace;
  private final Sabotage sabotage;
  private final List<Integer> nodes;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Integer, Durable> durable = new TreeMap<>();
  private final Map<Integer, Member> members = new TreeMap<>();
  private long term;
  private int leader;
  private long committed;
  private double answersLost;
  private double proposalsLost;
  private double applyLate;
  private int electionsWanted;

  private SimLog(
      long shardId,
      List<Integer> nodes,
      SimScheduler scheduler,
      SimNetwork network,
      RandomGenerator random,
      SimTrace trace,
      Sabotage sabotage) {
    this.shardId = shardId;
    this.nodes = nodes;
    this.scheduler = scheduler;
    this.network = network;
    this.random = random;
    this.trace = trace;
    this.sabotage = sabotage;
    entries.add(new Entry(0, null));
    watch(0);
  }

  /** A log that all its members have had from the beginning. */
  static SimLog first(
      long shardId,
      List<Integer> nodes,
      SimScheduler scheduler,
      SimNetwork network,
      RandomGenerator random,
      SimTrace trace,
      Sabotage sabotage) {
    SimLog log = new SimLog(shardId, nodes, scheduler, network, random, trace, sabotage);
    for (int node : nodes) {
      log.durable.put(node, new Durable());
    }
    return log;
  }

  /** A log that is cut off another one; a node has a part of it once it has {@link #seed}ed it. */
  static SimLog seeded(
      long shardId,
      List<Integer> nodes,
      SimScheduler scheduler,
      SimNetwork network,
      RandomGenerator random,
      SimTrace trace,
      Sabotage sabotage) {
    SimLog log = new SimLog(shardId, nodes, scheduler, network, random, trace, sabotage);
    log.term = AppliedIndex.SEED.term();
    log.committed = AppliedIndex.SEED.index();
    while (log.entries.size() <= AppliedIndex.SEED.index()) {
      log.entries.add(new Entry(log.term, null));
    }
    return log;
  }

  /** Makes a node's part of the log, durably. */
  void seed(int node) {
    durable.computeIfAbsent(
        node,
        _ -> {
          Durable made = new Durable();
          made.term = AppliedIndex.SEED.term();
          made.match = AppliedIndex.SEED.index();
          made.received = made.match;
          return made;
        });
  }

  /** Removes a node's part of the log, durably. */
  void forget(int node) {
    durable.remove(node);
    members.remove(node);
    if (leader == node) {
      leader = 0;
    }
  }

  boolean hasPart(int node) {
    return durable.containsKey(node);
  }

  /** An entry; the command is null in those of the log's own. */
  private record Entry(long term, byte @Nullable [] command) {}

  /** What a member does not lose in a crash. */
  private static final class Durable {
    long term;
    long match;
    long received;
  }

  /** Ends all faults. */
  void calm() {
    disturb(0, 0, 0);
    for (Member member : members.values()) {
      member.stalledUntilNanos = 0;
    }
  }

  void disturb(double answersLostPart, double proposalsLostPart, double applyLatePart) {
    answersLost = answersLostPart;
    proposalsLost = proposalsLostPart;
    applyLate = applyLatePart;
  }

  /** Makes the members elect another leader soon. */
  void electAnother() {
    electionsWanted++;
  }

  /** Keeps a member from hearing and saying anything for a while: its disk takes so long. */
  void stall(int node, long nanos) {
    Member member = members.get(node);
    if (member != null) {
      member.stalledUntilNanos = scheduler.nowNanos() + nanos;
    }
  }

  int leader() {
    return leader;
  }

  long committed() {
    return committed;
  }

  private int majority() {
    return nodes.size() / 2 + 1;
  }

  private Durable durable(int node) {
    Durable found = durable.get(node);
    if (found == null) {
      throw new IllegalArgumentException("no member " + node);
    }
    return found;
  }

  /** Joins a node that has just started. */
  RaftGroup join(int node, ReplicatedState state, SimScheduler.SimProcess process, SimClock clock) {
    Member member = new Member(node, state, process, clock);
    members.put(node, member);
    process.start("raft" + shardId, member::listen);
    process.start("apply" + shardId, member::applyAll);
    return member;
  }

  void leave(int node) {
    members.remove(node);
    if (leader == node) {
      // It comes back as a follower at best.
      leader = 0;
    }
  }

  private boolean isRunning(int node) {
    Member member = members.get(node);
    return member != null
        && member.process.isRunning()
        && !member.closed
        && scheduler.nowNanos() >= member.stalledUntilNanos;
  }

  // ---- Elections ----

  private void watch(int silent) {
    scheduler.after(
        100 * MILLI + random.nextLong(150 * MILLI),
        () -> {
          boolean wanted = electionsWanted > 0;
          int more = isLeaderHeard() && !wanted ? 0 : silent + 1;
          if ((more > 2 || wanted || leader == 0) && elect()) {
            electionsWanted = 0;
            more = 0;
          }
          watch(more);
        });
  }

  private boolean isLeaderHeard() {
    Member leading = members.get(leader);
    if (leading == null || leading.ledTerm != term || !isRunning(leader)) {
      return false;
    }
    int heard = 0;
    for (int node : nodes) {
      if (isRunning(node) && network.isUp(leader, node) && network.isUp(node, leader)) {
        heard++;
      }
    }
    return heard >= majority();
  }

  /** Elects a member that a majority would vote for, if there is one. */
  private boolean elect() {
    List<Integer> candidates = new ArrayList<>();
    for (int node : nodes) {
      if (node != leader && mayLead(node)) {
        candidates.add(node);
      }
    }
    if (candidates.isEmpty() && leader != 0 && mayLead(leader)) {
      candidates.add(leader);
    }
    if (candidates.isEmpty()) {
      return false;
    }
    lead(candidates.get(random.nextInt(candidates.size())));
    return true;
  }

  private boolean mayLead(int node) {
    if (!isRunning(node)) {
      return false;
    }
    int votes = 0;
    for (int voter : nodes) {
      boolean reached = isRunning(voter) && network.isUp(node, voter) && network.isUp(voter, node);
      if (reached && durable(voter).match <= durable(node).match) {
        votes++;
      }
    }
    return votes >= majority();
  }

  private void lead(int node) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    long kept = durable(node).match;
    if (kept < committed) {
      throw new AssertionError(
          "the simulated log of shard %d loses what was committed: %d at node %d of %d; parts %s"
              .formatted(shardId, kept, node, committed, durable.keySet()));
    }
    term++;
    leader = node;
    entries.subList((int) kept + 1, entries.size()).clear();
    for (Durable other : durable.values()) {
      other.match = Math.min(other.match, kept);
    }
    entries.add(new Entry(term, null));
    long ownTerm = term;
    long first = entries.size() - 1L;
    trace.note(
        scheduler.nowNanos(),
        "shard " + shardId + " term " + term + " led by " + node + " from " + first);
    member.tell(() -> member.startLeading(ownTerm, first));
  }

  private void commitUpTo(long index) {
    if (index > committed && entries.get((int) index).term == term) {
      committed = index;
    }
  }

  // ---- Members ----

  /** A proposal that this member waits for. */
  private record Pending(long index, CompletableFuture<byte[]> result) {}

  /** One node's end of the log. */
  private final class Member implements RaftGroup {
    private final int node;
    private final ReplicatedState state;
    private final SimScheduler.SimProcess process;
    private final SimClock clock;
    private final Durable own;
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
    private long stubbornNanos;
    private long stalledUntilNanos;
    private int knownLeader;
    private boolean ready;
    private boolean transferring;
    private boolean closed;

    Member(int node, ReplicatedState state, SimScheduler.SimProcess process, SimClock clock) {
      this.node = node;
      this.state = state;
      this.process = process;
      this.clock = clock;
      this.own = durable(node);
    }

    // ---- Its own two threads ----

    /** Hands something to this member's thread. */
    void tell(Runnable message) {
      mailbox.add(message);
      LockSupport.unpark(listener);
    }

    void listen() {
      listener = Thread.currentThread();
      while (!closed) {
        long stalled = stalledUntilNanos - scheduler.nowNanos();
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
        if (random.nextDouble() < applyLate) {
          clock.parkNanos(this, random.nextLong(300 * MILLI));
        }
        applyOne(next, entries.get((int) next));
        reportReady(next);
      }
    }

    private void applyOne(long index, Entry entry) {
      byte[] command = entry.command;
      if (command == null) {
        state.applyNothing(entry.term, index);
        return;
      }
      Long received = receivedNanos.remove(index);
      if (received != null) {
        state.receivedAt(sabotage.receivedNanos(received));
      }
      byte[] applied = sabotage.entry(command, state);
      byte[] result = state.apply(entry.term, index, applied);
      trace.detail(
          scheduler.nowNanos(),
          () ->
              process.name()
                  + " applied "
                  + index
                  + " of "
                  + shardId
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
      stubbornNanos = 1_000 * MILLI + random.nextLong(4_000 * MILLI);
      acked.clear();
      heardNanos.clear();
      long now = scheduler.nowNanos();
      for (int other : nodes) {
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
      int heard = 0;
      for (long at : heardNanos.values()) {
        heard += scheduler.nowNanos() - at < stubbornNanos ? 1 : 0;
      }
      heardNanos.put(node, scheduler.nowNanos());
      if (heard < majority()) {
        trace.note(scheduler.nowNanos(), "leader " + node + " of " + shardId + " steps down");
        stepDown(own.term, 0);
        return;
      }
      scheduler.after(HEARTBEAT_NANOS, () -> tell(() -> heartbeat(ofTerm)));
    }

    /** Sends everything that is in the log to everybody. */
    private void send() {
      if (ledTerm != term) {
        // Deposed, and does not know it: nobody takes its entries.
        for (int other : nodes) {
          if (other != node && network.arrives(node, other)) {
            scheduler.after(network.delayNanos(), () -> refuse(other));
          }
        }
        return;
      }
      long last = entries.size() - 1L;
      long known = committed;
      long ofTerm = ledTerm;
      for (int other : nodes) {
        if (other == node) {
          scheduler.after(network.delayNanos(), () -> tell(() -> acknowledged(node, last, ofTerm)));
        } else if (network.arrives(node, other)) {
          scheduler.after(
              network.delayNanos(),
              () -> {
                Member member = members.get(other);
                if (member != null) {
                  member.tell(() -> member.append(ofTerm, node, last, known));
                }
              });
        }
      }
    }

    /** Another member answers that there is a newer term. */
    private void refuse(int other) {
      Member member = members.get(other);
      if (member == null || !member.process.isRunning() || !network.arrives(other, node)) {
        return;
      }
      long newer = member.own.term;
      int newLeader = member.knownLeader;
      scheduler.after(
          network.delayNanos(),
          () ->
              tell(() -> {
                if (newer > own.term) {
                  stepDown(newer, newLeader);
                }
              }));
    }

    private void acknowledged(int by, long upTo, long ofTerm) {
      if (ledTerm != ofTerm || ofTerm != term || closed) {
        return;
      }
      heardNanos.put(by, scheduler.nowNanos());
      acked.merge(by, upTo, Math::max);
      List<Long> all = new ArrayList<>(acked.values());
      all.sort(null);
      if (all.size() < majority()) {
        return;
      }
      long safe = all.get(all.size() - majority());
      commitUpTo(safe);
      if (committed > knownCommitted) {
        knownCommitted = committed;
        wakeApplier();
      }
    }

    // ---- Following ----

    void append(long ofTerm, int from, long upTo, long commit) {
      if (ofTerm < own.term || closed) {
        return;
      }
      if (ofTerm > own.term || knownLeader != from) {
        stepDown(ofTerm, from);
      }
      if (ofTerm != term) {
        // A late message of a deposed leader: what it tells of is gone or known.
        return;
      }
      received(upTo);
      long known = Math.min(commit, own.match);
      if (known > knownCommitted) {
        knownCommitted = known;
        wakeApplier();
      }
      if (network.arrives(node, from)) {
        scheduler.after(
            network.delayNanos(),
            () -> {
              Member member = members.get(from);
              if (member != null) {
                member.tell(() -> member.acknowledged(node, upTo, ofTerm));
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
      if (ledTerm != 0) {
        ledTerm = 0;
        ready = false;
        state.leaderLost();
      }
      List<Pending> left = List.copyOf(pending.values());
      pending.clear();
      for (Pending proposal : left) {
        proposal.result.completeExceptionally(
            new ProposalUnknownException(shardId, "the leader has changed"));
      }
    }

    // ---- RaftGroup ----

    @Override
    public long shardId() {
      return shardId;
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
        return CompletableFuture.failedFuture(new NotLeaderException(shardId, leaderNode()));
      }
      CompletableFuture<byte[]> result = new CompletableFuture<>();
      SimScheduler.Timer patience =
          scheduler.after(CALL_NANOS_MAX, () -> tell(() -> unknown(result, "no answer in time")));
      var _ = result.whenComplete((_, _) -> patience.cancel());
      boolean vanishes = random.nextDouble() < proposalsLost || ledTerm != term;
      if (vanishes) {
        long ofTerm = ledTerm;
        long late = ofTerm == term ? random.nextLong(100 * MILLI) : CALL_NANOS_MAX;
        scheduler.after(late, () -> tell(() -> unknown(result, "lost")));
        if (random.nextBoolean()) {
          // It was only slow: it gets into the log after all, when nobody waits for it any more.
          scheduler.after(
              late + random.nextLong(500 * MILLI), () -> tell(() -> appendLate(ofTerm, command)));
        }
        return result;
      }
      entries.add(new Entry(term, command));
      long index = entries.size() - 1L;
      received(index);
      if (random.nextDouble() < answersLost) {
        scheduler.after(
            random.nextLong(100 * MILLI), () -> tell(() -> unknown(result, "answer lost")));
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
      if (ledTerm == ofTerm && ofTerm == term && !closed) {
        entries.add(new Entry(term, command));
        received(entries.size() - 1);
        send();
      }
    }

    private void unknown(CompletableFuture<byte[]> result, String reason) {
      result.completeExceptionally(new ProposalUnknownException(shardId, reason));
      pending.values().removeIf(waiting -> waiting.result.isDone());
    }

    @Override
    public CompletableFuture<Void> transferLeadership(int target) {
      if (ledTerm == 0 || ledTerm != term || !nodes.contains(target)) {
        return CompletableFuture.failedFuture(new NotLeaderException(shardId, leaderNode()));
      }
      CompletableFuture<Void> moved = new CompletableFuture<>();
      transferring = true;
      long ofTerm = ledTerm;
      scheduler.after(
          random.nextLong(200 * MILLI),
          () ->
              tell(() -> {
                transferring = false;
                boolean can =
                    ledTerm == ofTerm
                        && ofTerm == term
                        && target != node
                        && mayLead(target)
                        && network.isUp(node, target)
                        && durable(target).match == entries.size() - 1;
                if (can) {
                  lead(target);
                  moved.complete(null);
                } else {
                  moved.completeExceptionally(new NotLeaderException(shardId, leaderNode()));
                }
              }));
      return moved;
    }

    @Override
    public List<String> members() {
      return nodes.stream().map(String::valueOf).toList();
    }

    @Override
    public void stand() {
      if (SimLog.this.leader == 0 && mayLead(node)) {
        lead(node);
      }
    }

    @Override
    public void close() {
      closed = true;
      LockSupport.unpark(listener);
      LockSupport.unpark(applier);
    }
  }
}
