package io.shardforge.server.pgwire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.security.TlsPeer;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of a conversation before the startup message: TLS and GSSAPI requests, cancel requests.
 * On the event loop; a connection costs a thread only from its startup message on.
 */
final class StartupHandler extends ChannelInboundHandlerAdapter {
  private final PgFace face;
  private final PgDecoder decoder;
  private final @Nullable ClientTls tls;
  private final Duration loginTimeout;
  private @Nullable ScheduledFuture<?> timeout;
  private boolean encrypted;
  private boolean refused;

  StartupHandler(PgFace face, PgDecoder decoder, @Nullable ClientTls tls, Duration loginTimeout) {
    this.face = face;
    this.decoder = decoder;
    this.tls = tls;
    this.loginTimeout = loginTimeout;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    timeout =
        context
            .executor()
            .schedule(
                () -> {
                  face.refusals()
                      .refused(
                          context.channel().remoteAddress(),
                          "it did not log in within %d s".formatted(loginTimeout.toSeconds()));
                  var _ = context.close();
                },
                loginTimeout.toMillis(),
                TimeUnit.MILLISECONDS);
    // This handler may be gone by then.
    context.channel().closeFuture().addListener(_ -> cancelTimeout());
    context.fireChannelActive();
  }

  private void cancelTimeout() {
    if (timeout != null) {
      var _ = timeout.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    switch ((FrontendMessage) message) {
      case FrontendMessage.SslRequest _ -> startTls(context);
      case FrontendMessage.GssEncryptionRequest _ -> answer(context, 'N');
      // Its sender takes the end of the connection for a sign that the request has been heard.
      case FrontendMessage.CancelRequest cancel -> {
        var _ =
            face.cancel(cancel)
                .thenRun(() -> {
                  var _ = context.close();
                });
      }
      case FrontendMessage.Startup startup -> start(context, startup);
      case FrontendMessage.Malformed malformed ->
          refuse(context, new ShardForgeException(malformed.code(), malformed.message()));
      default ->
          refuse(
              context,
              new ShardForgeException(
                  ErrorCode.PROTOCOL_VIOLATION, "a startup message was expected"));
    }
  }

  private void startTls(ChannelHandlerContext context) {
    if (tls == null || encrypted) {
      answer(context, 'N');
      return;
    }
    if (decoder.hasUndecodedBytes()) {
      refuse(
          context,
          new ShardForgeException(
              ErrorCode.PROTOCOL_VIOLATION, "received unencrypted data after SSL request"));
      return;
    }
    answer(context, 'S');
    encrypted = true;
    context.pipeline().addFirst(tls.newAskingHandler(context.alloc()));
  }

  private static void answer(ChannelHandlerContext context, char answer) {
    var _ = context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) answer}));
  }

  private void start(ChannelHandlerContext context, FrontendMessage.Startup startup) {
    if (face.requiresTls() && !encrypted) {
      refuse(
          context,
          new ShardForgeException(
                  ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
                  "this server accepts only connections with TLS")
              .withHint("Use sslmode=require or stronger."));
      return;
    }
    Inbox inbox = face.newInbox(context.channel());
    Runnable authenticated =
        () ->
            context
                .executor()
                .execute(() -> {
                  decoder.authenticated();
                  face.letIn(context.channel());
                  cancelTimeout();
                });
    context.pipeline().addLast(inbox);
    if (face.converse(context.channel(), inbox, startup, authenticated)) {
      context.pipeline().remove(this);
    } else {
      refuse(
          context,
          new ShardForgeException(
              ErrorCode.CANNOT_CONNECT_NOW, "the database system is starting up"));
    }
  }

  private void refuse(ChannelHandlerContext context, ShardForgeException error) {
    if (refused) {
      return;
    }
    refused = true;
    face.refusals().refused(context.channel().remoteAddress(), error.message());
    ByteWriter out = new ByteWriter(128);
    new PgEncoder(out).error("FATAL", error);
    var _ =
        context
            .writeAndFlush(Unpooled.wrappedBuffer(out.toByteArray()))
            .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    String reason = TlsPeer.whyRefused(cause);
    if (reason != null) {
      face.refusals().refused(context.channel().remoteAddress(), reason);
    }
    var _ = context.close();
  }
}
