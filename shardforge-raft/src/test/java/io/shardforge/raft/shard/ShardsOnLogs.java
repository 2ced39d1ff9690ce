package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes on real logs, of which a test changes the shards and ends some; what is written
 * before and meanwhile must be there afterwards.
 */
abstract class ShardsOnLogs {
  private static final int ACCOUNTS = 24;
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  static final Duration STATEMENT_TIME = LogsCluster.STATEMENT_TIME;
  static final List<Integer> NODES = List.of(1, 2, 3);
  private static final List<ShardDescriptor> FIRST =
      List.of(
          new ShardDescriptor(1, KeySpace.metaSpan(), 1, NODES),
          new ShardDescriptor(2, KeySpace.dataSpan(), 1, NODES));

  @TempDir @Nullable Path directory;

  private @Nullable LogsCluster cluster;

  @BeforeEach
  void begin() throws IOException {
    cluster = new LogsCluster(root(), FIRST);
    cluster.begin(NODES);
  }

  @AfterEach
  void end() {
    cluster().close();
    assertThat(cluster().fatal()).isNull();
  }

  private Path root() {
    Path root = directory;
    if (root == null) {
      throw new IllegalStateException("no directory");
    }
    return root;
  }

  final LogsCluster cluster() {
    LogsCluster begun = cluster;
    if (begun == null) {
      throw new IllegalStateException("not begun");
    }
    return begun;
  }

  final void start(
      int id,
      long announcement,
      MemoryEngine engine,
      boolean newStore,
      Consumer<Replicas.Step> steps)
      throws IOException {
    cluster().start(id, 1, announcement, engine, newStore, FIRST, steps);
  }

  /** Ends a node as a crash would, and returns what its engine is found to hold. */
  final MemoryEngine crash(int id) {
    return cluster().crash(id);
  }

  final SplitNode node(int id) {
    return cluster().node(id);
  }

  final Map<Integer, SplitNode> nodes() {
    return cluster().nodes();
  }

  static byte[] key(String name) {
    return LogsCluster.key(name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static <T> T retrying(LogsCluster.Attempt<T> attempt) {
    return LogsCluster.retrying(attempt);
  }

  private void statement(SplitNode node, Txn txn) {
    txn.beginStatement(Deadline.after(node.rpc.clock, STATEMENT_TIME), Duration.ZERO);
  }

  final void write(int node, String name, String value) {
    cluster().write(node, name, value);
  }

  final List<String> rows(int node) {
    return cluster().rows(node);
  }

  final ShardSplitter.Border split(int node, String name) {
    return retrying(() ->
        node(node)
            .splitter
            .splitAt(key(name), Deadline.after(node(node).rpc.clock, STATEMENT_TIME)));
  }

  final ShardMerger.Merged merge(int node, String name) {
    return retrying(() ->
        node(node).merger.mergeAt(key(name), Deadline.after(node(node).rpc.clock, STATEMENT_TIME)));
  }

  final int leaderOf(long shardId) {
    AtomicReference<Integer> leader = new AtomicReference<>(0);
    Await.until(
        "shard " + shardId + " has a leader",
        () -> {
          for (Map.Entry<Integer, SplitNode> entry : nodes().entrySet()) {
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

  /** Lets the nodes know each other and place shards. */
  final void place() {
    for (SplitNode node : List.copyOf(nodes().values())) {
      retrying(() -> {
        node.metaTable.announce(node.rpc.address());
        return true;
      });
      node.greetAll(nodes().keySet());
      node.places = true;
    }
  }

  /** Sends a shard to other nodes, from one of them. */
  final void move(int asking, long shardId, Integer... wanted) {
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

  /** Waits until a shard is on these nodes and nothing of it is on others. */
  final void awaitOn(long shardId, Integer... wanted) {
    List<Integer> expected = List.of(wanted);
    Await.until(
        "shard " + shardId + " is on " + expected,
        () -> {
          for (SplitNode node : nodes().values()) {
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

  final void awaitNoRows(int id, KeySpan span) {
    Await.until(
        "node " + id + " has nothing left in " + span,
        () -> {
          try (EngineIterator rows = node(id).engine.iterator(Family.CURRENT, span)) {
            return !rows.seekToFirst();
          }
        });
  }

  /** Waits until all nodes have applied the same of a shard and hold the same rows of it. */
  final void awaitSame(long shardId, KeySpan span) {
    for (int id : nodes().keySet()) {
      Await.until(
          "node " + id + " has the shard " + shardId,
          () -> {
            Replica replica = node(id).replicas.get(shardId);
            Replica leader = node(leaderOf(shardId)).replicas.get(shardId);
            return replica != null
                && leader != null
                && replica.shard().span().equals(span)
                && replica.applied().index() >= leader.applied().index();
          });
    }
  }

  /** Moves money on all nodes while something is done to the shards; nothing may be lost. */
  final void runBank(Change meanwhile) throws Exception {
    runBank(NODES, meanwhile);
  }

  /** What is done to the shards. */
  interface Change {
    void make() throws Exception;
  }

  /** As above, on some nodes. */
  final void runBank(List<Integer> clients, Change meanwhile) throws Exception {
    for (int i = 0; i < ACCOUNTS; i++) {
      write(1, "account%02d".formatted(i), "100");
    }
    AtomicBoolean done = new AtomicBoolean();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<?>> work = new ArrayList<>();
    for (int client : clients) {
      work.add(
          CompletableFuture.runAsync(
              () -> transfer(client, done, acknowledged),
              task -> Thread.ofPlatform().daemon().start(task)));
    }
    try {
      meanwhile.make();
    } finally {
      done.set(true);
    }
    for (CompletableFuture<?> future : work) {
      var _ = Await.result(future.thenApply(_ -> true));
    }
    checkBank(acknowledged);
  }

  /** Whether all nodes find all the money and all that was acknowledged. */
  private void checkBank(Set<String> acknowledged) {
    for (int node : nodes().keySet()) {
      List<String> rows = rows(node);
      int total = 0;
      for (String row : rows) {
        if (row.startsWith("account")) {
          total += Integer.parseInt(row.substring(row.indexOf('=') + 1));
        }
      }
      assertThat(total).isEqualTo(100 * ACCOUNTS);
      assertThat(rows.stream().filter(row -> row.startsWith("log")).toList())
          .containsExactlyInAnyOrderElementsOf(acknowledged);
    }
  }

  private void transfer(int client, AtomicBoolean done, Set<String> acknowledged) {
    Randomness random = Randomness.seeded(client);
    SplitNode node = node(client);
    for (int i = 0; !done.get(); i++) {
      String row = "log" + client + "n" + i;
      Txn txn = node.transactions.begin(Isolation.READ_COMMITTED, false);
      try {
        statement(node, txn);
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
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
            .isNotInstanceOf(KvError.OutcomeUnknown.class)
            .isNotInstanceOf(KvError.Broken.class);
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

  final boolean firstSegmentIsGone(int id) {
    String shardTwo = "000000000002";
    try (Stream<Path> files = Files.walk(cluster().directory(id))) {
      return files.noneMatch(file ->
          file.toString().contains(shardTwo) && file.getFileName().toString().startsWith("log_0-"));
    } catch (IOException | UncheckedIOException _) {
      return false;
    }
  }
}
