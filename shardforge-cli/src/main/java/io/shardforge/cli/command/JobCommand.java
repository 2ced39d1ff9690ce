package io.shardforge.cli.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code job}: shows what the cluster does by itself, and has it rest, go on or end. */
@Command(name = "job", description = "Shows jobs; pauses, resumes and cancels them.")
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
              + "' is no job; take the id of one (job list) or a kind: "
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
        "SELECT id, kind, coalesce(state, 'running') AS state, coalesce(shard_id::text,"
            + " concat_ws('.', table_name, index_name, constraint_name)) AS of, from_nodes,"
            + " to_nodes, coalesce(rows_done, bytes_done) AS done, coalesce(rows_total,"
            + " bytes_total) AS total, CASE WHEN rows_done IS NULL THEN 'bytes' ELSE 'rows' END"
            + " AS unit, round(running_seconds::numeric, 0) AS seconds,"
            + " round(estimated_seconds_left::numeric, 0) AS seconds_left, error"
            + " FROM shardforge.jobs");
  }

  @Command(
      description = {
        "Has a job rest, by its id, until it is resumed;",
        "or begins no more of a kind: moves, scrub, load-splits or merges."
      })
  int pause(@Parameters(paramLabel = "ID|KIND") String job, @Mixin AdminOptions options) {
    return isNumber(job) ? call(options, "pause_job", job) : set(options, Kind.of(job), " = '0'");
  }

  @Command(
      description = {
        "Lets a paused job go on, by its id;",
        "or those of a kind, with their setting's default."
      })
  int resume(@Parameters(paramLabel = "ID|KIND") String job, @Mixin AdminOptions options) {
    return isNumber(job)
        ? call(options, "resume_job", job)
        : set(options, Kind.of(job), " TO DEFAULT");
  }

  @Command(description = "Ends a schema change, a backup or a restore; nothing is left of it.")
  int cancel(@Parameters(paramLabel = "ID") long job, @Mixin AdminOptions options) {
    return call(options, "cancel_job", Long.toString(job));
  }

  private static boolean isNumber(String word) {
    return word.matches("\\d{1,18}");
  }

  private int call(AdminOptions options, String function, String job) {
    return options.print(context, "SELECT shardforge.%s(%s) AS state".formatted(function, job));
  }

  private int set(AdminOptions options, Kind kind, String value) {
    int code = options.print(context, "ALTER SYSTEM SET " + kind.setting + value);
    if (code == ExitCode.OK) {
      context.streams().out().println(kind.setting + value);
    }
    return code;
  }
}
