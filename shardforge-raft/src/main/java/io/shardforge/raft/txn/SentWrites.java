package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one transaction has sent to shards as provisional writes: shipped in batches while it runs,
 * sealed when it commits. The record that will decide it lies with its primary key.
 */
final class SentWrites {
  /** Bytes of writes in one batch. */
  static final int BATCH_BYTES_MAX = 400 * 1024;

  /** Rows in one batch. */
  static final int BATCH_ROWS_MAX = 4_000;

  /** Batches of one transaction on their way to one shard. */
  static final int BATCHES_AT_ONCE = 4;

  private static final Duration RESEND_PAUSE = Duration.ofMillis(20);
  private static final int KEYED_RESOLVE_MAX = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(SentWrites.class);

  private final BufferedTxn txn;
  private final TxnCoordinator coordinator;
  private final ShardCalls calls;
  private final Clock clock;
  private final Map<Long, AtShard> sent = new LinkedHashMap<>();

  /** Writes that shards have taken since the last ones began to be sent. */
  private final List<List<Mutation>> accepted = new ArrayList<>();

  private final List<KvRequest.Range> undone = new ArrayList<>();
  private byte @Nullable [] primaryKey;
  private volatile boolean resentEarlyBatch;
  private @Nullable Shipment shipment;
  private boolean shipped;
  private boolean sealing;
  private int lastBatch;

  SentWrites(BufferedTxn txn, TxnCoordinator coordinator) {
    this.txn = txn;
    this.coordinator = coordinator;
    this.calls = coordinator.calls();
    this.clock = coordinator.clock();
  }

  /** What was sent to one shard so far. */
  static final class AtShard {
    final ShardDescriptor shard;
    private final List<Batch> batches = new ArrayList<>();
    final List<byte[]> keys = new ArrayList<>();
    byte[] first;
    byte[] end;
    boolean touched;
    long minCommitTs;

    AtShard(ShardDescriptor shard, byte[] key) {
      this.shard = shard;
      this.first = key;
      this.end = Bytes.successor(key);
    }

    /** What of this lies in a shard that has a part of the span now. */
    synchronized AtShard within(ShardDescriptor part) {
      KeySpan inside = part.span().intersect(span()).orElse(part.span());
      AtShard cut = new AtShard(part, inside.start());
      cut.touched = touched;
      cut.minCommitTs = minCommitTs;
      boolean few = keys.size() <= KEYED_RESOLVE_MAX;
      for (byte[] key : keys) {
        if (!few || part.span().contains(key)) {
          cut.keys.add(key);
        }
      }
      cut.end = inside.end();
      for (Batch batch : batches) {
        if (part.span().overlaps(batch.hull)) {
          cut.batches.add(batch);
        }
      }
      return cut;
    }

    /** Takes in what another one knows of the same shard. */
    synchronized void absorb(AtShard other) {
      first = Bytes.compare(other.first, first) < 0 ? other.first : first;
      end = Bytes.compare(other.end, end) > 0 ? other.end : end;
      keys.addAll(other.keys);
      batches.addAll(other.batches);
      touched |= other.touched;
      minCommitTs = Math.max(minCommitTs, other.minCommitTs);
    }

    synchronized void open(List<Mutation> writes) {
      touched = true;
      for (Mutation write : writes) {
        if (Bytes.compare(write.key(), first) < 0) {
          first = write.key();
        }
        if (Bytes.compare(write.key(), end) >= 0) {
          end = Bytes.successor(write.key());
        }
        if (keys.size() <= KEYED_RESOLVE_MAX) {
          keys.add(write.key());
        }
      }
    }

    synchronized void done(int number, List<Mutation> writes, long minTs) {
      Set<Integer> statements = new TreeSet<>();
      for (Mutation write : writes) {
        statements.add(write.statement());
      }
      if (!statements.isEmpty()) {
        batches.add(new Batch(number, statements, hullOf(writes)));
      }
      minCommitTs = Math.max(minCommitTs, minTs);
    }

