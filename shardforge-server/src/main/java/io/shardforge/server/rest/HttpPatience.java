package io.shardforge.server.rest;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.shardforge.server.net.WaitingRoom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The patience with one HTTP connection: a whole request must come in time, however slowly its
 * bytes drip; no request is read while the client does not take the answers; and only so many
 * connections may have no request under way.
 */
final class HttpPatience extends ChannelDuplexHandler {
  /** Connections that may be open without a request. */
  static final int WAITING_MAX = 256;

  /** Time for a whole request, counted from the answer to the one before. */
  static final int REQUEST_SECONDS = 30;

  private final WaitingRoom waiting;
  private @Nullable Future<?> deadline;

  HttpPatience(WaitingRoom waiting) {
    this.waiting = waiting;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    wait(context);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.leave(context.channel());
    cancel();
    context.fireChannelInactive();
  }

  /** A request is here whole and waits for its answer: no more is read, and its time is its own. */
  void busy(ChannelHandlerContext context) {
    cancel();
    waiting.leave(context.channel());
    context.channel().config().setAutoRead(false);
  }

  /** A request was answered: the time for the next one begins. */
  void answered(ChannelHandlerContext context) {
    cancel();
    context.channel().config().setAutoRead(context.channel().isWritable());
    wait(context);
  }

  private void wait(ChannelHandlerContext context) {
    if (!context.channel().isOpen()) {
      return;
    }
    waiting.enter(context.channel());
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
