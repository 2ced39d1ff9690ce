package io.shardforge.cli.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code job}: shows what the cluster does by itself, and has it pause what can be paused. */
@Command(name = "job", description = "Shows jobs, pauses and resumes those that can be.")
final class JobCommand {
  private final Context context;

  JobCommand(Context context) {
    this.context = context;
  }

  /** What can be paused, with the setting that does it at 0. */
  enum Kind {
    MOVES("shardforge.moves_at_once"),
    SCRUB("shardforge.scrub_bytes_per_second"),
    LOAD_SPLITS("shardforge.shard_load_max"),
    MERGES("shardforge.shard_size_min");

    private final String setting;

    Kind(String setting) {
      this.setting = setting;
    }

    static Kind of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "'"
              + word
              + "' cannot be paused; take "
              + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", ")));
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Command(name = "list", description = "Shows the jobs under way, with how far they are.")
  int listAll(@Mixin AdminOptions options) {
    return options.print(
        context,
        "SELECT kind, coalesce(state, 'running') AS state, coalesce(shard_id::text,"
            + " concat_ws('.', table_name, index_name, constraint_name)) AS of, from_nodes,"
            + " to_nodes, coalesce(rows_done, bytes_done) AS done, coalesce(rows_total,"
            + " bytes_total) AS total, CASE WHEN rows_done IS NULL THEN 'bytes' ELSE 'rows' END"
            + " AS unit, round(running_seconds::numeric, 0) AS seconds,"
            + " round(estimated_seconds_left::numeric, 0) AS seconds_left, error"
            + " FROM shardforge.jobs");
  }

  @Command(description = "Begins no more jobs of a kind: moves, scrub, load-splits or merges.")
  int pause(@Parameters(paramLabel = "KIND") String kind, @Mixin AdminOptions options) {
    return set(options, Kind.of(kind), " = '0'");
  }

  @Command(description = "Lets jobs of a kind go on, with their setting's default.")
  int resume(@Parameters(paramLabel = "KIND") String kind, @Mixin AdminOptions options) {
    return set(options, Kind.of(kind), " TO DEFAULT");
  }

  private int set(AdminOptions options, Kind kind, String value) {
    int code = options.print(context, "ALTER SYSTEM SET " + kind.setting + value);
    if (code == ExitCode.OK) {
      context.streams().out().println(kind.setting + value);
    }
    return code;
  }
}
