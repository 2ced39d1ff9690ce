package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.function.AdvisoryLockFunctions;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The advisory locks of a session, those of its transaction included. Each is held by a key-value
 * transaction of its own, which does nothing else and never commits, so that it goes with the
 * session, or with its node as other transactions do. An exclusive lock is a provisional write: it
 * is replicated. A shared one is a row lock and lasts as long as the lease of the shard. For the
 * session's thread, but for {@link #shown}.
 */
final class AdvisoryLocks {
  /** Locks that a session may have at once. */
  static final int LOCKS_MAX = 10_000;

  private static final byte[] HELD = {1};

  private final TxnClient client;
  private final int databaseId;
  private final Clock clock;
  private final Map<AdvisoryLockFunctions.Key, Held> all = new ConcurrentHashMap<>();
  private volatile @Nullable Shown wanted;

  AdvisoryLocks(TxnClient client, int databaseId, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.databaseId = databaseId;
  }

  /**
   * A lock and how often it was asked for; as strong as the strongest of these since it is held.
   */
  private static final class Held {
    final Txn txn;
    boolean exclusive;
    int exclusiveOfSession;
    int sharedOfSession;
    boolean ofTransaction;

    Held(Txn txn) {
      this.txn = txn;
    }

    boolean isWanted() {
      return ofTransaction || exclusiveOfSession > 0 || sharedOfSession > 0;
    }
  }

  /**
   * A lock that is held, or waited for.
   *
   * @param txn the transaction that holds it, or waits
   * @param sinceMillis when the wait began, 0 if it is held
   */
  record Shown(AdvisoryLockFunctions.Key key, boolean shared, TxnId txn, long sinceMillis) {
    boolean isHeld() {
      return sinceMillis == 0;
    }

    void put(WireWriter out) {
      out.putBoolean(key.pair())
          .putLong(key.value())
          .putBoolean(shared)
          .putTxnId(txn)
          .putLong(sinceMillis);
    }

    static Shown read(WireReader in) {
      return new Shown(
          new AdvisoryLockFunctions.Key(in.readBoolean(), in.readLong()),
          in.readBoolean(),
          in.readTxnId(),
          in.readLong());
    }
  }

  /** The locks as they are about now. Any thread. */
  List<Shown> shown() {
    List<Shown> locks = new ArrayList<>();
    all.forEach((key, held) -> {
      if (held.exclusive) {
        locks.add(new Shown(key, false, held.txn.id(), 0));
      }
      if (held.sharedOfSession > 0 || !held.exclusive) {
        locks.add(new Shown(key, true, held.txn.id(), 0));
      }
    });
    Shown waiting = wanted;
    if (waiting != null) {
      locks.add(waiting);
    }
    return locks;
  }

  /** How to wait: until when, and how long for this lock. */
  record Patience(Deadline deadline, Duration lockTimeout) {}

  /** Takes a lock; false if somebody is in the way and it is not to wait. */
  boolean lock(
      AdvisoryLockFunctions.Key key,
      boolean shared,
      boolean ofTransaction,
      LockWait wait,
      Patience patience) {
    Held held = all.get(key);
    if (held == null || !(shared || held.exclusive)) {
      Held taken = held == null ? new Held(begin()) : held;
      if (!take(taken, key, shared, wait, patience)) {
        return false;
      }
      held = taken;
      all.put(key, held);
    }
    if (ofTransaction) {
      held.ofTransaction = true;
    } else if (shared) {
      held.sharedOfSession++;
    } else {
      held.exclusiveOfSession++;
    }
    return true;
  }

  private Txn begin() {
    if (all.size() >= LOCKS_MAX) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a session can have %d advisory locks".formatted(LOCKS_MAX));
    }
    return client.begin(Isolation.READ_COMMITTED, false);
  }

  private boolean take(
      Held held, AdvisoryLockFunctions.Key key, boolean shared, LockWait wait, Patience patience) {
    byte[] row = KeySpace.advisoryLockKey(databaseId, key.pair(), key.value());
    boolean done = false;
    try {
      held.txn.beginStatement(patience.deadline, patience.lockTimeout);
      if (wait == LockWait.BLOCK) {
        wanted = new Shown(key, shared, held.txn.id(), clock.wallMillis());
      }
      var _ = held.txn.lock(List.of(row), shared ? LockStrength.SHARE : LockStrength.UPDATE, wait);
      if (!shared) {
        held.txn.put(TableVersion.NONE, row, HELD);
      }
      held.txn.hold();
      held.exclusive |= !shared;
      done = true;
    } catch (KvException e) {
      if (wait == LockWait.BLOCK || !(e.error() instanceof KvError.LockNotAvailable)) {
        throw e;
      }
    } finally {
      wanted = null;
      if (!done && !held.isWanted()) {
        held.txn.rollback();
      }
    }
    return done;
  }

  /** Lets go of a lock of the session once; false if there is none. */
  boolean unlock(AdvisoryLockFunctions.Key key, boolean shared) {
    Held held = all.get(key);
    if (held == null || (shared ? held.sharedOfSession : held.exclusiveOfSession) == 0) {
      return false;
    }
    if (shared) {
      held.sharedOfSession--;
    } else {
      held.exclusiveOfSession--;
    }
    release(_ -> {});
    return true;
  }

  /** Lets go of all locks of the session. */
  void unlockAll() {
    release(held -> {
      held.exclusiveOfSession = 0;
      held.sharedOfSession = 0;
    });
  }

  /** Lets go of all locks of the transaction, which has ended. */
  void transactionEnded() {
    release(held -> held.ofTransaction = false);
  }

  private void release(Consumer<Held> change) {
    if (all.isEmpty()) {
      return;
    }
    all.values()
        .removeIf(held -> {
          change.accept(held);
          if (!held.isWanted()) {
            held.txn.rollback();
          }
          return !held.isWanted();
        });
  }
}
