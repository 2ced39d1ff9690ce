package io.shardforge.sql.session;

import io.shardforge.storage.error.ShardForgeException;
import java.net.InetSocketAddress;
import org.slf4j.spi.LoggingEventBuilder;

/** Who came to the node, who was turned away and who left, in the log. Any thread. */
public final class AuditLog {
  private static final String ACTION = "event.action";
  private static final String OUTCOME = "event.outcome";

  private AuditLog() {}

  /** Names a session's client on a line. */
  static LoggingEventBuilder about(LoggingEventBuilder line, SessionFactory.Client client) {
    String address = client.remoteHost();
    LoggingEventBuilder named =
        line.addKeyValue("user.name", client.user())
            .addKeyValue("db.name", client.database())
            .addKeyValue("db.session", client.processId());
    return address == null
        ? named
        : named.addKeyValue("source.ip", address).addKeyValue("source.port", client.remotePort());
  }

  /** A client has logged in: superusers are always told of, others if the settings want it. */
  public static void loggedIn(Session session) {
    if (session.isSuperuser() || session.settings().isOn(LogSettings.CONNECTIONS)) {
      about(LogChannel.AUDIT.logger().atInfo(), session.client())
          .addKeyValue(ACTION, "login")
          .addKeyValue(OUTCOME, "success")
          .log("login");
    }
  }

  /** A client has left, or was made to; told of if the settings want it. */
  public static void ended(Session session) {
    if (!session.settings().isOn(LogSettings.DISCONNECTIONS)) {
      return;
    }
    long millis = session.clock().wallMillis() - session.activity().sessionStartMillis();
    about(LogChannel.AUDIT.logger().atInfo(), session.client())
        .addKeyValue(ACTION, "logout")
        .addKeyValue("event.duration", millis * 1_000_000)
        .log("disconnection");
  }

  /** A client wanted something that its role may not do. */
  static void forbidden(Session session, String sql, ShardForgeException why) {
    about(LogChannel.AUDIT.logger().atWarn(), session.client())
        .addKeyValue("user.effective.name", session.settings().roleName())
        .addKeyValue(ACTION, "forbidden")
        .addKeyValue(OUTCOME, "failure")
        .addKeyValue("error.code", why.code().sqlState())
        .addKeyValue("event.reason", why.getMessage())
        .addKeyValue("db.statement", LoggedText.of(sql))
        .log("statement forbidden");
  }

  /** A client was not let in. */
  public static void refused(
      String user, String database, InetSocketAddress from, ShardForgeException why) {
    LogChannel.AUDIT
        .logger()
        .atWarn()
        .addKeyValue("user.name", user)
        .addKeyValue("db.name", database)
        .addKeyValue("source.ip", from.getAddress().getHostAddress())
        .addKeyValue("source.port", from.getPort())
        .addKeyValue(ACTION, "login")
        .addKeyValue(OUTCOME, "failure")
        .addKeyValue("error.code", why.code().sqlState())
        .addKeyValue("event.reason", why.getMessage())
        .log("login refused");
  }
}
