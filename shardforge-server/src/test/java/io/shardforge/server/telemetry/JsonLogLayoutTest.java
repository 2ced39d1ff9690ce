package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLogLayoutTest {
  private static LoggingEvent event(String message, @Nullable Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "", new LoggerContext().getLogger("a.b.Speaker"), Level.WARN, message, failure, null);
    event.setTimeStamp(0);
    event.setThreadName("main");
    return event;
  }

  @Test
  void writesOneObjectALine() {
    assertThat(new JsonLogLayout().doLayout(event("says \"no\"\tto\nC:\\ \u0001 é", null)))
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00Z\",\"level\":\"WARN\",\"thread\":\"main\","
                + "\"logger\":\"a.b.Speaker\","
                + "\"message\":\"says \\\"no\\\"\\tto\\nC:\\\\ \\u0001 é\"}\n");
  }

  @Test
  void keepsAFailureOnTheLine() {
    String line = new JsonLogLayout().doLayout(event("failed", new IllegalStateException("x")));
    assertThat(line)
        .contains("\"failure\":\"java.lang.IllegalStateException: x\\n")
        .endsWith("}\n");
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
  }

  @Test
  void writesPlainLinesForPeople() {
    assertThat(new PlainLogLayout().doLayout(event("well", null)))
        .isEqualTo("1970-01-01T00:00:00Z WARN [main] Speaker: well\n");
  }
}
