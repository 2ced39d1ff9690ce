package io.shardforge.raft.route;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The calling side of one connection to a peer: many calls at once, answered in any order. */
final class Connection extends SimpleChannelInboundHandler<Frame> {
  private final String peerName;
  private final Clock clock;
  private final byte[] greeting;
  private final CompletableFuture<Greeting> greeted = new CompletableFuture<>();
  private final Map<Long, PendingCall> pending = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong nextCallId = new AtomicLong(1);
  private volatile @Nullable Outbox outbox;
  private volatile @Nullable ChannelHandlerContext context;
  private volatile boolean closed;

  /** The network thread's own. */
  private long heardAtNanos;

  private long owedSinceNanos;

  private record PendingCall(CompletableFuture<byte[]> future, long deadlineNanos) {}

  /**
   * Made with the channel; {@link #greeted} completes when calls may be sent.
   *
   * @param peerName the peer in words, for messages
   */
  Connection(String peerName, Clock clock, byte[] greeting) {
    this.peerName = peerName;
    this.clock = clock;
    this.greeting = greeting;
  }

  /** Completes with the peer's greeting, or fails with an {@link RpcException}. */
  CompletableFuture<Greeting> greeted() {
    return greeted;
  }

  boolean isOpen() {
    return !closed && outbox != null;
  }

  void close() {
    ChannelHandlerContext open = context;
    if (open != null) {
      var _ = open.close();
    }
  }

  CompletableFuture<byte[]> call(int service, byte[] payload, Deadline deadline) {
    Outbox out = outbox;
    if (closed || out == null) {
      return CompletableFuture.failedFuture(unreachable("the connection is closed"));
    }
    long left = Math.min(deadline.remainingNanos(clock), RpcLimits.CALL_TIME_MAX.toNanos());
    if (left <= 0) {
      return CompletableFuture.failedFuture(
          new RpcException(RpcException.Reason.UNREACHABLE, "no time left to call " + peerName));
    }
    if (payload.length > RpcLimits.FRAME_BYTES_MAX - Frame.CALL_HEADER_BYTES) {
      return CompletableFuture.failedFuture(
          new RpcException(
              RpcException.Reason.OVERLOADED,
              "a call of " + payload.length + " bytes is more than a frame may hold"));
    }
    if (inFlight.incrementAndGet() > RpcLimits.CALLS_IN_FLIGHT_MAX) {
      inFlight.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RpcException(
              RpcException.Reason.OVERLOADED, "too many calls to " + peerName + " are under way"));
    }
    long callId = nextCallId.getAndIncrement();
    PendingCall call = new PendingCall(new CompletableFuture<>(), clock.monotonicNanos() + left);
    pending.put(callId, call);
    int leftMillis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
    if (!out.offer(new Frame.Call(callId, service, leftMillis, payload))) {
      fail(
          callId,
          new RpcException(
              RpcException.Reason.OVERLOADED, "too many bytes wait to be sent to " + peerName));
    } else if (closed) {
      // The channel closed around the offer, perhaps after it failed all the calls it saw.
      fail(callId, lost());
    }
    return call.future;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    var _ = ctx.write(ctx.alloc().ioBuffer(Frame.PREAMBLE.length).writeBytes(Frame.PREAMBLE));
    var _ = ctx.writeAndFlush(new Frame.Hello(greeting).toBuffer(ctx.alloc()));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Frame frame) {
    heardAtNanos = clock.monotonicNanos();
    switch (frame) {
      case Frame.Reply reply -> {
        PendingCall call = take(reply.callId());
        if (call != null) {
          call.future.complete(reply.payload());
        }
      }
      case Frame.Failure failure -> fail(failure.callId(), failure.toException());
      case Frame.Hello hello -> {
        Greeting peer = Greeting.fromBytes(hello.payload());
        outbox = new Outbox(ctx.channel());
        var _ =
            ctx.executor()
                .scheduleAtFixedRate(
                    this::sweep,
                    RpcLimits.SWEEP_INTERVAL.toNanos(),
                    RpcLimits.SWEEP_INTERVAL.toNanos(),
                    TimeUnit.NANOSECONDS);
        greeted.complete(peer);
      }
      case Frame.Refusal refusal -> {
        greeted.completeExceptionally(
            unreachable(new String(refusal.payload(), StandardCharsets.UTF_8)));
        var _ = ctx.close();
      }
      case Frame.Pong _ -> {}
      case Frame.Call _, Frame.Ping _ ->
          throw new IllegalArgumentException("a call on the calling side");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed = true;
    greeted.completeExceptionally(unreachable("it closed the connection"));
    for (Long callId : pending.keySet()) {
      fail(callId, lost());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    String mismatch = Mismatch.of(cause);
    String message = cause.getMessage();
    greeted.completeExceptionally(
        mismatch != null
            ? new RpcException(
                RpcException.Reason.MISMATCH, "cannot reach " + peerName + ": " + mismatch)
            : unreachable(message == null ? cause.getClass().getSimpleName() : message));
    var _ = ctx.close();
  }

  private void sweep() {
    long now = clock.monotonicNanos();
    if (pending.isEmpty()) {
      owedSinceNanos = now;
      return;
    }
    long silence = now - Math.max(heardAtNanos, owedSinceNanos);
    if (silence > RpcLimits.SILENCE_MAX.toNanos()) {
      // Stopped, or cut off without a word: whoever waits does better to ask elsewhere.
      close();
      return;
    }
    Outbox out = outbox;
    if (out != null && silence > RpcLimits.SILENCE_BEFORE_PING.toNanos()) {
      out.put(new Frame.Ping());
    }
    pending.forEach((callId, call) -> {
      if (now - call.deadlineNanos >= 0) {
        fail(
            callId,
            new RpcException(RpcException.Reason.TIMED_OUT, peerName + " did not answer in time"));
      }
    });
  }

  private @Nullable PendingCall take(long callId) {
    PendingCall call = pending.remove(callId);
    if (call != null) {
      inFlight.decrementAndGet();
    }
    return call;
  }

  private void fail(long callId, RpcException failure) {
    PendingCall call = take(callId);
    if (call != null) {
      call.future.completeExceptionally(failure);
    }
  }

  private RpcException lost() {
    return new RpcException(
        RpcException.Reason.CONNECTION_LOST, "the connection to " + peerName + " broke");
  }

  private RpcException unreachable(String why) {
    return new RpcException(
        RpcException.Reason.UNREACHABLE, "cannot reach " + peerName + ": " + why);
  }
}
