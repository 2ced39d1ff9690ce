package io.shardforge.raft.shard;

import io.shardforge.raft.command.ApplyContext;
import io.shardforge.raft.command.Command;
import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.StateSink;
import io.shardforge.raft.group.StateSource;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.engine.BulkLoad;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.FamilySpan;
import io.shardforge.storage.mvcc.ReplicaSpans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One shard's data and replicated state in this node's engine: what the log is applied to, and how
 * it is copied.
 *
 * <p>Every entry of the log becomes one write batch that also holds its index, so each is applied
 * exactly once, whatever crashes. An entry holds one or several commands; several only where
 * latches kept them apart, so none of them reads what another one of the entry writes.
 *
 * <p>A copy is installed under a marker that is durable before anything else changes and removed in
 * the batch that completes it. A store found with the marker is empty: it serves nothing and waits
 * for another copy.
 */
final class ReplicaStore {
  // Small enough for a piece to take one more row of the greatest size.
  private static final int PIECE_BYTES = StateSink.PIECE_BYTES_MAX / 2;
  private static final int ENTRY_STATE = 0;
  private static final int ENTRY_SHARD = 4;

  private final Engine engine;
  private final Clock clock;
  private final Neighbors neighbors;
  private final ShardDescriptor first;
  private final byte[] appliedKey;
  private final byte[] stateKey;
  private final byte[] markerKey;
  private final byte[] shardKey;
  private volatile ShardDescriptor shard;
  private volatile AppliedIndex applied;
  private volatile ShardState state;
  private volatile long leaseSeenNanos;
  private volatile long copyNumber;
  private final AtomicLong unsettledChanges = new AtomicLong();

  /** When the entry to be applied next was received; the applying thread's own. */
  private long receivedNanos;

  private boolean receivedKnown;

  private volatile ApplyContext.@Nullable Split split;
  private boolean hasMoved;
  private ApplyContext.@Nullable Merge merge;

  /** Held while the state is changed, so that nothing is written of a shard that is gone. */
  private final ReentrantLock changing = new ReentrantLock();

  private boolean gone;

  /** The other replicas of the node, of which one may end by what becomes of this one. */
  interface Neighbors {
    /**
     * Ends the replica of a shard that is taken in: nothing is written of it any more.
     *
     * @param attempt the one that it must be frozen by
     */
    void retire(ShardDescriptor taken, long attempt);

    /** Ends all replicas in the span of a copy that knows them to have been taken in. */
    void makeRoom(ShardDescriptor copied) throws IOException;
  }

  /** A store of the shard as it is known here, or as a caller that knows it better says. */
  ReplicaStore(Engine engine, Clock clock, ShardDescriptor shard, Neighbors neighbors) {
    this.neighbors = neighbors;
    this.engine = engine;
    this.clock = clock;
    this.first = shard;
    long id = shard.shardId();
    this.appliedKey = ReplicaKey.APPLIED.of(id);
    this.stateKey = ReplicaKey.STATE.of(id);
    this.markerKey = ReplicaKey.INSTALLING.of(id);
    this.shardKey = ReplicaKey.SHARD.of(id);
    byte[] known = engine.get(Family.APPLIED, shardKey);
    this.shard = known == null ? shard : decodeShard(known);
    if (engine.get(Family.APPLIED, markerKey) != null) {
      clear();
      engine.flush();
    }
    this.applied = readApplied(engine.get(Family.APPLIED, appliedKey));
    byte[] stored = engine.get(Family.APPLIED, stateKey);
    this.state = stored == null ? ShardState.initial(shard.epoch()) : ShardState.decode(stored);
    this.leaseSeenNanos = clock.monotonicNanos();
  }

  ShardDescriptor shard() {
    return shard;
  }

  ShardState state() {
    return state;
  }

  AppliedIndex applied() {
    return applied;
  }

  AppliedIndex durable() {
    return readApplied(engine.getDurable(Family.APPLIED, appliedKey));
  }

