package io.shardforge.raft.placement;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.placement.ClusterView.NodeView;
import io.shardforge.raft.route.Locality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The choice of where replicas and leaders should be: from what is known of a cluster to what is to
 * be changed next. Nothing of it is remembered; done again and again it comes to an end.
 *
 * <p>In this order: replicas that lost their node or must leave it are replaced; missing ones are
 * added; superfluous ones removed; then shards give a replica to another node where that brings
 * their replicas further apart, or, without bringing any closer, makes the nodes more alike; then
 * what the preferred leaders have to do is evened out. One change adds and removes at most one
 * replica.
 *
 * <p>How close the replicas of a shard are ({@link #closeness}) is the number of tiers that two of
 * them share, summed up over all pairs. That is convex over the tree of places, so where no single
 * exchange makes it less, nothing does, and each step of leveling lessens first that sum and then
 * the sum of the squares of the nodes' counts: it ends, and never goes back.
 */
public final class Placement {
  /** Changes of the preferred leader that are begun at once: each interrupts a shard briefly. */
  private static final int LEADERS_AT_ONCE = 2;

  /** Requests a second that a shard counts for beside those that it gets. */
  private static final long WEIGHT_MIN = 10;

  /**
   * A shard gets another leader only where that one would still have less to do than the old one
   * had without it, by this much or this part of the requests that the old one gets: what one
   * choice leaves is so far from what would undo it that figures may waver by a good deal.
   */
  private static final long MARGIN_MIN = WEIGHT_MIN / 2;

  private static final int MARGIN_PART = 5;

  /** As many replicas are kept even where that keeps an operator waiting for a node to be empty. */
  private static final int SHRINK_MIN = 3;

  private final ClusterView view;
  private final Map<Integer, NodeView> nodes = new HashMap<>();
  private final Map<Integer, Integer> replicas = new HashMap<>();

  /** What a node would lead if all preferred leaders led: see {@link #weight}. */
  private final Map<Integer, Long> leading = new HashMap<>();

  /** The requests a second among that. */
  private final Map<Integer, Long> requests = new HashMap<>();

  private final List<Change> changes = new ArrayList<>();
  private final int depth;
  private int moving;

  /**
   * A shard to be changed.
   *
   * @param nodeIds where its replicas should be, the preferred leader first
   */
  public record Change(ShardDescriptor shard, List<Integer> nodeIds) {
    public Change {
      nodeIds = List.copyOf(nodeIds);
    }
  }

  private Placement(ClusterView view) {
    this.view = view;
    view.nodes().forEach(node -> nodes.put(node.nodeId(), node));
    depth = view.nodes().stream().mapToInt(node -> node.locality().depth()).max().orElse(0);
    for (ShardDescriptor shard : view.shards()) {
      shard.settled().forEach(node -> replicas.merge(node, 1, Integer::sum));
      lead(shard.settled().getFirst(), shard, 1);
      moving += shard.isChanging() && hasMajority(shard) ? 1 : 0;
    }
  }

  /** What to change now; empty when all is well, or nothing can be done. */
  public static List<Change> decide(ClusterView view) {
    Placement placement = new Placement(view);
    placement.redirect();
    placement.repair();
    if (placement.changes.isEmpty()) {
      placement.levelReplicas();
    }
    placement.levelLeaders();
    return List.copyOf(placement.changes);
  }

  /** Gives up moves to nodes that cannot take them any more. */
  private void redirect() {
    for (ShardDescriptor shard : view.shards()) {
      if (!shard.isChanging()) {
        continue;
      }
      for (int node : shard.next()) {
        if (is(node, NodeView::losesReplicas)) {
          List<Integer> wanted = new ArrayList<>(shard.next());
          Optional<Integer> target = bestFor(shard, without(wanted, node));
          if (target.isPresent()) {
            wanted.set(wanted.indexOf(node), target.get());
          } else if (wanted.size() > 1) {
            leaveOut(wanted, node);
          } else {
            continue;
          }
          change(shard, wanted, 0);
          break;
        }
      }
    }
  }

  private void repair() {
    List<ShardDescriptor> ailing =
        view.shards().stream()
            .filter(shard -> !shard.isChanging())
            .sorted(
                Comparator.<ShardDescriptor>comparingInt(shard -> hasMajority(shard) ? 0 : 1)
                    .thenComparingLong(this::healthy))
            .toList();
    for (ShardDescriptor shard : ailing) {
      List<Integer> wanted = repaired(shard);
      if (wanted != null && moving < view.movesMax()) {
        change(shard, wanted, 1);
      }
    }
  }

  /** Whether a shard can change: one that cannot must not take the place of those that can. */
  private boolean hasMajority(ShardDescriptor shard) {
    long left =
        shard.nodeIds().stream()
            .filter(node -> !is(node, one -> one.reach() == ClusterView.Reach.LOST))
            .count();
    return 2 * left > shard.nodeIds().size();
  }

  private long healthy(ShardDescriptor shard) {
    return shard.settled().stream().filter(node -> !is(node, NodeView::losesReplicas)).count();
  }

  /** Where a shard's replicas should be that has too few or too many, null if it is well. */
  private @Nullable List<Integer> repaired(ShardDescriptor shard) {
    int wantedCount = view.factors().of(shard);
    List<Integer> wanted = new ArrayList<>(shard.nodeIds());
    Optional<Integer> leaving =
        wanted.stream().filter(node -> is(node, NodeView::losesReplicas)).findFirst();
    Optional<Integer> target =
        bestFor(shard, leaving.isPresent() ? without(wanted, leaving.get()) : wanted);
    if (leaving.isPresent()) {
      if (healthy(shard) >= wantedCount) {
        leaveOut(wanted, leaving.get());
      } else if (target.isPresent()) {
        wanted.set(wanted.indexOf(leaving.get()), target.get());
      } else if (healthy(shard) >= SHRINK_MIN) {
        // No node can take it; what is left still bears a loss.
        leaveOut(wanted, leaving.get());
      } else {
        return null;
      }
      return wanted;
    }
    int attainable = attainableFactor(wanted.size(), wantedCount);
    if (wanted.size() < attainable && target.isPresent()) {
      wanted.add(target.get());
      return wanted;
    }
    if (wanted.size() > wantedCount) {
      int away = worstOf(wanted, node -> !isHere(node));
      leaveOut(wanted, away == 0 ? worstOf(wanted, _ -> true) : away);
      return wanted;
    }
    return null;
  }

  /** An even number of replicas survives no more losses than one less: it is only passed by. */
  private int attainableFactor(int now, int factor) {
    int usable = 0;
    for (NodeView node : view.nodes()) {
      usable += node.state().losesReplicas() || node.reach() != ClusterView.Reach.HERE ? 0 : 1;
    }
    int most = Math.min(factor, Math.max(now, usable));
    return most > 2 && most % 2 == 0 && most < factor ? most - 1 : most;
  }

  private void levelReplicas() {
    while (moving < view.movesMax()) {
      Exchange best = null;
      for (ShardDescriptor shard : view.shards()) {
        if (!shard.isChanging() && !isChanged(shard)) {
          best = better(best, bestExchange(shard));
        }
      }
      if (best == null) {
        return;
      }
      List<Integer> wanted = new ArrayList<>(best.shard.nodeIds());
      wanted.set(wanted.indexOf(best.from), best.to);
      change(best.shard, wanted, 1);
    }
  }

  /**
   * One replica in another's place.
   *
   * @param closer how much closer the shard's replicas come: never more than 0
   * @param gap by how many replicas the node that gives one has more than the one that takes it
   */
  private record Exchange(ShardDescriptor shard, int from, int to, int closer, int gap) {}

  private @Nullable Exchange bestExchange(ShardDescriptor shard) {
    Exchange best = null;
    for (int from : shard.nodeIds()) {
      if (!isHere(from)) {
        continue;
      }
      List<Integer> others = without(shard.nodeIds(), from);
      int now = closeness(others, from);
      for (NodeView node : view.nodes()) {
        int to = node.nodeId();
        if (!node.takesReplicas() || shard.nodeIds().contains(to)) {
          continue;
        }
        int closer = closeness(others, to) - now;
        int gap = replicas(from) - replicas(to);
        if (closer < 0 || (closer == 0 && gap > 1)) {
          best = better(best, new Exchange(shard, from, to, closer, gap));
        }
      }
    }
    return best;
  }

  /** The first of two, unless the second one is worth more. */
  private static @Nullable Exchange better(@Nullable Exchange one, @Nullable Exchange other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.closer < one.closer || (other.closer == one.closer && other.gap > one.gap)
        ? other
        : one;
  }

  private void levelLeaders() {
    int begun = 0;
    for (ShardDescriptor shard : view.shards()) {
      int first = shard.nodeIds().getFirst();
      if (begun < LEADERS_AT_ONCE && isFree(shard) && !is(first, NodeView::leads)) {
        Optional<Integer> heir = heirs(shard).min(Comparator.comparingLong(this::leading));
        if (heir.isPresent()) {
          makeFirst(shard, heir.get());
          begun++;
        }
      }
    }
    // Before it is known how busy shards are, any choice might have to be taken back.
    while (begun < LEADERS_AT_ONCE && view.requestRates() != null && levelOneLeader()) {
      begun++;
    }
  }

  /** Has one shard led by another node where that evens them out most; false if none would. */
  private boolean levelOneLeader() {
    ShardDescriptor best = null;
    int bestHeir = 0;
    double bestGain = 0;
    for (ShardDescriptor shard : view.shards()) {
      int first = shard.nodeIds().getFirst();
      if (!isFree(shard) || !is(first, NodeView::leads)) {
        continue;
      }
      long margin = Math.max(MARGIN_MIN, requests.getOrDefault(first, 0L) / MARGIN_PART);
      for (int heir : heirs(shard).toList()) {
        // What the other one still has less when the shard is its own.
        long rest = leading(first) - leading(heir) - weight(shard);
        double gain = (double) weight(shard) * rest;
        if (rest >= margin && gain > bestGain) {
          best = shard;
          bestHeir = heir;
          bestGain = gain;
        }
      }
    }
    if (best == null) {
      return false;
    }
    makeFirst(best, bestHeir);
    return true;
  }

  private boolean isFree(ShardDescriptor shard) {
    return !shard.isChanging() && !isChanged(shard);
  }

  /** The nodes that could lead a shard instead of its preferred leader. */
  private Stream<Integer> heirs(ShardDescriptor shard) {
    int first = shard.nodeIds().getFirst();
    return shard.nodeIds().stream()
        .filter(node -> node != first && is(node, NodeView::leads) && isHere(node));
  }

  private void makeFirst(ShardDescriptor shard, int node) {
    List<Integer> wanted = without(shard.nodeIds(), node);
    wanted.addFirst(node);
    change(shard, wanted, 0);
  }

  /** What leading a shard takes: its requests, and a little so that idle shards are spread, too. */
  private long weight(ShardDescriptor shard) {
    return WEIGHT_MIN + rate(shard);
  }

  private long rate(ShardDescriptor shard) {
    Map<Long, Long> rates = view.requestRates();
    return rates == null ? 0 : rates.getOrDefault(shard.shardId(), 0L);
  }

  private void lead(int node, ShardDescriptor shard, int sign) {
    leading.merge(node, sign * weight(shard), Long::sum);
    requests.merge(node, sign * rate(shard), Long::sum);
  }

  private void change(ShardDescriptor shard, List<Integer> nodeIds, int moves) {
    List<Integer> wanted = new ArrayList<>(nodeIds);
    shard.settled().forEach(node -> replicas.merge(node, -1, Integer::sum));
    wanted.forEach(node -> replicas.merge(node, 1, Integer::sum));
    lead(shard.settled().getFirst(), shard, -1);
    if (moves > 0) {
      spreadFirst(shard, wanted);
    }
    lead(wanted.getFirst(), shard, 1);
    moving += moves;
    changes.add(new Change(shard, wanted));
  }

  /** A newcomer is the preferred leader only if it leads less than those that stay. */
  private void spreadFirst(ShardDescriptor shard, List<Integer> wanted) {
    if (wanted.getFirst().equals(shard.nodeIds().getFirst())) {
      return;
    }
    wanted.stream()
        .filter(node -> is(node, NodeView::leads))
        .min(Comparator.comparingLong(this::leading))
        .ifPresent(node -> {
          leaveOut(wanted, node);
          wanted.addFirst(node);
        });
  }

  private static void leaveOut(List<Integer> nodes, int node) {
    nodes.removeIf(other -> other == node);
  }

  private boolean isChanged(ShardDescriptor shard) {
    return changes.stream().anyMatch(change -> change.shard().shardId() == shard.shardId());
  }

  /**
   * Of the nodes that could take a replica of a shard, the one that is furthest from those that
   * stay, and of several the one with the fewest replicas.
   */
  private Optional<Integer> bestFor(ShardDescriptor shard, List<Integer> staying) {
    return view.nodes().stream()
        .filter(NodeView::takesReplicas)
        .map(NodeView::nodeId)
        .filter(node -> !shard.nodeIds().contains(node) && !shard.next().contains(node))
        .min(
            Comparator.<Integer>comparingInt(node -> closeness(staying, node))
                .thenComparingInt(this::replicas)
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * Of the replicas of a shard the one that is closest to the others, and of several that on the
   * node with the most; 0 if there is none.
   */
  private int worstOf(List<Integer> some, Predicate<Integer> which) {
    return some.stream()
        .filter(which)
        .max(
            Comparator.<Integer>comparingInt(node -> closeness(without(some, node), node))
                .thenComparingInt(this::replicas))
        .orElse(0);
  }

  /** How many tiers a node shares with others, summed up over them. */
  private int closeness(List<Integer> others, int node) {
    int sum = 0;
    for (int other : others) {
      sum += localityOf(node).sharedWith(localityOf(other), depth);
    }
    return sum;
  }

  private Locality localityOf(int node) {
    NodeView known = nodes.get(node);
    return known == null ? Locality.NONE : known.locality();
  }

  private static List<Integer> without(List<Integer> nodes, int node) {
    List<Integer> rest = new ArrayList<>(nodes);
    leaveOut(rest, node);
    return rest;
  }

  private int replicas(int node) {
    return replicas.getOrDefault(node, 0);
  }

  private long leading(int node) {
    return leading.getOrDefault(node, 0L);
  }

  private boolean isHere(int node) {
    return is(node, known -> known.reach() == ClusterView.Reach.HERE);
  }

  /** A node of which nothing is known is left alone. */
  private boolean is(int node, Predicate<NodeView> what) {
    NodeView known = nodes.get(node);
    return known != null && what.test(known);
  }
}
