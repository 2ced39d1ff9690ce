package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionWalk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something to ask of a shard; all keys lie in it. */
public sealed interface KvRequest {

  /** Reads keys at a timestamp. Answer: {@link KvResult.Values}. */
  record Get(List<byte[]> keys, long readTs) implements KvRequest {}

  /**
   * Reads a span at a timestamp until a limit is reached. Answer: {@link KvResult.Page}.
   *
   * @param ownStatementLimit own provisional writes of this statement and later ones are not seen
   * @param work what a node is to do with the rows before it sends them to another one, see {@link
   *     PageWork}; null to send them
   */
  record Scan(
      KeySpan span,
      boolean reverse,
      long readTs,
      int rowLimit,
      int byteLimit,
      int ownStatementLimit,
      byte @Nullable [] work)
      implements KvRequest {
    /** The same of another span. */
    Scan of(KeySpan other) {
      return new Scan(other, reverse, readTs, rowLimit, byteLimit, ownStatementLimit, work);
    }
  }

  /**
   * Reads all versions that were committed in a span after one timestamp and up to another. Answer:
   * {@link KvResult.Page} with a row for each, as {@link VersionWalk} gives them.
   */
  record Versions(VersionWalk walk) implements KvRequest {}

  /**
   * Locks rows and reads their newest versions. Answer: {@link KvResult.Locked}.
   *
   * @param lockTimeoutNanos how long to wait for each row, 0 for as long as the deadline allows
   */
  record Lock(
      List<byte[]> keys,
      LockStrength strength,
      LockWait waiting,
      long lockTimeoutNanos,
      long readTs)
      implements KvRequest {}

  /**
   * Commits a transaction by what it writes in this shard: that is all of it, or the rest is stored
   * provisionally elsewhere with the first of these keys as the primary. Answer: {@link
   * KvResult.Committed}.
   *
   * @param snapshotTs versions above it may not be overwritten; {@code Long.MAX_VALUE} where any
   *     may
   * @param minCommitTs the commit timestamp is at least this
   * @param firstSentTs a timestamp of the oracle taken no later than the first time it was sent
   * @param elsewhere what was sent provisional writes in other shards
   */
  record CommitWrites(
      List<Mutation> writes,
      List<ValidatedRead> reads,
      List<HeldLock> locks,
      long snapshotTs,
      long minCommitTs,
      long firstSentTs,
      List<KeySpan> elsewhere,
      long lockTimeoutNanos)
      implements KvRequest {}

  /**
   * Stores provisional writes. Answer: {@link KvResult.Prepared}.
   *
   * @param primaryKey the key of the transaction's record, maybe in another shard
   * @param batchNumber counts the batches of this transaction for this shard, from 1
   * @param seal null while more may follow
   */
  record Prepare(
      byte[] primaryKey,
      List<Mutation> writes,
      long snapshotTs,
      long minCommitTs,
      int batchNumber,
      @Nullable Seal seal,
      long lockTimeoutNanos)
      implements KvRequest {}

  /**
   * Stores a transaction's writes so that it is committed once all of them are in place, in all
   * shards, at the greatest of the timestamps that the shards have answered. Answer: {@link
   * KvResult.Prepared}, or {@link KvResult.Committed} if that is known to have happened.
   *
   * @param ceilingTs refused, without effect, if the commit timestamp would have to be greater:
   *     what the transaction has read is proved up to there
   * @param batchNumber counts the batches of this transaction, from 1
   * @param firstSentTs a timestamp of the oracle taken no later than the first time it was sent
   * @param names every key that the transaction writes, for the shard of its record; else empty
   */
  record Stage(
      byte[] primaryKey,
      List<Mutation> writes,
      long snapshotTs,
      long minCommitTs,
      long ceilingTs,
      int batchNumber,
      long firstSentTs,
      List<byte[]> names,
      long lockTimeoutNanos)
      implements KvRequest {}

  /**
   * Says that all writes of a staged transaction are in place: its record says so from now on.
   * Answer: {@link KvResult.Committed}.
   *
   * @param keys what it has written in the shard of its record
   */
  record FinishStaged(byte[] primaryKey, long commitTs, List<byte[]> keys) implements KvRequest {}

  /**
   * Asks whether the writes of a staged transaction are in place, and sees to it that one that is
   * not never will be. Answer: {@link KvResult.Prepared} if all are, with the greatest of their
   * least commit timestamps, else {@link KvResult.TxnOutcome}.
   */
  record Fence(TxnId id, List<byte[]> keys) implements KvRequest {}

  /**
   * The end of a shard's provisional writes: it must hold exactly these.
   *
   * @param batches the numbers of the batches sent before of which something is left
   * @param undone the statements rolled back: pairs of first and last sequence number
   * @param span covers every key sent
   */
  record Seal(List<Integer> batches, List<Range> undone, KeySpan span) {
    /** Whether the batch that brings the seal is all there is: nothing else need be counted. */
    public boolean isOfOneBatch() {
      return batches.isEmpty() && undone.isEmpty();
    }
  }

  /** Statements from one sequence number to another, both included. */
  record Range(int first, int last) {
    public boolean contains(int statement) {
      return statement >= first && statement <= last;
    }
  }

  /**
   * Takes back provisional writes of statements that were rolled back to a savepoint. Answer:
   * {@link KvResult.Done}.
   */
  record Undo(KeySpan span, int firstStatement, int lastStatement) implements KvRequest {}

