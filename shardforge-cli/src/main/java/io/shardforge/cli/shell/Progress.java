package io.shardforge.cli.shell;

import io.shardforge.cli.connect.PasswordMissingException;
import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.Rows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells on a terminal how long a statement has been running, and how far the job of one that
 * changes tables is. Has a thread of its own while the statement runs.
 */
final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Pattern HAS_JOB = Pattern.compile("(?is)(?:create|alter|reindex)\\b.*");
  private static final String JOBS =
      "SELECT concat_ws(' ', kind, coalesce(index_name, constraint_name, table_name),"
          + " rows_done || ' of about ' || rows_total || ' rows')"
          + " FROM shardforge.jobs WHERE id IS NOT NULL LIMIT 1";

  private final Shell shell;
  private final boolean hasJob;
  private final Thread thread;

  private Progress(Shell shell, String statement) {
    this.shell = shell;
    this.hasJob = HAS_JOB.matcher(statement).matches();
    this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::tell);
  }

  /** Begins to watch, if there is anybody to be told; null otherwise. */
  static @Nullable Progress watch(Shell shell, String statement) {
    if (!shell.streams().isErrTerminal()) {
      return null;
    }
    Progress progress = new Progress(shell, statement);
    progress.thread.start();
    return progress;
  }

  private void tell() {
    Stopwatch watch = Stopwatch.start();
    Wire second = null;
    boolean told = false;
    try {
      if (!Stopwatch.pause(PATIENCE)) {
        return;
      }
      do {
        if (hasJob && second == null) {
          second = open();
        }
        String job = second == null ? "" : job(second);
        shell.streams().err().print("\r\u001b[K" + watch.elapsed().toSeconds() + " s  " + job);
        shell.streams().err().flush();
        told = true;
      } while (Stopwatch.pause(PAUSE));
    } finally {
      if (told) {
        shell.streams().err().print("\r\u001b[K");
        shell.streams().err().flush();
      }
      if (second != null) {
        second.close();
      }
    }
  }

  private @Nullable Wire open() {
    try {
      return Wire.open(shell.wire().target().with("application_name", "shardforge progress"));
    } catch (PasswordMissingException | RuntimeException _) {
      return null; // The time alone is told then.
    }
  }

  private static String job(Wire wire) {
    try {
      Rows rows = wire.query(JOBS);
      return rows.first(0);
    } catch (SQLException | RuntimeException _) {
      return "";
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