    /** The keys if there are few enough to name them, else none: then the span has them all. */
    synchronized List<byte[]> keysIfFew() {
      return keys.size() <= KEYED_RESOLVE_MAX ? keys : List.of();
    }

    synchronized KeySpan span() {
      return new KeySpan(first, end);
    }
  }

  /** A batch of provisional writes that a shard has taken. */
  private record Batch(int number, Set<Integer> statements, KeySpan hull) {}

  /** What was sent, by shard. */
  Collection<AtShard> all() {
    return sent.values();
  }

  boolean isEmpty() {
    return sent.isEmpty();
  }

  boolean hasSentTo(long shardId) {
    return sent.containsKey(shardId);
  }

  /** The key that the transaction's record lies with; null before anything was sent. */
  byte @Nullable [] primaryKey() {
    return primaryKey;
  }

  void setPrimaryKey(byte[] key) {
    primaryKey = key;
  }

  boolean hasShipped() {
    return shipped;
  }

  /**
   * Begins to send what is buffered as provisional writes, once what was sent before is there: the
   * next rows are made meanwhile. Whatever needs to find them must {@link #awaitShipment} first.
   */
  void ship() throws InterruptedException {
    awaitShipment();
    List<List<Mutation>> layers = txn.buffer().takeLayers(txn.savepointStatements());
    shipped = true;
    layers.forEach(this::choosePrimary);
    shipment = new Shipment(layers, txn.deadline());
    coordinator.executor().execute(shipment);
  }

  /** Waits until what was shipped is there; throws what went wrong with it. */
  void awaitShipment() throws InterruptedException {
    Shipment current = shipment;
    if (current != null) {
      shipment = null;
      current.await();
    }
  }

  /** Gives up what is on its way; returns when nothing more is sent. */
  void cancelShipment() {
    Shipment current = shipment;
    if (current != null) {
      shipment = null;
      current.cancel();
    }
  }

  /** Writes on their way to the shards. */
  private final class Shipment implements Runnable {
    private final List<List<Mutation>> layers;
    private final Deadline deadline;
    private final CompletableFuture<Boolean> arrived = new CompletableFuture<>();
    private volatile @Nullable Thread carrier;

    Shipment(List<List<Mutation>> layers, Deadline deadline) {
      this.layers = layers;
      this.deadline = deadline;
    }

    @Override
    public void run() {
      carrier = Thread.currentThread();
      try {
        for (List<Mutation> layer : layers) {
          sendAll(layer, deadline);
        }
        arrived.complete(true);
      } catch (InterruptedException e) {
        arrived.completeExceptionally(new KvException(new KvError.Canceled()));
      } catch (RuntimeException | Error e) {
        arrived.completeExceptionally(e);
      }
    }

