package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterView.NodeView;
import io.shardforge.raft.placement.ClusterView.Reach;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.shard.ShardLoad;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that replicas and leaders are where {@link Placement} says. Every node has one; only
 * that of the meta shard's leader does anything, and all it knows is in the cluster's tables, so
 * the next holder goes on.
 */
public final class PlacementLoop {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementLoop.class);

  /** Between two looks while something is being moved. */
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);

  /** Between two looks at a cluster that is as it should be. */
  private static final Duration CALM_PAUSE = Duration.ofSeconds(10);

  /** Splits between two looks. */
  private static final int BORDERS_AT_ONCE = 4;

  private static final Duration REQUEST_TIME = Duration.ofSeconds(10);

  private final Shards shards;
  private final Loads loads;
  private final MetaTable metaTable;
  private final KvSender sender;
  private final IntPredicate connected;
  private final Executor executor;
  private final Clock clock;
  private final Map<Integer, MonotonicTimer> silentFor = new ConcurrentHashMap<>();

  /** By shard, as last heard: a leader that is new to its shard cannot tell yet. */
  private final Map<Long, Long> requestRates = new ConcurrentHashMap<>();

  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile Duration pause = Duration.ZERO;
  private @Nullable MonotonicTimer sinceLook;

  /** What nodes say of how busy their shards are. */
  @FunctionalInterface
  public interface Loads {
    /** The answers of those nodes that answered, of the shards that they lead. */
    Map<Integer, List<ShardLoad>> ask(Collection<Integer> nodes) throws InterruptedException;
  }

  /** The map of shards as the loop needs it. */
  public interface Shards {
    /** The map, read anew. */
    List<ShardDescriptor> read();

    /** Notes that a shard is not what the map said. */
    void stale(ShardDescriptor shard);

    /** Makes a key the first of a shard. */
    void splitAt(byte[] key, Deadline deadline) throws InterruptedException;
  }

  /**
   * A loop that does nothing before its first round.
   *
   * @param loads where it is not known how busy shards are, preferred leaders stay
   * @param connected whether a node can be reached now
   * @param executor runs looks, which may block
   */
  public PlacementLoop(
      Shards shards,
      Loads loads,
      MetaTable metaTable,
      KvSender sender,
      IntPredicate connected,
      Executor executor,
      Clock clock) {
    this.shards = shards;
    this.loads = loads;
    this.metaTable = metaTable;
    this.sender = sender;
    this.connected = connected;
    this.executor = executor;
    this.clock = clock;
  }

  /** Makes the next round look at once. */
  public void wake() {
    pause = Duration.ZERO;
  }

  /**
   * One round, by one thread; called every second or so.
   *
   * @param inCharge whether this node leads the meta shard
   */
  public void round(boolean inCharge) {
    if (!inCharge) {
      silentFor.clear();
      requestRates.clear();
      return;
    }
    MonotonicTimer last = sinceLook;
    if (last != null && last.elapsed().compareTo(pause) < 0) {
      return;
    }
    if (looking.compareAndSet(false, true)) {
      sinceLook = MonotonicTimer.start(clock);
      executor.execute(() -> {
        try {
          pause = look() ? BUSY_PAUSE : CALM_PAUSE;
        } catch (KvException e) {
          LOG.info("placement was not looked at reason=\"{}\"", e.getMessage());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } finally {
          looking.set(false);
        }
      });
    }
  }

  /** Looks at everything and begins what is to be done next; false if all is well. */
  boolean look() throws InterruptedException {
    Map<Integer, NodeState> states = metaTable.nodeStates();
    Duration lostAfter = Duration.ofMillis(number(ClusterSetting.DEAD_NODE_TIME));
    List<NodeView> nodes = new ArrayList<>();
    boolean calm = true;
    for (NodeAddress node : metaTable.nodes()) {
      int id = node.nodeId();
      NodeState state = states.getOrDefault(id, NodeState.ACTIVE);
      Reach reach = reachOf(id, lostAfter);
      nodes.add(new NodeView(id, state, reach, node.locality()));
      calm &=
          state == NodeState.DECOMMISSIONED || (state == NodeState.ACTIVE && reach == Reach.HERE);
    }
    ReplicaFactors factors =
        new ReplicaFactors(
            (int) number(ClusterSetting.REPLICATION_FACTOR), metaTable.tableFactors());
    List<ShardDescriptor> known = shards.read();
    HashedTables hashed = new HashedTables(metaTable.tableArcs());
    boolean bordered = makeBorders(factors.missingBorders(known));
    bordered |= makeBorders(hashed.missingBorders(known));
    bordered |= noteBorders(hashed.shardsAtBorders(known));
    List<ShardDescriptor> map = bordered ? shards.read() : known;
    ClusterView view =
        new ClusterView(
            nodes,
            map,
            factors,
            (int) number(ClusterSetting.MOVES_AT_ONCE),
            requestRates(nodes, map));
    for (NodeView node : nodes) {
      boolean isEmpty = map.stream().noneMatch(shard -> shard.nodeIds().contains(node.nodeId()));
      if (node.state() == NodeState.DECOMMISSIONING
          && isEmpty
          && metaTable.setNodeState(node.nodeId(), NodeState.DECOMMISSIONED)
              == NodeState.DECOMMISSIONED) {
        LOG.info("node is empty and may be stopped node={}", node.nodeId());
      }
    }
    List<Placement.Change> changes = Placement.decide(view);
    for (Placement.Change change : changes) {
      begin(change);
    }
    return !calm
        || bordered
        || !changes.isEmpty()
        || map.stream().anyMatch(ShardDescriptor::isChanging);
  }

  /** Requests a second by shard, null while that is not known of all. */
  private @Nullable Map<Long, Long> requestRates(List<NodeView> nodes, List<ShardDescriptor> map)
      throws InterruptedException {
    List<Integer> here =
        nodes.stream()
            .filter(node -> node.reach() == Reach.HERE)
            .map(NodeView::nodeId)
            .filter(id -> map.stream().anyMatch(shard -> shard.nodeIds().contains(id)))
            .toList();
    Map<Integer, List<ShardLoad>> answers = loads.ask(here);
    boolean isComplete = answers.keySet().containsAll(here);
    for (List<ShardLoad> answer : answers.values()) {
      for (ShardLoad load : answer) {
        if (load.isKnown()) {
          requestRates.put(load.shardId(), load.requestsPerSecond());
        } else {
          isComplete &= requestRates.containsKey(load.shardId());
        }
      }
    }
    requestRates.keySet().retainAll(map.stream().map(ShardDescriptor::shardId).toList());
    return isComplete ? Map.copyOf(requestRates) : null;
  }

  /** Splits some shards, so that tables get their own; whether there was anything to do. */
  private boolean makeBorders(List<byte[]> missing) throws InterruptedException {
    for (byte[] key : missing.subList(0, Math.min(missing.size(), BORDERS_AT_ONCE))) {
      try {
        shards.splitAt(key, Deadline.after(clock, REQUEST_TIME));
      } catch (KvException e) {
        LOG.info("a table has no shard of its own yet reason=\"{}\"", e.getMessage());
      }
    }
    return !missing.isEmpty();
  }

  /**
   * Notes that the borders between arcs are the system's own, whoever has made them: they may be
   * merged away once no table wants them. Whether there was anything to do.
   */
  private boolean noteBorders(List<Long> wanted) {
    if (wanted.isEmpty() || metaTable.ownBorders().containsAll(wanted)) {
      return false;
    }
    try {
      metaTable.noteOwnBorders(wanted);
    } catch (KvException e) {
      LOG.info("borders are noted later reason=\"{}\"", e.getMessage());
    }
    return true;
  }

  private long number(ClusterSetting setting) {
    return setting.number(metaTable.setting(setting));
  }

  private Reach reachOf(int node, Duration lostAfter) {
    if (connected.test(node)) {
      silentFor.remove(node);
      return Reach.HERE;
    }
    Duration silence = silentFor.computeIfAbsent(node, _ -> MonotonicTimer.start(clock)).elapsed();
    return silence.compareTo(lostAfter) < 0 ? Reach.AWAY : Reach.LOST;
  }

  private void begin(Placement.Change change) throws InterruptedException {
    ShardDescriptor shard = change.shard();
    LOG.info("placing shard={} from={} to={}", shard.shardId(), shard.settled(), change.nodeIds());
    KvResponse response =
        sender.send(
            shard,
            KvBatch.of(
                shard,
                null,
                Deadline.after(clock, REQUEST_TIME),
                new KvRequest.Move(change.nodeIds())));
    if (response instanceof KvResponse.Failed failed) {
      if (failed.error() instanceof KvError.StaleShard) {
        shards.stale(shard);
      }
      LOG.info("not placed yet shard={} reason=\"{}\"", shard.shardId(), failed.error());
    }
  }
}
