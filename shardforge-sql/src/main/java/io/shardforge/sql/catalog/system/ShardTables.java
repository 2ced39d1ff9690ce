package io.shardforge.sql.catalog.system;

import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.meta.ScrubReport;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.PgOid;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.HashSlots;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of the schema shardforge: what the cluster is made of. */
final class ShardTables {
  private ShardTables() {}

  static Stream<@Nullable Object[]> shards(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    ShardsView view = context.services().get(ShardsView.class);
    List<NamedTable> tables = new ArrayList<>();
    addTables(tables, "", snapshot);
    for (CatalogSnapshot other : view.otherDatabases()) {
      DatabaseDescriptor database = other.database(other.databaseId());
      if (database != null) {
        addTables(tables, database.name() + ".", other);
      }
    }
    tables.sort(Comparator.comparing(NamedTable::name));
    return view.shards().stream().map(status -> shard(t, tables, status));
  }

  /** A table by the name that rows show: with its database, if that is another one. */
  private record NamedTable(String name, TableDescriptor table) {}

  private static void addTables(List<NamedTable> tables, String prefix, CatalogSnapshot snapshot) {
    for (TableDescriptor table : snapshot.tables()) {
      tables.add(new NamedTable(prefix + table.name(), table));
    }
  }

  private static @Nullable Object[] shard(
      SystemTable t, List<NamedTable> tables, ClusterControl.ShardStatus status) {
    ShardDescriptor shard = status.shard();
    KvResult.ShardFacts facts = status.facts();
    KeySpan span = shard.span();
    return t.row()
        .set("shard_id", shard.shardId())
        .set("first_key", words(tables, span.start()))
        .set("end_key", words(tables, span.end()))
        .set("first_key_hex", Bytes.toHex(span.start()))
        .set("end_key_hex", Bytes.toHex(span.end()))
        .set("epoch", shard.epoch())
        .set("state", status.condition().words())
        .set("replicas", Cells.numbers(PgOid.INT4, shard.nodeIds()))
        .set("unreachable_nodes", Cells.numbers(PgOid.INT4, status.unreachable()))
        .set("moving_to", shard.isChanging() ? Cells.numbers(PgOid.INT4, shard.next()) : null)
        .set("leader_node", facts == null ? null : (Object) (long) facts.leaderNode())
        .set("lease", facts == null ? null : (Object) facts.leaseNumber())
        .set("size_bytes", facts == null ? null : (Object) facts.sizeBytes())
        .set("requests_per_second", facts == null ? null : (Object) facts.requestsPerSecond())
        .set("tables", Cells.array(PgOid.TEXT, tablesIn(tables, span)))
        .done();
  }

  /** The tables that have, or could have, rows in a span. */
  private static List<String> tablesIn(List<NamedTable> tables, KeySpan span) {
    return tables.stream()
        .filter(named -> KeySpace.tableSpan(named.table.dataId()).overlaps(span))
        .map(NamedTable::name)
        .toList();
  }

  /** A border in words: the table that it lies in, and where in it. */
  private static String words(List<NamedTable> tables, byte[] key) {
    if (KeySpace.metaSpan().start().length == key.length
        && Bytes.compare(KeySpace.metaSpan().start(), key) == 0) {
      return "the cluster's own tables";
    }
    if (Bytes.compare(KeySpace.dataSpan().start(), key) == 0) {
      return "the first table";
    }
    if (Bytes.compare(KeySpace.dataSpan().end(), key) == 0) {
      return "the end";
    }
    int dataId = KeySpace.tableIdOf(key);
    for (NamedTable named : tables) {
      TableDescriptor table = named.table;
      if (table.dataId() == dataId) {
        byte[] prefix = KeySpace.indexPrefix(dataId, table.primaryIndex().number());
        boolean inRows = Bytes.startsWith(key, prefix) && key.length > prefix.length;
        return "table " + named.name + (inRows ? inRows(table, key, prefix.length) : "");
      }
    }
    return "between tables";
  }

  private static String inRows(TableDescriptor table, byte[] key, int from) {
    int columns = from;
    String slot = "";
    if (table.options().isHashed() && key.length >= from + HashSlots.BYTES) {
      slot = " slot " + Short.toUnsignedInt(Bytes.getShort(key, from));
      columns += HashSlots.BYTES;
    }
    return columns == key.length
        ? slot
        : slot + " key " + Bytes.toHex(Arrays.copyOfRange(key, columns, key.length));
  }

  static Stream<@Nullable Object[]> settings(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    ShardsView view = context.services().get(ShardsView.class);
    return Arrays.stream(ClusterSetting.values())
        .map(setting ->
            t.row()
                .set("name", setting.key())
                .set("setting", view.setting(setting))
                .set("default_setting", setting.defaultText())
                .done());
  }

