package io.shardforge.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restore}: brings back what a backup holds, and overwrites nothing. */
@Command(
    name = "restore",
    description = "Restores a cluster into an empty one, a database, or tables.")
final class RestoreCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TARGET",
      description =
          "A directory that all nodes reach by this path, or"
              + " s3://BUCKET/PREFIX?endpoint=URL&region=NAME")
  private String target = "";

  @Option(names = "--backup", paramLabel = "NAME", description = "Which one (the newest)")
  private @Nullable String backup;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "The state of this time, such as '2026-05-04 12:00:00.250+00'")
  private @Nullable String at;

  @Option(
      names = "--from-database",
      paramLabel = "NAME",
      description = "Only this one of the backup")
  private @Nullable String database;

  @Option(names = "--to-database", paramLabel = "NAME", description = "Under this name")
  private @Nullable String newDatabase;

  @Option(
      names = "--tables",
      paramLabel = "NAME,...",
      split = ",",
      description = "Only these, into the database connected to")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--to-schema", paramLabel = "NAME", description = "Tables into this schema")
  private @Nullable String newSchema;

  @Mixin private BackupOptions key = new BackupOptions();
  @Mixin private AdminOptions options = new AdminOptions();
  private final Context context;

  RestoreCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<String> more = new ArrayList<>();
    BackupOptions.addText(more, "backup", backup);
    BackupOptions.addText(more, "at", at);
    BackupOptions.addTexts(more, "tables", tables);
    BackupOptions.addText(more, "database", database);
    BackupOptions.addText(more, "new_database", newDatabase);
    BackupOptions.addText(more, "new_schema", newSchema);
    return options.print(context, key.call("restore", target, more));
  }
}
