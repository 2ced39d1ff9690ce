package io.shardforge.raft.meta;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cluster's own tables in the meta shard: the map of shards and the nodes. */
public final class MetaTable {
  /** How often a transaction that met others is run. */
  private static final int ATTEMPTS_MAX = 5;

  private static final byte[] NODE_STATES = KeySpace.namedStateKey("node-states");
  private static final byte[] OWN_BORDERS = KeySpace.namedStateKey("own-borders");
  private static final byte[] SCRUB = KeySpace.namedStateKey("scrub");
  private static final Duration STATEMENT_TIME = Duration.ofSeconds(10);

  private final TxnClient transactions;
  private final Clock clock;

  public MetaTable(TxnClient transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** All shards by key order of their ids. */
  public List<ShardDescriptor> shards() {
    return read(txn -> shards(txn));
  }

  /** All nodes that ever were members, by id. */
  public List<NodeAddress> nodes() {
    return read(MetaTable::nodes);
  }

  /** Writes the first map of shards, unless there is one. */
  public void writeFirstShards(List<ShardDescriptor> first) {
    write(txn -> {
      if (shards(txn).isEmpty()) {
        for (ShardDescriptor shard : first) {
          txn.put(
              TableVersion.NONE,
              KeySpace.shardKey(shard.shardId()),
              ClusterPlan.toMessage(shard).toByteArray());
        }
      }
      return true;
    });
  }

  /** An id that no shard has had. */
  public long nextShardId() {
    return write(txn -> {
      byte[] key = KeySpace.namedStateKey("last-shard-id");
      byte[] known = txn.get(key);
      long last = known == null ? 0 : Bytes.getLong(known, 0);
      for (ShardDescriptor shard : shards(txn)) {
        last = Math.max(last, shard.shardId());
      }
      byte[] next = new byte[Long.BYTES];
      Bytes.putLong(next, 0, last + 1);
      txn.put(TableVersion.NONE, key, next);
      return last + 1;
    });
  }

  /** Records that a shard was split, unless that or more is recorded already. */
  public void recordSplit(ShardDescriptor parent, ShardDescriptor child) {
    write(txn -> {
      record(txn, parent);
      record(txn, child);
      return true;
    });
  }

  /** The shards that begin at a border that the system itself has made, and may take back. */
  public Set<Long> ownBorders() {
    return read(txn -> ownBorders(txn));
  }

  /** Notes that the system itself has made the border at which a shard begins. */
  public void noteOwnBorder(long shardId) {
    noteOwnBorders(List.of(shardId));
  }

  /** Notes that the system itself has made the borders at which shards begin. */
  public void noteOwnBorders(List<Long> shardIds) {
    changeOwnBorders(own -> own.addAll(shardIds));
  }

  /** Notes that somebody wants the border at which a shard begins, whoever has made it. */
  public void holdBorder(long shardId) {
    if (ownBorders().contains(shardId)) {
      changeOwnBorders(own -> own.remove(shardId));
    }
  }

  private void changeOwnBorders(Consumer<Set<Long>> change) {
    write(txn -> {
      Set<Long> own = new TreeSet<>(ownBorders(txn));
      change.accept(own);
      // Those that were merged meanwhile.
      Set<Long> known = new HashSet<>();
      shards(txn).forEach(shard -> known.add(shard.shardId()));
      own.retainAll(known);
      WireWriter out = new WireWriter(4 + 4 * own.size());
      out.putVarint(own.size());
      own.forEach(out::putVarint);
      txn.put(TableVersion.NONE, OWN_BORDERS, out.toByteArray());
      return true;
    });
  }

  private static Set<Long> ownBorders(Txn txn) {
    Set<Long> own = new TreeSet<>();
    byte[] bytes = txn.get(OWN_BORDERS);
    if (bytes != null) {
      WireReader in = new WireReader(bytes);
      int count = in.readCount();
      for (int i = 0; i < count; i++) {
        own.add(in.readVarint());
      }
      in.expectEnd();
    }
    return own;
  }

  /**
   * Records where a shard's replicas are, unless something newer is recorded; returns false if the
   * shard is not known at all.
   */
  public boolean recordMove(ShardDescriptor shard) {
    return write(txn -> {
      byte[] key = KeySpace.shardKey(shard.shardId());
      byte[] known = txn.get(key);
      if (known != null && ClusterPlan.shardFromBytes(known).epoch() < shard.epoch()) {
        txn.put(TableVersion.NONE, key, ClusterPlan.toMessage(shard).toByteArray());
      }
      return known != null;
    });
  }

  /** Records that a shard has taken its right neighbor in, unless more is recorded already. */
  public void recordMerge(ShardDescriptor merged, ShardDescriptor right) {
    write(txn -> {
      byte[] key = KeySpace.shardKey(right.shardId());
      byte[] known = txn.get(key);
      if (known != null && ClusterPlan.shardFromBytes(known).epoch() < merged.epoch()) {
        txn.delete(TableVersion.NONE, key);
      }
      record(txn, merged);
      return true;
    });
  }

  /** Puts a shard into the map, unless that knows something newer of its span. */
  private static void record(Txn txn, ShardDescriptor shard) {
    for (ShardDescriptor known : shards(txn)) {
      boolean about = known.shardId() == shard.shardId() || known.span().overlaps(shard.span());
      if (about && known.epoch() >= shard.epoch()) {
        return;
      }
    }
    txn.put(
        TableVersion.NONE,
        KeySpace.shardKey(shard.shardId()),
        ClusterPlan.toMessage(shard).toByteArray());
  }

  /** The value of a setting. */
  public String setting(ClusterSetting setting) {
    return read(txn -> text(setting, txn.get(KeySpace.settingKey(setting.key()))));
  }

  /** The values of all settings. */
  public Map<ClusterSetting, String> settings() {
    List<ClusterSetting> all = List.of(ClusterSetting.values());
    List<byte[]> keys = all.stream().map(setting -> KeySpace.settingKey(setting.key())).toList();
    return read(txn -> {
      List<byte @Nullable []> values = txn.getAll(keys);
      Map<ClusterSetting, String> settings = new EnumMap<>(ClusterSetting.class);
      for (int i = 0; i < values.size(); i++) {
        settings.put(all.get(i), text(all.get(i), values.get(i)));
      }
      return settings;
    });
  }

  private static String text(ClusterSetting setting, byte @Nullable [] value) {
    return value == null ? setting.defaultText() : new String(value, StandardCharsets.UTF_8);
  }

  /** Gives a setting a value, or with null its default. */
  public void set(ClusterSetting setting, @Nullable String value) {
    write(txn -> {
      byte[] key = KeySpace.settingKey(setting.key());
      if (value == null) {
        txn.delete(TableVersion.NONE, key);
      } else {
        txn.put(TableVersion.NONE, key, value.getBytes(StandardCharsets.UTF_8));
      }
      return true;
    });
  }

  /** How many replicas tables want that want a number of their own, by the table's id. */
  public Map<Integer, Integer> tableFactors() {
    return read(txn -> {
      Map<Integer, Integer> factors = new TreeMap<>();
      int prefix = KeySpace.tableFactorSpan().start().length;
      try (KvCursor cursor = txn.scan(KeySpace.tableFactorSpan(), false, 0)) {
        for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
          for (int row = 0; row < page.rows(); row++) {
            factors.put(
                Bytes.getInt(page.buffer(), page.keyOffset(row) + prefix),
                (int) page.buffer()[page.valueOffset(row)]);
          }
        }
      }
      return factors;
    });
  }

