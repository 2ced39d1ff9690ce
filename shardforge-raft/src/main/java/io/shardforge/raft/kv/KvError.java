package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expected outcome that is not what was asked for. */
public sealed interface KvError {
  /** Whether a wait was given up for it, which another copy of the request may go on with. */
  default boolean endsWait() {
    return this instanceof Deadlock
        || this instanceof LockNotAvailable
        || this instanceof DeadlineExceeded;
  }

  /** This node does not lead the shard; certainly nothing happened. 0 = leader unknown. */
  record NotLeader(long shardId, int leaderNode) implements KvError {}

  /**
   * The shard is not what the sender thought: locate the keys anew.
   *
   * @param epoch of the shard as it is: where the sender named the same one, what it asked for has
   *     certainly not happened and never will
   */
  record StaleShard(long shardId, long epoch) implements KvError {}

  /** Nobody answered for the shard before the deadline; certainly nothing happened. */
  record Unavailable(long shardId, String reason) implements KvError {}

  /**
   * Most replicas of the shard have been out of reach for long; certainly nothing happened.
   *
   * @param replicas the nodes that hold one
   * @param unreachable those of them that do not answer
   */
  record QuorumLost(long shardId, List<Integer> replicas, List<Integer> unreachable)
      implements KvError {
    public QuorumLost {
      replicas = List.copyOf(replicas);
      unreachable = List.copyOf(unreachable);
    }
  }

  /** It may or may not have happened: send it again. */
  record Ambiguous(long shardId) implements KvError {}

  /** The shard has too much to do; certainly nothing happened. */
  record Overloaded(long shardId) implements KvError {}

  /** The deadline passed while waiting; certainly nothing happened. */
  record DeadlineExceeded(String waitingFor) implements KvError {}

  /** The thread was interrupted while waiting. */
  record Canceled() implements KvError {}

  /** A row to be inserted is there already. */
  record KeyExists(byte[] key) implements KvError {}

  /** A row was changed by another transaction after this one's snapshot. */
  record WriteConflict(byte[] key) implements KvError {}

  /** Something that the transaction read has changed since. */
  record ReadChanged(byte[] key) implements KvError {}

  /** A row lock went with its leader, or was taken from a transaction that had fallen silent. */
  record LockLost(byte[] key) implements KvError {}

  /** The row is locked by another transaction, and waiting was not allowed or took too long. */
  record LockNotAvailable(byte[] key, boolean timedOut) implements KvError {}

  /** Each transaction waits for the other. */
  record Deadlock(TxnId waiter, TxnId holder, byte[] key) implements KvError {}

  /** The transaction was aborted by others, because its coordinator had fallen silent. */
  record TxnAborted(TxnId id) implements KvError {}

  /** The commit timestamp must be at least this. */
  record CommitTsTooLow(long minCommitTs) implements KvError {}

  /** The write was planned on a version of the table that is no longer written. */
  record SchemaChanged(int tableId, long floor) implements KvError {}

  /** Versions as old as the read are no longer kept. */
  record SnapshotTooOld(long readTs, long threshold) implements KvError {}

  /** The oracle has not issued the timestamp yet. */
  record TimestampInFuture(long timestamp) implements KvError {}

  /** Whether the transaction committed cannot be found out. */
  record OutcomeUnknown(TxnId id) implements KvError {}

  /** A request or transaction is larger than can be handled. */
  record TooLarge(String what, long size, long limit) implements KvError {}

  /** The node that leads the shard has no space for it; certainly nothing happened. */
  record DiskFull(int node) implements KvError {}

  /** It cannot be done as things are; certainly nothing happened. */
  record Refused(String reason) implements KvError {}

  /** Something that must not happen did; the message is for the log and the client. */
  record Broken(String message, @Nullable String detail) implements KvError {}

  /** Whether certainly nothing happened and sending the same again later may help. */
  default boolean isRetryableElsewhere() {
    return switch (this) {
      case NotLeader _, Unavailable _, Overloaded _ -> true;
      case StaleShard _,
          QuorumLost _,
          Ambiguous _,
          DeadlineExceeded _,
          Canceled _,
          KeyExists _,
          WriteConflict _,
          ReadChanged _,
          LockLost _,
          LockNotAvailable _,
          Deadlock _,
          TxnAborted _,
          CommitTsTooLow _,
          SchemaChanged _,
          SnapshotTooOld _,
          TimestampInFuture _,
          OutcomeUnknown _,
          TooLarge _,
          DiskFull _,
          Refused _,
          Broken _ ->
          false;
    };
  }
}
