package io.shardforge.raft.placement;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.placement.ClusterView.NodeView;
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
 * added; superfluous ones removed; then the fullest node gives one to the emptiest as long as that
 * makes them more alike; then the same with the preferred leaders. One change adds and removes at
 * most one replica.
 */
public final class Placement {
  /** Changes of the preferred leader that are begun at once: each interrupts a shard briefly. */
  private static final int LEADERS_AT_ONCE = 2;

  /** As many replicas are kept even where that keeps an operator waiting for a node to be empty. */
  private static final int SHRINK_MIN = 3;

  private final ClusterView view;
  private final Map<Integer, NodeView> nodes = new HashMap<>();
  private final Map<Integer, Integer> replicas = new HashMap<>();
  private final Map<Integer, Integer> firsts = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
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
    for (ShardDescriptor shard : view.shards()) {
      shard.settled().forEach(node -> replicas.merge(node, 1, Integer::sum));
      firsts.merge(shard.settled().getFirst(), 1, Integer::sum);
      moving += shard.isChanging() ? 1 : 0;
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
          Optional<Integer> target = emptiest(shard);
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
            .sorted(Comparator.comparingLong(this::healthy))
            .toList();
    for (ShardDescriptor shard : ailing) {
      List<Integer> wanted = repaired(shard);
      if (wanted != null && moving < view.movesMax()) {
        change(shard, wanted, 1);
      }
    }
  }

  private long healthy(ShardDescriptor shard) {
    return shard.settled().stream().filter(node -> !is(node, NodeView::losesReplicas)).count();
  }

  /** Where a shard's replicas should be that has too few or too many, null if it is well. */
  private @Nullable List<Integer> repaired(ShardDescriptor shard) {
    List<Integer> wanted = new ArrayList<>(shard.nodeIds());
    Optional<Integer> leaving =
        wanted.stream().filter(node -> is(node, NodeView::losesReplicas)).findFirst();
    Optional<Integer> target = emptiest(shard);
    if (leaving.isPresent()) {
      if (healthy(shard) >= view.factor()) {
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
    int factor = attainableFactor(wanted.size());
    if (wanted.size() < factor && target.isPresent()) {
      wanted.add(target.get());
      return wanted;
    }
    if (wanted.size() > view.factor()) {
      int away = fullest(wanted, node -> !isHere(node));
      leaveOut(wanted, away == 0 ? fullest(wanted, _ -> true) : away);
      return wanted;
    }
    return null;
  }

  /** An even number of replicas survives no more losses than one less: it is only passed by. */
  private int attainableFactor(int now) {
    int usable = 0;
    for (NodeView node : view.nodes()) {
      usable += node.state().losesReplicas() || node.reach() != ClusterView.Reach.HERE ? 0 : 1;
    }
    int most = Math.min(view.factor(), Math.max(now, usable));
    return most > 2 && most % 2 == 0 && most < view.factor() ? most - 1 : most;
  }

  private void levelReplicas() {
    while (moving < view.movesMax()) {
      Change best = null;
      int bestGap = 1;
      for (ShardDescriptor shard : view.shards()) {
        if (shard.isChanging() || isChanged(shard)) {
          continue;
        }
        Optional<Integer> target = emptiest(shard);
        if (target.isEmpty()) {
          continue;
        }
        int from = fullest(shard.nodeIds(), this::isHere);
        int gap = from == 0 ? 0 : replicas(from) - replicas(target.get());
        if (gap > bestGap) {
          List<Integer> wanted = new ArrayList<>(shard.nodeIds());
          wanted.set(wanted.indexOf(from), target.get());
          best = new Change(shard, wanted);
          bestGap = gap;
        }
      }
      if (best == null) {
        return;
      }
      change(best.shard(), best.nodeIds(), 1);
    }
  }

  private void levelLeaders() {
    int begun = 0;
    for (ShardDescriptor shard : view.shards()) {
      if (shard.isChanging() || isChanged(shard) || begun >= LEADERS_AT_ONCE) {
        continue;
      }
      int first = shard.nodeIds().getFirst();
      Optional<Integer> heir =
          shard.nodeIds().stream()
              .filter(node -> node != first && is(node, NodeView::leads) && isHere(node))
              .min(Comparator.comparingInt(this::firsts));
      if (heir.isEmpty()) {
        continue;
      }
      boolean must = !is(first, NodeView::leads);
      if (must || firsts(first) - firsts(heir.get()) > 1) {
        List<Integer> wanted = new ArrayList<>(shard.nodeIds());
        leaveOut(wanted, heir.get());
        wanted.addFirst(heir.get());
        change(shard, wanted, 0);
        begun++;
      }
    }
  }

  private void change(ShardDescriptor shard, List<Integer> nodeIds, int moves) {
    List<Integer> wanted = new ArrayList<>(nodeIds);
    shard.settled().forEach(node -> replicas.merge(node, -1, Integer::sum));
    wanted.forEach(node -> replicas.merge(node, 1, Integer::sum));
    firsts.merge(shard.settled().getFirst(), -1, Integer::sum);
    if (moves > 0) {
      spreadFirst(shard, wanted);
    }
    firsts.merge(wanted.getFirst(), 1, Integer::sum);
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
        .min(Comparator.comparingInt(this::firsts))
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

  /** The node with the fewest replicas that could take one of a shard. */
  private Optional<Integer> emptiest(ShardDescriptor shard) {
    return view.nodes().stream()
        .filter(NodeView::takesReplicas)
        .map(NodeView::nodeId)
        .filter(node -> !shard.nodeIds().contains(node) && !shard.next().contains(node))
        .min(Comparator.comparingInt(this::replicas).thenComparing(Comparator.naturalOrder()));
  }

  /** The node with the most replicas among some; 0 if there is none. */
  private int fullest(List<Integer> some, Predicate<Integer> which) {
    Stream<Integer> candidates = some.stream().filter(which);
    return candidates.max(Comparator.comparingInt(this::replicas)).orElse(0);
  }

  private int replicas(int node) {
    return replicas.getOrDefault(node, 0);
  }

  private int firsts(int node) {
    return firsts.getOrDefault(node, 0);
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