    /** Gives up; returns when nothing more is sent. */
    void cancel() {
      Thread sending = carrier;
      if (sending != null) {
        sending.interrupt();
      }
      boolean interrupted = false;
      try {
        await();
      } catch (KvException e) {
        LOG.debug("shipment of {} given up", txn.id(), e);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** Waits for the end in any case: a rollback must not overtake what it takes back. */
    void await() throws InterruptedException {
      boolean interrupted = false;
      RuntimeException failure = null;
      while (true) {
        try {
          var _ = arrived.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          Thread sending = carrier;
          if (sending != null) {
            sending.interrupt();
          }
        } catch (ExecutionException e) {
          failure =
              e.getCause() instanceof RuntimeException known
                  ? known
                  : new IllegalStateException(e.getCause());
          break;
        }
      }
      if (interrupted) {
        throw new InterruptedException();
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** Takes back shipped writes of some statements. */
  void undo(int firstStatement, int lastStatement) throws InterruptedException {
    try {
      awaitShipment();
    } catch (KvException e) {
      // Of the statement that failed, and is among those taken back.
      LOG.debug("shipment of {} is taken back", txn.id(), e);
    }
    boolean any = false;
    for (AtShard shard : sent.values()) {
      for (Batch batch : shard.batches) {
        for (int statement : batch.statements) {
          any |= statement >= firstStatement && statement <= lastStatement;
        }
      }
    }
    if (!any) {
      return;
    }
    if (resentEarlyBatch) {
      // A copy of a batch may still be under way, and bring back what is to be taken back.
      throw new KvException(new KvError.TxnAborted(txn.id()));
    }
    undone.add(new KvRequest.Range(firstStatement, lastStatement));
    for (AtShard shard : sent.values()) {
      calls.callParts(
          shard.span(),
          txn.header(),
          txn.deadline(),
          (_, part) -> new KvRequest.Undo(part, firstStatement, lastStatement));
    }
  }

  /** The number of a batch that somebody else sends. */
  synchronized int nextBatch() {
    return ++lastBatch;
  }

  /** Notes a batch that somebody else is about to send; returns its number. */
  synchronized int begin(ShardDescriptor shard, List<Mutation> writes) {
    note(shard, writes);
    return nextBatch();
  }

  /** Notes writes that somebody else may have sent. */
  synchronized void note(ShardDescriptor shard, List<Mutation> writes) {
    sentTo(shard, writes).open(writes);
  }

  /** Notes that a shard has taken a batch. */
  synchronized void end(
      ShardDescriptor shard, int number, List<Mutation> writes, long minCommitTs) {
    done(sentTo(shard, writes), number, writes, minCommitTs);
  }

  /** Sends the last writes and seals every shard that has some, and the one of the record. */
  void sealAll(List<Mutation> writes, byte[] primary, Deadline deadline)
      throws InterruptedException {
    prepareAll(writes, primary, true, deadline);
  }

  /** Sends writes of which nothing was sent before. The primary key is not among them. */
  void prepareAll(List<Mutation> writes, Deadline deadline) throws InterruptedException {
    prepareAll(writes, requirePrimary(), false, deadline);
  }

  private void prepareAll(
      List<Mutation> all, byte[] primary, boolean opensRecord, Deadline deadline)
      throws InterruptedException {
    List<Mutation> writes = all;
    synchronized (this) {
      sealing = true;
      accepted.clear();
    }
    for (int i = 0; ; i++) {
      Map<ShardDescriptor, List<Mutation>> groups =
          new LinkedHashMap<>(calls.group(writes, Mutation::key));
      for (AtShard shard : sent.values()) {
        groups.putIfAbsent(shard.shard, List.of());
      }
      if (opensRecord) {
        // The record lives where the primary key is, even if nothing is written there.
        groups.putIfAbsent(calls.locator().locate(primary), List.of());
      }
      groups.forEach(this::sentTo);
      try {
        var _ =
            calls.all(
                groups.keySet(),
                shard -> {
                  sealShard(shard, groups.getOrDefault(shard, List.of()), primary, deadline);
                  return true;
                });
        return;
      } catch (KvException e) {
        if (!calls.mayRegroup(e, i, deadline)) {
          throw e;
        }
        // What was accepted stays where it is, even if that is another shard now.
        Set<Mutation> done = Collections.newSetFromMap(new IdentityHashMap<>());
        synchronized (this) {
          recut();
          accepted.forEach(done::addAll);
        }
        writes = writes.stream().filter(write -> !done.contains(write)).toList();
      }
    }
  }

  private void sealShard(
      ShardDescriptor shard, List<Mutation> writes, byte[] primary, Deadline deadline)
      throws InterruptedException {
    List<List<Mutation>> batches = cut(writes);
    sendBatches(shard, batches.subList(0, Math.max(0, batches.size() - 1)), primary, deadline);
    List<Mutation> last = batches.isEmpty() ? List.of() : batches.getLast();
    AtShard known = sentTo(shard, last);
    List<Integer> expected = new ArrayList<>();
    synchronized (known) {
      for (Batch batch : known.batches) {
        if (!batch.statements.stream().allMatch(this::isUndone)) {
          expected.add(batch.number);
        }
      }
    }
    boolean touched = known.touched || !last.isEmpty();
    KvRequest.Seal seal =
        new KvRequest.Seal(
            expected, List.copyOf(undone), touched ? hull(known, last) : KeySpan.ofKey(primary));
    sendBatch(shard, last, primary, seal, 0, 0, deadline);
  }

  private static KeySpan hull(AtShard known, List<Mutation> last) {
    byte[] first = known.first;
    byte[] end = known.end;
    for (Mutation write : last) {
      first = Bytes.compare(write.key(), first) < 0 ? write.key() : first;
      end = Bytes.compare(write.key(), end) >= 0 ? Bytes.successor(write.key()) : end;
    }
    return new KeySpan(first, end);
  }

  private boolean isUndone(int statement) {
    for (KvRequest.Range range : undone) {
      if (range.contains(statement)) {
        return true;
      }
    }
    return false;
  }

  /** Sends writes as batches to all their shards at once. */
  private void sendAll(List<Mutation> writes, Deadline deadline) throws InterruptedException {
    byte[] primary = primaryKey;
    if (primary == null) {
      throw new IllegalStateException("no primary key");
    }
    Map<ShardDescriptor, List<Mutation>> groups = calls.group(writes, Mutation::key);
    groups.forEach(this::sentTo);
    var _ =
        calls.all(
            groups.keySet(),
            shard -> {
              sendBatches(shard, cut(groups.getOrDefault(shard, List.of())), primary, deadline);
              return true;
            });
  }

  /** Sends some batches at once, so that one is judged while another one is written to the log. */
  private void sendBatches(
      ShardDescriptor shard, List<List<Mutation>> batches, byte[] primary, Deadline deadline)
      throws InterruptedException {
    for (int i = 0; i < batches.size(); i += BATCHES_AT_ONCE) {
      var _ =
          calls.all(
              batches.subList(i, Math.min(batches.size(), i + BATCHES_AT_ONCE)),
              batch -> {
                sendBatch(shard, batch, primary, null, 0, 0, deadline);
                return true;
              });
    }
  }

  private synchronized AtShard sentTo(ShardDescriptor shard, List<Mutation> writes) {
    byte[] key = writes.isEmpty() ? requirePrimary() : writes.getFirst().key();
    txn.contact(shard, shard.span().contains(key) ? key : shard.span().start());
    return sent.computeIfAbsent(shard.shardId(), _ -> new AtShard(shard, key));
  }

  private byte[] requirePrimary() {
    byte[] primary = primaryKey;
    return primary == null ? Bytes.EMPTY : primary;
  }

  private void sendBatch(
      ShardDescriptor shard,
      List<Mutation> writes,
      byte[] primary,
      KvRequest.@Nullable Seal seal,
      int known,
      int regroups,
      Deadline deadline)
      throws InterruptedException {
    AtShard target;
    int number;
    synchronized (this) {
      target = sentTo(shard, writes);
      target.open(writes);
      number = known > 0 ? known : ++lastBatch;
    }
    KvRequest.Prepare request =
        new KvRequest.Prepare(
            primary,
            writes,
            txn.snapshotTs(),
            txn.minCommitTs(),
            number,
            seal,
            txn.lockTimeoutNanos());
    boolean mayBeThere = false;
    while (true) {
      try {
        KvResult result = calls.call(shard, txn.header(), deadline, request);
        done(target, number, writes, ((KvResult.Prepared) result).minCommitTs());
        return;
      } catch (KvException e) {
        if (seal == null && calls.mayRegroup(e, regroups, deadline)) {
          sendElsewhere(writes, primary, number, regroups + 1, deadline);
          return;
        }
        if (mayBeThere && e.error() instanceof KvError.StaleShard) {
          // It may have been sealed before the split: sent under another number it would meet
          // itself, and under its own one it comes too late.
          throw new KvException(new KvError.TxnAborted(txn.id()));
        }
        boolean again =
            e.error() instanceof KvError.Ambiguous || e.error() instanceof KvError.NotLeader;
        if (!again || deadline.isExpired(clock)) {
          // Nothing is committed by a prepare: its outcome is nobody's but this transaction's.
          throw e.error() instanceof KvError.Ambiguous
              ? new KvException(
                  new KvError.Unavailable(shard.shardId(), "a write was not answered"))
              : e;
        }
        if (e.error() instanceof KvError.Ambiguous) {
          mayBeThere = true;
          resentEarlyBatch |= seal == null;
        }
        clock.sleep(RESEND_PAUSE);
      }
    }
  }

  /** Sends an early batch that its shard has refused because it was split. */
  private void sendElsewhere(
      List<Mutation> writes, byte[] primary, int number, int regroups, Deadline deadline)
      throws InterruptedException {
    synchronized (this) {
      recut();
    }
    for (Map.Entry<ShardDescriptor, List<Mutation>> part :
        calls.group(writes, Mutation::key).entrySet()) {
      // Under the same number: it may have been applied before the split.
      sendBatch(part.getKey(), part.getValue(), primary, null, number, regroups, deadline);
    }
  }

  private synchronized void done(
      AtShard target, int number, List<Mutation> writes, long minCommitTs) {
    if (sealing) {
      accepted.add(writes);
    }
    if (sent.get(target.shard.shardId()) == target) {
      target.done(number, writes, minCommitTs);
      return;
    }
    // It was accepted before the shard was split, and is known of only now.
    for (AtShard part : sent.values()) {
      if (writes.isEmpty() || part.shard.span().overlaps(hullOf(writes))) {
        part.done(number, writes, minCommitTs);
      }
    }
  }

  /** Brings what was sent in line with the map of shards: rows go with their keys. */
  private void recut() {
    for (AtShard known : List.copyOf(sent.values())) {
      ShardDescriptor now = calls.locator().locate(known.first);
      if (now.shardId() == known.shard.shardId() && now.epoch() == known.shard.epoch()) {
        continue;
      }
      sent.remove(known.shard.shardId());
      for (ShardDescriptor part : calls.locator().locate(known.span())) {
        AtShard moved = known.within(part);
        AtShard there = sent.putIfAbsent(part.shardId(), moved);
        if (there != null) {
          there.absorb(moved);
        }
      }
    }
  }

  private static KeySpan hullOf(List<Mutation> writes) {
    byte[] first = writes.getFirst().key();
    byte[] last = first;
    for (Mutation write : writes) {
      first = Bytes.compare(write.key(), first) < 0 ? write.key() : first;
      last = Bytes.compare(write.key(), last) > 0 ? write.key() : last;
    }
    return new KeySpan(first, Bytes.successor(last));
  }

  private static List<List<Mutation>> cut(List<Mutation> writes) {
    List<List<Mutation>> batches = new ArrayList<>();
    List<Mutation> batch = new ArrayList<>();
    long bytes = 0;
    for (Mutation write : writes) {
      if (!batch.isEmpty()
          && (bytes + write.sizeBytes() > BATCH_BYTES_MAX || batch.size() >= BATCH_ROWS_MAX)) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(write);
      bytes += write.sizeBytes() + 16;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /** The first key of the catalog if there is one, so that its version counts this commit. */
  void choosePrimary(Collection<Mutation> writes) {
    if (primaryKey != null || writes.isEmpty()) {
      return;
    }
    for (Mutation write : writes) {
      if (isMeta(write.key())) {
        primaryKey = write.key();
        return;
      }
    }
    primaryKey = writes.iterator().next().key();
  }

  static boolean isMeta(byte[] key) {
    return KeySpace.metaSpan().contains(key);
  }
}
