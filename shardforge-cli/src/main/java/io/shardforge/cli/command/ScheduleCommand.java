package io.shardforge.cli.command;

import io.shardforge.cli.shell.Literals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup schedule}: backups that the cluster makes by itself. */
@Command(name = "schedule", description = "Backups that the cluster makes by itself.")
final class ScheduleCommand {
  private final Context context;

  ScheduleCommand(Context context) {
    this.context = context;
  }

  @Command(description = "Has backups made from now on.")
  int create(
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(
              paramLabel = "TARGET",
              description = "A directory that all nodes reach by this path")
          String target,
      @Parameters(
              paramLabel = "TIMES",
              description = "Five fields as cron has them, such as '0 2 * * *' (UTC), or '6 hours'")
          String times,
      @Option(
              names = "--databases",
              paramLabel = "NAME,...",
              split = ",",
              description = "Only these")
          @Nullable List<String> databases,
      @Option(names = "--history", description = "Also all that was there between two of them")
          boolean history,
      @Option(
              names = "--full-every",
              paramLabel = "N",
              description = "One of so many is full, the others have what has changed (1)")
          @Nullable Integer fullEvery,
      @Option(
              names = "--keep",
              paramLabel = "N",
              description = "Full ones, with what continues them, to keep (all)")
          @Nullable Integer keep,
      @Option(
              names = "--key-file",
              paramLabel = "FILE",
              description = "A file of the nodes that is the key")
          @Nullable String keyFile,
      @Mixin AdminOptions options) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Literals.quote(name));
    arguments.add(Literals.quote(target));
    arguments.add(Literals.quote(times));
    BackupOptions.addTexts(arguments, "databases", databases == null ? List.of() : databases);
    if (history) {
      arguments.add("history => true");
    }
    if (fullEvery != null) {
      arguments.add("full_every => " + fullEvery);
    }
    if (keep != null) {
      arguments.add("keep => " + keep);
    }
    BackupOptions.addText(arguments, "key_file", keyFile);
    return options.print(
        context, "SELECT * FROM shardforge.schedule_backup(" + String.join(", ", arguments) + ")");
  }

  @Command(name = "list", description = "Shows the schedules, and how their last backups went.")
  int listAll(@Mixin AdminOptions options) {
    return options.print(context, "SELECT * FROM shardforge.backup_schedules()");
  }

  @Command(description = "Begins no more backups until it is resumed.")
  int pause(@Parameters(paramLabel = "NAME") String name, @Mixin AdminOptions options) {
    return call(options, "pause_backup_schedule", "paused", name);
  }

  @Command(description = "Goes on with the next time.")
  int resume(@Parameters(paramLabel = "NAME") String name, @Mixin AdminOptions options) {
    return call(options, "resume_backup_schedule", "resumed", name);
  }

  @Command(description = "Forgets a schedule; its backups stay.")
  int drop(@Parameters(paramLabel = "NAME") String name, @Mixin AdminOptions options) {
    return call(options, "unschedule_backup", "dropped", name);
  }

  private int call(AdminOptions options, String function, String done, String name) {
    return options.print(
        context, "SELECT shardforge." + function + "(" + Literals.quote(name) + ") AS " + done);
  }
}