  /** Checks reads and locks for a commit at a timestamp. Answer: {@link KvResult.Done}. */
  record Validate(List<ValidatedRead> reads, List<HeldLock> locks, long commitTs)
      implements KvRequest {}

  /**
   * Commits a prepared transaction: the commit point. Answer: {@link KvResult.Committed}.
   *
   * @param mayRaise whether a higher timestamp will do: nothing was validated at this one
   * @param spans every span that was ever sent a provisional write
   */
  record CommitRecord(byte[] primaryKey, long commitTs, boolean mayRaise, List<KeySpan> spans)
      implements KvRequest {}

  /** Makes sure that the transaction is never committed. Answer: {@link KvResult.TxnOutcome}. */
  record Abort(byte[] primaryKey, List<KeySpan> spans) implements KvRequest {}

  /**
   * Turns provisional writes in a span into versions or removes them. Answer: {@link
   * KvResult.Resolved}.
   *
   * @param commitTs 0 where the transaction was aborted
   * @param keys where known: only these; empty for all of the span
   */
  record Resolve(TxnId id, long commitTs, KeySpan span, List<byte[]> keys) implements KvRequest {}

  /** Removes records of which nothing is left to resolve. Answer: {@link KvResult.Done}. */
  record ForgetRecords(List<RecordName> records) implements KvRequest {}

  /**
   * Asks for the state of another transaction, and makes sure that it will not commit at or below a
   * timestamp. Answer: {@link KvResult.TxnOutcome}.
   *
   * @param pushTs 0 to push nothing; {@link #AWAIT_STAGED} to push nothing, and not to be told
   *     PENDING of a transaction that may be committed already
   * @param abortExpired whether to abort it if its coordinator has fallen silent
   */
  record Push(TxnId id, byte[] primaryKey, long pushTs, boolean abortExpired) implements KvRequest {
    public static final long AWAIT_STAGED = -1;
  }

  /** Says that transactions are alive. Answer: {@link KvResult.Done}. */
  record Heartbeat(List<TxnId> ids) implements KvRequest {}

  /**
   * Ends a transaction that wrote nothing in this shard: checks its locks if it commits and lets
   * all of them go. Answer: {@link KvResult.Done}.
   */
  record Release(List<HeldLock> mustHold) implements KvRequest {}

  /**
   * Reports for whom a transaction waits; asks whether that closes a cycle. Answer: {@link
   * KvResult.WaitVerdict}.
   *
   * @param holders empty: it waits no more
   * @param shardId where it waits
   * @param leaseNumber the lease of that shard under which it waits: what was reported under older
   *     ones is over
   */
  record ReportWait(TxnId waiter, List<TxnId> holders, long shardId, long leaseNumber)
      implements KvRequest {}

  /**
   * Asks the oracle for a timestamp. Answer: {@link KvResult.OracleReply}.
   *
   * @param oldestReadTs the oldest timestamp that a transaction of this gateway still reads at
   */
  record NextTimestamp(int gatewayNode, long oldestReadTs) implements KvRequest {}

  /**
   * Refuses writes planned on older versions of a table from now on, once the transaction has
   * committed. Answer: {@link KvResult.Done}.
   */
  record RaiseSchemaFloor(TableVersion floor, byte[] primaryKey, KeySpan span)
      implements KvRequest {}

  /**
   * Cuts the shard in two at a key inside of it. Answer: {@link KvResult.Done}, once the shard ends
   * before the key.
   *
   * @param childId the id of the shard that begins with the key; of no other shard ever
   */
  record Split(byte[] key, long childId) implements KvRequest {}

  /**
   * Asks the lease holder to see to it that nothing commits at or below a timestamp any more, so
   * that other replicas can serve reads there. Answer: {@link KvResult.Done}.
   */
  record Close(long timestamp) implements KvRequest {}

  /**
   * Sums up what one replica has in a span at a closed timestamp. Answer: {@link KvResult.Sum},
   * maybe of a part.
   */
  record SumUp(KeySpan span, long readTs) implements KvRequest {}

  /**
   * Moves the shard's replicas. Answer: {@link KvResult.Done}, once that is certain to happen; it
   * may take long after that.
   *
   * @param nodeIds the nodes that are to hold the replicas, the preferred leader first
   */
  record Move(List<Integer> nodeIds) implements KvRequest {
    public Move {
      nodeIds = List.copyOf(nodeIds);
    }
  }

  /**
   * Makes the shard take in its right neighbor. Answer: {@link KvResult.Done}, once that is so.
   *
   * @param right the neighbor, as the sender knows it
   */
  record Merge(ShardDescriptor right) implements KvRequest {}

  /**
   * What the right one of two shards that are to be merged is asked for by the left one.
   *
   * @param attempt the left one's; 0 to see whether there is a replica
   */
  record MergeSide(Kind kind, long attempt) implements KvRequest {
    /** What it is to do. */
    public enum Kind {
      /** To change no more. Answer: {@link KvResult.Frozen}. */
      FREEZE,
      /** To go on. Answer: {@link KvResult.Done}. */
      UNFREEZE,
      /** To say, by any replica, that it has the end durably. Answer: {@link KvResult.Done}. */
      REPORT
    }
  }

  /** Asks how the shard is doing. Answer: {@link KvResult.ShardFacts}. */
  record Describe() implements KvRequest {}
}
