package io.shardforge.sql.session;

import io.shardforge.sql.function.LogFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The logs as a session may read them: as a member of pg_monitor, and no more than a bound. */
final class SessionLog implements LogFunctions {
  private final Session session;

  SessionLog(Session session) {
    this.session = session;
  }

  @Override
  public Iterator<@Nullable Object[]> logTail(
      @Nullable Long node, @Nullable String channel, long lines) {
    SessionAlerts.requireMonitor(session, "function log_tail");
    LogChannel wanted = channel == null ? null : LogChannel.ofWord(channel);
    if (channel != null && wanted == null) {
      throw new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE, "there is no log channel \"" + channel + "\"")
          .withHint(
              "Channels are "
                  + Arrays.stream(LogChannel.values())
                      .map(LogChannel::word)
                      .collect(Collectors.joining(", "))
                  + ".");
    }
    if (lines < 1 || lines > ClusterLog.LINES_MAX) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "the number of lines must be from 1 to " + ClusterLog.LINES_MAX);
    }
    ClusterLog log = session.services().log();
    int of = node == null ? log.self() : Math.toIntExact(node);
    try {
      return log.tail(of, wanted, (int) lines).stream()
          .map(line ->
              new @Nullable Object[] {
                (long) of,
                line.micros() - TransactionBlock.EPOCH_MICROS,
                line.channel(),
                line.severity(),
                line.message(),
                line.fields()
              })
          .iterator();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Cancellation.termination();
    }
  }
}
