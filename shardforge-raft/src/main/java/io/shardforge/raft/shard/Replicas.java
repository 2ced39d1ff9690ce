package io.shardforge.raft.shard;

import io.shardforge.raft.command.ApplyContext;
import io.shardforge.raft.group.GroupFactory;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.HistoryGc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All replicas of one node: finds the one that a batch is for, and does the upkeep of all. For any
 * thread.
 */
public final class Replicas implements TimestampClient.LocalOracle {
  /** Rounds of upkeep between looks at what abandoned tables left behind. */
  private static final int ROUNDS_A_DROP = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

  private final ReplicaContext context;
  private final HistoryGc historyGc;
  private final ConcurrentHashMap<Long, Replica> byShard = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, Birth> births = new ConcurrentHashMap<>();
  private volatile @Nullable GroupFactory groups;
  private volatile Consumer<Step> steps = _ -> {};
  private volatile Consumer<ShardDescriptor> leaveSteps = _ -> {};
  private final Set<Long> leaving = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Replica meta;

  private final ReentrantLock birthing = new ReentrantLock();

  /** Held while copies of shards are begun that the map says are to be here. */
  private final ReentrantLock joining = new ReentrantLock();

  private final AtomicBoolean birthScheduled = new AtomicBoolean();
  private volatile boolean closed;

  /** What replicas tell, of which only they may know how. */
  private final Replica.Listener own = new Told();

  /** Shards that others have taken in, with the epoch of these. */
  private final ConcurrentHashMap<Long, Long> gone = new ConcurrentHashMap<>();

  /** Replicas of such shards whose logs are to be removed. */
  private final ConcurrentHashMap<Long, Replica> dying = new ConcurrentHashMap<>();

  /** The thread's that calls {@link #maintain}. */
  private int rounds;

  public Replicas(ReplicaContext context) {
    this.context = context;
    this.historyGc = new HistoryGc(context.engine());
  }

  /** Takes what replicas tell. */
  private final class Told implements Replica.Listener {
    @Override
    public void split(Replica parent, ApplyContext.Split split, @Nullable InheritedLocks locks) {
      splitApplied(parent, split, locks);
    }

    @Override
    public void merged(ApplyContext.Merge merge) {
      mergeApplied(merge);
    }

    @Override
    public void retire(ShardDescriptor taken, long attempt) {
      Replica replica = byShard.get(taken.shardId());
      if (replica == null) {
        throw new IllegalStateException(
            "shard " + taken.shardId() + " was taken in by another one, but is not on this node");
      }
      replica.retire(attempt);
    }

    @Override
    public void makeRoom(ShardDescriptor copied) throws IOException {
      Replicas.this.makeRoom(copied);
    }
  }

  /** What happens to a replica that was not there when the node started, or is over. */
  enum Step {
    /** A split was applied here: its parent has let go of it, and nobody knows of it yet. */
    CUT_OFF,
    /** Its state is durable; a crash before this undoes the split, to be applied again. */
    STATE_DURABLE,
    /** Its log is there, too. */
    LOG_MADE,
    /** It is on its own: what it lost from now on could not be made again. */
    WEANED,
    /** It takes part. */
    OPENED,
    /** It is over: another shard has taken its rows in, and only memory says so. */
    TAKEN_IN,
    /** Its log is gone, too. */
    LOG_REMOVED
  }

  /**
   * A replica that is to be opened on this node for the first time.
   *
   * @param members see {@link GroupFactory#seed}
   */
  private record Birth(
      ShardDescriptor shard, List<String> members, @Nullable InheritedLocks locks) {}

  /**
   * Opens the copies of all shards that this node has. A store that has none yet gets those of the
   * map that name this node.
   */
  public void openAll(Collection<ShardDescriptor> map, GroupFactory factory) {
    groups = factory;
    Engine engine = context.engine();
    byte[] founded = ReplicaKey.FOUNDED.of(ReplicaKey.NO_SHARD);
    if (ReplicaKey.SHARD.shards(engine).isEmpty() && engine.get(Family.APPLIED, founded) == null) {
      WriteBatch batch = engine.newBatch();
      for (ShardDescriptor shard : map) {
        if (shard.nodeIds().contains(context.nodeId())) {
          batch.put(
              Family.APPLIED, ReplicaKey.SHARD.of(shard.shardId()), ReplicaStore.encode(shard));
        }
      }
      batch.put(Family.APPLIED, founded, Bytes.EMPTY);
      // Before there is any log: whoever finds this without a log has lost it.
      engine.write(batch);
      engine.flush();
    }
    for (long id : ReplicaKey.LEAVING.shards(engine)) {
      erase(stored(id), factory);
    }
    for (long id : ReplicaKey.GONE.shards(engine)) {
      byte[] epoch = engine.get(Family.APPLIED, ReplicaKey.GONE.of(id));
      gone.put(id, epoch == null ? 0 : Bytes.getLong(epoch, 0));
      removeLog(id, factory);
    }
    birthing.lock();
    try {
      openKnown(factory);
    } finally {
      birthing.unlock();
    }
    giveBirth();
  }

