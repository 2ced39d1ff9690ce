package io.shardforge.sql.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The values of sequences as one node gives them out: in blocks, each taken by a short transaction
 * of its own, so that values are never given back and sessions never wait for each other's
 * transactions. Thread-safe.
 */
public final class Sequences {
  /** Values that a node takes at once where the sequence's own CACHE is smaller. */
  public static final int BLOCK_LENGTH = 32;

  /** Sequences whose blocks are kept; the rest of a block that is dropped is lost. */
  private static final int BLOCKS_MAX = 10_000;

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final TxnClient transactions;
  private final Clock clock;
  private final Cache<BlockKey, Block> blocks =
      Caffeine.newBuilder().maximumSize(BLOCKS_MAX).executor(Runnable::run).build();

  /** A restart gives a sequence another data id; a block of other steps or bounds is of no use. */
  private record BlockKey(int dataId, long increment, long minimum, long maximum) {}

  /** The rest of a block; guarded by itself. */
  private static final class Block {
    private long next;
    private long count;
  }

  public Sequences(TxnClient transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** The next value; 2200H when there is none. */
  public long next(SequenceDescriptor sequence) {
    Block block = blockOf(sequence);
    synchronized (block) {
      if (block.count == 0) {
        long first = update(sequence, (txn, value) -> takeBlock(txn, sequence, value, block));
        block.next = first;
      }
      long value = block.next;
      block.count--;
      if (block.count > 0) {
        block.next += sequence.increment();
      }
      return value;
    }
  }

  /** Sets the state, as setval does. */
  public void set(SequenceDescriptor sequence, long value, boolean called) {
    if (value < sequence.minimum() || value > sequence.maximum()) {
      throw new ShardForgeException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "setval: value "
              + value
              + " is out of bounds for sequence \""
              + sequence.name()
              + "\" ("
              + sequence.minimum()
              + ".."
              + sequence.maximum()
              + ")");
    }
    Block block = blockOf(sequence);
    synchronized (block) {
      update(
          sequence,
          (txn, old) -> {
            new SequenceValue(value, called).write(txn, sequence);
            return value;
          });
      block.count = 0;
    }
  }

  /** The stored state: the end of the block taken last. */
  public SequenceValue read(SequenceDescriptor sequence) {
    Txn txn = transactions.begin(Isolation.READ_COMMITTED, true);
    try {
      txn.beginStatement(Deadline.after(clock, DEADLINE), Duration.ZERO);
      return SequenceValue.decode(sequence, txn.get(SequenceValue.keyOf(sequence)));
    } finally {
      txn.rollback();
    }
  }

  private Block blockOf(SequenceDescriptor sequence) {
    BlockKey key =
        new BlockKey(
            sequence.dataId(), sequence.increment(), sequence.minimum(), sequence.maximum());
    return blocks.get(key, _ -> new Block());
  }

  private static long takeBlock(Txn txn, SequenceDescriptor s, SequenceValue value, Block block) {
    long first = value.called() ? after(s, value.last()) : value.last();
    long room = roomAfter(s, first);
    long wanted = Math.max(s.cache(), BLOCK_LENGTH) - 1;
    long more = Long.compareUnsigned(room, wanted) < 0 ? room : wanted;
    new SequenceValue(first + more * s.increment(), true).write(txn, s);
    block.count = more + 1;
    return first;
  }

  /** How many more values fit between a value and the bound that the sequence runs towards. */
  private static long roomAfter(SequenceDescriptor s, long value) {
    // Unsigned: the distance between two longs may not fit a long.
    return s.increment() > 0
        ? Long.divideUnsigned(s.maximum() - value, s.increment())
        : Long.divideUnsigned(value - s.minimum(), -s.increment());
  }

  private static long after(SequenceDescriptor s, long value) {
    if (Long.compareUnsigned(roomAfter(s, value), 0) > 0) {
      return value + s.increment();
    }
    if (s.cycle()) {
      return s.increment() > 0 ? s.minimum() : s.maximum();
    }
    boolean up = s.increment() > 0;
    throw new ShardForgeException(
        ErrorCode.SEQUENCE_GENERATOR_LIMIT_EXCEEDED,
        "nextval: reached "
            + (up ? "maximum" : "minimum")
            + " value of sequence \""
            + s.name()
            + "\" ("
            + (up ? s.maximum() : s.minimum())
            + ")");
  }

  private long update(SequenceDescriptor sequence, BiFunction<Txn, SequenceValue, Long> change) {
    Txn txn = transactions.begin(Isolation.READ_COMMITTED, false);
    try {
      txn.beginStatement(Deadline.after(clock, DEADLINE), Duration.ZERO);
      byte[] key = SequenceValue.keyOf(sequence);
      byte[] stored =
          txn.lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
      long result = change.apply(txn, SequenceValue.decode(sequence, stored));
      txn.finishStatement(true);
      txn.commit();
      return result;
    } catch (RuntimeException e) {
      txn.rollback();
      throw e;
    }
  }
}