  /** The state that would be found after a crash now. */
  ShardState durableState() {
    byte[] stored = engine.getDurable(Family.APPLIED, stateKey);
    return stored == null ? ShardState.initial(shard.epoch()) : ShardState.decode(stored);
  }

  /** When the newest lease was applied here, or this store was opened. */
  long leaseSeenNanos() {
    return leaseSeenNanos;
  }

  /**
   * Takes when the next entry was received. A lease is counted from there: its holder counts from
   * before it proposed, so receiving is late enough, and a follower may apply much later.
   */
  void receivedAt(long monotonicNanos) {
    receivedNanos = monotonicNanos;
    receivedKnown = true;
  }

  /** Applies an entry made by {@link ProposalQueue}; returns the results of its commands. */
  byte[] apply(long term, long index, byte[] entry) {
    changing.lock();
    try {
      checkNext(index);
      return gone ? skip(term, index, entry) : applyNext(term, index, entry);
    } finally {
      changing.unlock();
    }
  }

  /** Passes over an entry of a shard that is gone. */
  private byte[] skip(long term, long index, byte[] entry) {
    int count = new WireReader(entry).readCount();
    byte[] results = new byte[count * CommandResult.BYTES];
    for (int i = 0; i < count; i++) {
      CommandResult.STALE.put(results, i * CommandResult.BYTES);
    }
    applied = new AppliedIndex(term, index);
    return results;
  }

