package io.shardforge.raft.shard;

import io.shardforge.raft.command.Command;
import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.LogRepair;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.mvcc.NewestTimestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The store of a node that is stopped, seen by somebody who has lost most of the others: which of
 * its shards have no majority any more, and how they are made to go on with this copy alone.
 *
 * <pre>
 *   offline   the node becomes the log's only member, the mark ALONE is set, and on the meta shard
 *             the oracle's bound goes above every timestamp that is known
 *   at start  the node elects itself and applies all that its log holds, under the old epoch
 *   then      the lease holder makes itself the only node of the shard, under a new epoch
 *             ({@link Moves}), records that in the map, and removes the mark
 * </pre>
 *
 * <p>Each step can be taken again after a crash. The epoch changes last, because what the log still
 * holds was judged under the old one and would not be applied otherwise.
 */
public final class StoreRepair {
  private final Engine engine;
  private final Path logs;
  private final int nodeId;
  private final int incarnation;
  private final Collection<ShardDescriptor> map;

  /**
   * A store that nobody else uses.
   *
   * @param logs where its logs are
   * @param map the shards as the node knew them last
   */
  public StoreRepair(
      Engine engine, Path logs, int nodeId, int incarnation, Collection<ShardDescriptor> map) {
    this.engine = engine;
    this.logs = logs;
    this.nodeId = nodeId;
    this.incarnation = incarnation;
    this.map = List.copyOf(map);
  }

  /** What is to be done about a shard. */
  public enum Verdict {
    /** Most of its members survive: they will go on by themselves. */
    HAS_MAJORITY,
    /** It can be rebuilt from this store. */
    TO_BE_REBUILT,
    /** It was rebuilt already, and the node was not started since. */
    REBUILT,
    /** This store cannot be the origin of anything. */
    UNUSABLE
  }

  /**
   * A replica of the store.
   *
   * @param voters the nodes whose members vote
   * @param applied up to where it is durable
   * @param logEnd the last entry of its log, which the rest leads up to
   * @param newest the newest timestamp in its data, its state or its log
   * @param obstacle why it is unusable; null if it is not
   */
  public record Finding(
      ShardDescriptor shard,
      Set<Integer> voters,
      AppliedIndex applied,
      AppliedIndex logEnd,
      long newest,
      long sizeBytes,
      Verdict verdict,
      @Nullable String obstacle) {
    /** The other nodes among the survivors that have a replica, too. */
    public List<Integer> otherSurvivors(Set<Integer> survivors, int self) {
      return voters.stream().filter(node -> node != self && survivors.contains(node)).toList();
    }
  }

  /** Looks at all replicas of the store, and changes nothing. */
  public List<Finding> examine(Set<Integer> survivors) {
    List<Finding> findings = new ArrayList<>();
    for (long id : ReplicaKey.SHARD.shards(engine)) {
      findings.add(examine(id, survivors));
    }
    return findings;
  }

  private Finding examine(long id, Set<Integer> survivors) {
    byte[] bytes = engine.get(Family.APPLIED, ReplicaKey.SHARD.of(id));
    if (bytes == null) {
      throw new IllegalStateException("no shard " + id);
    }
    ShardDescriptor shard = ReplicaStore.decodeShard(bytes);
    AppliedIndex applied =
        ReplicaStore.readApplied(engine.get(Family.APPLIED, ReplicaKey.APPLIED.of(id)));
    long[] newest = {NewestTimestamp.in(engine, shard.span())};
    ShardState state = stateOf(shard);
    newest[0] = Math.max(newest[0], Math.max(state.closedTs(), state.gcThreshold()));
    newest[0] = Math.max(newest[0], state.oracleBound());
    AppliedIndex logEnd = AppliedIndex.NONE;
    Set<Integer> voters = new TreeSet<>(shard.settled());
    String obstacle = obstacleOf(shard);
    try {
      LogRepair.LogEnd end =
          LogRepair.read(
              logs,
              id,
              applied,
              entry -> newest[0] = Math.max(newest[0], Command.newestTimestamp(entry)));
      logEnd = end.last();
      if (!end.members().isEmpty()) {
        voters.clear();
        end.members().forEach(member -> voters.add(LogRepair.nodeOf(member)));
      }
    } catch (IOException | RuntimeException e) {
      obstacle = String.valueOf(e.getMessage());
    }
    long left = voters.stream().filter(survivors::contains).count();
    Verdict verdict =
        engine.get(Family.APPLIED, ReplicaKey.ALONE.of(id)) != null
            ? Verdict.REBUILT
            : left > voters.size() / 2
                ? Verdict.HAS_MAJORITY
                : obstacle != null ? Verdict.UNUSABLE : Verdict.TO_BE_REBUILT;
    return new Finding(
        shard,
        voters,
        applied,
        logEnd.compareTo(applied) > 0 ? logEnd : applied,
        newest[0],
        engine.approximateSizeBytes(Family.CURRENT, shard.span()),
        verdict,
        obstacle);
  }

  private ShardState stateOf(ShardDescriptor shard) {
    byte[] stored = engine.get(Family.APPLIED, ReplicaKey.STATE.of(shard.shardId()));
    return stored == null ? ShardState.initial(shard.epoch()) : ShardState.decode(stored);
  }

  private @Nullable String obstacleOf(ShardDescriptor shard) {
    long id = shard.shardId();
    if (engine.get(Family.APPLIED, ReplicaKey.INSTALLING.of(id)) != null) {
      return "it is half a copy that was being made";
    }
    if (engine.get(Family.APPLIED, ReplicaKey.LEAVING.of(id)) != null) {
      return "it was being removed";
    }
    if (engine.get(Family.APPLIED, ReplicaKey.SEEDING.of(id)) != null) {
      return "its log was not made yet; start the node once, and then try again";
    }
    for (ShardDescriptor known : map) {
      if (known.shardId() == id
          && known.epoch() > shard.epoch()
          && !known.span().equals(shard.span())) {
        return "the shard was split, which this replica has not seen";
      }
    }
    return null;
  }

  /**
   * Makes the shards that {@link #examine} finds without a majority go on from this store.
   *
   * @param above the newest timestamp that is known from elsewhere: other stores, or a clock
   * @return what was done
   */
  public List<Finding> apply(Set<Integer> survivors, long above) throws IOException {
    List<Finding> findings = examine(survivors);
    long newest = above;
    for (Finding finding : findings) {
      newest = Math.max(newest, finding.newest());
    }
    List<Finding> done = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.verdict() == Verdict.TO_BE_REBUILT) {
        rebuild(finding, newest);
        done.add(finding);
      }
    }
    return done;
  }

  private void rebuild(Finding finding, long newest) throws IOException {
    ShardDescriptor shard = finding.shard();
    long id = shard.shardId();
    long epoch = shard.epoch();
    for (ShardDescriptor known : map) {
      epoch = known.shardId() == id ? Math.max(epoch, known.epoch()) : epoch;
    }
    WriteBatch batch = engine.newBatch();
    batch.put(
        Family.APPLIED, ReplicaKey.ALONE.of(id), new WireWriter(9).putVarint(epoch).toByteArray());
    if (shard.isMeta()) {
      // Whatever was promised by those that are lost must not be promised again.
      batch.put(
          Family.APPLIED,
          ReplicaKey.STATE.of(id),
          stateOf(shard).withOracleBound(newest + Timestamp.LOGICAL_MAX + 1).encode());
    }
    engine.write(batch);
    // Before the log: with the mark alone nothing happens, as the node does not lead.
    engine.flush();
    LogRepair.makeSole(logs, id, LogRepair.memberName(nodeId, incarnation), finding.applied());
  }
}