  /** All of them are there before any log runs: one may take another one in. */
  private void openKnown(GroupFactory factory) {
    Engine engine = context.engine();
    Set<Replica> later = new HashSet<>();
    List<Replica> found = new ArrayList<>();
    for (long id : ReplicaKey.SHARD.shards(engine)) {
      ShardDescriptor shard = stored(id);
      byte[] members = engine.get(Family.APPLIED, ReplicaKey.SEEDING.of(id));
      if (members != null) {
        births.put(id, new Birth(shard, ReplicaStore.decodeMembers(members), null));
        continue;
      }
      Replica replica = new Replica(context, shard, own);
      byShard.put(id, replica);
      found.add(replica);
      if (engine.get(Family.APPLIED, ReplicaKey.LATER.of(id)) != null) {
        later.add(replica);
      }
      if (shard.isMeta()) {
        meta = replica;
      }
    }
    for (Replica replica : found) {
      if (gone.containsKey(replica.shard().shardId())) {
        // Taken in just now; its log is removed after this.
        continue;
      }
      if (later.contains(replica)) {
        replica.openSeeded(factory, null);
      } else {
        replica.open(factory);
      }
    }
  }

  private ShardDescriptor stored(long shardId) {
    byte[] bytes = context.engine().get(Family.APPLIED, ReplicaKey.SHARD.of(shardId));
    if (bytes == null) {
      throw new IllegalStateException("no shard " + shardId);
    }
    return ReplicaStore.decodeShard(bytes);
  }

  /** Opens this node's copy of a shard and joins its log; the copy that is open if it is. */
  public Replica open(ShardDescriptor shard, GroupFactory factory) {
    groups = factory;
    Replica replica = new Replica(context, shard, own);
    Replica known = byShard.putIfAbsent(shard.shardId(), replica);
    if (known != null) {
      return known;
    }
    if (shard.isMeta()) {
      meta = replica;
    }
    replica.open(factory);
    return replica;
  }

  private Replica openSeeded(
      ShardDescriptor shard, GroupFactory factory, @Nullable InheritedLocks locks) {
    Replica replica = new Replica(context, shard, own);
    Replica known = byShard.putIfAbsent(shard.shardId(), replica);
    if (known != null) {
      return known;
    }
    if (shard.isMeta()) {
      meta = replica;
    }
    replica.openSeeded(factory, locks);
    return replica;
  }

  // ---- Replicas that come later ----

