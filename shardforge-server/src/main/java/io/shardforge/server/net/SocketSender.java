package io.shardforge.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.ssl.SslHandler;
import io.shardforge.storage.device.DescriptorCopier;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a connection, for the one thread that answers on it. What the system takes at
 * once is sent from that thread: to hand an answer to the event loop would wake another thread for
 * it, which takes longer than many an answer. What it does not take, and everything on encrypted
 * connections, goes through the event loop, in order.
 *
 * <p>The thread sends by a descriptor of its own. The event loop closes the connection's own when
 * it likes, after which the system may give its number to another client.
 */
public final class SocketSender implements AutoCloseable {
  private static final Optional<DescriptorCopier> COPIER = DescriptorCopier.open();

  private final Channel channel;

  /** What was handed to the event loop and has not left it. */
  private final AtomicInteger handedOver = new AtomicInteger();

  /** Null when all goes through the event loop; guarded by this. */
  private @Nullable FileDescriptor descriptor;

  public SocketSender(Channel channel) {
    this.channel = channel;
    this.descriptor = copyOf(channel);
    if (descriptor != null) {
      // Before the event loop looks at its sockets again, where this copy would keep the old one.
      var _ = channel.closeFuture().addListener(_ -> close());
    }
  }

  private static @Nullable FileDescriptor copyOf(Channel channel) {
    if (!(channel instanceof EpollSocketChannel socket)
        || COPIER.isEmpty()
        || channel.pipeline().get(SslHandler.class) != null) {
      return null;
    }
    OptionalInt copy = COPIER.get().copy(socket.fd().intValue());
    return copy.isEmpty() ? null : new FileDescriptor(copy.getAsInt());
  }

  /** Sends bytes, or has them sent, without waiting. */
  public void send(byte[] source, int offset, int length) {
    ByteBuf bytes = channel.alloc().ioBuffer(length);
    bytes.writeBytes(source, offset, length);
    if (handedOver.get() == 0) {
      bytes.skipBytes(sendNow(bytes));
      if (!bytes.isReadable()) {
        bytes.release();
        return;
      }
    }
    handedOver.incrementAndGet();
    var _ = channel.writeAndFlush(bytes).addListener(_ -> handedOver.decrementAndGet());
  }

  /** How many of the bytes the system has taken. */
  private synchronized int sendNow(ByteBuf bytes) {
    if (descriptor == null || !bytes.hasMemoryAddress()) {
      return 0;
    }
    try {
      return descriptor.writeAddress(
          bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
    } catch (IOException _) {
      // The event loop finds out by itself what is wrong with the connection.
      return 0;
    }
  }

  /** Gives the descriptor back; what is sent later goes through the event loop. Any thread. */
  @Override
  public synchronized void close() {
    if (descriptor == null) {
      return;
    }
    try {
      descriptor.close();
    } catch (IOException _) {
      // What was written is not the descriptor's to lose.
    }
    descriptor = null;
  }
}
