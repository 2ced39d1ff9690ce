package io.shardforge.raft.shard;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.SystemClock;
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
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Nodes on real logs and connections in one process, with one table of text rows. */
final class LogsCluster implements AutoCloseable {
  static final byte[] PREFIX = KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1);
  static final Duration STATEMENT_TIME = Duration.ofSeconds(30);

  private static final Clock CLOCK = new SystemClock();
  private static final Duration ATTEMPTS_TIME = Duration.ofSeconds(40);
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofHours(4),
          Duration.ofSeconds(60));

  private final Path root;
  private final List<ShardDescriptor> first;
  private final Map<Integer, SplitNode> nodes = new TreeMap<>();
  private final AtomicReference<@Nullable String> fatal = new AtomicReference<>();

  LogsCluster(Path root, List<ShardDescriptor> first) {
    this.root = root;
    this.first = List.copyOf(first);
  }

  /** Starts nodes that are new, and writes the first map. */
  void begin(List<Integer> ids) throws IOException {
    for (int id : ids) {
      start(id, 1, 1, new MemoryEngine(), true, first);
    }
    retrying(() -> {
      node(ids.getFirst()).metaTable.writeFirstShards(first);
      return true;
    });
  }

  /** Starts a node on what it is found to have. */
  void start(
      int id,
      int incarnation,
      long announcement,
      MemoryEngine engine,
      boolean newStore,
      List<ShardDescriptor> known)
      throws IOException {
    start(id, incarnation, announcement, engine, newStore, known, _ -> {});
  }

  /** Starts a node that tells of the steps of its replicas. */
  void start(
      int id,
      int incarnation,
      long announcement,
      MemoryEngine engine,
      boolean newStore,
      List<ShardDescriptor> known,
      Consumer<Replicas.Step> steps)
      throws IOException {
    RpcNode rpc = new RpcNode(id, incarnation, announcement, RpcNode.CLUSTER);
    for (SplitNode other : nodes.values()) {
      rpc.book.learn(other.rpc.address());
      other.rpc.book.learn(rpc.address());
    }
    nodes.put(
        id,
        new SplitNode(
            rpc,
            directory(id),
            engine,
            newStore,
            known,
            SETTINGS,
            steps,
            reason -> fatal.compareAndSet(null, reason)));
  }

  Path directory(int id) {
    return root.resolve("n" + id);
  }

  /** The nodes that run. */
  Map<Integer, SplitNode> nodes() {
    return nodes;
  }

  SplitNode node(int id) {
    SplitNode node = nodes.get(id);
    if (node == null) {
      throw new IllegalStateException("node " + id + " is not there");
    }
    return node;
  }

  /** Ends a node as a crash would, and returns what its engine is found to hold. */
  MemoryEngine crash(int id) {
    SplitNode node = node(id);
    nodes.remove(id);
    return node.crash();
  }

  /** Why a node was to stop, null if none was. */
  @Nullable String fatal() {
    return fatal.get();
  }

  static byte[] key(String name) {
    return Bytes.concat(PREFIX, name.getBytes(StandardCharsets.UTF_8));
  }

  /** Something that may have to be tried again. */
  interface Attempt<T> {
    T run() throws InterruptedException;
  }

  static <T> T retrying(Attempt<T> attempt) {
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

  /** Writes a row once, and returns its commit timestamp. */
  long writeOnce(int node, String name, String value) {
    Txn txn = node(node).transactions.begin(Isolation.READ_COMMITTED, false);
    try {
      statement(txn, Deadline.after(node(node).rpc.clock, STATEMENT_TIME));
      txn.put(TABLE, key(name), value.getBytes(StandardCharsets.UTF_8));
      return txn.commit();
    } finally {
      txn.rollback();
    }
  }

  long write(int node, String name, String value) {
    return retrying(() -> writeOnce(node, name, value));
  }

  /** Reads one row without a deadline; null if it is not there. */
  @Nullable String readOnce(int node, String name) {
    Txn txn = node(node).transactions.begin(Isolation.READ_COMMITTED, true);
    try {
      statement(txn, Deadline.never());
      byte[] value = txn.get(key(name));
      return value == null ? null : new String(value, StandardCharsets.UTF_8);
    } finally {
      txn.rollback();
    }
  }

  private static void statement(Txn txn, Deadline deadline) {
    txn.beginStatement(deadline, Duration.ZERO);
  }

  List<String> rows(int node) {
    return retrying(() -> {
      Txn txn = node(node).transactions.begin(Isolation.REPEATABLE_READ, true);
      try {
        statement(txn, Deadline.after(node(node).rpc.clock, STATEMENT_TIME));
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

  /** This node's member of a shard's log. */
  RaftGroup group(int node, long shardId) {
    Replica replica = node(node).replicas.get(shardId);
    RaftGroup group = replica == null ? null : replica.group();
    if (group == null) {
      throw new IllegalStateException("no member of shard " + shardId + " on node " + node);
    }
    return group;
  }

  @Override
  public void close() {
    nodes.values().forEach(SplitNode::close);
  }
}
