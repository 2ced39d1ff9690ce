package io.shardforge.raft.sim;

import io.shardforge.raft.group.AppliedIndex;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who the members of a simulated log are, by the entry that says so, and what each node's member
 * has of it. A member goes by the newest such entry that it has, committed or not.
 */
final class SimMembership {
  private final NavigableMap<Long, SimVoters> voters = new TreeMap<>();
  private final Map<Integer, SimPart> parts = new TreeMap<>();

  /** The terms of nodes that have forgotten their parts. */
  private final Map<Integer, Long> promises = new TreeMap<>();

  SimMembership(long index, List<Integer> nodes) {
    add(index, SimVoters.of(nodes));
  }

  // ---- The parts ----

  /** Gives a node everything from the first entry on. */
  void begin(int node) {
    parts.put(node, SimPart.whole());
  }

  /** Makes a node's part of a log that was cut off another one, durably. */
  void seed(int node) {
    parts.computeIfAbsent(
        node, _ -> SimPart.from(AppliedIndex.SEED.term(), AppliedIndex.SEED.index()));
  }

  /** Makes a node's part of the log that others will fill, durably. */
  void seedEmpty(int node) {
    parts.computeIfAbsent(node, _ -> SimPart.empty(promises.getOrDefault(node, 0L)));
  }

  /** Removes a node's part of the log, durably. */
  void forget(int node) {
    SimPart left = parts.remove(node);
    if (left != null) {
      promises.put(node, left.term);
    }
  }

  boolean hasPart(int node) {
    return parts.containsKey(node);
  }

  SimPart part(int node) {
    SimPart found = parts.get(node);
    if (found == null) {
      throw new IllegalArgumentException("no member " + node);
    }
    return found;
  }

  /** Whether a node still has the part that somebody has seen there. */
  boolean isPart(int node, SimPart seen) {
    return seen.equals(parts.get(node));
  }

  Set<Integer> nodes() {
    return parts.keySet();
  }

  // ---- The voters ----

  /** Adds an entry that says whose votes count. */
  void add(long index, SimVoters next) {
    voters.put(index, next);
  }

  /** Takes entries back that a new leader does not have. */
  void cutAfter(long kept) {
    voters.tailMap(kept, false).clear();
    for (SimPart part : parts.values()) {
      part.match = Math.min(part.match, kept);
    }
  }

  /** Whose votes count in the whole log. */
  SimVoters newest() {
    return voters.lastEntry().getValue();
  }

  /** The entry that says so. */
  long newestIndex() {
    return voters.lastKey();
  }

  /** Whose votes count as far as a node knows. */
  SimVoters knownTo(int node) {
    SimPart part = parts.get(node);
    Map.Entry<Long, SimVoters> known = part == null ? null : voters.floorEntry(part.match);
    return known == null ? SimVoters.NONE : known.getValue();
  }

  /** Who has to hear of the log: those that are let go, too, until that is committed. */
  Set<Integer> hearers(long committed) {
    Set<Integer> all = newest().all();
    Map.Entry<Long, SimVoters> before = voters.lowerEntry(voters.lastKey());
    if (voters.lastKey() > committed && before != null) {
      all.addAll(before.getValue().all());
    }
    return all;
  }

  /** Nobody votes for who is no member as far as it knows: without a copy it votes for nobody. */
  boolean mayVote(int voter, int candidate) {
    return knownTo(voter).contains(candidate) && part(voter).match <= part(candidate).match;
  }
}
