package io.shardforge.server.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.shardforge.sql.session.LogChannel;
import io.shardforge.sql.session.NodeLog;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go and how they look: standard output, plain unless the node is told otherwise,
 * and files of a bounded size and number if it is given a directory for them.
 *
 * <p>The logging library finds it by its service file, before anything is logged; reading an XML
 * configuration instead would cost every start a tenth of a second.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** A file that has become larger is put aside. */
  static final long FILE_BYTES_MAX = 16L << 20;

  /** Files of each channel that are kept beside the one that is written. */
  static final int FILES_KEPT = 9;

  private static final String TAIL = "tail";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(console(context, new PlainLogLayout()));
    root.addAppender(tail(context));
    root.setLevel(Level.INFO);
    // Its elections and appends are told by our own lines; the rest matters when it warns.
    context.getLogger("org.apache.ratis").setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Writes lines so from now on.
   *
   * @param json lines for collectors instead of people
   * @param directory where files are written too, one for each channel, or null for none
   */
  public static void use(boolean json, @Nullable Path directory, String version) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      use(context, json, directory, version, FILE_BYTES_MAX);
    }
  }

  static void use(
      LoggerContext context,
      boolean json,
      @Nullable Path directory,
      String version,
      long fileBytesMax) {
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(console(context, layout(json, version)));
    Appender<ILoggingEvent> tail = tail(context);
    root.addAppender(tail);
    if (directory == null) {
      return;
    }
    for (LogChannel channel : LogChannel.values()) {
      Appender<ILoggingEvent> file =
          file(context, layout(json, version), directory, channel, fileBytesMax);
      // Lines of no channel are of the first.
      Logger logger =
          channel == LogChannel.OPS ? root : context.getLogger(channel.logger().getName());
      if (channel != LogChannel.OPS) {
        logger.setAdditive(false);
        logger.addAppender(console(context, layout(json, version)));
        logger.addAppender(tail);
      }
      logger.addAppender(file);
    }
  }

  private static Appender<ILoggingEvent> tail(LoggerContext context) {
    LogTail tail = new LogTail();
    tail.setContext(context);
    tail.setName(TAIL);
    tail.start();
    return tail;
  }

  /** The newest lines, as they are written from now on. */
  public static NodeLog tail() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
            && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(TAIL) instanceof LogTail tail
        ? tail
        : (_, _) -> List.of();
  }

  /** Names the node in lines for collectors. */
  public static void isNode(int nodeId) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      context.putProperty(JsonLogLayout.NODE, Integer.toString(nodeId));
    }
  }

  private static Layout<ILoggingEvent> layout(boolean json, String version) {
    return json ? new JsonLogLayout(version) : new PlainLogLayout();
  }

  private static Appender<ILoggingEvent> console(
      LoggerContext context, Layout<ILoggingEvent> layout) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stdout");
    appender.setEncoder(encoder(context, layout));
    appender.start();
    return appender;
  }

  private static Appender<ILoggingEvent> file(
      LoggerContext context,
      Layout<ILoggingEvent> layout,
      Path directory,
      LogChannel channel,
      long bytesMax) {
    String name = channel.word().replace('.', '-');
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName(name);
    appender.setFile(directory.resolve(name + ".log").toString());
    appender.setEncoder(encoder(context, layout));
    FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(directory.resolve(name + ".%i.log").toString());
    window.setMinIndex(1);
    window.setMaxIndex(FILES_KEPT);
    window.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(bytesMax));
    // At each line: a minute, as is the default, is long for whoever is attacked.
    size.setCheckIncrement(Duration.buildByMilliseconds(0));
    size.start();
    appender.setRollingPolicy(window);
    appender.setTriggeringPolicy(size);
    appender.start();
    return appender;
  }

  private static LayoutWrappingEncoder<ILoggingEvent> encoder(
      LoggerContext context, Layout<ILoggingEvent> layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }
}
