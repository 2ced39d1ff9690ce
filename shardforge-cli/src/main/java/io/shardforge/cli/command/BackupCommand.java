package io.shardforge.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup}: makes backups, shows them, and looks whether they are whole. */
@Command(name = "backup", description = "Makes, shows and verifies backups.")
final class BackupCommand {
  private static final String TARGET =
      "A directory that all nodes reach by this path, or"
          + " s3://BUCKET/PREFIX?endpoint=URL&region=NAME";

  /** The column of shardforge.verify_backup that is null where all is well. */
  private static final int PROBLEM = 5;

  private final Context context;

  BackupCommand(Context context) {
    this.context = context;
  }

  @Command(description = "Writes what the cluster, or a part of it, has at one time.")
  int create(
      @Parameters(paramLabel = "TARGET", description = TARGET) String target,
      @Option(
              names = "--databases",
              paramLabel = "NAME,...",
              split = ",",
              description = "Only these")
          @Nullable List<String> databases,
      @Option(
              names = "--tables",
              paramLabel = "NAME,...",
              split = ",",
              description = "Only these, of the database connected to")
          @Nullable List<String> tables,
      @Option(names = "--incremental", description = "Only what has changed since the last one")
          boolean incremental,
      @Option(
              names = "--history",
              description = "Also all that was there between the last and this")
          boolean history,
      @Mixin BackupOptions key,
      @Mixin AdminOptions options) {
    List<String> more = new ArrayList<>();
    BackupOptions.addTexts(more, "databases", databases == null ? List.of() : databases);
    BackupOptions.addTexts(more, "tables", tables == null ? List.of() : tables);
    if (incremental) {
      more.add("incremental => true");
    }
    if (history) {
      more.add("history => true");
    }
    return options.print(context, key.call("backup", target, more));
  }

  @Command(name = "list", description = "Shows the backups of a target.")
  int listAll(
      @Parameters(paramLabel = "TARGET", description = TARGET) String target,
      @Mixin BackupOptions key,
      @Mixin AdminOptions options) {
    return options.print(context, key.call("backups", target, List.of()));
  }

  @Command(description = "Reads every file of a backup and of those it builds on.")
  int verify(
      @Parameters(paramLabel = "TARGET", description = TARGET) String target,
      @Option(names = "--backup", paramLabel = "NAME", description = "Which one (the newest)")
          @Nullable String backup,
      @Mixin BackupOptions key,
      @Mixin AdminOptions options) {
    List<String> more = new ArrayList<>();
    BackupOptions.addText(more, "backup", backup);
    return options.print(
        context,
        key.call("verify_backup", target, more),
        rows -> rows.column(PROBLEM).stream().allMatch(String::isEmpty));
  }
}
