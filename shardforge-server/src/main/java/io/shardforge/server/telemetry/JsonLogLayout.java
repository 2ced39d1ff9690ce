package io.shardforge.server.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.LayoutBase;
import io.shardforge.sql.session.LogChannel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines for collectors: one JSON object a line, with the field names of the Elastic Common
 * Schema. What a line has to say beside its message is in fields of their own.
 */
final class JsonLogLayout extends LayoutBase<ILoggingEvent> {
  /** The property of the logging library's context that names the node. */
  static final String NODE = "node";

  private static final String SCHEMA = "8.11.0";
  private static final int FIRST_PRINTABLE = 0x20;

  private final String version;

  /**
   * @param version of the product
   */
  JsonLogLayout(String version) {
    this.version = version;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(400).append('{');
    field(line, "@timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    next(line, "log.level", event.getLevel().toString());
    next(line, "message", event.getFormattedMessage());
    next(line, "ecs.version", SCHEMA);
    next(line, "event.dataset", "shardforge." + LogChannel.ofLogger(event.getLoggerName()).word());
    next(line, "service.name", "shardforge");
    next(line, "service.version", version);
    Context context = getContext();
    String node = context == null ? null : context.getProperty(NODE);
    if (node != null) {
      next(line, "service.node.name", node);
    }
    next(line, "log.logger", event.getLoggerName());
    next(line, "process.thread.name", event.getThreadName());
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> value(line, pair.key, pair.value));
    }
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      next(line, "error.type", failure.getClassName());
      String message = failure.getMessage();
      if (message != null) {
        next(line, "error.message", message);
      }
      next(line, "error.stack_trace", ThrowableProxyUtil.asString(failure));
    }
    return line.append("}\n").toString();
  }

  private static void value(StringBuilder line, String name, @Nullable Object value) {
    if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
      line.append(",\"").append(name).append("\":").append(value);
    } else {
      next(line, name, String.valueOf(value));
    }
  }

  private static void next(StringBuilder line, String name, String value) {
    field(line.append(','), name, value);
  }

  private static void field(StringBuilder line, String name, String value) {
    line.append('"').append(name).append("\":\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> line.append('\\').append(c);
        case '\n' -> line.append("\\n");
        case '\t' -> line.append("\\t");
        default -> {
          if (c < FIRST_PRINTABLE) {
            line.append(String.format("\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }
}
