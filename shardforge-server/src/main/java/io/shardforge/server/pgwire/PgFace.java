package io.shardforge.server.pgwire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.shardforge.server.net.BriefWatch;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.security.Authenticator;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL face of a node: sets up each accepted connection. */
public final class PgFace extends ChannelInitializer<Channel> {
  /** A connection that has not authenticated by then is closed. */
  public static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(60);

  private final SessionFactory sessions;
  private final ConnectionRegistry registry;
  private final Authenticator authenticator;
  private final @Nullable ClientTls tls;
  private final boolean tlsRequired;
  private final Clock clock;
  private final BriefWatch watch;
  private final ThreadFactory sessionThreads;

  /**
   * @param tls null to decline TLS
   * @param tlsRequired refuses connections that do not ask for TLS
   * @param sessionThreads makes the virtual thread of each connection
   */
  public PgFace(
      SessionFactory sessions,
      ConnectionRegistry registry,
      Authenticator authenticator,
      @Nullable ClientTls tls,
      boolean tlsRequired,
      Clock clock,
      BriefWatch watch,
      ThreadFactory sessionThreads) {
    this.sessions = sessions;
    this.registry = registry;
    this.authenticator = authenticator;
    this.tls = tls;
    this.tlsRequired = tlsRequired;
    this.clock = clock;
    this.watch = watch;
    this.sessionThreads = sessionThreads;
  }

  @Override
  protected void initChannel(Channel channel) {
    PgDecoder decoder = new PgDecoder();
    channel
        .pipeline()
        .addLast(decoder)
        .addLast(new StartupHandler(this, decoder, tls, LOGIN_TIMEOUT));
  }

  ConnectionRegistry registry() {
    return registry;
  }

  boolean requiresTls() {
    return tlsRequired;
  }

  Inbox newInbox(Channel channel) {
    return new Inbox(channel, clock, watch);
  }

  /** Runs the conversation on a thread of its own. */
  void serve(
      Channel channel, Inbox inbox, FrontendMessage.Startup startup, Runnable authenticated) {
    PgConnection connection =
        new PgConnection(channel, inbox, startup, authenticated, sessions, registry, authenticator);
    Thread thread = sessionThreads.newThread(connection);
    inbox.consumedBy(thread);
    thread.start();
  }
}
