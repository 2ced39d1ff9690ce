package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

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
    LoggingEvent event = event("says \"no\"\tto\nC:\\ \u0001 é", null);
    event.addKeyValuePair(new KeyValuePair("user.name", "o\"x"));
    event.addKeyValuePair(new KeyValuePair("event.duration", 12L));
    assertThat(new JsonLogLayout("1.2").doLayout(event))
        .isEqualTo(
            "{\"@timestamp\":\"1970-01-01T00:00:00Z\",\"log.level\":\"WARN\","
                + "\"message\":\"says \\\"no\\\"\\tto\\nC:\\\\ \\u0001 é\","
                + "\"ecs.version\":\"8.11.0\",\"event.dataset\":\"shardforge.ops\","
                + "\"service.name\":\"shardforge\",\"service.version\":\"1.2\","
                + "\"log.logger\":\"a.b.Speaker\",\"process.thread.name\":\"main\","
                + "\"user.name\":\"o\\\"x\",\"event.duration\":12}\n");
  }

  @Test
  void keepsAFailureOnTheLine() {
    String line =
        new JsonLogLayout("1.2").doLayout(event("failed", new IllegalStateException("x")));
    assertThat(line)
        .contains("\"error.type\":\"java.lang.IllegalStateException\",\"error.message\":\"x\"")
        .contains("\"error.stack_trace\":\"java.lang.IllegalStateException: x\\n")
        .endsWith("}\n");
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
  }

  @Test
  void writesPlainLinesForPeople() {
    assertThat(new PlainLogLayout().doLayout(event("well", null)))
        .isEqualTo("1970-01-01T00:00:00Z WARN [main] Speaker: well\n");
    LoggingEvent pairs = event("well", null);
    pairs.addKeyValuePair(new KeyValuePair("a", 1));
    pairs.addKeyValuePair(new KeyValuePair("b", "two\n\"words\""));
    assertThat(new PlainLogLayout().doLayout(pairs))
        .endsWith("Speaker: well a=1 b=\"two \\\"words\\\"\"\n");
  }
}