  private void splitApplied(
      Replica parent, ApplyContext.Split split, @Nullable InheritedLocks locks) {
    ShardDescriptor child = split.child();
    steps.accept(Step.CUT_OFF);
    LOG.info(
        "split shard={} child={} at={} serving={}",
        split.parent().shardId(),
        child.shardId(),
        Bytes.toHex(child.span().start()),
        locks != null);
    context.map().learn(List.of(split.parent(), child));
    births.put(child.shardId(), new Birth(child, split.members(), locks));
    giveBirthSoon();
    if (locks != null) {
      context
          .background()
          .execute(() -> {
            try {
              parent.publishSplit();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  private void mergeApplied(ApplyContext.Merge merge) {
    long id = merge.right().shardId();
    LOG.info("merge shard={} took={}", merge.merged().shardId(), id);
    context.map().learn(List.of(merge.merged()));
    bury(id, merge.merged().epoch());
    giveBirthSoon();
  }

  /** Takes note that a shard's replica here is over; its log is removed later. */
  private void bury(long id, long epoch) {
    gone.put(id, epoch);
    Replica replica = byShard.remove(id);
    if (replica != null) {
      dying.put(id, replica);
    }
    births.remove(id);
  }

  /** Ends the replicas in the span of a copy that are older than what it is a copy of. */
  private void makeRoom(ShardDescriptor copied) throws IOException {
    List<Long> old = new ArrayList<>();
    for (Replica replica : byShard.values()) {
      ShardDescriptor shard = replica.shard();
      if (shard.shardId() != copied.shardId() && shard.span().overlaps(copied.span())) {
        if (shard.epoch() >= copied.epoch()) {
          throw new IOException("the copy of " + copied + " would overwrite " + shard);
        }
        old.add(shard.shardId());
      }
    }
    for (Birth birth : births.values()) {
      if (birth.shard.span().overlaps(copied.span())) {
        old.add(birth.shard.shardId());
      }
    }
    if (old.isEmpty()) {
      return;
    }
    WriteBatch batch = context.engine().newBatch();
    for (long id : old) {
      Replica replica = byShard.get(id);
      if (replica != null) {
        replica.retire();
      }
      ReplicaStore.putGone(batch, id, copied.epoch());
      bury(id, copied.epoch());
    }
    context.engine().write(batch);
    context.engine().flush();
    giveBirthSoon();
  }

  /** Removes the logs of replicas that are over, once what says so is durable. */
  private void removeLogs(GroupFactory factory) {
    if (dying.isEmpty()) {
      return;
    }
    Map<Long, Replica> over = new TreeMap<>(dying);
    steps.accept(Step.TAKEN_IN);
    context.engine().flush();
    over.forEach((id, replica) -> {
      replica.close();
      removeLog(id, factory);
      dying.remove(id);
      steps.accept(Step.LOG_REMOVED);
    });
  }

  private static void removeLog(long id, GroupFactory factory) {
    try {
      factory.forget(id);
    } catch (IOException e) {
      // The next start of the node removes it.
      LOG.warn("the log of a shard that is gone cannot be removed shard={}", id, e);
    }
  }

  /**
   * Makes this node's copies of shards that are to have one here, according to the map, and of
   * which it has nothing: their splits happened while it was away. A shard of which another one
   * here still has a part must wait until that one knows of the split.
   */
  public void openMissing(Collection<ShardDescriptor> map) {
    joining.lock();
    try {
      for (ShardDescriptor shard : map) {
        if (shard.nodeIds().contains(context.nodeId()) && isFree(shard)) {
          openMissing(shard);
        }
      }
    } finally {
      joining.unlock();
    }
  }

  private void openMissing(ShardDescriptor shard) {
    LOG.info("joining a shard shard={} span={}", shard.shardId(), shard.span());
    Engine engine = context.engine();
    WriteBatch batch = engine.newBatch();
    long id = shard.shardId();
    batch.put(Family.APPLIED, ReplicaKey.SHARD.of(id), ReplicaStore.encode(shard));
    batch.put(Family.APPLIED, ReplicaKey.LATER.of(id), Bytes.EMPTY);
    batch.put(Family.APPLIED, ReplicaKey.SEEDING.of(id), ReplicaStore.encode(List.of()));
    engine.write(batch);
    births.put(id, new Birth(shard, List.of(), null));
    giveBirthSoon();
  }

  /**
   * Removes this node's copies of shards that, according to the map, have none here any more: they
   * have left the log before the map says so. A copy may know as much as the map by itself.
   */
  public void dropGone(Collection<ShardDescriptor> map) {
    dropTakenIn(map);
    for (ShardDescriptor shard : map) {
      Replica replica = byShard.get(shard.shardId());
      if (replica != null
          && replica.shard().epoch() <= shard.epoch()
          && !shard.nodeIds().contains(context.nodeId())
          && leaving.add(shard.shardId())) {
        context.background().execute(() -> leave(replica));
      }
    }
  }

  /**
   * Removes copies of shards that have been taken in by others of which nothing is here: they were
   * left behind as this node left the shard, or the one that took it in.
   */
  private void dropTakenIn(Collection<ShardDescriptor> map) {
    Set<Long> known = new HashSet<>();
    map.forEach(shard -> known.add(shard.shardId()));
    for (Replica replica : byShard.values()) {
      ShardDescriptor old = replica.shard();
      if (known.contains(old.shardId()) || mayBeTakenInHere(replica)) {
        continue;
      }
      for (ShardDescriptor shard : map) {
        // A child that the map does not know yet lies in one that is older than itself.
        if (shard.span().overlaps(old.span())
            && shard.epoch() > old.epoch()
            && !mayComeFromHere(shard, old.shardId())
            && leaving.add(old.shardId())) {
          context.background().execute(() -> leave(replica));
        }
      }
    }
  }

  /** Whether the log of a shard that lies before a frozen one here may still have it taken in. */
  private boolean mayBeTakenInHere(Replica frozen) {
    if (!frozen.state().merge().isFrozen()) {
      return false;
    }
    byte[] start = frozen.span().start();
    for (Replica replica : byShard.values()) {
      if (replica.span().hasEnd() && Arrays.equals(replica.span().end(), start)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a shard is here, or may be cut off one that is. */
  private boolean mayComeFromHere(ShardDescriptor shard, long except) {
    if (births.containsKey(shard.shardId()) || byShard.containsKey(shard.shardId())) {
      return true;
    }
    for (Replica replica : byShard.values()) {
      if (replica.shard().shardId() != except && replica.reaches(shard.span())) {
        return true;
      }
    }
    for (Birth birth : births.values()) {
      if (birth.shard.span().overlaps(shard.span())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Removes copies whose log has ended by itself and which are wanted here, to be made anew: those
   * that were being made, for a log ends that hears of no leader before it is a member, and those
   * that the shard had left and comes back to before this node had heard of either.
   */
  private void dropStranded() {
    for (Replica replica : byShard.values()) {
      RaftGroup group = replica.group();
      if (group != null
          && group.hasLeft()
          && (replica.shard().next().contains(context.nodeId()) || isBack(replica.shard()))
          && leaving.add(replica.shard().shardId())) {
        context.background().execute(() -> leave(replica));
      }
    }
  }

  /** Whether the map knows that a shard of which a copy was left here is to have one again. */
  private boolean isBack(ShardDescriptor left) {
    for (ShardDescriptor shard : context.locator().locate(left.span())) {
      if (shard.shardId() == left.shardId()) {
        return shard.epoch() > left.epoch() && shard.settled().contains(context.nodeId());
      }
    }
    return false;
  }

  private void leave(Replica replica) {
    ShardDescriptor shard = replica.shard();
    GroupFactory factory = groups;
    birthing.lock();
    try {
      if (factory == null || closed) {
        return;
      }
      LOG.info("leaving a shard shard={} span={}", shard.shardId(), shard.span());
      replica.leave();
      leaveSteps.accept(shard);
      erase(shard, factory);
      byShard.remove(shard.shardId());
      leaving.remove(shard.shardId());
      if (shard.isMeta()) {
        meta = null;
      }
    } finally {
      birthing.unlock();
    }
  }

  /** Removes what is left of a copy whose state is void. */
  private void erase(ShardDescriptor shard, GroupFactory factory) {
    try {
      factory.forget(shard.shardId());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the log of shard " + shard.shardId(), e);
    }
    new ReplicaStore(context.engine(), context.clock(), shard, own).erase();
  }

  private boolean isFree(ShardDescriptor shard) {
    if (byShard.containsKey(shard.shardId())
        || births.containsKey(shard.shardId())
        || gone.containsKey(shard.shardId())) {
      return false;
    }
    for (Replica replica : byShard.values()) {
      if (replica.reaches(shard.span())) {
        return false;
      }
    }
    for (Birth birth : births.values()) {
      if (birth.shard.span().overlaps(shard.span())) {
        return false;
      }
    }
    return true;
  }

  /** Opens what waits for it, without making the caller wait. */
  private void giveBirthSoon() {
    if (birthScheduled.compareAndSet(false, true)) {
      context
          .background()
          .execute(() -> {
            birthScheduled.set(false);
            giveBirth();
          });
    }
  }

  /** Opens what waits for it, one after the other; what fails is tried again by the next call. */
  private void giveBirth() {
    birthing.lock();
    try {
      GroupFactory known = groups;
      if (known != null && !closed) {
        try {
          removeLogs(known);
        } catch (RuntimeException e) {
          LOG.warn("replicas that are over cannot be removed yet", e);
        }
      }
      for (Birth birth : births.values()) {
        GroupFactory factory = groups;
        if (factory == null || closed) {
          return;
        }
        try {
          begin(birth, factory);
          births.remove(birth.shard.shardId());
        } catch (IOException | RuntimeException e) {
          LOG.warn("a shard cannot be opened yet shard={}", birth.shard.shardId(), e);
        }
      }
    } finally {
      birthing.unlock();
    }
  }

  private void begin(Birth birth, GroupFactory factory) throws IOException {
    long id = birth.shard.shardId();
    Engine engine = context.engine();
    // The log must not exist before the state that it goes on from is durable.
    engine.flush();
    steps.accept(Step.STATE_DURABLE);
    factory.seed(id, birth.members);
    steps.accept(Step.LOG_MADE);
    // And it must not promise anything while its loss would still be repaired by a new one.
    WriteBatch batch = engine.newBatch();
    batch.delete(Family.APPLIED, ReplicaKey.SEEDING.of(id));
    engine.write(batch);
    engine.flush();
    steps.accept(Step.WEANED);
    Replica replica = openSeeded(birth.shard, factory, birth.locks);
    RaftGroup group = replica.group();
    if (birth.locks != null && group != null) {
      group.stand();
    }
    steps.accept(Step.OPENED);
  }

  /** For tests: told of each step; what it throws ends the attempt there. */
  void onStep(Consumer<Step> listener) {
    steps = listener;
  }

  /** For tests: told when a copy is void and not removed yet; what it throws ends that there. */
  void onLeave(Consumer<ShardDescriptor> listener) {
    leaveSteps = listener;
  }

  public @Nullable Replica get(long shardId) {
    return byShard.get(shardId);
  }

  public Collection<Replica> all() {
    return List.copyOf(byShard.values());
  }

  /**
   * Serves a batch on the calling thread, if this node holds the shard's lease; else says who
   * leads.
   */
  public KvResponse serve(KvBatch batch) throws InterruptedException {
    Replica replica = byShard.get(batch.shardId());
    return replica == null ? new KvResponse.Failed(absent(batch)) : replica.serve(batch);
  }

  /** Where to ask for a shard that is not here, as far as this node knows. */
  private KvError absent(KvBatch batch) {
    Long epoch = gone.get(batch.shardId());
    if (epoch != null) {
      return new KvError.StaleShard(batch.shardId(), epoch);
    }
    for (ShardDescriptor shard : context.locator().locate(KeySpan.ALL)) {
      if (shard.shardId() != batch.shardId()) {
        continue;
      }
      if (shard.epoch() > batch.epoch() && !shard.isMeta()) {
        return new KvError.StaleShard(shard.shardId(), shard.epoch());
      }
      for (int node : shard.nodeIds()) {
        if (node != context.nodeId()) {
          return new KvError.NotLeader(shard.shardId(), node);
        }
      }
    }
    return new KvError.NotLeader(batch.shardId(), 0);
  }

  /** Whether this node has a replica of a shard, or can say that it is no more. */
  public boolean knows(long shardId) {
    return byShard.containsKey(shardId) || gone.containsKey(shardId);
  }

  /** Whether this node holds the shard's lease, so that {@link #serve} will most likely answer. */
  public boolean holdsLease(long shardId) {
    Replica replica = byShard.get(shardId);
    return replica != null && replica.holdsLease();
  }

  @Override
  public KvResult.@Nullable OracleReply tryNext(int nodeId, long oldestReadTs) {
    Replica replica = meta;
    return replica == null ? null : replica.tryNextTimestamp(nodeId, oldestReadTs);
  }

  /** One round of upkeep; to be called about once a second by one thread. */
  public void maintain() throws InterruptedException {
    long threshold = Long.MAX_VALUE;
    boolean dropsSpans = ++rounds % ROUNDS_A_DROP == 0;
    dropStranded();
    boolean born = births.isEmpty() && dying.isEmpty();
    int count = byShard.size();
    for (Replica replica : byShard.values()) {
      replica.maintain();
      long durable = replica.durableGcThreshold();
      threshold = Math.min(threshold, durable);
      if (dropsSpans) {
        dropAbandoned(replica, durable);
      }
    }
    if (!born || !births.isEmpty() || !dying.isEmpty()) {
      giveBirthSoon();
    } else if (byShard.size() == count && threshold != Long.MAX_VALUE && threshold > 0) {
      // A shard that was not open yet counts, too: its threshold may be lower.
      historyGc.dropBuckets(threshold);
    }
  }

  private void dropAbandoned(Replica replica, long durableThreshold) {
    Engine engine = context.engine();
    AbandonedSpans abandoned = context.abandoned();
    long durable = durableThreshold;
    // A node that is idle flushes nothing by itself, and the rows of a large table would stay.
    if (abandoned.waitsFor(engine, replica.span(), durable, replica.state().gcThreshold())) {
      engine.flush();
      durable = replica.durableGcThreshold();
    }
    abandoned.drop(engine, replica.span(), durable);
  }

  /** How busy the shards are that this node leads. */
  public List<ShardLoad> loads() {
    return byShard.values().stream().map(Replica::load).flatMap(Stream::ofNullable).toList();
  }

  /** Who waits for row locks on the shards that this node leads. */
  public List<RowWait> waits() {
    return byShard.values().stream().map(Replica::waits).flatMap(List::stream).toList();
  }

  /** Leaves all logs. */
  public void close() {
    closed = true;
    byShard.values().forEach(Replica::close);
    dying.values().forEach(Replica::close);
  }
}
