package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.meta.ScrubReport;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an operator asks of the cluster as a whole, from any node. For any thread. */
public final class ClusterControl {
  private static final Duration FACTS_TIME = Duration.ofSeconds(2);

  /** The same where most replicas are out of reach: there is no answer to be expected. */
  private static final Duration LOST_FACTS_TIME = Duration.ofMillis(200);

  private final ShardLocator map;
  private final KvSender sender;
  private final ShardSplitter splitter;
  private final ShardMerger merger;
  private final Supplier<List<NodeStatus>> nodes;
  private final IntPredicate isReachable;
  private final MetaTable metaTable;
  private final ReplicaComparison comparison;
  private final Sizes sizes;
  private final Waits waits;
  private final Clock clock;

  /**
   * What operators may ask for.
   *
   * @param isReachable whether this node has a connection to another one, or is it
   */
  public ClusterControl(
      ShardLocator map,
      KvSender sender,
      ShardSplitter splitter,
      ShardMerger merger,
      Supplier<List<NodeStatus>> nodes,
      IntPredicate isReachable,
      MetaTable metaTable,
      ReplicaComparison comparison,
      Sizes sizes,
      Waits waits,
      Clock clock) {
    this.map = map;
    this.sender = sender;
    this.splitter = splitter;
    this.merger = merger;
    this.nodes = nodes;
    this.isReachable = isReachable;
    this.metaTable = metaTable;
    this.comparison = comparison;
    this.sizes = sizes;
    this.waits = waits;
    this.clock = clock;
  }

  /** What nodes say of how many bytes spans take in their stores. */
  @FunctionalInterface
  public interface Sizes {
    /** The bytes of all the spans that a node is asked for, of those nodes that answer. */
    Map<Integer, Long> ask(Map<Integer, List<KeySpan>> spans) throws InterruptedException;
  }

  /** What nodes say of who waits for row locks. */
  @FunctionalInterface
  public interface Waits {
    /** The waits on the shards that these nodes lead, as far as they answer. */
    List<RowWait> ask(Collection<Integer> nodes) throws InterruptedException;
  }

  /**
   * A shard as it is.
   *
   * @param facts null if its lease holder did not answer
   * @param unreachable the nodes with a replica that this one has no connection to
   */
  public record ShardStatus(
      ShardDescriptor shard, KvResult.@Nullable ShardFacts facts, List<Integer> unreachable) {
    /** What can be said of it in a few words. */
    public ShardCondition condition() {
      if (facts != null) {
        return unreachable.isEmpty() ? ShardCondition.HEALTHY : ShardCondition.DEGRADED;
      }
      return shard.hasMajorityWithout(unreachable)
          ? ShardCondition.NO_LEADER
          : ShardCondition.MAJORITY_LOST;
    }
  }

  /** How a shard is doing. */
  public enum ShardCondition {
    /** It serves, and all its replicas can be reached. */
    HEALTHY,
    /** It serves, but not all its replicas can be reached. */
    DEGRADED,
    /** Nobody serves it now, though most of its replicas can be reached. */
    NO_LEADER,
    /** Most of its replicas cannot be reached: it serves nothing until they are back. */
    MAJORITY_LOST;

    /** The words for people. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A node as this one knows it.
   *
   * @param isConnected whether this node has a connection to it, or is it
   */
  public record NodeStatus(
      int nodeId,
      int incarnation,
      String address,
      String pgAddress,
      String httpAddress,
      String locality,
      boolean isConnected) {}

  /** All shards in key order. */
  public List<ShardStatus> shards() throws InterruptedException {
    List<ShardStatus> all = new ArrayList<>();
    for (ShardDescriptor shard : map.locate(KeySpan.ALL)) {
      all.add(describe(shard));
    }
    return all;
  }

  private ShardStatus describe(ShardDescriptor shard) throws InterruptedException {
    List<Integer> unreachable =
        shard.settled().stream().filter(node -> !isReachable.test(node)).toList();
    Deadline deadline =
        Deadline.after(clock, shard.hasMajorityWithout(unreachable) ? FACTS_TIME : LOST_FACTS_TIME);
    KvResponse response =
        sender.send(shard, KvBatch.of(shard, null, deadline, new KvRequest.Describe()));
    return switch (response) {
      case KvResponse.Done done ->
          new ShardStatus(shard, (KvResult.ShardFacts) done.results().getFirst(), unreachable);
      case KvResponse.Failed failed -> {
        if (failed.error() instanceof KvError.StaleShard) {
          // It has just been split; the next look shows what has become of it.
          map.stale(shard);
        }
        yield new ShardStatus(shard, null, unreachable);
      }
    };
  }

  /** All nodes that ever were members. */
  public List<NodeStatus> nodes() {
    return nodes.get();
  }

  /** The value of a setting of the cluster. */
  public String setting(ClusterSetting setting) {
    return metaTable.setting(setting);
  }

  /** The values of all settings of the cluster. */
  public Map<ClusterSetting, String> settings() {
    return metaTable.settings();
  }

  /** Gives a setting of the cluster a value, or with null its default. */
  public void set(ClusterSetting setting, @Nullable String value) {
    if (value != null) {
      var _ = setting.number(value);
    }
    metaTable.set(setting, value);
  }

