package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvError;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.stream.Collectors;

/** The one place where an outcome of the key-value layer becomes a SQLSTATE. */
final class ErrorMapper {
  private static final String RETRY = "The transaction might succeed if retried.";

  private final KeyNames names;

  ErrorMapper(KeyNames names) {
    this.names = names;
  }

  /** Finds the words for a key: which relation it belongs to. */
  interface KeyNames {
    /** Such as {@code relation "accounts"}; never fails. */
    String relationOf(byte[] key);
  }

  ShardForgeException map(KvError error) {
    return switch (error) {
      case KvError.WriteConflict e ->
          serialization("could not serialize access due to concurrent update", e.key());
      case KvError.ReadChanged e ->
          serialization(
              "could not serialize access due to read/write dependencies among transactions",
              e.key());
      case KvError.LockLost e ->
          serialization("could not serialize access: a row lock was lost", e.key());
      case KvError.TxnAborted _ ->
          new ShardForgeException(
                  ErrorCode.SERIALIZATION_FAILURE,
                  "the transaction was aborted because it had fallen silent")
              .withHint(RETRY);
      case KvError.CommitTsTooLow _ ->
          new ShardForgeException(ErrorCode.SERIALIZATION_FAILURE, "could not serialize access")
              .withHint(RETRY);
      case KvError.SchemaChanged _ ->
          new ShardForgeException(
                  ErrorCode.SERIALIZATION_FAILURE,
                  "could not serialize access due to a concurrent schema change")
              .withHint(RETRY);
      case KvError.KeyExists e ->
          new ShardForgeException(
              ErrorCode.UNIQUE_VIOLATION,
              "duplicate key value violates unique constraint of " + names.relationOf(e.key()));
      case KvError.LockNotAvailable e ->
          new ShardForgeException(
              ErrorCode.LOCK_NOT_AVAILABLE,
              e.timedOut()
                  ? "canceling statement due to lock timeout"
                  : "could not obtain lock on row in " + names.relationOf(e.key()));
      case KvError.Deadlock e ->
          new ShardForgeException(ErrorCode.DEADLOCK_DETECTED, "deadlock detected")
              .withDetail(
                  "Transaction %s waits for transaction %s on %s; each waits for the other."
                      .formatted(e.waiter(), e.holder(), names.relationOf(e.key())))
              .withHint(RETRY);
      case KvError.DeadlineExceeded e ->
          new ShardForgeException(
                  ErrorCode.QUERY_CANCELED, "canceling statement due to statement timeout")
              .withDetail("It was waiting for " + e.waitingFor() + ".");
      case KvError.Canceled _ ->
          new ShardForgeException(
              ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
      case KvError.OutcomeUnknown _, KvError.Ambiguous _ ->
          new ShardForgeException(
                  ErrorCode.STATEMENT_COMPLETION_UNKNOWN,
                  "whether the transaction was committed is unknown")
              .withHint("Read back what it wrote before running it again.");
      case KvError.SnapshotTooOld e ->
          new ShardForgeException(ErrorCode.SNAPSHOT_TOO_OLD, "snapshot too old")
              .withDetail("History is kept for the time that history-retention says.");
      case KvError.TimestampInFuture _ ->
          new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE, "cannot read at a time that has not come yet");
      case KvError.TooLarge e ->
          new ShardForgeException(
              ErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "%s of %d bytes exceeds the limit of %d bytes"
                  .formatted(e.what(), e.size(), e.limit()));
      case KvError.DiskFull e ->
          new ShardForgeException(
                  ErrorCode.DISK_FULL, "node %d has no space left for new rows".formatted(e.node()))
              .withHint("Free some, or make the file system of its store larger.");
      case KvError.Refused e ->
          new ShardForgeException(ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, e.reason());
      case KvError.QuorumLost e ->
          new ShardForgeException(
                  ErrorCode.CANNOT_CONNECT_NOW,
                  "shard %d has lost its majority: %s of its %d replicas cannot be reached"
                      .formatted(e.shardId(), e.unreachable().size(), e.replicas().size()))
              .withDetail(
                  "Its replicas are on nodes %s; out of reach are nodes %s."
                      .formatted(words(e.replicas()), words(e.unreachable())))
              .withHint(
                  "Start those nodes again. If most of them are lost for good, stop the others and"
                      + " rebuild the shard from what they have: shardforge node recover.");
      case KvError.NotLeader e -> unavailable(e.shardId(), "it has no leader");
      case KvError.Unavailable e -> unavailable(e.shardId(), e.reason());
      case KvError.StaleShard e -> unavailable(e.shardId(), "its place is not known yet");
      case KvError.Overloaded e ->
          new ShardForgeException(
              ErrorCode.INSUFFICIENT_RESOURCES,
              "shard %d has too much to do".formatted(e.shardId()));
      case KvError.Broken e -> {
        ShardForgeException broken = new ShardForgeException(ErrorCode.INTERNAL_ERROR, e.message());
        yield e.detail() == null ? broken : broken.withDetail(e.detail());
      }
    };
  }

  private static String words(List<Integer> nodes) {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private ShardForgeException serialization(String message, byte[] key) {
    return new ShardForgeException(ErrorCode.SERIALIZATION_FAILURE, message)
        .withDetail("The conflict was in " + names.relationOf(key) + ".")
        .withHint(RETRY);
  }

  private static ShardForgeException unavailable(long shardId, String reason) {
    return new ShardForgeException(
            ErrorCode.CANNOT_CONNECT_NOW,
            "shard %d cannot be reached: %s".formatted(shardId, reason))
        .withHint("Most of its replicas must be up; see /health of the nodes.");
  }

  /** What a transaction that may be run again has failed for, in a word or two. */
  static String cause(KvError error) {
    return switch (error) {
      case KvError.WriteConflict _ -> "write conflict";
      case KvError.ReadChanged _ -> "read changed";
      case KvError.LockLost _ -> "lock lost";
      case KvError.TxnAborted _ -> "aborted";
      case KvError.CommitTsTooLow _ -> "commit too low";
      case KvError.SchemaChanged _ -> "schema changed";
      default -> "other";
    };
  }

  /**
   * Whether running the whole transaction again by itself may succeed and cannot repeat an effect.
   */
  static boolean mayRetry(KvError error) {
    return switch (error) {
      case KvError.WriteConflict _,
          KvError.ReadChanged _,
          KvError.LockLost _,
          KvError.TxnAborted _,
          KvError.CommitTsTooLow _,
          KvError.SchemaChanged _ ->
          true;
      case KvError.KeyExists _,
          KvError.LockNotAvailable _,
          KvError.Deadlock _,
          KvError.DeadlineExceeded _,
          KvError.Canceled _,
          KvError.OutcomeUnknown _,
          KvError.Ambiguous _,
          KvError.SnapshotTooOld _,
          KvError.TimestampInFuture _,
          KvError.TooLarge _,
          KvError.DiskFull _,
          KvError.Refused _,
          KvError.NotLeader _,
          KvError.Unavailable _,
          KvError.QuorumLost _,
          KvError.StaleShard _,
          KvError.Overloaded _,
          KvError.Broken _ ->
          false;
    };
  }
}
