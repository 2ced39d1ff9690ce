package io.shardforge.raft.route;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answering side of one connection from a peer. */
final class InboundCalls extends SimpleChannelInboundHandler<Frame> {
  private static final Logger log = LoggerFactory.getLogger(InboundCalls.class);

  private final NodeIdentity identity;
  private final AddressBook book;
  private final RpcServices services;
  private final RefusalLog refusals;
  private final AtomicInteger inFlight = new AtomicInteger();
  private @Nullable Greeting peer;
  private @Nullable Outbox outbox;

  InboundCalls(NodeIdentity identity, AddressBook book, RpcServices services, RefusalLog refusals) {
    this.identity = identity;
    this.book = book;
    this.services = services;
    this.refusals = refusals;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    var _ =
        ctx.executor()
            .schedule(
                () -> {
                  if (peer == null && ctx.channel().isActive()) {
                    refusals.refused(
                        ctx.channel().remoteAddress(), "it did not say in time who it is");
                    var _ = ctx.close();
                  }
                },
                RpcLimits.HELLO_TIME_MAX.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Frame frame) {
    switch (frame) {
      case Frame.Hello hello -> greet(ctx, hello);
      case Frame.Call call -> answer(call);
      case Frame.Ping _ -> {
        Outbox out = outbox;
        if (out != null) {
          out.put(new Frame.Pong());
        }
      }
      case Frame.Reply _, Frame.Failure _, Frame.Refusal _, Frame.Pong _ ->
          throw new IllegalArgumentException("an answer on the answering side");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    // A peer that does not read its replies must not fill this node's memory with them.
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause.getCause() instanceof TooLongFrameException
        || cause instanceof TooLongFrameException) {
      String words = "a frame may have at most " + RpcLimits.FRAME_BYTES_MAX + " bytes";
      refusals.refused(ctx.channel().remoteAddress(), words);
      refuse(ctx, words);
      return;
    }
    if (peer == null) {
      String reason = Mismatch.of(cause);
      if (reason != null) {
        refusals.refused(ctx.channel().remoteAddress(), reason);
      } else if (!(cause instanceof IOException)) {
        refusals.refused(ctx.channel().remoteAddress(), "it does not speak as a node does");
      }
      log.debug("connection refused peer={}", ctx.channel().remoteAddress(), cause);
    }
    var _ = ctx.close();
  }

  private void greet(ChannelHandlerContext ctx, Frame.Hello hello) {
    Greeting greeting;
    try {
      greeting = Greeting.fromBytes(hello.payload());
    } catch (IllegalArgumentException e) {
      refusals.refused(ctx.channel().remoteAddress(), "its greeting cannot be read");
      refuse(ctx, String.valueOf(e.getMessage()));
      return;
    }
    String refusal = identity.refusalOf(greeting.clusterId());
    if (refusal != null) {
      refusals.refused(ctx.channel().remoteAddress(), refusal);
      refuse(ctx, refusal);
      return;
    }
    greeting.teach(book);
    peer = greeting;
    outbox = new Outbox(ctx.channel());
    outbox.put(new Frame.Hello(Greeting.of(identity, book).toBytes()));
  }

  private void answer(Frame.Call call) {
    Greeting caller = peer;
    Outbox out = outbox;
    if (caller == null || out == null) {
      throw new IllegalArgumentException("a call before hello");
    }
    if (inFlight.incrementAndGet() > RpcLimits.CALLS_IN_FLIGHT_MAX) {
      inFlight.decrementAndGet();
      out.put(
          Frame.Failure.of(
              call.callId(), RpcException.Reason.OVERLOADED, "too many calls are under way"));
      return;
    }
    var _ =
        services
            .dispatch(call.service(), caller.self().nodeId(), call.payload(), call.timeLeftMillis())
            .whenComplete((reply, failure) -> {
              inFlight.decrementAndGet();
              out.put(toFrame(call.callId(), reply, failure));
            });
  }

  private static Frame toFrame(long callId, byte @Nullable [] reply, @Nullable Throwable failure) {
    if (reply != null) {
      return reply.length <= RpcLimits.FRAME_BYTES_MAX - Frame.HEADER_BYTES
          ? new Frame.Reply(callId, reply)
          : Frame.Failure.of(
              callId,
              RpcException.Reason.HANDLER_FAILED,
              "a reply of " + reply.length + " bytes is more than a frame may hold");
    }
    if (failure instanceof RpcException known) {
      return Frame.Failure.of(callId, known.reason(), String.valueOf(known.getMessage()));
    }
    return Frame.Failure.of(callId, RpcException.Reason.HANDLER_FAILED, String.valueOf(failure));
  }

  private static void refuse(ChannelHandlerContext ctx, String words) {
    var _ =
        ctx.writeAndFlush(
                new Frame.Refusal(words.getBytes(StandardCharsets.UTF_8)).toBuffer(ctx.alloc()))
            .addListener(ChannelFutureListener.CLOSE);
  }
}