  private byte[] applyNext(long term, long index, byte[] entry) {
    WriteBatch batch = engine.newBatch();
    ApplyContext context = new ApplyContext(engine, batch, shard, state);
    WireReader in = new WireReader(entry);
    int count = in.readCount();
    byte[] results = new byte[count * CommandResult.BYTES];
    boolean leaseChanged = false;
    boolean settled = true;
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      int offset = entry.length - in.remaining();
      CommandResult result = Command.apply(entry, offset, length, context);
      in.skip(length);
      result.put(results, i * CommandResult.BYTES);
      leaseChanged |=
          Command.isLease(entry[offset]) && result.status() == CommandResult.Status.DONE;
      settled &= Command.isSettled(entry[offset]);
    }
    in.expectEnd();
    if (context.stateChanged()) {
      batch.put(Family.APPLIED, stateKey, context.state().encode());
    }
    ShardDescriptor moved = context.moved();
    if (moved != null) {
      batch.put(Family.APPLIED, shardKey, encode(moved));
    }
    ApplyContext.Split cut = context.split();
    if (cut != null) {
      putSplit(batch, cut);
    }
    ApplyContext.Merge taken = context.merge();
    if (taken != null) {
      neighbors.retire(taken.right(), taken.attempt());
      batch.put(Family.APPLIED, shardKey, encode(taken.merged()));
      putGone(batch, taken.right().shardId(), taken.merged().epoch());
    }
    AppliedIndex at = new AppliedIndex(term, index);
    batch.put(Family.APPLIED, appliedKey, encode(at));
    engine.write(batch);
    if (cut != null) {
      // First: whoever finds the child's rows gone from here must find that they are expected.
      split = cut;
      shard = cut.parent();
    }
    if (moved != null) {
      shard = moved;
      hasMoved = true;
    }
    if (taken != null) {
      shard = taken.merged();
      merge = taken;
    }
    state = context.state();
    applied = at;
    if (!settled) {
      unsettledChanges.incrementAndGet();
    }
    if (leaseChanged) {
      leaseSeenNanos = receivedKnown ? receivedNanos : clock.monotonicNanos();
    }
    receivedKnown = false;
    return results;
  }

  private void putSplit(WriteBatch batch, ApplyContext.Split cut) {
    batch.put(Family.APPLIED, shardKey, encode(cut.parent()));
    long child = cut.child().shardId();
    batch.put(Family.APPLIED, ReplicaKey.SHARD.of(child), encode(cut.child()));
    batch.put(Family.APPLIED, ReplicaKey.STATE.of(child), cut.childState().encode());
    batch.put(Family.APPLIED, ReplicaKey.APPLIED.of(child), encode(AppliedIndex.SEED));
    batch.put(Family.APPLIED, ReplicaKey.SEEDING.of(child), encode(cut.members()));
    batch.put(Family.APPLIED, ReplicaKey.LATER.of(child), Bytes.EMPTY);
  }

  /** The split that the entry applied last has made, until it is made known. */
  ApplyContext.@Nullable Split split() {
    return split;
  }

  /** Takes note that the child of the split is known to this node. */
  void madeSplitKnown() {
    split = null;
  }

  /**
   * Whether the entry applied last has changed where replicas are, once; for the thread that
   * applies.
   */
  boolean takeMove() {
    boolean done = hasMoved;
    hasMoved = false;
    return done;
  }

  /** The merge that the entry applied last has made, once; as above. */
  ApplyContext.@Nullable Merge takeMerge() {
    ApplyContext.Merge done = merge;
    merge = null;
    return done;
  }

  void applyNothing(long term, long index) {
    changing.lock();
    try {
      checkNext(index);
      AppliedIndex at = new AppliedIndex(term, index);
      if (!gone) {
        WriteBatch batch = engine.newBatch();
        batch.put(Family.APPLIED, appliedKey, encode(at));
        engine.write(batch);
      }
      applied = at;
    } finally {
      changing.unlock();
    }
  }

  /** Writes nothing any more: the shard is gone from here, or its rows are another one's. */
  void retire() {
    changing.lock();
    try {
      gone = true;
      copyNumber = -1;
    } finally {
      changing.unlock();
    }
  }

  /** Removes all that says that there was a replica of a shard, and puts down that it is gone. */
  static void putGone(WriteBatch batch, long shardId, long epoch) {
    for (ReplicaKey key : ReplicaKey.values()) {
      if (key != ReplicaKey.GONE) {
        batch.delete(Family.APPLIED, key.of(shardId));
      }
    }
    batch.put(Family.APPLIED, ReplicaKey.GONE.of(shardId), longBytes(epoch));
  }

  /** Streams everything, as of one moment. */
  void export(StateSink sink) throws IOException, InterruptedException {
    try (EngineSnapshot snapshot = engine.snapshot()) {
      sink.begin(readApplied(snapshot.get(Family.APPLIED, appliedKey)));
      WireWriter piece = new WireWriter(PIECE_BYTES + PIECE_BYTES / 4);
      byte[] stored = snapshot.get(Family.APPLIED, stateKey);
      if (stored != null) {
        piece.putByte(ENTRY_STATE).putBytes(stored);
      }
      // As of the snapshot: it may be split meanwhile.
      byte[] known = snapshot.get(Family.APPLIED, shardKey);
      ShardDescriptor exported = known == null ? first : decodeShard(known);
      piece.putByte(ENTRY_SHARD).putBytes(encode(exported));
      for (FamilySpan part : ReplicaSpans.of(snapshot, exported.span())) {
        int code = codeOf(part.family());
        try (EngineIterator iterator = snapshot.iterator(part.family(), part.span())) {
          for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
            piece
                .putByte(code)
                .putVarint(iterator.keyLength())
                .putRaw(iterator.keyBuffer(), 0, iterator.keyLength())
                .putVarint(iterator.valueLength())
                .putRaw(iterator.valueBuffer(), 0, iterator.valueLength());
            if (piece.length() >= PIECE_BYTES) {
              send(sink, piece);
              piece = new WireWriter(PIECE_BYTES + PIECE_BYTES / 4);
            }
          }
        }
      }
      send(sink, piece);
    }
  }

  /** Replaces everything by a copy. */
  void install(AppliedIndex at, StateSource source) throws IOException, InterruptedException {
    changing.lock();
    try {
      if (gone) {
        throw new IOException("shard " + shard.shardId() + " is part of another one");
      }
      installNow(at, source);
    } finally {
      changing.unlock();
    }
  }

  private void installNow(AppliedIndex at, StateSource source)
      throws IOException, InterruptedException {
    WriteBatch marker = engine.newBatch();
    marker.put(Family.APPLIED, markerKey, Bytes.EMPTY);
    marker.delete(Family.APPLIED, appliedKey);
    marker.delete(Family.APPLIED, stateKey);
    engine.write(marker);
    engine.flush();
    applied = AppliedIndex.NONE;
    long copies = copyNumber;
    copyNumber = -1;
    clear();
    byte @Nullable [] newState = null;
    byte[] newShard = encode(shard);
    // Most of a shard by far, and in the order of its keys: it need not pass through memory.
    try (BulkLoad rows = engine.bulkLoad(Family.CURRENT)) {
      for (byte[] piece = source.next(); piece != null; piece = source.next()) {
        WriteBatch batch = engine.newBatch();
        WireReader in = new WireReader(piece);
        while (!in.atEnd()) {
          int code = in.readByte();
          if (code == ENTRY_STATE) {
            newState = in.readBytes();
          } else if (code == ENTRY_SHARD) {
            newShard = in.readBytes();
            ShardDescriptor copied = decodeShard(newShard);
            if (!shard.span().contains(copied.span())) {
              neighbors.makeRoom(copied);
              clear(copied.span());
            }
          } else if (familyOf(code) == Family.CURRENT) {
            load(rows, piece, in);
          } else {
            batch.put(familyOf(code), in.readBytes(), in.readBytes());
          }
        }
        engine.write(batch);
      }
      rows.finish();
    }
    WriteBatch end = engine.newBatch();
    end.put(Family.APPLIED, appliedKey, encode(at));
    if (newState != null) {
      end.put(Family.APPLIED, stateKey, newState);
    }
    end.put(Family.APPLIED, shardKey, newShard);
    end.delete(Family.APPLIED, markerKey);
    // The data first: the marker must not vanish before all of it is durable.
    engine.flush();
    engine.write(end);
    engine.flush();
    shard = decodeShard(newShard);
    state = newState == null ? ShardState.initial(shard.epoch()) : ShardState.decode(newState);
    applied = at;
    leaseSeenNanos = clock.monotonicNanos();
    unsettledChanges.incrementAndGet();
    copyNumber = copies + 1;
  }

  /** Counts the copies installed; negative while one is. */
  long copyNumber() {
    return copyNumber;
  }

  /**
   * Grows whenever provisional writes or records of transactions may have come, after they are
   * there: who finds it unchanged knows what it saw there.
   */
  long unsettledChanges() {
    return unsettledChanges.get();
  }

  private static void load(BulkLoad rows, byte[] piece, WireReader in) {
    int keyLength = in.readInt();
    int keyOffset = piece.length - in.remaining();
    in.skip(keyLength);
    int valueLength = in.readInt();
    int valueOffset = piece.length - in.remaining();
    in.skip(valueLength);
    rows.put(piece, keyOffset, keyLength, valueOffset, valueLength);
  }

  /**
   * Removes the state for good, so that a crash leaves no half of it behind; see {@link #erase}. An
   * entry that is being applied is waited for, and none is written after.
   */
  void leave() {
    retire();
    WriteBatch batch = engine.newBatch();
    long id = shard.shardId();
    batch.put(Family.APPLIED, ReplicaKey.LEAVING.of(id), Bytes.EMPTY);
    batch.delete(Family.APPLIED, appliedKey);
    batch.delete(Family.APPLIED, stateKey);
    batch.delete(Family.APPLIED, ReplicaKey.SEEDING.of(id));
    batch.delete(Family.APPLIED, ReplicaKey.LATER.of(id));
    batch.delete(Family.APPLIED, ReplicaKey.ALONE.of(id));
    engine.write(batch);
    engine.flush();
  }

  /** Removes all rows after {@link #leave}, and then what says that there was anything. */
  void erase() {
    clear();
    engine.flush();
    WriteBatch batch = engine.newBatch();
    batch.delete(Family.APPLIED, markerKey);
    batch.delete(Family.APPLIED, shardKey);
    batch.delete(Family.APPLIED, ReplicaKey.LEAVING.of(shard.shardId()));
    engine.write(batch);
    engine.flush();
  }

  /**
   * The epoch that has to be passed by the shard on this copy alone, after all others were lost; 0
   * if nothing of the kind is under way. See {@link StoreRepair}.
   */
  long aloneAbove() {
    byte[] mark = engine.get(Family.APPLIED, ReplicaKey.ALONE.of(shard.shardId()));
    return mark == null ? 0 : new WireReader(mark).readVarint();
  }

  /** Says that this copy has become the shard's only one. */
  void clearAlone() {
    WriteBatch batch = engine.newBatch();
    batch.delete(Family.APPLIED, ReplicaKey.ALONE.of(shard.shardId()));
    engine.write(batch);
    // Or a crash would bring the mark back, when others have joined.
    engine.flush();
  }

  private void clear() {
    clear(shard.span());
  }

  private void clear(KeySpan span) {
    for (FamilySpan part : ReplicaSpans.of(engine, span)) {
      if (part.span().hasEnd() && !isEmpty(part)) {
        WriteBatch batch = engine.newBatch();
        batch.deleteRange(part.family(), part.span());
        engine.write(batch);
      }
    }
  }

  /** A deletion of nothing would slow reads down until it is compacted away. */
  private boolean isEmpty(FamilySpan part) {
    try (EngineIterator iterator = engine.iterator(part.family(), part.span())) {
      return !iterator.seekToFirst();
    }
  }

  private void checkNext(long index) {
    if (index <= applied.index()) {
      throw new IllegalStateException(
          "shard " + shard.shardId() + " got entry " + index + " after " + applied.index());
    }
  }

  private static void send(StateSink sink, WireWriter piece)
      throws IOException, InterruptedException {
    if (piece.length() > 0) {
      sink.write(piece.toByteArray());
    }
  }

  static byte[] encode(ShardDescriptor descriptor) {
    WireWriter out = new WireWriter(64);
    descriptor.put(out);
    return out.toByteArray();
  }

  static ShardDescriptor decodeShard(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    ShardDescriptor descriptor = ShardDescriptor.read(in);
    in.expectEnd();
    return descriptor;
  }

  static byte[] encode(List<String> members) {
    WireWriter out = new WireWriter(32);
    out.putVarint(members.size());
    members.forEach(out::putString);
    return out.toByteArray();
  }

  static List<String> decodeMembers(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    int count = in.readCount();
    List<String> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(in.readString());
    }
    in.expectEnd();
    return members;
  }

  private static byte[] longBytes(long value) {
    byte[] bytes = new byte[Long.BYTES];
    Bytes.putLong(bytes, 0, value);
    return bytes;
  }

  private static byte[] encode(AppliedIndex at) {
    byte[] bytes = new byte[2 * Long.BYTES];
    Bytes.putLong(bytes, 0, at.term());
    Bytes.putLong(bytes, Long.BYTES, at.index());
    return bytes;
  }

  static AppliedIndex readApplied(byte @Nullable [] bytes) {
    return bytes == null
        ? AppliedIndex.NONE
        : new AppliedIndex(Bytes.getLong(bytes, 0), Bytes.getLong(bytes, Long.BYTES));
  }

  private static int codeOf(Family family) {
    return switch (family) {
      case CURRENT -> 1;
      case HISTORY -> 2;
      case LOCK -> 3;
      case APPLIED -> throw new IllegalArgumentException("not part of a shard's span");
    };
  }

  private static Family familyOf(int code) {
    return switch (code) {
      case 1 -> Family.CURRENT;
      case 2 -> Family.HISTORY;
      case 3 -> Family.LOCK;
      default -> throw WireReader.corrupt("family code " + code);
    };
  }

  /** The entry that holds these commands. */
  static byte[] entryOf(List<byte[]> commands) {
    int bytes = 5;
    for (byte[] command : commands) {
      bytes += command.length + 5;
    }
    WireWriter out = new WireWriter(bytes);
    out.putVarint(commands.size());
    for (byte[] command : commands) {
      out.putBytes(command);
    }
    return out.toByteArray();
  }
}
