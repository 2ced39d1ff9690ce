package io.shardforge.server.pgwire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.shardforge.server.net.BriefWatch;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A connection's decoded messages on their way from the event loop to the connection's thread.
 * Bounded by weight: over the bound the socket is not read until half of it is consumed.
 */
final class Inbox extends ChannelInboundHandlerAdapter {
  /** Bytes of messages that may wait before the socket is no longer read. */
  static final int WEIGHT_MAX = 1 << 20;

  /**
   * What a client sent before it left may take this long to be carried out; then it is stopped, as
   * nobody hears the answer and others may wait for its locks.
   */
  static final Duration ABANDONED_AFTER = Duration.ofSeconds(2);

  private final Channel channel;
  private final Clock clock;
  private final BriefWatch watch;
  private final Queue<FrontendMessage> queue = new ConcurrentLinkedQueue<>();
  private final Queue<FrontendMessage> arrived = new ArrayDeque<>();
  private final AtomicInteger weight = new AtomicInteger();
  private volatile @Nullable Thread consumer;
  private volatile Runnable onAbandoned = () -> {};
  private volatile boolean paused;
  private volatile boolean closed;

  Inbox(Channel channel, Clock clock, BriefWatch watch) {
    this.channel = channel;
    this.clock = clock;
    this.watch = watch;
  }

  /**
   * Says who takes the messages.
   *
   * @param abandon ends what the consumer still does some time after the client is gone
   */
  void consumedBy(Thread thread, Runnable abandon) {
    consumer = thread;
    onAbandoned = abandon;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    arrived.add((FrontendMessage) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (arrived.isEmpty()) {
      return;
    }
    watch.heard(this);
    int added = 0;
    for (FrontendMessage message = arrived.poll(); message != null; message = arrived.poll()) {
      added += message.weight();
      queue.add(message);
    }
    if (weight.addAndGet(added) > WEIGHT_MAX) {
      // In this order: a consumer that sees the pause must find that there is one to end.
      channel.config().setAutoRead(false);
      paused = true;
      // The consumer may have emptied the queue before it could see the pause.
      resumeIfDrained();
    }
    wake();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closed = true;
    queue.add(new FrontendMessage.Disconnected());
    wake();
    var _ =
        context.executor().schedule(onAbandoned, ABANDONED_AFTER.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    wake();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof java.io.IOException) {
      var _ = context.close();
      return;
    }
    queue.add(
        new FrontendMessage.Malformed(
            true, false, ErrorCode.PROTOCOL_VIOLATION, "invalid bytes on the connection"));
    wake();
  }

  /** Wakes the consumer to look again at whatever it waits for. */
  void wake() {
    Thread thread = consumer;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /** The next message, or null at the deadline or when {@code stop} becomes true. */
  @Nullable FrontendMessage take(Deadline deadline, java.util.function.BooleanSupplier stop) {
    while (true) {
      FrontendMessage message = queue.poll();
      if (message != null) {
        weight.addAndGet(-message.weight());
        resumeIfDrained();
        return message;
      }
      if (stop.getAsBoolean() || deadline.isExpired(clock)) {
        return null;
      }
      if (lookOut()) {
        continue;
      }
      // A late cancel of a statement that has ended must not make the wait spin.
      var _ = Thread.interrupted();
      if (queue.isEmpty() && !stop.getAsBoolean()) {
        clock.parkNanos(this, deadline.remainingNanos(clock));
      }
    }
  }

  /** Looks out for the next message for a moment; whether one came. */
  private boolean lookOut() {
    long since = watch.now();
    while (watch.goesOn(since)) {
      if (!queue.isEmpty()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** Whether the client has already sent Sync after what it sent before. */
  boolean nextIsSync() {
    return queue.peek() instanceof FrontendMessage.Sync;
  }

  private void resumeIfDrained() {
    if (paused && weight.get() < WEIGHT_MAX / 2) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  /**
   * Blocks until the channel takes more bytes; false when it is closed or {@code stop} becomes
   * true.
   */
  boolean awaitWritable(java.util.function.BooleanSupplier stop) {
    // A cancel that comes now is for the statement, which sees it when the client reads again.
    boolean interrupted = false;
    try {
      while (!channel.isWritable()) {
        if (closed || !channel.isActive() || stop.getAsBoolean()) {
          return false;
        }
        interrupted |= Thread.interrupted();
        clock.parkNanos(this, WRITABLE_CHECK_NANOS);
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How often a blocked writer looks whether its connection was told to end. */
  private static final long WRITABLE_CHECK_NANOS = 500_000_000;

  boolean isClosed() {
    return closed;
  }
}
