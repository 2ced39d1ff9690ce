package io.shardforge.server.pgwire;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.server.pgwire.FrontendMessage.Bind;
import io.shardforge.server.pgwire.FrontendMessage.Malformed;
import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.server.security.Authenticator;
import io.shardforge.server.security.TlsPeer;
import io.shardforge.sql.session.AuditLog;
import io.shardforge.sql.session.ClientGoneException;
import io.shardforge.sql.session.CopySource;
import io.shardforge.sql.session.Notice;
import io.shardforge.sql.session.Notification;
import io.shardforge.sql.session.ResultSink;
import io.shardforge.sql.session.Session;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.sql.session.SessionListener;
import io.shardforge.sql.session.Setting;
import io.shardforge.sql.session.StatementDescription;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's conversation, from its startup message to its end, on the connection's own virtual
 * thread.
 *
 * <pre>
 *   startup → authentication → parameters, key → ReadyForQuery
 *   Query                              → result … ReadyForQuery
 *   Parse Bind Describe Execute … Sync → replies … ReadyForQuery; after an error all is skipped up to Sync
 * </pre>
 */
final class PgConnection implements Runnable, SessionListener {
  private static final Logger LOG = LoggerFactory.getLogger(PgConnection.class);

  /** The newest minor version of protocol 3 that is spoken here. */
  private static final int MINOR_VERSION_MAX = 2;

  private static final int SECRET_KEY_BYTES_3_0 = 4;
  private static final int SECRET_KEY_BYTES_3_2 = 32;
  private static final short[] TEXT = {};

  private final Channel channel;
  private final Inbox inbox;
  private final FrontendMessage.Startup startup;
  private final Runnable authenticated;
  private final RefusalLog refusals;
  private final SessionFactory sessions;
  private final ConnectionRegistry registry;
  private final Authenticator authenticator;
  private final Outbox outbox;
  private final PgEncoder encoder;
  private final Map<String, short[]> portalFormats = new HashMap<>();
  private volatile @Nullable Session session;
  private ConnectionRegistry.@Nullable Entry slot;
  private boolean skippingToSync;
  private @Nullable FrontendMessage pushedBack;

  PgConnection(
      Channel channel,
      Inbox inbox,
      FrontendMessage.Startup startup,
      Runnable authenticated,
      RefusalLog refusals,
      SessionFactory sessions,
      ConnectionRegistry registry,
      Authenticator authenticator) {
    this.refusals = refusals;
    this.channel = channel;
    this.inbox = inbox;
    this.startup = startup;
    this.authenticated = authenticated;
    this.sessions = sessions;
    this.registry = registry;
    this.authenticator = authenticator;
    this.outbox = new Outbox(channel, inbox, this::mustEnd);
    this.encoder = outbox.encoder();
  }

  /** Stops what still runs for a client that is gone. Any thread. */
  void abandon() {
    Session opened = session;
    if (opened != null) {
      opened.terminate();
    }
  }

  private boolean mustEnd() {
    Session opened = session;
    return opened != null && opened.isTerminated();
  }

  @Override
  public void run() {
    try {
      registry.requireOpen();
      try (Session opened = open()) {
        session = opened;
        try {
          converse(opened);
        } finally {
          AuditLog.ended(opened);
        }
      }
    } catch (ClientGoneException e) {
      LOG.debug("client gone remote={}", channel.remoteAddress());
    } catch (ShardForgeException e) {
      lastWords(e);
    } catch (RuntimeException e) {
      LOG.error("connection failed remote={}", channel.remoteAddress(), e);
      lastWords(new ShardForgeException(ErrorCode.INTERNAL_ERROR, "internal error"));
    } finally {
      if (slot != null) {
        registry.release(slot);
      }
      outbox.close();
      var _ = channel.close();
    }
  }

  private void lastWords(ShardForgeException error) {
    encoder.error("FATAL", error);
    outbox.send();
  }

