package io.shardforge.server.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.shardforge.sql.session.LogChannel;
import io.shardforge.sql.session.NodeLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** The newest log lines of each channel, kept in memory for whoever looks at a running node. */
final class LogTail extends AppenderBase<ILoggingEvent> implements NodeLog {
  /** Lines of each channel that are kept. */
  static final int LINES_MAX = 500;

  /** Characters of a line's message and of its fields that are kept. */
  static final int CHARACTERS_MAX = 2_000;

  private final Map<LogChannel, Deque<Line>> channels = new EnumMap<>(LogChannel.class);

  @Override
  protected void append(ILoggingEvent event) {
    LogChannel channel = LogChannel.ofLogger(event.getLoggerName());
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    String fields =
        pairs == null
            ? ""
            : pairs.stream().map(p -> p.key + "=" + p.value).collect(Collectors.joining(", "));
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      fields =
          (fields.isEmpty() ? "" : fields + ", ")
              + "error.type="
              + failure.getClassName()
              + ", error.message="
              + failure.getMessage();
    }
    Line line =
        new Line(
            event.getTimeStamp() * 1_000,
            channel.word(),
            event.getLevel().toString(),
            cut(event.getFormattedMessage()),
            cut(fields));
    synchronized (channels) {
      Deque<Line> lines = channels.computeIfAbsent(channel, _ -> new ArrayDeque<>());
      lines.addLast(line);
      if (lines.size() > LINES_MAX) {
        lines.removeFirst();
      }
    }
  }

  private static String cut(String text) {
    return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "…";
  }

  @Override
  public List<Line> tail(@Nullable LogChannel channel, int lines) {
    List<Line> found = new ArrayList<>();
    synchronized (channels) {
      channels.forEach((of, kept) -> {
        if (channel == null || channel == of) {
          found.addAll(kept);
        }
      });
    }
    found.sort(Comparator.comparingLong(Line::micros));
    return List.copyOf(found.subList(Math.max(0, found.size() - lines), found.size()));
  }
}
