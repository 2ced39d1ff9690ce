package io.shardforge.raft.txn;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionWalk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on its gateway: buffers writes, lays them over its reads, remembers what its commit
 * has to prove. {@link TxnCommit} ends it.
 */
final class BufferedTxn implements Txn {
  /** Buffered bytes beyond which writes are shipped as provisional ones. */
  static final long BUFFER_BYTES_MAX = 4L << 20;

  /** Buffered rows beyond which writes are shipped. */
  static final int BUFFER_ROWS_MAX = 20_000;

  /** Insertions of one statement that are judged by locking each; more are shipped instead. */
  static final int LOCKED_INSERTS_MAX = 500;

  private final TxnCoordinator coordinator;
  private final Isolation isolation;
  private final boolean readOnly;
  private final long asOf;
  private final Clock clock;
  private final WriteBuffer buffer = new WriteBuffer();
  private final ValidatedReads reads = new ValidatedReads();
  private final TakenLocks locks = new TakenLocks();
  private @Nullable ReadMeter meter;
  private final SeenVersions readVersions = new SeenVersions();
  private final List<Savepoint> savepoints = new ArrayList<>();
  private final Map<Long, Contact> contacted = new ConcurrentHashMap<>();
  private final SentWrites sent;
  private final TxnCommit commit;
  private volatile @Nullable TxnId id;
  private volatile long startTs;
  private volatile long readTs;
  // Where reads of a statement look that sees the newest state; 0 for readTs.
  private long newestTs;
  private long catalogVersion;
  private long minCommitTs;
  private long fetchedNanos;
  private int statement;
  private int savepointCounter;
  private long statementMark;
  private boolean shippedInStatement;
  private Deadline deadline = Deadline.never();
  private Duration lockTimeout = Duration.ZERO;
  private boolean ended;
  private volatile boolean locksReported;
  private volatile boolean holding;

  BufferedTxn(TxnCoordinator coordinator, Isolation isolation, boolean readOnly, long asOf) {
    this.coordinator = coordinator;
    this.isolation = isolation;
    this.readOnly = readOnly;
    this.asOf = asOf;
    this.clock = coordinator.clock();
    this.sent = new SentWrites(this, coordinator);
    this.commit = new TxnCommit(this, sent, coordinator);
  }

  /** A point to roll back to: its number, its first statement, and the buffer's mark then. */
  private record Savepoint(int number, int firstStatement, long mark) {}

  // ---- State ----

  @Override
  public TxnId id() {
    TxnId known = id;
    if (known == null) {
      throw new IllegalStateException("no statement has begun");
    }
    return known;
  }

  @Override
  public @Nullable TxnId idOrNull() {
    return id;
  }

  @Override
  public Isolation isolation() {
    return isolation;
  }

  @Override
  public long startTimestamp() {
    return startTs;
  }

  @Override
  public long catalogVersion() {
    return catalogVersion;
  }

  @Override
  public long readTimestamp() {
    return readTs;
  }

  @Override
  public boolean readsPast() {
    return asOf > 0;
  }

  @Override
  public boolean hasWrites() {
    return !buffer.isEmpty() || sent.hasShipped();
  }

  WriteBuffer buffer() {
    return buffer;
  }

  ValidatedReads reads() {
    return reads;
  }

  Collection<HeldLock> locks() {
    return locks.all();
  }

  /** Adds the locks on keys of a span; from then on the end of the transaction is reported, too. */
  void reportLocks(KeySpan span, List<ReportedLock> into) {
    TxnId known = id;
    if (known == null || locks.all().isEmpty()) {
      return;
    }
    locksReported = true;
    for (HeldLock lock : locks.in(span)) {
      into.add(new ReportedLock(known, lock.key(), lock.strength()));
    }
  }

  /** Whether there may be provisional writes of this transaction. */
  boolean hasPrepared() {
    return sent.primaryKey() != null;
  }

  boolean locksReported() {
    return locksReported;
  }

  Deadline deadline() {
    return deadline;
  }

  long lockTimeoutNanos() {
    return lockTimeout.toNanos();
  }

  /** Above everything that was read or locked. */
  long minCommitTs() {
    return Math.max(minCommitTs, readTs) + 1;
  }