  /** Says in a transaction how many replicas a table wants; with 0 as many as any. */
  public static void putTableFactor(Txn txn, int tableId, int factor) {
    byte[] key = KeySpace.tableFactorKey(tableId);
    if (factor == 0) {
      txn.delete(TableVersion.NONE, key);
    } else {
      txn.put(TableVersion.NONE, key, new byte[] {(byte) factor});
    }
  }

  /** The number of arcs of tables that are cut by hash, by the table's id. */
  public Map<Integer, Integer> tableArcs() {
    return read(txn -> {
      Map<Integer, Integer> arcs = new TreeMap<>();
      int prefix = KeySpace.tableArcsSpan().start().length;
      try (KvCursor cursor = txn.scan(KeySpace.tableArcsSpan(), false, 0)) {
        for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
          for (int row = 0; row < page.rows(); row++) {
            arcs.put(
                Bytes.getInt(page.buffer(), page.keyOffset(row) + prefix),
                Bytes.getInt(page.buffer(), page.valueOffset(row)));
          }
        }
      }
      return arcs;
    });
  }

  /** Says in a transaction how many arcs a table is cut into by hash; with 0 that it is not. */
  public static void putTableArcs(Txn txn, int tableId, int arcs) {
    byte[] key = KeySpace.tableArcsKey(tableId);
    if (arcs == 0) {
      txn.delete(TableVersion.NONE, key);
    } else {
      byte[] value = new byte[Integer.BYTES];
      Bytes.putInt(value, 0, arcs);
      txn.put(TableVersion.NONE, key, value);
    }
  }

  /** What operators want of nodes; of those that are missing nothing special. */
  public Map<Integer, NodeState> nodeStates() {
    return read(txn -> nodeStates(txn));
  }

  /** Says what is wanted of a node, unless its state forbids that; returns its state then. */
  public NodeState setNodeState(int nodeId, NodeState state) {
    return write(txn -> {
      Map<Integer, NodeState> all = new TreeMap<>(nodeStates(txn));
      NodeState before = all.getOrDefault(nodeId, NodeState.ACTIVE);
      if (!state.mayFollow(before)) {
        return before;
      }
      all.put(nodeId, state);
      WireWriter out = new WireWriter(8 * all.size());
      out.putVarint(all.size());
      all.forEach((id, wanted) -> out.putVarint(id).putString(wanted.word()));
      txn.put(TableVersion.NONE, NODE_STATES, out.toByteArray());
      return state;
    });
  }

  /** What comparing replicas has come to. */
  public ScrubReport scrubReport() {
    return read(txn -> {
      byte[] bytes = txn.get(SCRUB);
      return bytes == null ? ScrubReport.NONE : ScrubReport.fromBytes(bytes);
    });
  }

  /** Writes down what comparing replicas has come to. */
  public void setScrubReport(ScrubReport report) {
    write(txn -> {
      txn.put(TableVersion.NONE, SCRUB, report.toBytes());
      return true;
    });
  }

  private static Map<Integer, NodeState> nodeStates(Txn txn) {
    Map<Integer, NodeState> all = new TreeMap<>();
    byte[] bytes = txn.get(NODE_STATES);
    if (bytes != null) {
      WireReader in = new WireReader(bytes);
      int count = in.readCount();
      for (int i = 0; i < count; i++) {
        int id = in.readInt();
        all.put(id, NodeState.valueOf(in.readString().toUpperCase(Locale.ROOT)));
      }
      in.expectEnd();
    }
    return all;
  }

  /** Records where a node is, unless something newer is known. */
  public void announce(NodeAddress address) {
    write(txn -> {
      byte[] key = KeySpace.nodeKey(address.nodeId());
      byte[] known = txn.get(key);
      if (known == null || address.supersedes(NodeAddress.fromBytes(known))) {
        txn.put(TableVersion.NONE, key, address.toBytes());
      }
      return true;
    });
  }

  /**
   * Finds or makes the place of a node that has none: see {@link Enrollment}.
   *
   * @param alsoKnown members that may not have announced themselves here yet
   */
  public NodeAddress enroll(NodeAddress newcomer, List<NodeAddress> alsoKnown) {
    return write(txn -> {
      List<NodeAddress> nodes = new ArrayList<>(nodes(txn));
      for (NodeAddress known : alsoKnown) {
        if (nodes.stream().noneMatch(node -> node.nodeId() == known.nodeId())) {
          nodes.add(known);
        }
      }
      // What was let go of for good is not brought back by another node in its place.
      Map<Integer, NodeState> states = nodeStates(txn);
      Optional<NodeAddress> before =
          nodes.stream()
              .filter(node -> node.rpc().equals(newcomer.rpc()))
              .filter(node -> states.get(node.nodeId()) != NodeState.DECOMMISSIONED)
              .findFirst();
      int newestId = nodes.stream().mapToInt(NodeAddress::nodeId).max().orElse(0);
      NodeAddress placed =
          newcomer.numbered(
              before.map(NodeAddress::nodeId).orElse(newestId + 1),
              before.map(node -> node.incarnation() + 1).orElse(1));
      txn.put(TableVersion.NONE, KeySpace.nodeKey(placed.nodeId()), placed.toBytes());
      return placed;
    });
  }

  private static List<ShardDescriptor> shards(Txn txn) {
    return scan(txn, KeySpace.shardMapSpan(), ClusterPlan::shardFromBytes);
  }

  private static List<NodeAddress> nodes(Txn txn) {
    return scan(txn, KeySpace.nodeSpan(), NodeAddress::fromBytes);
  }

  private static <T> List<T> scan(Txn txn, KeySpan span, Function<byte[], T> decode) {
    List<T> rows = new ArrayList<>();
    try (KvCursor cursor = txn.scan(span, false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          int start = page.valueOffset(row);
          rows.add(
              decode.apply(
                  Arrays.copyOfRange(page.buffer(), start, start + page.valueLength(row))));
        }
      }
    }
    return rows;
  }

  private <T> T read(Function<Txn, T> work) {
    return run(true, work);
  }

  private <T> T write(Function<Txn, T> work) {
    return run(false, work);
  }

  /** Runs a transaction, again where another one was first: most write what others read. */
  private <T> T run(boolean readOnly, Function<Txn, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return runOnce(readOnly, work);
      } catch (KvException e) {
        boolean another =
            e.error() instanceof KvError.ReadChanged || e.error() instanceof KvError.WriteConflict;
        if (!another || attempt >= ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private <T> T runOnce(boolean readOnly, Function<Txn, T> work) {
    Txn txn = transactions.begin(Isolation.SERIALIZABLE, readOnly);
    try {
      txn.beginStatement(Deadline.after(clock, STATEMENT_TIME), Duration.ZERO);
      T result = work.apply(txn);
      txn.finishStatement(true);
      txn.commit();
      return result;
    } finally {
      txn.rollback();
    }
  }
}
