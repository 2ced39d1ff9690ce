package io.shardforge.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.net.InetSocketAddress;

/** One listening socket of a face. */
public final class Listener implements AutoCloseable {
  /** Connections that may wait to be accepted. */
  private static final int BACKLOG = 1024;

  /** Unsent bytes of a connection above which its writer waits, and below which it goes on. */
  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final Channel channel;

  private Listener(Channel channel) {
    this.channel = channel;
  }

  /** Listens on an address; port 0 takes a free one. */
  public static Listener open(
      EventLoops loops, InetSocketAddress address, ChannelInitializer<Channel> face) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.channelType())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
            .childHandler(face);
    loops.findVanishedPeers(bootstrap);
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ShardForgeException(
          ErrorCode.CONFIG_FILE_ERROR,
          "cannot listen on %s: %s".formatted(address, bound.cause().getMessage()),
          bound.cause());
    }
    return new Listener(bound.channel());
  }

  /** Where it listens, with the port that was really taken. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }
}
