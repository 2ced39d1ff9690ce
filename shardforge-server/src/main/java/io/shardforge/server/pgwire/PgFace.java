package io.shardforge.server.pgwire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.server.net.BriefWatch;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.net.WaitingRoom;
import io.shardforge.server.security.Authenticator;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL face of a node: sets up each accepted connection. Until {@link #serve} it answers
 * that the node is starting.
 */
public final class PgFace extends ChannelInitializer<Channel> {
  /** A connection that has not authenticated by then is closed. */
  public static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(60);

  /** Connections that may be logging in at once: all clients of a node may come back together. */
  static final int LOGINS_MAX = 8_192;

  private final Authenticator authenticator;
  private final @Nullable ClientTls tls;
  private final boolean tlsRequired;
  private final Clock clock;
  private final BriefWatch watch;
  private final ThreadFactory sessionThreads;
  private final RefusalLog refusals;
  private final WaitingRoom waiting;
  private volatile @Nullable Service service;

  /** What connections are served with, once there is a cluster to serve. */
  private record Service(SessionFactory sessions, ConnectionRegistry registry) {}

  /**
   * @param tls null to decline TLS
   * @param tlsRequired refuses connections that do not ask for TLS
   * @param sessionThreads makes the virtual thread of each connection
   */
  public PgFace(
      Authenticator authenticator,
      @Nullable ClientTls tls,
      boolean tlsRequired,
      Clock clock,
      BriefWatch watch,
      ThreadFactory sessionThreads) {
    this.authenticator = authenticator;
    this.tls = tls;
    this.tlsRequired = tlsRequired;
    this.clock = clock;
    this.watch = watch;
    this.sessionThreads = sessionThreads;
    this.refusals = new RefusalLog("SQL clients", clock);
    this.waiting = new WaitingRoom(LOGINS_MAX, refusals);
  }

  /** From now on connections get sessions. */
  public void serve(SessionFactory sessions, ConnectionRegistry registry) {
    service = new Service(sessions, registry);
  }

  @Override
  protected void initChannel(Channel channel) {
    waiting.enter(channel);
    channel.closeFuture().addListener(_ -> waiting.leave(channel));
    PgDecoder decoder = new PgDecoder();
    channel
        .pipeline()
        .addLast(decoder)
        .addLast(new StartupHandler(this, decoder, tls, LOGIN_TIMEOUT));
  }

  /**
   * Passes a cancel request on, to another node if the session is there; completes when that is
   * done.
   */
  CompletableFuture<Void> cancel(FrontendMessage.CancelRequest request) {
    Service serving = service;
    return serving == null
        ? CompletableFuture.completedFuture(null)
        : serving.sessions().cancel(request.processId(), request.secretKey());
  }

  /** A client has logged in. */
  void letIn(Channel channel) {
    waiting.leave(channel);
  }

  RefusalLog refusals() {
    return refusals;
  }

  boolean requiresTls() {
    return tlsRequired;
  }

  Inbox newInbox(Channel channel) {
    return new Inbox(channel, clock, watch);
  }

  /** Runs the conversation on a thread of its own; false while the node is starting. */
  boolean converse(
      Channel channel, Inbox inbox, FrontendMessage.Startup startup, Runnable authenticated) {
    Service serving = service;
    if (serving == null) {
      return false;
    }
    PgConnection connection =
        new PgConnection(
            channel,
            inbox,
            startup,
            authenticated,
            refusals,
            serving.sessions(),
            serving.registry(),
            authenticator);
    Thread thread = sessionThreads.newThread(connection);
    inbox.consumedBy(thread, connection::abandon);
    thread.start();
    return true;
  }
}
