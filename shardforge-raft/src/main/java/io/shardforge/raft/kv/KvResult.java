package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one request. */
public sealed interface KvResult {

  /** A value with its commit timestamp; null and 0 where there is no row. */
  record Value(byte @Nullable [] value, long commitTs) {
    /** No row. */
    public static final Value NONE = new Value(null, 0);
  }

  /** Values in the order of the keys asked for. */
  record Values(List<Value> values) implements KvResult {}

  /**
   * A part of a scan.
   *
   * @param resumeKey where the rest starts (reverse: ends, exclusive); null at the end of the span
   * @param workedRows how many rows those of the page were made of by {@link PageWork}, or {@link
   *     #PLAIN} if they are what was read
   */
  record Page(KvPage page, byte @Nullable [] resumeKey, long workedRows) implements KvResult {
    /** The page has the rows themselves. */
    public static final long PLAIN = -1;

    /** Rows as they were read. */
    public Page(KvPage page, byte @Nullable [] resumeKey) {
      this(page, resumeKey, PLAIN);
    }

    public boolean isWorked() {
      return workedRows >= 0;
    }
  }

  /**
   * What a replica has in a part of a span.
   *
   * @param sum of a hash of each entry, so that it does not depend on where pages end
   * @param bytes of keys and values
   * @param resumeKey where the rest starts; null at the end of the span
   */
  record Sum(long entries, long sum, long bytes, byte @Nullable [] resumeKey) implements KvResult {}

  /** Locked rows in the order of the keys asked for. */
  record Locked(List<LockedRow> rows, long leaseNumber) implements KvResult {}

  /** The transaction is committed. */
  record Committed(long commitTs) implements KvResult {}

  /** The provisional writes are in place; the commit timestamp must be at least this. */
  record Prepared(long minCommitTs) implements KvResult {}

  /** A transaction's state. */
  record TxnOutcome(State state, long commitTs) implements KvResult {
    /** What is known of a transaction. */
    public enum State {
      /** Not decided; pushed where that was asked for. */
      PENDING,
      COMMITTED,
      ABORTED,
      /** Not decided, and it may be committed at or below the timestamp asked for: ask again. */
      STAGED
    }
  }

  /** Everything asked for is resolved. */
  record Resolved() implements KvResult {}

  /** It is so, or it is done. */
  record Done() implements KvResult {
    public static final Done INSTANCE = new Done();
  }

  /** Whether the wait closes a cycle, and through whom. */
  record WaitVerdict(@Nullable TxnId deadlockWith) implements KvResult {}

  /**
   * What a shard that changes no more has come to.
   *
   * @param state the bytes of its replicated state
   */
  record Frozen(byte[] state) implements KvResult {}

  /**
   * What the lease holder knows of its shard.
   *
   * @param sizeBytes about what its rows take, old versions left out
   * @param copiedBytes sent to nodes that are getting a replica
   * @param changeMillis for how long this lease holder has been moving replicas, 0 if it is not
   * @param requestsPerSecond of those for rows, of late
   */
  record ShardFacts(
      int leaderNode,
      long leaseNumber,
      long sizeBytes,
      long copiedBytes,
      long changeMillis,
      long requestsPerSecond)
      implements KvResult {}

  /**
   * A fresh timestamp.
   *
   * @param catalogVersion commit timestamp of the newest change of the catalog, which may be above
   *     the timestamp
   * @param oldestReadTs no transaction reads below it
   */
  record OracleReply(long timestamp, long catalogVersion, long oldestReadTs) implements KvResult {}
}
