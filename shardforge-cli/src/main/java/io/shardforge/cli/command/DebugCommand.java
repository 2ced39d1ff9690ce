package io.shardforge.cli.command;

import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.OutputFormat;
import io.shardforge.cli.print.RowPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code debug}: collects what somebody who is to help wants to see. */
@Command(name = "debug", description = "Collects what somebody who is to help wants to see.")
final class DebugCommand {
  /** What is in a bundle, by file. Texts of running statements are not: they may hold secrets. */
  private static final Map<String, String> CONTENTS = contents();

  private final Context context;

  DebugCommand(Context context) {
    this.context = context;
  }

  private static Map<String, String> contents() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("version", "SELECT version(), now() AS at, pg_postmaster_start_time() AS node_started");
    all.put("nodes", "SELECT * FROM shardforge.nodes ORDER BY node_id");
    all.put("shards", "SELECT * FROM shardforge.shards ORDER BY first_key_hex");
    all.put("jobs", "SELECT * FROM shardforge.jobs");
    all.put("scrub_findings", "SELECT * FROM shardforge.scrub_findings");
    all.put("cluster_settings", "SELECT * FROM shardforge.settings ORDER BY name");
    all.put(
        "settings",
        "SELECT name, setting, unit, source FROM pg_settings WHERE name !~ 'password' ORDER BY"
            + " name");
    all.put(
        "sessions",
        "SELECT node_id, pid, usename, datname, application_name, backend_start, xact_start,"
            + " query_start, state_change, wait_event_type, wait_event, state, length(query) AS"
            + " query_length FROM shardforge.sessions");
    all.put("locks", "SELECT * FROM pg_locks");
    all.put("databases", "SELECT * FROM pg_stat_database");
    all.put(
        "tables",
        "SELECT n.nspname, c.relname, c.relkind, c.reltuples, c.reloptions FROM pg_class c JOIN"
            + " pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'i', 'm', 'v',"
            + " 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2");
    all.put("table_use", "SELECT * FROM pg_stat_user_tables");
    all.put(
        "statements",
        "SELECT * FROM pg_stat_statements WHERE query !~* 'password' ORDER BY total_exec_time DESC"
            + " LIMIT 500");
    return all;
  }

  @Command(
      description =
          "Writes a zip file with versions, settings, nodes, shards, jobs, sessions"
              + " and statements, without rows, passwords or texts of running statements.")
  int bundle(
      @Parameters(paramLabel = "FILE", arity = "0..1", description = "A new file")
          @Nullable Path file,
      @Mixin AdminOptions options)
      throws IOException {
    Path target = file == null ? Path.of("shardforge-debug-" + now() + ".zip") : file;
    int failures = 0;
    try (Wire wire = options.connect(context);
        ZipOutputStream zip = new ZipOutputStream(open(target), StandardCharsets.UTF_8)) {
      StringBuilder notes = new StringBuilder();
      for (Map.Entry<String, String> part : CONTENTS.entrySet()) {
        try {
          String rows =
              new RowPrinter(OutputFormat.CSV, "", false).print(wire.query(part.getValue()), null);
          put(zip, part.getKey() + ".csv", rows);
        } catch (SQLException e) {
          failures++;
          notes.append(part.getKey()).append(": ").append(e.getMessage()).append('\n');
        }
      }
      put(zip, "client.txt", "client " + VersionCommand.version() + "\n" + notes);
    }
    context
        .streams()
        .out()
        .println(
            "wrote "
                + target
                + (failures == 0 ? "" : "; " + failures + " parts failed, see client.txt"));
    return failures == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private static OutputStream open(Path file) throws IOException {
    return java.nio.channels.Channels.newOutputStream(
        Files.newByteChannel(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private static String now() {
    return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
        .format(LocalDateTime.now(ZoneId.systemDefault()));
  }
}
