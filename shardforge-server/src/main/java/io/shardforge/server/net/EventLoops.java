package io.shardforge.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/** The event loops of all client-facing listeners: epoll where the machine has it, else NIO. */
public final class EventLoops implements AutoCloseable {
  /** Events taken from the system at once; zero lets the library choose. */
  private static final int EVENTS_MAX = 0;

  /** Silence of a client after which the system asks its machine whether it is there. */
  static final int KEEPALIVE_IDLE_SECONDS = 60;

  static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  static final int KEEPALIVE_PROBES = 6;

  private static final long QUIET_MILLIS = 0;
  private static final long SHUTDOWN_MILLIS = 2_000;

  private final EventLoopGroup group;
  private final Class<? extends ServerChannel> channelType;

  public EventLoops(int threads, ThreadFactory threadFactory, BriefWatch watch) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers =
        epoll
            ? EpollIoHandler.newFactory(EVENTS_MAX, watch::selectStrategy)
            : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(threads, threadFactory, handlers);
    channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> channelType() {
    return channelType;
  }

  /** Makes the system find out within minutes, not hours, that a client's machine is gone. */
  void findVanishedPeers(ServerBootstrap bootstrap) {
    if (channelType == EpollServerSocketChannel.class) {
      bootstrap
          .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS)
          .childOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
    } else {
      bootstrap
          .childOption(
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEPALIVE_IDLE_SECONDS)
          .childOption(
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
              KEEPALIVE_INTERVAL_SECONDS)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEPALIVE_PROBES);
    }
  }

  /** Runs a task once after a delay; the handle cancels it. */
  public Runnable schedule(long delayMillis, Runnable task) {
    var future = group.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    return () -> {
      var _ = future.cancel(false);
    };
  }

  @Override
  public void close() {
    group
        .shutdownGracefully(QUIET_MILLIS, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(SHUTDOWN_MILLIS);
  }
}
