package io.shardforge.raft.sim;

import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.ReplicatedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  final long shardId;
  final SimScheduler scheduler;
  final SimNetwork network;
  final RandomGenerator random;
  final SimTrace trace;
  final Sabotage sabotage;
  final List<Entry> entries = new ArrayList<>();

  final SimMembership membership;
  final Map<Integer, SimMember> members = new TreeMap<>();
  long term;
  int leader;
  long committed;
  double answersLost;
  double proposalsLost;
  double applyLate;
  private int electionsWanted;

  private SimLog(
      long shardId,
      SimMembership membership,
      SimScheduler scheduler,
      SimNetwork network,
      RandomGenerator random,
      SimTrace trace,
      Sabotage sabotage) {
    this.shardId = shardId;
    this.membership = membership;
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
    SimMembership membership = new SimMembership(0, nodes);
    nodes.forEach(membership::begin);
    return new SimLog(shardId, membership, scheduler, network, random, trace, sabotage);
  }

  /** A log that is cut off another one; a node has a part of it once that is seeded. */
  static SimLog seeded(
      long shardId,
      List<Integer> nodes,
      SimScheduler scheduler,
      SimNetwork network,
      RandomGenerator random,
      SimTrace trace,
      Sabotage sabotage) {
    SimMembership membership = new SimMembership(AppliedIndex.SEED.index(), nodes);
    SimLog log = new SimLog(shardId, membership, scheduler, network, random, trace, sabotage);
    log.term = AppliedIndex.SEED.term();
    log.committed = AppliedIndex.SEED.index();
    while (log.entries.size() <= AppliedIndex.SEED.index()) {
      log.entries.add(new Entry(log.term, null));
    }
    return log;
  }

  /** Removes a node's part of the log, durably. */
  void forget(int node) {
    membership.forget(node);
    leave(node);
  }

  SimMembership membership() {
    return membership;
  }

  /** An entry; the command is null in those of the log's own. */
  record Entry(long term, byte @Nullable [] command) {}

  /** Ends all faults. */
  void calm() {
    disturb(0, 0, 0);
    for (SimMember member : members.values()) {
      member.stall(0);
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
    SimMember member = members.get(node);
    if (member != null) {
      member.stall(nanos);
    }
  }

  int leader() {
    return leader;
  }

  long committed() {
    return committed;
  }

  /** Whether a node's member has ended by itself. */
  boolean hasEnded(int node) {
    SimMember member = members.get(node);
    return member != null && member.hasEnded();
  }

  /** Joins a node that has just started. */
  RaftGroup join(int node, ReplicatedState state, SimScheduler.SimProcess process, SimClock clock) {
    SimMember member = new SimMember(this, node, state, process, clock);
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
    SimMember member = members.get(node);
    return member != null && member.isRunning();
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
          endThoseLeft();
          watch(more);
        });
  }

  /** Members that stand for election and have been left out long since are told so, and end. */
  private void endThoseLeft() {
    long since = membership.newestIndex();
    SimMember leading = members.get(leader);
    if (membership.newest().isChanging()
        || committed < since
        || leading == null
        || !isLeaderHeard()) {
      return;
    }
    for (SimMember member : members.values()) {
      int node = member.node;
      boolean isOut = !membership.newest().contains(node) && !leading.isAwaited(node);
      boolean isHeard = network.isUp(node, leader) && network.isUp(leader, node);
      if (isOut && isHeard && isRunning(node) && membership.part(node).match < since) {
        if (random.nextInt(4) == 0) {
          member.tell(member::end);
        }
      }
    }
  }

  private boolean isLeaderHeard() {
    SimMember leading = members.get(leader);
    if (leading == null || !leading.leads(term) || !isRunning(leader)) {
      return false;
    }
    return membership
        .newest()
        .isMajority(
            node -> isRunning(node) && network.isUp(leader, node) && network.isUp(node, leader));
  }

  /** Elects a member that a majority would vote for, if there is one. */
  private boolean elect() {
    List<Integer> candidates = new ArrayList<>();
    for (int node : membership.nodes()) {
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

  boolean mayLead(int node) {
    if (!isRunning(node)) {
      return false;
    }
    SimVoters voters = membership.knownTo(node);
    return voters.contains(node)
        && voters.isMajority(voter ->
            isRunning(voter)
                && network.isUp(node, voter)
                && network.isUp(voter, node)
                && membership.mayVote(voter, node));
  }

  void lead(int node) {
    SimMember member = members.get(node);
    if (member == null) {
      return;
    }
    long kept = membership.part(node).match;
    if (kept < committed) {
      throw new AssertionError(
          "the simulated log of shard %d loses what was committed: %d at node %d of %d; parts %s"
              .formatted(shardId, kept, node, committed, membership.nodes()));
    }
    term++;
    leader = node;
    entries.subList((int) kept + 1, entries.size()).clear();
    membership.cutAfter(kept);
    entries.add(new Entry(term, null));
    long ownTerm = term;
    long first = entries.size() - 1L;
    trace.note(
        scheduler.nowNanos(),
        "shard " + shardId + " term " + term + " led by " + node + " from " + first);
    member.tell(() -> member.startLeading(ownTerm, first));
  }

  void commitUpTo(long index) {
    if (index > committed && entries.get((int) index).term == term) {
      committed = index;
    }
  }
}