  /**
   * About how many bytes spans take at one replica of each shard, old versions included: the lease
   * holder's where it is known and answers. Null if for some shard nobody does.
   */
  public @Nullable Long sizeBytes(Collection<KeySpan> spans) throws InterruptedException {
    List<ShardPart> left = new ArrayList<>();
    for (KeySpan span : spans) {
      for (ShardDescriptor shard : map.locate(span)) {
        shard.span().intersect(span).ifPresent(part -> left.add(new ShardPart(shard, part)));
      }
    }
    Set<Integer> silent = new HashSet<>();
    long bytes = 0;
    while (!left.isEmpty()) {
      Map<Integer, List<ShardPart>> asked = new HashMap<>();
      for (ShardPart part : left) {
        Integer node = nodeToAsk(part.shard, silent);
        if (node == null) {
          return null;
        }
        asked.computeIfAbsent(node, _ -> new ArrayList<>()).add(part);
      }
      Map<Integer, List<KeySpan>> questions = new HashMap<>();
      asked.forEach(
          (node, parts) -> questions.put(node, parts.stream().map(ShardPart::span).toList()));
      Map<Integer, Long> answers = sizes.ask(questions);
      left.clear();
      for (Map.Entry<Integer, List<ShardPart>> question : asked.entrySet()) {
        Long answer = answers.get(question.getKey());
        if (answer == null) {
          silent.add(question.getKey());
          left.addAll(question.getValue());
        } else {
          bytes += answer;
        }
      }
    }
    return bytes;
  }

  /** What lies of a span in one shard. */
  private record ShardPart(ShardDescriptor shard, KeySpan span) {}

  private @Nullable Integer nodeToAsk(ShardDescriptor shard, Set<Integer> silent) {
    List<Integer> settled = shard.settled();
    int leader = sender.answererOf(shard);
    if (settled.contains(leader) && !silent.contains(leader)) {
      return leader;
    }
    for (int node : settled) {
      if (!silent.contains(node) && isReachable.test(node)) {
        return node;
      }
    }
    return null;
  }

  /** Who waits for row locks now, as far as nodes that can be reached know. */
  public List<RowWait> waits() throws InterruptedException {
    return waits.ask(
        nodes().stream().filter(NodeStatus::isConnected).map(NodeStatus::nodeId).toList());
  }

  /** See {@link ReplicaComparison#sumUp}. */
  public List<ReplicaComparison.ReplicaSum> sumUp(KeySpan span, long readTs, Deadline deadline)
      throws InterruptedException {
    return comparison.sumUp(span, readTs, deadline);
  }

  /** What operators want of nodes; of those that are missing nothing special. */
  public Map<Integer, NodeState> nodeStates() {
    return metaTable.nodeStates();
  }

  /** What comparing replicas in the background has come to. */
  public ScrubReport scrubReport() {
    return metaTable.scrubReport();
  }

  /** Says what is wanted of a node, unless its state forbids that; returns its state then. */
  public NodeState setNodeState(int nodeId, NodeState state) {
    return metaTable.setNodeState(nodeId, state);
  }

  /**
   * Begins to move a shard's replica from one node to another; the rest is the same work that
   * placement does, and placement may think otherwise afterwards.
   */
  public void moveReplica(long shardId, int from, int to, Deadline deadline)
      throws InterruptedException {
    ShardDescriptor shard =
        map.locate(KeySpan.ALL).stream()
            .filter(one -> one.shardId() == shardId)
            .findFirst()
            .orElseThrow(() ->
                new ShardForgeException(
                    ErrorCode.UNDEFINED_OBJECT, "shard " + shardId + " does not exist"));
    List<Integer> wanted = new ArrayList<>(shard.settled());
    if (wanted.contains(to) || !wanted.contains(from)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "shard %d has its replicas on nodes %s".formatted(shardId, wanted));
    }
    boolean mayHold =
        nodes().stream().anyMatch(node -> node.nodeId() == to && node.isConnected())
            && nodeStates().getOrDefault(to, NodeState.ACTIVE) == NodeState.ACTIVE;
    if (shard.isChanging() || !mayHold) {
      throw new ShardForgeException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          mayHold
              ? "the replicas of shard " + shardId + " are being moved"
              : "node " + to + " is not one that takes replicas");
    }
    wanted.replaceAll(node -> node == from ? to : node);
    KvResponse response =
        sender.send(shard, KvBatch.of(shard, null, deadline, new KvRequest.Move(wanted)));
    if (response instanceof KvResponse.Failed failed) {
      throw new ShardForgeException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "shard " + shardId + " cannot be moved now: " + failed.error());
    }
  }

  /** See {@link ShardSplitter#splitAt}. The border stays until somebody wants it gone. */
  public ShardSplitter.Border splitAt(byte[] key, Deadline deadline) throws InterruptedException {
    ShardSplitter.Border border = splitter.splitAt(key, deadline);
    if (!border.isNew()) {
      metaTable.holdBorder(border.shardId());
    }
    return border;
  }

  /**
   * Gives each arc of a table that is cut by hash a shard of its own. What is not done when the
   * time is over the placement loop does, which knows of the table by then.
   */
  public void cut(int tableId, int arcs, Deadline deadline) throws InterruptedException {
    for (byte[] border : HashedTables.borders(tableId, arcs)) {
      if (!HashedTables.hasRoom(map.locate(KeySpan.ALL))) {
        return;
      }
      var _ = splitter.splitAt(border, deadline);
    }
  }

  /** See {@link ShardMerger#mergeAt}. */
  public ShardMerger.Merged mergeAt(byte[] key, Deadline deadline) throws InterruptedException {
    return merger.mergeAt(key, deadline);
  }
}