  /** Versions above it may not be overwritten. */
  long snapshotTs() {
    return isolation == Isolation.READ_COMMITTED ? Long.MAX_VALUE : readTs;
  }

  long fetchedNanos() {
    return fetchedNanos;
  }

  /** Statements that savepoints begin with. */
  List<Integer> savepointStatements() {
    List<Integer> statements = new ArrayList<>(savepoints.size());
    for (Savepoint savepoint : savepoints) {
      statements.add(savepoint.firstStatement);
    }
    return statements;
  }

  TxnHeader header() {
    return new TxnHeader(id(), isolation, coordinator.nodeId(), coordinator.timestamps().newest());
  }

  /** Reads of the past are nobody's in particular: any replica may answer that knows it all. */
  private @Nullable TxnHeader readHeader() {
    return asOf > 0 ? null : header();
  }

  /** A shard where this transaction may hold something, as it was then, and a key in it. */
  private record Contact(ShardDescriptor shard, byte[] key) {}

  /** A key in each shard where this transaction may hold something. */
  Collection<byte[]> contacted() {
    List<byte[]> keys = new ArrayList<>(contacted.size());
    for (Contact contact : contacted.values()) {
      ShardDescriptor was = contact.shard;
      ShardDescriptor now = coordinator.calls().locator().locate(contact.key);
      if (now.epoch() == was.epoch() && now.shardId() == was.shardId()) {
        keys.add(contact.key);
        continue;
      }
      // It was split since: what is held may be in any part.
      for (ShardDescriptor part : coordinator.calls().locator().locate(was.span())) {
        part.span().intersect(was.span()).ifPresent(span -> keys.add(span.start()));
      }
    }
    return keys;
  }

  void contact(ShardDescriptor shard, byte[] key) {
    if (!contacted.containsKey(shard.shardId())) {
      contacted.putIfAbsent(shard.shardId(), new Contact(shard, key));
    }
  }

  long oldestReadTs() {
    long oldest = holding ? 0 : readTs;
    return oldest == 0 ? Long.MAX_VALUE : Math.min(oldest, asOf > 0 ? asOf : oldest);
  }

  void noteRead(KeySpan span, long timestamp) {
    reads.add(span, timestamp);
  }

  // ---- Statements ----

  @Override
  public void beginStatement(Deadline statementDeadline, Duration newLockTimeout) {
    checkNotEnded();
    awaitShipment();
    deadline = statementDeadline;
    lockTimeout = newLockTimeout;
    statement++;
    shippedInStatement = false;
    newestTs = 0;
    readVersions.clear();
    if (savepoints.isEmpty()) {
      buffer.dropUndoBefore(buffer.mark());
    }
    statementMark = buffer.mark();
    if (id == null || isolation == Isolation.READ_COMMITTED) {
      freshSnapshot();
    }
  }

  @Override
  public void readNewest() {
    checkNotEnded();
    if (isolation == Isolation.READ_COMMITTED || asOf > 0) {
      return;
    }
    KvResult.OracleReply reply = fetch();
    catalogVersion = reply.catalogVersion();
    if (isolation == Isolation.REPEATABLE_READ) {
      newestTs = reply.timestamp();
      minCommitTs = Math.max(minCommitTs, newestTs);
    }
  }

  @Override
  public void renewSnapshot() {
    checkNotEnded();
    freshSnapshot();
  }

  private long seenTs() {
    return newestTs > 0 ? newestTs : readTs;
  }

  private void freshSnapshot() {
    if (asOf > 0) {
      catalogVersion = coordinator.timestamps().catalogVersion();
      begun(asOf);
      readTs = asOf;
      return;
    }
    KvResult.OracleReply reply = fetch();
    catalogVersion = reply.catalogVersion();
    begun(reply.timestamp());
    readTs = reply.timestamp();
  }

  private void begun(long timestamp) {
    if (id == null) {
      startTs = timestamp;
      id = coordinator.newId(startTs);
      coordinator.register(this);
    }
  }

