package io.shardforge.raft.route;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The listening side: takes connections from other nodes and answers their calls. */
public final class RpcServer implements AutoCloseable {
  /** What a client hears that does not start with TLS where it must. */
  static final String NOT_TLS =
      "This port is for connections between ShardForge nodes, with TLS."
          + " SQL clients use the node's PostgreSQL port.\n";

  private static final int BACKLOG = 1024;

  private final ChannelGroup connections;
  private final Channel listening;

  private RpcServer(ChannelGroup connections, Channel listening) {
    this.connections = connections;
    this.listening = listening;
  }

  /** Listens at an address from now on; port 0 lets the system choose. */
  public static RpcServer listen(
      HostPort at,
      RpcLoops loops,
      NodeIdentity identity,
      AddressBook book,
      RpcServices services,
      @Nullable RpcTls tls)
      throws IOException {
    RefusalLog refusals = new RefusalLog("nodes", services.clock());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannelType())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    ChannelPipeline pipeline = channel.pipeline();
                    if (tls != null) {
                      pipeline.addLast(new TlsGate(NOT_TLS, refusals));
                      pipeline.addLast(tls.server().newHandler(channel.alloc()));
                    }
                    pipeline.addLast(
                        new PreambleDecoder(refusals),
                        new FrameDecoder(),
                        new InboundCalls(identity, book, services, refusals));
                  }
                });
    ChannelFuture bound = bootstrap.bind(at.resolve()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      Throwable cause = bound.cause();
      throw new IOException(
          "cannot listen for other nodes at "
              + at
              + (cause == null ? "" : ": " + cause.getMessage()),
          cause);
    }
    return new RpcServer(connections, bound.channel());
  }

  /** The port it listens at. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    var _ = listening.close().awaitUninterruptibly();
    var _ = connections.close().awaitUninterruptibly();
  }
}