  static Stream<@Nullable Object[]> nodes(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    ShardsView view = context.services().get(ShardsView.class);
    Map<Integer, Long> replicas = new HashMap<>();
    Map<Integer, Long> leaders = new HashMap<>();
    for (ClusterControl.ShardStatus status : view.shards()) {
      status.shard().nodeIds().forEach(node -> replicas.merge(node, 1L, Long::sum));
      KvResult.ShardFacts facts = status.facts();
      if (facts != null) {
        leaders.merge(facts.leaderNode(), 1L, Long::sum);
      }
    }
    Map<Integer, NodeState> states = view.nodeStates();
    return view.nodes().stream()
        .filter(node -> node.isConnected() || stateOf(states, node) != NodeState.DECOMMISSIONED)
        .map(node ->
            t.row()
                .set("node_id", node.nodeId())
                .set("incarnation", node.incarnation())
                .set("address", node.address())
                .set("sql_address", node.pgAddress())
                .set("http_address", node.httpAddress())
                .set("locality", node.locality())
                .set("connected", node.isConnected())
                .set("state", words(states, node))
                .set("replicas", (long) replicas.getOrDefault(node.nodeId(), 0L))
                .set("leaders", (long) leaders.getOrDefault(node.nodeId(), 0L))
                .done());
  }

  private static NodeState stateOf(Map<Integer, NodeState> states, ClusterControl.NodeStatus node) {
    return states.getOrDefault(node.nodeId(), NodeState.ACTIVE);
  }

  /** What its operator wants of a node, or, if nothing special, whether it is there. */
  private static String words(Map<Integer, NodeState> states, ClusterControl.NodeStatus node) {
    NodeState state = stateOf(states, node);
    return state != NodeState.ACTIVE ? state.word() : node.isConnected() ? "live" : "dead";
  }

  /** Shards whose replicas are being moved, and the comparison of replicas if one is under way. */
  static Stream<@Nullable Object[]> jobs(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    ShardsView view = context.services().get(ShardsView.class);
    ClusterSetting setting = ClusterSetting.COPY_RATE_MAX;
    long rateMax = setting.number(view.setting(setting));
    Stream<@Nullable Object[]> moves =
        view.shards().stream()
            .filter(status -> status.shard().isChanging())
            .map(status -> job(t, status, rateMax));
    Stream<@Nullable Object[]> scrubs =
        Stream.of(view.scrubReport())
            .filter(scrub -> scrub.shardId() != 0)
            .map(scrub -> scrubJob(t, scrub));
    return Stream.concat(moves, scrubs);
  }

  private static @Nullable Object[] scrubJob(SystemTable t, ScrubReport scrub) {
    return t.row()
        .set("kind", "scrub")
        .set("shard_id", scrub.shardId())
        .set("from_nodes", null)
        .set("to_nodes", null)
        .set("bytes_done", scrub.bytesDone())
        .set("bytes_total", null)
        .set("bytes_per_second", null)
        .set("bytes_per_second_max", null)
        .set("running_seconds", scrub.millis() / 1000.0)
        .set("estimated_seconds_left", null)
        .done();
  }

  /** Replicas that were found unlike the others. */
  static Stream<@Nullable Object[]> scrubFindings(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return context.services().get(ShardsView.class).scrubReport().findings().stream()
        .map(finding ->
            t.row()
                .set("shard_id", finding.shardId())
                .set("odd_nodes", Cells.numbers(PgOid.INT4, finding.odd()))
                .set("finding", finding.words())
                .set("rebuilt", finding.isRebuilt())
                .set("found_at", Instant.ofEpochMilli(finding.atMillis()).toString())
                .done());
  }

  private static @Nullable Object[] job(
      SystemTable t, ClusterControl.ShardStatus status, long rateMax) {
    ShardDescriptor shard = status.shard();
    KvResult.ShardFacts facts = status.facts();
    List<Integer> leaving = new ArrayList<>(shard.nodeIds());
    leaving.removeAll(shard.next());
    Double seconds = null;
    Double left = null;
    Double speed = null;
    if (facts != null && facts.changeMillis() > 0) {
      seconds = facts.changeMillis() / 1000.0;
      speed = facts.copiedBytes() / seconds;
      long toGo = Math.max(0, facts.sizeBytes() - facts.copiedBytes());
      // Before anything has been sent, as if it went as fast as it may.
      left = toGo / (facts.copiedBytes() > 0 ? Math.min(speed, (double) rateMax) : rateMax);
    }
    return t.row()
        .set("kind", "move")
        .set("shard_id", shard.shardId())
        .set("from_nodes", Cells.numbers(PgOid.INT4, leaving))
        .set("to_nodes", Cells.numbers(PgOid.INT4, shard.next()))
        .set("bytes_done", facts == null ? null : (Object) facts.copiedBytes())
        .set(
            "bytes_total",
            facts == null ? null : (Object) Math.max(facts.sizeBytes(), facts.copiedBytes()))
        .set("bytes_per_second", speed)
        .set("bytes_per_second_max", rateMax)
        .set("running_seconds", seconds)
        .set("estimated_seconds_left", left)
        .done();
  }
}
