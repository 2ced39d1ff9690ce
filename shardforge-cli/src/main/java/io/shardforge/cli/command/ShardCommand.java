package io.shardforge.cli.command;

import io.shardforge.cli.shell.Literals;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shard}: shows shards, splits and merges them, and moves their replicas. */
@Command(name = "shard", description = "Shows shards, splits, merges and moves them.")
final class ShardCommand {
  private final Context context;

  ShardCommand(Context context) {
    this.context = context;
  }

  @Command(name = "list", description = "Shows all shards, or those of a table.")
  int listAll(
      @Parameters(paramLabel = "TABLE", arity = "0..1", description = "A table of the database")
          @Nullable String table,
      @Mixin AdminOptions options) {
    String which = table == null ? "" : " WHERE " + Literals.quote(table) + " = ANY (tables)";
    return options.print(
        context,
        "SELECT shard_id AS shard, state, leader_node AS leader, replicas, moving_to,"
            + " size_bytes, requests_per_second, first_key, end_key, tables FROM"
            + " shardforge.shards"
            + which
            + " ORDER BY first_key_hex");
  }

  @Command(description = "Makes a key of a table the first of a shard.")
  int split(
      @Parameters(index = "0", paramLabel = "TABLE") String table,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "VALUE",
              description = "Of the leading columns of its primary key")
          List<String> values,
      @Mixin AdminOptions options) {
    return border(options, "split_at", table, values);
  }

  @Command(description = "Makes a key of a table the first of no shard.")
  int merge(
      @Parameters(index = "0", paramLabel = "TABLE") String table,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "VALUE",
              description = "Of the leading columns of its primary key")
          List<String> values,
      @Mixin AdminOptions options) {
    return border(options, "merge_at", table, values);
  }

  private int border(AdminOptions options, String function, String table, List<String> values) {
    String keys = values.stream().map(Literals::quote).collect(Collectors.joining(", "));
    return options.print(
        context,
        "SELECT shardforge." + function + "(" + Literals.quote(table) + ", " + keys + ") AS shard");
  }

  @Command(description = "Moves a replica of a shard to another node.")
  int move(
      @Parameters(paramLabel = "SHARD", description = "Its number in: shard list") long shard,
      @Option(names = "--from", required = true, paramLabel = "NODE") int from,
      @Option(names = "--to", required = true, paramLabel = "NODE") int to,
      @Mixin AdminOptions options) {
    return options.print(
        context, "SELECT shardforge.move_replica(%d, %d, %d) AS shard".formatted(shard, from, to));
  }

  @Command(
      description =
          "Shows how replicas, leaders and bytes are spread over the nodes; the cluster"
              + " evens that out by itself.")
  int balance(@Mixin AdminOptions options) {
    return options.print(
        context,
        "SELECT n.node_id AS node, n.state, n.replicas, n.leaders, (SELECT"
            + " coalesce(sum(s.size_bytes), 0) FROM shardforge.shards s WHERE n.node_id = ANY"
            + " (s.replicas)) AS bytes, (SELECT coalesce(sum(s.requests_per_second), 0) FROM"
            + " shardforge.shards s WHERE s.leader_node = n.node_id) AS requests_per_second,"
            + " (SELECT count(*) FROM shardforge.shards s WHERE n.node_id = ANY (s.moving_to) AND"
            + " NOT n.node_id = ANY (s.replicas)) AS coming FROM shardforge.nodes n ORDER BY"
            + " n.node_id");
  }
}
