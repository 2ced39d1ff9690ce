package io.shardforge.server.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go and how they look: standard output, plain unless the node is told otherwise.
 *
 * <p>The logging library finds it by its service file, before anything is logged; reading an XML
 * configuration instead would cost every start a tenth of a second.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String APPENDER = "stdout";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    write(context, new PlainLogLayout());
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    // Its elections and appends are told by our own lines; the rest matters when it warns.
    context.getLogger("org.apache.ratis").setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Writes lines of JSON from now on. */
  public static void useJson() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      write(context, new JsonLogLayout());
    }
  }

  private static void write(LoggerContext context, Layout<ILoggingEvent> layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName(APPENDER);
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
  }
}
