package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.LocalLog;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Money moves between accounts on several shards, from three gateways at every level, while answers
 * get lost and leaders change: no snapshot ever shows another total, and every transfer that was
 * reported as committed is in the log of transfers, exactly once.
 */
final class BankTest extends ClusterTest {
  private static final int ACCOUNTS = 6;
  private static final int START = 100;
  private static final int WORKERS = 4;
  private static final int TRANSFERS = 12;
  private static final int COMMITS_BETWEEN_FAULTS = 5;
  private static final int MERGED_AT_ONCE = 4;
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofHours(4),
          Duration.ofSeconds(60));

  /** To be made, one after the other, and then to be taken back. */
  private final Queue<byte[]> borders = new ArrayDeque<>();

  private boolean mergesAgain;
  private final AtomicInteger committed = new AtomicInteger();
  private final Semaphore progress = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger(WORKERS);

  @Override
  LocalCluster startCluster() {
    return LocalCluster.start(
        3, 4, clock, Randomness.seeded(1), Thread::startVirtualThread, SETTINGS);
  }

  private static byte[] account(int number) {
    return key(1 + number % 2, "account" + number);
  }

  @ParameterizedTest
  @CsvSource({
    "1, READ_COMMITTED, false",
    "2, REPEATABLE_READ, false",
    "3, SERIALIZABLE, false",
    "4, READ_COMMITTED, true",
    "5, SERIALIZABLE, true"
  })
  void totalsHold(long seed, Isolation isolation, boolean faults) {
    for (int i = 0; i < ACCOUNTS; i++) {
      write(account(i), String.valueOf(START));
    }
    List<CompletableFuture<?>> work = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      int worker = i;
      work.add(async(() -> transfer(worker, seed * 100 + worker, isolation)));
    }
    work.add(async(() -> watch()));
    if (faults) {
      work.add(async(() -> disturb(seed)));
    }
    work.add(async(() -> changeShards()));
    work.forEach(ClusterTest::join);
    Txn txn = begin(Isolation.REPEATABLE_READ);
    assertThat(total(txn)).isEqualTo(ACCOUNTS * START);
    assertThat(scan(txn, KeySpace.tableSpan(table(3)), false)).hasSize(committed.get());
    txn.rollback();
  }

  private @Nullable Void transfer(int worker, long seed, Isolation isolation) {
    Randomness random = Randomness.seeded(seed);
    try {
      for (int i = 0; i < TRANSFERS; ) {
        TxnClient client = cluster.node(1 + worker % 3).transactions();
        Txn txn = begin(client, isolation);
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        try {
          move(txn, from, to, 1 + random.nextInt(5), isolation);
          txn.insert(TABLE, key(3, "w" + worker + "n%04d".formatted(i)), bytes("done"));
          txn.finishStatement(true);
          txn.commit();
          committed.incrementAndGet();
          progress.release();
          i++;
        } catch (KvException e) {
          txn.rollback();
          assertThat(e.error())
              .as("an error that a client may see")
              .isInstanceOfAny(
                  KvError.WriteConflict.class,
                  KvError.ReadChanged.class,
                  KvError.LockLost.class,
                  KvError.Deadlock.class,
                  KvError.TxnAborted.class);
        }
      }
    } finally {
      running.decrementAndGet();
      progress.release(COMMITS_BETWEEN_FAULTS);
    }
    return null;
  }

  private static void move(Txn txn, int from, int to, int amount, Isolation isolation) {
    if (isolation == Isolation.SERIALIZABLE) {
      int source = number(txn.get(account(from)));
      int target = number(txn.get(account(to)));
      txn.put(TABLE, account(from), bytes(String.valueOf(source - amount)));
      txn.put(TABLE, account(to), bytes(String.valueOf(target + amount)));
      return;
    }
    List<LockedRow> rows =
        txn.lock(List.of(account(from)), LockStrength.NO_KEY_UPDATE, LockWait.BLOCK);
    int source = number(rows.getFirst().value());
    rows = txn.lock(List.of(account(to)), LockStrength.NO_KEY_UPDATE, LockWait.BLOCK);
    int target = number(rows.getFirst().value());
    txn.put(TABLE, account(from), bytes(String.valueOf(source - amount)));
    txn.put(TABLE, account(to), bytes(String.valueOf(target + amount)));
  }

  private @Nullable Void watch() {
    int node = 0;
    while (running.get() > 0) {
      Txn txn = begin(cluster.node(1 + node++ % 3).transactions(), Isolation.REPEATABLE_READ);
      assertThat(total(txn)).isEqualTo(ACCOUNTS * START);
      txn.rollback();
    }
    return null;
  }

  private static int total(Txn txn) {
    int total = 0;
    for (int i = 1; i <= 2; i++) {
      for (String row : scan(txn, KeySpace.tableSpan(table(i)), i == 1)) {
        total += Integer.parseInt(row.substring(row.indexOf('=') + 1));
      }
    }
    int again = 0;
    for (int i = 0; i < ACCOUNTS; i++) {
      again += number(txn.get(account(i)));
    }
    assertThat(again).as("point reads and scans of one snapshot").isEqualTo(total);
    return total;
  }

  private @Nullable Void disturb(long seed) {
    Randomness random = Randomness.seeded(seed);
    while (awaitProgress() && running.get() > 0) {
      List<ShardDescriptor> shards = cluster.shards();
      LocalLog log = cluster.log(shards.get(random.nextInt(shards.size())).shardId());
      switch (random.nextInt(3)) {
        case 0 -> log.failNext(LocalLog.Fault.ANSWER_LOST);
        case 1 -> log.failNext(LocalLog.Fault.PROPOSAL_LOST);
        default -> {
          int node = 1 + random.nextInt(3);
          // Not all of them are there yet where a shard has just been split.
          if (log.hasMember(node)) {
            log.elect(node);
          }
        }
      }
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource({"6, READ_COMMITTED", "7, REPEATABLE_READ", "8, SERIALIZABLE"})
  void totalsHoldWhileShardsAreSplit(long seed, Isolation isolation) {
    addBorders();
    totalsHold(seed, isolation, true);
    // What the cluster began with, and ten more.
    assertThat(cluster.shards()).hasSize(15);
  }

  @ParameterizedTest
  @CsvSource({"9, READ_COMMITTED", "10, REPEATABLE_READ", "11, SERIALIZABLE"})
  void totalsHoldWhileShardsAreSplitAndMerged(long seed, Isolation isolation) {
    addBorders();
    mergesAgain = true;
    totalsHold(seed, isolation, true);
    assertThat(cluster.shards()).hasSize(5);
  }

  private void addBorders() {
    borders.addAll(
        List.of(
            key(1, "account3"),
            key(2, "account2"),
            key(3, "w1"),
            key(1, "account5"),
            key(3, "w2"),
            key(2, "account4"),
            key(3, "w0n0003"),
            key(1, ""),
            key(3, "w3"),
            key(2, "")));
  }

  private @Nullable Void changeShards() {
    try {
      List<byte[]> made = new ArrayList<>();
      for (byte[] border = borders.poll(); border != null; border = borders.poll()) {
        var _ = cluster.splitter().splitAt(border, Deadline.after(clock, PATIENCE));
        made.add(border);
        if (mergesAgain && made.size() == MERGED_AT_ONCE) {
          mergeAll(made);
        }
      }
      if (mergesAgain) {
        mergeAll(made);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return null;
  }

  private void mergeAll(List<byte[]> made) throws InterruptedException {
    Deadline deadline = Deadline.after(clock, PATIENCE);
    while (!made.isEmpty()) {
      try {
        var _ = cluster.merger().mergeAt(made.getLast(), deadline);
        made.removeLast();
      } catch (KvException e) {
        // A leader changed, or an answer was lost: an attempt is given up, and nothing has changed.
        assertThat(e.error()).isInstanceOfAny(KvError.Refused.class, KvError.Unavailable.class);
        assertThat(deadline.isExpired(clock)).as(e.getMessage()).isFalse();
      }
    }
  }

  private boolean awaitProgress() {
    try {
      return progress.tryAcquire(
          COMMITS_BETWEEN_FAULTS, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int number(byte @Nullable [] value) {
    return value == null ? 0 : Integer.parseInt(String.valueOf(text(value)));
  }
}