  private Session open() {
    if (startup.minorVersion() > MINOR_VERSION_MAX || !startup.protocolOptions().isEmpty()) {
      encoder.negotiateProtocolVersion(
          Math.min(startup.minorVersion(), MINOR_VERSION_MAX), startup.protocolOptions());
    }
    String user = startup.parameters().getOrDefault("user", "");
    if (user.isEmpty()) {
      throw new ShardForgeException(
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
          "no PostgreSQL user name specified in startup packet");
    }
    String database = startup.parameters().getOrDefault("database", user);
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    if (remote == null) {
      throw new ClientGoneException();
    }
    TlsPeer tls = tls();
    ConnectionRegistry.Entry entry;
    Session opened;
    try {
      new LoginConversation(authenticator, sessions, inbox, outbox)
          .hold(new Login(user, database, remote.getAddress(), tls != null), tls);
      // Only now: who has not proved anything takes nobody's slot.
      boolean extendedKey = startup.minorVersion() >= MINOR_VERSION_MAX;
      entry = registry.admit(extendedKey ? SECRET_KEY_BYTES_3_2 : SECRET_KEY_BYTES_3_0);
      slot = entry;
      opened =
          sessions.open(
              new SessionFactory.Client(
                  entry.processId(),
                  user,
                  database,
                  startup.parameters(),
                  remote.getAddress().getHostAddress(),
                  remote.getPort(),
                  local == null ? null : local.getAddress().getHostAddress(),
                  local == null ? 0 : local.getPort(),
                  tls == null ? null : tls.encryption()),
              this);
    } catch (ShardForgeException e) {
      if (e.code() == ErrorCode.PROTOCOL_VIOLATION) {
        refusals.refused(remote, e.message());
      } else {
        AuditLog.refused(user, database, remote, e);
      }
      throw e;
    }
    boolean ready = false;
    try {
      if (!opened.isSuperuser()) {
        registry.requireUnreservedSlot();
      }
      entry.attach(opened);
      AuditLog.loggedIn(opened);
      authenticated.run();
      encoder.authenticationOk();
      Map<String, String> settings = opened.reportedSettings();
      encoder.use(opened.typeContext().encoding());
      settings.forEach(encoder::parameterStatus);
      encoder.backendKeyData(entry.processId(), entry.secretKey());
      ready = true;
      return opened;
    } finally {
      if (!ready) {
        opened.close();
      }
    }
  }

  private @Nullable TlsPeer tls() {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    return handler == null ? null : new TlsPeer(handler.engine().getSession());
  }

  /** The message loop: returns when the client leaves, throws what ends the connection. */
  private void converse(Session session) {
    ready(session);
    while (true) {
      FrontendMessage message = next(session);
      switch (message) {
        case FrontendMessage.Query query -> simple(session, query.sql());
        case FrontendMessage.Parse parse ->
            extended(
                session,
                () -> {
                  session.parse(text(parse.statement()), text(parse.sql()), parse.parameterTypes());
                  encoder.parseComplete();
                });
        case Bind bind -> extended(session, () -> bind(session, bind));
        case FrontendMessage.Describe describe ->
            extended(session, () -> describe(session, describe));
        case FrontendMessage.Execute execute -> extended(session, () -> execute(session, execute));
        case FrontendMessage.Close close ->
            extended(
                session,
                () -> {
                  String name = text(close.name());
                  if (close.kind() == 'S') {
                    session.closeStatement(name);
                  } else {
                    session.closePortal(name);
                    portalFormats.remove(name);
                  }
                  encoder.closeComplete();
                });
        case FrontendMessage.Sync _ -> sync(session);
        case FrontendMessage.Flush _ -> outbox.flush();
        // Left over from a COPY that failed: the client had sent them before it could know.
        case FrontendMessage.CopyData _,
            FrontendMessage.CopyDone _,
            FrontendMessage.CopyFail _ -> {}
        case FrontendMessage.FunctionCall _ -> {
          report(
              session,
              new ShardForgeException(
                  ErrorCode.FEATURE_NOT_SUPPORTED, "the function call message is not supported"));
          ready(session);
        }
        case FrontendMessage.Terminate _, FrontendMessage.Disconnected _ -> {
          return;
        }
        case Malformed malformed -> malformed(session, malformed);
        case FrontendMessage.Password _ ->
            throw new ShardForgeException(
                ErrorCode.PROTOCOL_VIOLATION, "invalid frontend message type 112");
        case FrontendMessage.SslRequest _,
            FrontendMessage.GssEncryptionRequest _,
            FrontendMessage.CancelRequest _,
            FrontendMessage.Startup _ ->
            throw new IllegalStateException("startup packet after startup: " + message);
      }
    }
  }

  /** Waits for a message as long as the session's idle timeouts allow. */
  private FrontendMessage next(Session session) {
    FrontendMessage held = pushedBack;
    if (held != null) {
      pushedBack = null;
      return held;
    }
    Deadline deadline = session.idleDeadline();
    while (true) {
      FrontendMessage message =
          inbox.take(deadline, () -> session.shouldEndWhenIdle() || session.hasNotifications());
      if (message != null) {
        return message;
      }
      if (session.shouldEndWhenIdle() || !session.hasNotifications()) {
        throw session.idleEnd();
      }
      session.tellNotifications();
      outbox.flush();
    }
  }

  private void ready(Session session) {
    session.tellNotifications();
    encoder.readyForQuery(session.transactionStatus());
    outbox.flush();
  }

