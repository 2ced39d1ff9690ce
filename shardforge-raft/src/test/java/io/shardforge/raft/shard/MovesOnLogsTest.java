package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas on real logs move between nodes: under load, in crashes, and with a node that dies. */
final class MovesOnLogsTest {
  private static final Clock CLOCK = new SystemClock();
  private static final Duration ATTEMPTS_TIME = Duration.ofSeconds(30);
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final byte[] PREFIX = KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final Duration STATEMENT_TIME = Duration.ofSeconds(30);
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofHours(4),
          Duration.ofSeconds(60));
  private static final List<Integer> NODES = List.of(1, 2, 3);
  private static final List<ShardDescriptor> FIRST =
      List.of(
          new ShardDescriptor(1, KeySpace.metaSpan(), 1, NODES),
          new ShardDescriptor(2, KeySpace.dataSpan(), 1, NODES));

  @TempDir @Nullable Path directory;

  private final Map<Integer, SplitNode> nodes = new TreeMap<>();
  private final AtomicReference<@Nullable String> fatal = new AtomicReference<>();

  @BeforeEach
  void start() throws IOException {
    for (int id : NODES) {
      start(id, 1, new MemoryEngine(), true, _ -> {});
    }
    retrying(() -> {
      node(1).metaTable.writeFirstShards(FIRST);
      return true;
    });
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(SplitNode::close);
    assertThat(fatal.get()).isNull();
  }

  private Path root() {
    Path root = directory;
    if (root == null) {
      throw new IllegalStateException("no directory");
    }
    return root;
  }

  private void start(
      int id,
      long announcement,
      MemoryEngine engine,
      boolean newStore,
      Consumer<Replicas.Step> steps)
      throws IOException {
    RpcNode rpc = new RpcNode(id, 1, announcement, RpcNode.CLUSTER);
    for (SplitNode other : nodes.values()) {
      rpc.book.learn(other.rpc.address());
      other.rpc.book.learn(rpc.address());
    }
    nodes.put(
        id,
        new SplitNode(
            rpc,
            root().resolve("n" + id),
            engine,
            newStore,
            FIRST,
            SETTINGS,
            steps,
            reason -> fatal.compareAndSet(null, reason)));
  }

  private SplitNode node(int id) {
    SplitNode node = nodes.get(id);
    if (node == null) {
      throw new IllegalStateException("node " + id + " is not there");
    }
    return node;
  }

  private static byte[] key(String name) {
    return Bytes.concat(PREFIX, name.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Something that may have to be tried again. */
  private interface Attempt<T> {
    T run() throws InterruptedException;
  }

  private static <T> T retrying(Attempt<T> attempt) {
    Deadline deadline = Deadline.after(CLOCK, ATTEMPTS_TIME);
    while (true) {
      try {
        return attempt.run();
      } catch (KvException e) {
        if (deadline.isExpired(CLOCK)) {
          throw e;
        }
        Thread.onSpinWait();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void statement(SplitNode node, Txn txn) {
    txn.beginStatement(Deadline.after(node.rpc.clock, STATEMENT_TIME), Duration.ZERO);
  }

  private void write(int node, String name, String value) {
    var _ =
        retrying(() -> {
          Txn txn = node(node).transactions.begin(Isolation.READ_COMMITTED, false);
          try {
            statement(node(node), txn);
            txn.put(TABLE, key(name), bytes(value));
            return txn.commit();
          } finally {
            txn.rollback();
          }
        });
  }

  private List<String> rows(int node) {
    return retrying(() -> {
      Txn txn = node(node).transactions.begin(Isolation.REPEATABLE_READ, true);
      try {
        statement(node(node), txn);
        List<String> rows = new ArrayList<>();
        try (KvCursor cursor = txn.scan(KeySpan.ofPrefix(PREFIX), false, 0)) {
          for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
            for (int i = 0; i < page.rows(); i++) {
              byte[] key = page.key(i);
              rows.add(
                  new String(key, PREFIX.length, key.length - PREFIX.length, StandardCharsets.UTF_8)
                      + "="
                      + new String(page.value(i), StandardCharsets.UTF_8));
            }
          }
        }
        return rows;
      } finally {
        txn.rollback();
      }
    });
  }

  private ShardSplitter.Border split(int node, String name) {
    return retrying(() ->
        node(node)
            .splitter
            .splitAt(key(name), Deadline.after(node(node).rpc.clock, STATEMENT_TIME)));
  }

  private int leaderOf(long shardId) {
    AtomicReference<Integer> leader = new AtomicReference<>(0);
    Await.until(
        "shard " + shardId + " has a leader",
        () -> {
          for (Map.Entry<Integer, SplitNode> entry : nodes.entrySet()) {
            Replica replica = entry.getValue().replicas.get(shardId);
            RaftGroup group = replica == null ? null : replica.group();
            if (group != null && group.isLeaderReady()) {
              leader.set(entry.getKey());
            }
          }
          return leader.get() != 0;
        });
    return leader.get();
  }

  private void transfer(int worker, int accounts, AtomicBoolean done, Set<String> acknowledged) {
    Randomness random = Randomness.seeded(worker);
    SplitNode node = node(1 + worker);
    for (int i = 0; !done.get(); i++) {
      String row = "log" + worker + "n" + i;
      Txn txn = node.transactions.begin(Isolation.READ_COMMITTED, false);
      try {
        statement(node, txn);
        int from = random.nextInt(accounts);
        int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
        add(txn, from, -1);
        statement(node, txn);
        add(txn, to, 1);
        txn.insert(TABLE, key(row), bytes("done"));
        txn.finishStatement(true);
        txn.commit();
        acknowledged.add(row + "=done");
      } catch (KvException e) {
        // A deadlock, or a shard between two leaders.
        assertThat(e.error())
            .isNotInstanceOf(io.shardforge.raft.kv.KvError.OutcomeUnknown.class)
            .isNotInstanceOf(io.shardforge.raft.kv.KvError.Broken.class);
      } finally {
        txn.rollback();
      }
    }
  }

  private static void add(Txn txn, int account, int amount) {
    byte[] key = key("account%02d".formatted(account));
    LockedRow row = txn.lock(List.of(key), LockStrength.NO_KEY_UPDATE, LockWait.BLOCK).getFirst();
    byte[] value = row.value();
    int balance = value == null ? 0 : Integer.parseInt(new String(value, StandardCharsets.UTF_8));
    txn.put(TABLE, key, bytes(String.valueOf(balance + amount)));
  }

  private void move(int asking, long shardId, Integer... wanted) {
    retrying(() -> {
      SplitNode node = node(asking);
      for (ShardDescriptor shard : node.map.all()) {
        if (shard.shardId() == shardId) {
          KvResponse response =
              node.router.send(
                  shard,
                  KvBatch.of(
                      shard,
                      null,
                      Deadline.after(node.rpc.clock, STATEMENT_TIME),
                      new KvRequest.Move(List.of(wanted))));
          if (response instanceof KvResponse.Failed failed) {
            node.map.stale(shard);
            throw new KvException(failed.error());
          }
          return true;
        }
      }
      throw new AssertionError("no shard " + shardId);
    });
  }

  private void awaitOn(long shardId, Integer... wanted) {
    List<Integer> expected = List.of(wanted);
    Await.until(
        "shard " + shardId + " is on " + expected,
        () -> {
          for (SplitNode node : nodes.values()) {
            boolean has = node.replicas.get(shardId) != null;
            if (has != expected.contains(node.rpc.id())) {
              return false;
            }
          }
          int leader = leaderOf(shardId);
          Replica replica = node(leader).replicas.get(shardId);
          RaftGroup group = replica == null ? null : replica.group();
          return expected.contains(leader)
              && replica != null
              && group != null
              && group.voters().equals(Set.copyOf(expected))
              && replica.shard().nodeIds().equals(expected)
              && !replica.shard().isChanging();
        });
  }

  private void awaitNoRows(int id, KeySpan span) {
    Await.until(
        "node " + id + " has nothing left in " + span,
        () -> {
          try (EngineIterator rows = node(id).engine.iterator(Family.CURRENT, span)) {
            return !rows.seekToFirst();
          }
        });
  }

  @Test
  void aBankGoesFromThreeNodesToFiveAndBack() throws Exception {
    int accounts = 24;
    for (int i = 0; i < accounts; i++) {
      write(1, "account%02d".formatted(i), "100");
    }
    split(1, "account12");
    long second = node(1).map.locate(key("account12")).shardId();
    AtomicBoolean done = new AtomicBoolean();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<?>> work = new ArrayList<>();
    for (int worker = 0; worker < 3; worker++) {
      int number = worker;
      work.add(
          CompletableFuture.runAsync(
              () -> transfer(number, accounts, done, acknowledged),
              task -> Thread.ofPlatform().daemon().start(task)));
    }
    start(4, 1, new MemoryEngine(), true, _ -> {});
    start(5, 1, new MemoryEngine(), true, _ -> {});
    move(1, 2, 4, 2, 3);
    move(2, second, 1, 2, 3, 4);
    awaitOn(2, 4, 2, 3);
    awaitOn(second, 1, 2, 3, 4);
    move(3, 1, 1, 2, 5);
    move(2, second, 5, 2, 4);
    awaitOn(1, 1, 2, 5);
    awaitOn(second, 5, 2, 4);
    awaitNoRows(1, node(1).map.locate(key("account00")).span());
    // And back, to nodes that had them before.
    move(3, 1, 1, 2, 3);
    move(4, 2, 1, 2, 3);
    move(4, second, 3, 2, 4);
    awaitOn(second, 3, 2, 4);
    move(4, second, 3, 2, 1);
    awaitOn(1, 1, 2, 3);
    awaitOn(2, 1, 2, 3);
    awaitOn(second, 3, 2, 1);
    done.set(true);
    for (CompletableFuture<?> future : work) {
      var _ = Await.result(future.thenApply(_ -> true));
    }
    List<String> rows = rows(5);
    int total = 0;
    for (String row : rows) {
      if (row.startsWith("account")) {
        total += Integer.parseInt(row.substring(row.indexOf('=') + 1));
      }
    }
    assertThat(total).isEqualTo(100 * accounts);
    assertThat(rows.stream().filter(row -> row.startsWith("log")).toList())
        .containsExactlyInAnyOrderElementsOf(acknowledged);
    awaitNoRows(4, KeySpace.dataSpan());
    awaitNoRows(5, KeySpace.dataSpan());
  }

  @Test
  void theLeaderThatMovesAShardDies() throws Exception {
    write(1, "a", "1");
    start(4, 1, new MemoryEngine(), true, _ -> {});
    int leader = leaderOf(2);
    List<Integer> others = NODES.stream().filter(id -> id != leader).toList();
    int asking = others.getFirst();
    move(asking, 2, others.get(0), others.get(1), 4);
    MemoryEngine kept = node(leader).crash();
    nodes.remove(leader);
    write(asking, "b", "2");
    awaitOn(2, others.get(0), others.get(1), 4);
    // It finds that it has left, and lets go of what it had.
    start(leader, 2, kept, false, _ -> {});
    awaitOn(2, others.get(0), others.get(1), 4);
    awaitNoRows(leader, KeySpace.dataSpan());
    assertThat(rows(leader)).containsExactly("a=1", "b=2");
  }

  @Test
  void aCrashWhileACopyIsRemovedIsMadeGood() throws Exception {
    write(1, "a", "1");
    start(4, 1, new MemoryEngine(), true, _ -> {});
    int victim = 1 + leaderOf(2) % 3;
    List<Integer> others = NODES.stream().filter(id -> id != victim).toList();
    AtomicBoolean reached = new AtomicBoolean();
    node(victim)
        .replicas
        .onLeave(_ -> {
          reached.set(true);
          throw new IllegalStateException("the node stops here");
        });
    move(victim, 2, others.get(0), others.get(1), 4);
    Await.until("the copy is void", reached::get);
    MemoryEngine kept = node(victim).crash();
    nodes.remove(victim);
    start(victim, 2, kept, false, _ -> {});
    awaitOn(2, others.get(0), others.get(1), 4);
    awaitNoRows(victim, KeySpace.dataSpan());
    // It may come back.
    move(4, 2, victim, others.get(0), others.get(1));
    awaitOn(2, victim, others.get(0), others.get(1));
    assertThat(rows(4)).containsExactly("a=1");
  }

  @Test
  void aMoveToANodeThatDiesIsTurnedElsewhere() throws Exception {
    write(1, "a", "1");
    start(4, 1, new MemoryEngine(), true, _ -> {});
    start(5, 1, new MemoryEngine(), true, _ -> {});
    node(4).close();
    nodes.remove(4);
    move(1, 2, 1, 2, 4);
    write(2, "b", "2");
    move(1, 2, 1, 2, 5);
    awaitOn(2, 1, 2, 5);
    write(3, "c", "3");
    assertThat(rows(3)).containsExactly("a=1", "b=2", "c=3");
  }

  /** Waits until all shards are on as many of these nodes as they should be, spread evenly. */
  private void awaitSpread(int asking, Set<Integer> on) {
    Await.until(
        "all shards are on " + on,
        () -> {
          SplitNode node = node(asking);
          try {
            node.map.refresh();
          } catch (KvException e) {
            return false;
          }
          Map<Integer, Integer> counts = new TreeMap<>();
          for (ShardDescriptor shard : node.map.all()) {
            if (shard.isChanging() || shard.nodeIds().size() != 3) {
              return false;
            }
            shard.nodeIds().forEach(id -> counts.merge(id, 1, Integer::sum));
          }
          return counts.keySet().equals(on)
              && counts.values().stream().mapToInt(count -> count).max().orElse(0)
                      - counts.values().stream().mapToInt(count -> count).min().orElse(0)
                  < 2;
        });
  }

  @Test
  void theLoopFillsNewNodesAndEmptiesThoseThatLeave() throws Exception {
    for (int i = 0; i < 24; i++) {
      write(1, "account%02d".formatted(i), "100");
    }
    split(1, "account08");
    split(1, "account16");
    AtomicBoolean done = new AtomicBoolean();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> work =
        CompletableFuture.runAsync(
            () -> transfer(2, 24, done, acknowledged),
            task -> Thread.ofPlatform().daemon().start(task));
    start(4, 1, new MemoryEngine(), true, _ -> {});
    start(5, 1, new MemoryEngine(), true, _ -> {});
    for (SplitNode node : List.copyOf(nodes.values())) {
      retrying(() -> {
        node.metaTable.announce(node.rpc.address());
        return true;
      });
      node.greetAll(nodes.keySet());
      node.places = true;
    }
    awaitSpread(3, Set.of(1, 2, 3, 4, 5));
    retrying(() -> {
      node(4).metaTable.setNodeState(1, NodeState.DECOMMISSIONING);
      node(4).metaTable.setNodeState(4, NodeState.DECOMMISSIONING);
      return true;
    });
    awaitSpread(3, Set.of(2, 3, 5));
    Await.until(
        "both may be stopped",
        () ->
            retrying(() -> node(5).metaTable.nodeStates())
                .equals(Map.of(1, NodeState.DECOMMISSIONED, 4, NodeState.DECOMMISSIONED)));
    awaitNoRows(1, KeySpace.dataSpan());
    awaitNoRows(4, KeySpace.dataSpan());
    for (int id : List.of(1, 4)) {
      node(id).close();
      nodes.remove(id);
    }
    done.set(true);
    var _ = Await.result(work.thenApply(_ -> true));
    List<String> rows = rows(3);
    int total = 0;
    for (String row : rows) {
      if (row.startsWith("account")) {
        total += Integer.parseInt(row.substring(row.indexOf('=') + 1));
      }
    }
    assertThat(total).isEqualTo(2_400);
    assertThat(rows.stream().filter(row -> row.startsWith("log")).toList())
        .containsExactlyInAnyOrderElementsOf(acknowledged);
  }
}
