package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.List;

/**
 * The source of object ids: a counter in the meta shard from which each node takes blocks.
 * Thread-safe.
 */
final class ObjectIds {
  /** Ids that a node takes at once; what it does not use by its end is lost. */
  static final int BLOCK_LENGTH = 64;

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final byte[] COUNTER = KeySpace.namedStateKey("catalog.next-object-id");

  private final TxnClient transactions;
  private final Clock clock;
  private int next;
  private int end;

  ObjectIds(TxnClient transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  synchronized int next() {
    if (next == end) {
      next = takeBlock();
      end = next + BLOCK_LENGTH;
    }
    return next++;
  }

  private int takeBlock() {
    Txn txn = transactions.begin(Isolation.READ_COMMITTED, false);
    try {
      txn.beginStatement(Deadline.after(clock, DEADLINE), Duration.ZERO);
      byte[] stored =
          txn.lock(List.of(COUNTER), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
      int first = stored == null ? SystemOids.FIRST_USER_OID : Bytes.getInt(stored, 0);
      byte[] after = new byte[Integer.BYTES];
      Bytes.putInt(after, 0, Math.addExact(first, BLOCK_LENGTH));
      txn.put(TableVersion.NONE, COUNTER, after);
      txn.finishStatement(true);
      txn.commit();
      return first;
    } catch (RuntimeException e) {
      txn.rollback();
      throw e;
    }
  }
}
