package io.shardforge.cli.shell;

import io.shardforge.cli.connect.PasswordMissingException;
import io.shardforge.cli.connect.Target;
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
public final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Pattern HAS_JOB =
      Pattern.compile(
          "(?is)(?:create|alter|reindex|select\\b.*\\bshardforge\\.(?:backup|restore))\\b.*");
  private static final String JOBS =
      "SELECT concat_ws(' ', kind, coalesce(index_name, constraint_name, table_name),"
          + " rows_done || ' of about ' || rows_total || ' rows')"
          + " FROM shardforge.jobs WHERE id IS NOT NULL LIMIT 1";

  private final Streams streams;
  private final Target target;
  private final boolean hasJob;
  private final Thread thread;

  private Progress(Streams streams, Target target, String statement) {
    this.streams = streams;
    this.target = target;
    this.hasJob = HAS_JOB.matcher(statement).matches();
    this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::tell);
  }

  /** Begins to watch, if there is anybody to be told; null otherwise. */
  public static @Nullable Progress watch(Streams streams, Target target, String statement) {
    if (!streams.isErrTerminal()) {
      return null;
    }
    Progress progress = new Progress(streams, target, statement);
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
        streams.err().print("\r\u001b[K" + watch.elapsed().toSeconds() + " s  " + job);
        streams.err().flush();
        told = true;
      } while (Stopwatch.pause(PAUSE));
    } finally {
      if (told) {
        streams.err().print("\r\u001b[K");
        streams.err().flush();
      }
      if (second != null) {
        second.close();
      }
    }
  }

  private @Nullable Wire open() {
    try {
      return Wire.open(target.with("application_name", "shardforge progress"));
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
