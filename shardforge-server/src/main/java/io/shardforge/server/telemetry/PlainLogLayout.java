package io.shardforge.server.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** Log lines for people: time, level, thread, who speaks, what. */
final class PlainLogLayout extends LayoutBase<ILoggingEvent> {
  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    line.append(Instant.ofEpochMilli(event.getTimeStamp()))
        .append(' ')
        .append(event.getLevel())
        .append(" [")
        .append(event.getThreadName())
        .append("] ")
        .append(shortName(event.getLoggerName()))
        .append(": ")
        .append(onOneLine(event.getFormattedMessage()));
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> append(line, pair.key, String.valueOf(pair.value)));
    }
    line.append('\n');
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      line.append(ThrowableProxyUtil.asString(failure));
    }
    return line.toString();
  }

  /** A value with spaces is quoted, and stays on the line. */
  private static void append(StringBuilder line, String key, String value) {
    line.append(' ').append(key).append('=');
    if (value.chars().noneMatch(c -> c == ' ' || c == '"' || Character.isISOControl(c))) {
      line.append(value);
      return;
    }
    line.append('"').append(onOneLine(value).replace("\"", "\\\"")).append('"');
  }

  /** What comes from outside begins no line of its own, and does nothing to a terminal. */
  private static String onOneLine(String text) {
    return text.replaceAll("[\\s\\p{Cc}]+", " ");
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
