package io.shardforge.raft.txn;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionWalk;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on the key-value layer, used by one thread at a time.
 *
 * <p>Every method that reaches a shard throws {@link KvException} for an expected outcome. After an
 * error the transaction can be rolled back, as a whole or to a savepoint. Interrupting the thread
 * ends a wait with {@link KvError.Canceled}; {@link #commit} cannot be interrupted.
 */
public interface Txn {
  /** The identity under which it locks and writes. */
  TxnId id();

  /** As {@link #id}, null before the first statement. Any thread. */
  @Nullable TxnId idOrNull();

  Isolation isolation();

  /** A timestamp that the oracle issued after the transaction began; its commit is above it. */
  long startTimestamp();

  /**
   * The commit timestamp of the newest change of the catalog, as the oracle's newest answer had it.
   */
  long catalogVersion();

  /**
   * Starts a statement: at READ COMMITTED with a fresh read timestamp. Must be called before the
   * first read or write.
   *
   * @param lockTimeout how long to wait for each row lock; zero for as long as the deadline allows
   */
  void beginStatement(Deadline statementDeadline, Duration lockTimeout);

  /**
   * Makes the rest of the statement see the newest state instead of the transaction's snapshot: at
   * REPEATABLE READ, where locks and writes are still judged by the snapshot. At READ COMMITTED a
   * statement's own snapshot is as new, and at SERIALIZABLE the commit proves that nothing changed.
   * Also asks for the newest {@link #catalogVersion}, at the latter levels.
   */
  void readNewest();

  /**
   * Takes a newer snapshot, with the locks and writes that there are: for a transaction of which
   * nothing has depended on what it read so far.
   */
  void renewSnapshot();

  /** The timestamp that reads see the data at. */
  long readTimestamp();

  /** Whether it was begun on the state of a timestamp in the past. */
  boolean readsPast();

  /** From now on counts what is read, until it is told to count elsewhere or nowhere (null). */
  void countReads(@Nullable ReadMeter meter);

  /** Reads one key, own writes included; null where there is no row. */
  byte @Nullable [] get(byte[] key);

  /** Reads many keys, in their order, from all shards at once. */
  List<byte @Nullable []> getAll(List<byte[]> keys);

  /**
   * Reads a span, own writes included.
   *
   * @param rowLimitHint how many rows will be wanted at most; 0 for all
   */
  KvCursor scan(KeySpan span, boolean reverse, int rowLimitHint);

  /**
   * Reads all versions in a part of the past: one that ends at the read timestamp of a transaction
   * on a past state. A page has a row for each of them, see {@link VersionWalk}.
   *
   * @param walk the first page of it begins there; its end is not later than what is read
   */
  KvCursor versions(VersionWalk walk);

  /**
   * Reads many short spans, own writes included: one cursor each, in their order. Their beginnings
   * are asked for together, a message to each shard.
   */
  default List<KvCursor> scanAll(List<KeySpan> spans) {
    return spans.stream().map(span -> scan(span, false, 0)).toList();
  }

  /**
   * Locks rows and returns the newest committed value (or own write) of each: a locking read. At
   * READ COMMITTED a version newer than the read timestamp is returned with {@code newer}; above it
   * that fails with {@link KvError.WriteConflict}.
   */
  List<LockedRow> lock(List<byte[]> keys, LockStrength strength, LockWait wait);

  /**
   * Writes a row over what {@link #lock} or {@link #get} saw there; the commit fails if that has
   * changed. A key that was not looked at is overwritten whatever it holds: right for keys that the
   * lock of another row guards, such as index entries.
   */
  void put(TableVersion table, byte[] key, byte[] value);

  /**
   * Adds a row where there must be none; {@link KvError.KeyExists} at the latest from {@link
   * #finishStatement} or from the commit that follows it.
   */
  void insert(TableVersion table, byte[] key, byte[] value);

  /**
   * Adds a row under a key that was made for it and that no other row can have. Nothing is locked
   * or looked up before the commit, which fails if there is a row after all.
   */
  void insertNew(TableVersion table, byte[] key, byte[] value);

  /** Removes a row under the same rules as {@link #put}. */
  void delete(TableVersion table, byte[] key);

  /**
   * Ends a statement: judges its insertions.
   *
   * @param commitFollows whether {@link #commit} is the next call, which then judges them
   */
  void finishStatement(boolean commitFollows);

  /**
   * Sends what was written to its shards, as provisional writes, and keeps history for this
   * transaction no more: for one that goes on only to hold what it holds.
   */
  void hold();

  /** Marks a point to roll back to. Savepoints are numbered upwards and nest. */
  int savepoint();

  /** Undoes all writes since the savepoint, which stays; its row locks are kept. */
  void rollbackTo(int savepoint);

  /** Forgets a savepoint and those after it. */
  void release(int savepoint);

  /**
   * Commits and returns the commit timestamp (the read timestamp where nothing was written). Any
   * error but {@link KvError.OutcomeUnknown} means that nothing was committed.
   */
  long commit();

  /** Undoes everything; does nothing after the end. Never throws for an expected outcome. */
  void rollback();

  boolean hasWrites();

  /** Whether {@link #restartStatement} is possible: READ COMMITTED, nothing of it shipped early. */
  boolean statementMayRestart();

  /**
   * Starts the running statement again on a fresh snapshot; keeps its row locks, undoes its writes.
   */
  void restartStatement();

  /**
   * Refuses writes planned on versions of the table below this one, from this transaction's commit
   * on; waits for older writers. Its own writes of the table carry the new version.
   *
   * @param rows where the table's rows and index entries lie
   */
  void raiseSchemaFloor(int tableId, long version, KeySpan rows);
}
