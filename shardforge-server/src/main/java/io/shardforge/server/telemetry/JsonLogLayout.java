package io.shardforge.server.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;

/** Log lines for collectors: one JSON object a line. */
final class JsonLogLayout extends LayoutBase<ILoggingEvent> {
  private static final int FIRST_PRINTABLE = 0x20;

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(240).append('{');
    field(line, "time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    field(line.append(','), "level", event.getLevel().toString());
    field(line.append(','), "thread", event.getThreadName());
    field(line.append(','), "logger", event.getLoggerName());
    field(line.append(','), "message", event.getFormattedMessage());
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      field(line.append(','), "failure", ThrowableProxyUtil.asString(failure));
    }
    return line.append("}\n").toString();
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
