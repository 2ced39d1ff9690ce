package io.shardforge.server.rest;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The patience with one HTTP connection: a whole request must come in time, however slowly its
 * bytes drip; no request is read while the client does not take the answers; and there are only so
 * many connections at once.
 */
final class HttpPatience extends ChannelDuplexHandler {
  /** Connections that may be open at once; the next ones are closed. */
  static final int CONNECTIONS_MAX = 256;

  /** Time for a whole request, counted from the answer to the one before. */
  static final int REQUEST_SECONDS = 30;

  private final AtomicInteger open;
  private @Nullable Future<?> deadline;

  /**
   * @param open the face's count of open connections
   */
  HttpPatience(AtomicInteger open) {
    this.open = open;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (open.incrementAndGet() > CONNECTIONS_MAX) {
      var _ = context.close();
      return;
    }
    wait(context);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    open.decrementAndGet();
    cancel();
    context.fireChannelInactive();
  }

  /** A request is here whole and waits for its answer: no more is read, and its time is its own. */
  void busy(ChannelHandlerContext context) {
    cancel();
    context.channel().config().setAutoRead(false);
  }

  /** A request was answered: the time for the next one begins. */
  void answered(ChannelHandlerContext context) {
    cancel();
    context.channel().config().setAutoRead(context.channel().isWritable());
    wait(context);
  }

  private void wait(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(
                () -> {
                  var _ = context.close();
                },
                REQUEST_SECONDS,
                TimeUnit.SECONDS);
  }

  private void cancel() {
    Future<?> waiting = deadline;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(context.channel().isWritable());
    context.fireChannelWritabilityChanged();
  }
}
