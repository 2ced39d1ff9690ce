package io.shardforge.server.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** The node's certificate as clients see it. */
public final class ClientTls {
  private final SslContext context;

  private ClientTls(SslContext context) {
    this.context = context;
  }

  /** A handler for one connection. */
  public ChannelHandler newHandler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  /** Reads {@code node.crt} and {@code node.key} of a certificate directory. */
  public static ClientTls load(Path directory) {
    try {
      return new ClientTls(
          SslContextBuilder.forServer(
                  directory.resolve("node.crt").toFile(), directory.resolve("node.key").toFile())
              .protocols("TLSv1.3", "TLSv1.2")
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new ShardForgeException(
          ErrorCode.CONFIG_FILE_ERROR,
          "the certificates in %s cannot be used: %s".formatted(directory, e.getMessage()),
          e);
    }
  }
}