  private String text(byte[] bytes) {
    return encoder.encoding().decode(bytes);
  }

  private void simple(Session session, byte[] sql) {
    skippingToSync = false;
    try {
      session.query(text(sql), sink(session, true, TEXT));
    } catch (ShardForgeException e) {
      report(session, e);
    }
    ready(session);
  }

  private ResultSink sink(Session session, boolean describe, short[] formats) {
    return new WireSink(outbox, session, describe, formats, () -> copySource(session));
  }

  private void extended(Session session, Runnable verb) {
    if (skippingToSync) {
      return;
    }
    try {
      verb.run();
    } catch (ShardForgeException e) {
      skippingToSync = true;
      report(session, e);
      // A client with a pipeline may want to know before it sends Sync.
      outbox.flush();
    }
  }

  private void report(Session session, ShardForgeException error) {
    session.fail();
    if (session.isTerminated()) {
      throw error;
    }
    encoder.error("ERROR", error);
  }

  private void sync(Session session) {
    skippingToSync = false;
    try {
      session.sync();
    } catch (ShardForgeException e) {
      report(session, e);
    }
    ready(session);
  }

  private void bind(Session session, Bind bind) {
    String portal = text(bind.portal());
    session.bind(portal, text(bind.statement()), bind.parameterFormats(), bind.parameters());
    int columns = session.portalColumns(portal).size();
    int formats = bind.resultFormats().length;
    if (formats > 1 && formats != columns) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message has %d result formats but query has %d columns"
              .formatted(formats, columns));
    }
    portalFormats.put(portal, bind.resultFormats());
    encoder.bindComplete();
  }

  private void describe(Session session, FrontendMessage.Describe describe) {
    String name = text(describe.name());
    if (describe.kind() == 'S') {
      StatementDescription description = session.describeStatement(name);
      encoder.parameterDescription(description.parameterTypes());
      rowDescription(session, description.returnsRows(), description.columns(), TEXT);
    } else {
      rowDescription(
          session,
          session.portalReturnsRows(name),
          session.portalColumns(name),
          portalFormats.getOrDefault(name, TEXT));
    }
  }

  private void rowDescription(
      Session session,
      boolean returnsRows,
      List<io.shardforge.sql.plan.OutputColumn> columns,
      short[] formats) {
    if (!returnsRows) {
      encoder.noData();
    } else {
      session.withTypes(() -> encoder.rowDescription(columns, formats));
    }
  }

  private void execute(Session session, FrontendMessage.Execute execute) {
    String portal = text(execute.portal());
    session.execute(
        portal,
        Math.max(0, execute.maxRows()),
        inbox.nextIsSync(),
        sink(session, false, portalFormats.getOrDefault(portal, TEXT)));
  }

  private void malformed(Session session, Malformed malformed) {
    ShardForgeException error = new ShardForgeException(malformed.code(), malformed.message());
    if (malformed.fatal()) {
      throw error;
    }
    if (skippingToSync) {
      return;
    }
    report(session, error);
    if (malformed.extended()) {
      skippingToSync = true;
    } else {
      ready(session);
    }
  }

  private CopySource copySource(Session session) {
    return () -> {
      while (true) {
        FrontendMessage message = next(session);
        switch (message) {
          case FrontendMessage.CopyData data -> {
            return data.data();
          }
          case FrontendMessage.CopyDone _ -> {
            return null;
          }
          case FrontendMessage.CopyFail fail ->
              throw new ShardForgeException(
                  ErrorCode.QUERY_CANCELED, "COPY from stdin failed: " + text(fail.reason()));
          case FrontendMessage.Flush _, FrontendMessage.Sync _ -> {}
          case FrontendMessage.Terminate _, FrontendMessage.Disconnected _ ->
              throw new ClientGoneException();
          case Malformed malformed when !malformed.fatal() ->
              throw new ShardForgeException(malformed.code(), malformed.message());
          default -> {
            pushedBack = message;
            throw new ShardForgeException(
                ErrorCode.PROTOCOL_VIOLATION, "unexpected message during COPY from stdin");
          }
        }
      }
    };
  }

  @Override
  public void notice(Notice notice) {
    encoder.notice(notice);
  }

  @Override
  public void notified(Notification notification) {
    encoder.notification(notification);
    outbox.flushIfLarge();
  }

  @Override
  public void wake() {
    inbox.wake();
  }

  @Override
  public void settingChanged(String name, String value) {
    if (name.equals(Setting.CLIENT_ENCODING)) {
      encoder.use(Setting.encoding(value));
    }
    encoder.parameterStatus(name, value);
  }
}