  private KvResult.OracleReply fetch() {
    try {
      KvResult.OracleReply reply = coordinator.timestamps().fetch(deadline);
      fetchedNanos = clock.monotonicNanos();
      return reply;
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  @Override
  public boolean statementMayRestart() {
    return isolation == Isolation.READ_COMMITTED && !shippedInStatement && !ended;
  }

  @Override
  public void restartStatement() {
    if (!statementMayRestart()) {
      throw new IllegalStateException("the statement cannot be restarted");
    }
    buffer.undoTo(statementMark);
    readVersions.clear();
    freshSnapshot();
  }

  @Override
  public void finishStatement(boolean commitFollows) {
    checkNotEnded();
    awaitShipment();
    if (commitFollows) {
      return;
    }
    List<Mutation> pending = new ArrayList<>();
    for (Mutation write : buffer.all()) {
      if (write.kind() == Mutation.Kind.INSERT && write.replacesTs() == Mutation.BLIND) {
        pending.add(write);
      }
    }
    if (pending.isEmpty()) {
      return;
    }
    if (pending.size() > LOCKED_INSERTS_MAX) {
      ship();
      return;
    }
    List<LockedRow> rows =
        lockRemote(
            pending.stream().map(Mutation::key).toList(), LockStrength.UPDATE, LockWait.BLOCK);
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).value() != null) {
        throw new KvException(new KvError.KeyExists(rows.get(i).key()));
      }
      buffer.judged(pending.get(i));
    }
  }

  // ---- Reads ----

  @Override
  public void countReads(@Nullable ReadMeter counts) {
    meter = counts;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    checkNotEnded();
    awaitShipment();
    Mutation own = buffer.get(key);
    if (own != null) {
      return own.value();
    }
    if (validatesReads()) {
      reads.add(KeySpan.ofKey(key), readTs);
    }
    KvResult.Value value = readOne(key, seenTs());
    see(key, value.commitTs());
    return value.value();
  }

  private KvResult.Value readOne(byte[] key, long timestamp) {
    try {
      KvResult result =
          coordinator
              .calls()
              .callAt(key, readHeader(), deadline, new KvRequest.Get(List.of(key), timestamp));
      if (meter != null) {
        ShardDescriptor shard = coordinator.calls().locator().locate(key);
        meter.answered(shard.shardId(), coordinator.calls().answererOf(shard), List.of(result));
      }
      return ((KvResult.Values) result).values().getFirst();
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    checkNotEnded();
    awaitShipment();
    if (keys.size() == 1) {
      List<byte @Nullable []> single = new ArrayList<>(1);
      single.add(get(keys.getFirst()));
      return single;
    }
    List<byte @Nullable []> result = new ArrayList<>(keys.size());
    List<Wanted> remote = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      Mutation own = buffer.get(key);
      if (own == null) {
        remote.add(new Wanted(key, result.size()));
        if (validatesReads()) {
          reads.add(KeySpan.ofKey(key), readTs);
        }
      }
      result.add(own == null ? null : own.value());
    }
    KvResult.Value[] found = new KvResult.Value[keys.size()];
    eachShard(
        remote,
        Wanted::key,
        (shard, part) -> {
          KvRequest request = new KvRequest.Get(part.stream().map(Wanted::key).toList(), seenTs());
          KvResult.Values values =
              (KvResult.Values)
                  coordinator
                      .calls()
                      .call(shard, readHeader(), deadline, List.of(request), meter)
                      .getFirst();
          for (int i = 0; i < part.size(); i++) {
            found[part.get(i).at] = values.values().get(i);
          }
        });
    for (Wanted wanted : remote) {
      KvResult.Value value = found[wanted.at];
      see(wanted.key, value.commitTs());
      result.set(wanted.at, value.value());
    }
    return result;
  }

  /** A key to be read for a place in a result. */
  private record Wanted(byte[] key, int at) {}

  @Override
  public KvCursor scan(KeySpan span, boolean reverse, int rowLimitHint) {
    // Waits for no shipment: it does not see what its own statement writes.
    checkNotEnded();
    return new MergedCursor(
        this, span, reverse, rowLimitHint, seenTs(), statement, validatesReads());
  }

  @Override
  public KvCursor versions(VersionWalk walk) {
    checkNotEnded();
    if (!readsPast() || walk.upToTs() > seenTs()) {
      throw new IllegalStateException("not in the past that is read: " + walk.upToTs());
    }
    return new VersionCursor(pages(), walk);
  }

  @Override
  public List<KvCursor> scanAll(List<KeySpan> spans) {
    checkNotEnded();
    List<MergedCursor> cursors = new ArrayList<>(spans.size());
    for (KeySpan span : spans) {
      cursors.add(new MergedCursor(this, span, false, 0, seenTs(), statement, validatesReads()));
    }
    try {
      pages().prime(cursors, seenTs(), statement);
    } catch (InterruptedException e) {
      throw canceled();
    }
    return List.copyOf(cursors);
  }

  PageReads pages() {
    return new PageReads(coordinator.calls(), readHeader(), deadline, meter);
  }

  private boolean validatesReads() {
    return isolation == Isolation.SERIALIZABLE && !readOnly;
  }

  private void see(byte[] key, long commitTs) {
    if (!readOnly) {
      readVersions.add(key, commitTs);
    }
  }

  // ---- Locks ----

  @Override
  public List<LockedRow> lock(List<byte[]> keys, LockStrength strength, LockWait wait) {
    checkWritable();
    awaitShipment();
    if (keys.isEmpty()) {
      return List.of();
    }
    List<LockedRow> rows = lockRemote(keys, strength, wait);
    List<LockedRow> result = new ArrayList<>(rows.size());
    for (LockedRow row : rows) {
      Mutation own = buffer.get(row.key());
      result.add(
          own == null || row.skipped()
              ? row
              : new LockedRow(row.key(), own.value(), row.commitTs(), false, false));
    }
    return result;
  }

  private List<LockedRow> lockRemote(List<byte[]> keys, LockStrength strength, LockWait wait) {
    TreeMap<byte[], LockedRow> found = new TreeMap<>(Bytes::compare);
    eachShard(
        keys,
        key -> key,
        (shard, part) -> {
          contact(shard, part.getFirst());
          KvResult.Locked locked =
              (KvResult.Locked)
                  coordinator
                      .calls()
                      .call(
                          shard,
                          header(),
                          deadline,
                          List.of(
                              new KvRequest.Lock(
                                  part, strength, wait, lockTimeout.toNanos(), readTs)),
                          meter)
                      .getFirst();
          synchronized (found) {
            for (LockedRow row : locked.rows()) {
              found.put(row.key(), row);
              if (!row.skipped()) {
                locks.add(row, strength, locked.leaseNumber());
                minCommitTs = Math.max(minCommitTs, row.commitTs());
              }
            }
          }
        });
    List<LockedRow> rows = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      LockedRow row = found.get(key);
      if (row == null) {
        throw new KvException(new KvError.Broken("a lock got no answer", null));
      }
      rows.add(row);
    }
    return rows;
  }

  // ---- Writes ----

  @Override
  public void put(TableVersion table, byte[] key, byte[] value) {
    checkWritable();
    buffer.put(table, key, value, seen(key), statement);
    shipIfLarge();
  }

  @Override
  public void insert(TableVersion table, byte[] key, byte[] value) {
    checkWritable();
    buffer.insert(table, key, value, statement);
    shipIfLarge();
  }

  @Override
  public void insertNew(TableVersion table, byte[] key, byte[] value) {
    checkWritable();
    buffer.insertNew(table, key, value, statement);
    shipIfLarge();
  }

  @Override
  public void delete(TableVersion table, byte[] key) {
    checkWritable();
    buffer.delete(table, key, seen(key), statement);
    shipIfLarge();
  }

  private long seen(byte[] key) {
    Long version = locks.versionOf(key);
    if (version == null) {
      version = readVersions.get(key);
    }
    return version == null ? Mutation.BLIND : version;
  }

  private void shipIfLarge() {
    if (buffer.sizeBytes() > BUFFER_BYTES_MAX || buffer.rows() > BUFFER_ROWS_MAX) {
      ship();
    }
  }

  private void ship() {
    shippedInStatement = true;
    try {
      sent.ship();
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  @Override
  public void hold() {
    ship();
    awaitShipment();
    holding = true;
  }

  @Override
  public void raiseSchemaFloor(int tableId, long version, KeySpan rows) {
    checkWritable();
    try {
      commit.raiseSchemaFloor(new TableVersion(tableId, version), rows);
    } catch (InterruptedException e) {
      throw canceled();
    }
    // What the floors have let be was committed before: this change must come after it, or what it
    // has read of the table would be proved for a time before those writes.
    minCommitTs = Math.max(minCommitTs, fetch().timestamp());
  }

  // ---- Savepoints ----

  @Override
  public int savepoint() {
    checkNotEnded();
    // Writes before and after carry different statement numbers, so that shards can tell them.
    statement++;
    Savepoint savepoint = new Savepoint(++savepointCounter, statement, buffer.mark());
    savepoints.add(savepoint);
    return savepoint.number;
  }

  @Override
  public void rollbackTo(int savepoint) {
    checkNotEnded();
    int index = indexOf(savepoint);
    Savepoint target = savepoints.get(index);
    savepoints.subList(index + 1, savepoints.size()).clear();
    buffer.undoTo(target.mark);
    try {
      sent.undo(target.firstStatement, statement);
    } catch (InterruptedException e) {
      throw canceled();
    }
    // New writes must not be taken for those undone.
    statement++;
    savepoints.set(index, new Savepoint(target.number, statement, buffer.mark()));
    statementMark = buffer.mark();
    readVersions.clear();
  }

  @Override
  public void release(int savepoint) {
    checkNotEnded();
    int index = indexOf(savepoint);
    savepoints.subList(index, savepoints.size()).clear();
  }

  private int indexOf(int savepoint) {
    for (int i = 0; i < savepoints.size(); i++) {
      if (savepoints.get(i).number == savepoint) {
        return i;
      }
    }
    throw new ShardForgeException(
        ErrorCode.INVALID_SAVEPOINT_SPECIFICATION, "no savepoint " + savepoint);
  }

  // ---- The end ----

  @Override
  public long commit() {
    checkNotEnded();
    ended = true;
    if (id == null) {
      return readTs;
    }
    try {
      return commit.run();
    } finally {
      coordinator.unregister(this);
    }
  }

  @Override
  public void rollback() {
    if (ended) {
      return;
    }
    ended = true;
    if (id == null) {
      return;
    }
    try {
      commit.abandon();
    } finally {
      buffer.clear();
      coordinator.unregister(this);
    }
  }

  // ---- Shared ----

  /** What a statement asks of one shard for some keys. */
  @FunctionalInterface
  private interface KeyLeg<T> {
    void run(ShardDescriptor shard, List<T> part) throws InterruptedException;
  }

  /** Does something at all shards that hold the things' keys, and again where the map was old. */
  private <T> void eachShard(List<T> things, Function<T, byte[]> keyOf, KeyLeg<T> leg) {
    if (things.isEmpty()) {
      return;
    }
    ShardCalls calls = coordinator.calls();
    try {
      for (int i = 0; ; i++) {
        Map<ShardDescriptor, List<T>> groups = calls.group(things, keyOf);
        try {
          var _ =
              calls.all(
                  groups.keySet(),
                  shard -> {
                    leg.run(shard, groups.getOrDefault(shard, List.of()));
                    return true;
                  });
          return;
        } catch (KvException e) {
          if (!calls.mayRegroup(e, i, deadline)) {
            throw e;
          }
          noteRetry();
        }
      }
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  private void noteRetry() {
    if (meter != null) {
      meter.retried();
    }
  }

  /** Before anything that must find what was shipped. */
  private void awaitShipment() {
    try {
      sent.awaitShipment();
    } catch (InterruptedException e) {
      throw canceled();
    }
  }

  static KvException canceled() {
    // The flag is the caller's to clear: it asked for the interruption.
    Thread.currentThread().interrupt();
    return new KvException(new KvError.Canceled());
  }

  private void checkNotEnded() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended");
    }
  }

  private void checkWritable() {
    checkNotEnded();
    if (readOnly) {
      throw new ShardForgeException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION, "cannot write in a read-only transaction");
    }
  }

  @Override
  public String toString() {
    return "Txn[" + id + " " + isolation + " statement " + statement + "]";
  }
}
