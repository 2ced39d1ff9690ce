package io.shardforge.raft.route;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lets only TLS through to a port that demands it, and gives others an answer in plain text. */
public final class TlsGate extends ByteToMessageDecoder {
  /** The first byte of a TLS handshake. */
  private static final byte HANDSHAKE = 0x16;

  private final String answer;
  private final RefusalLog refusals;
  private boolean refused;

  /**
   * @param answer what others hear
   */
  public TlsGate(String answer, RefusalLog refusals) {
    this.answer = answer;
    this.refusals = refusals;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
    } else if (in.getByte(in.readerIndex()) == HANDSHAKE) {
      context.pipeline().remove(this);
    } else {
      refused = true;
      in.skipBytes(in.readableBytes());
      refusals.refused(context.channel().remoteAddress(), "it does not speak TLS");
      var _ =
          context
              .writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
              .addListener(ChannelFutureListener.CLOSE);
    }
  }
}
